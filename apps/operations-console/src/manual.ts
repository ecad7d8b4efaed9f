import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { Marked } from 'marked';
import { HuitongError } from '@huitong/change-event';

const style = `:root{color-scheme:light dark;background:light-dark(#fff,#101214)}
body{font:16px/1.65 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem}
a{color:light-dark(#0958d9,#69b1ff)}pre{overflow-x:auto;padding:.75rem 1rem;background:light-dark(#f5f5f5,#222)}code{font-size:.92em}
table{border-collapse:collapse;display:block;overflow-x:auto}th,td{border:1px solid light-dark(#ccc,#555);padding:.3rem .6rem;text-align:left;vertical-align:top}`;

/** The hash of the only style in a page of the manual, for the content security policy. */
export const manualStyleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`;

/** The repository's documents as pages of the console: what the help of each page leads to. They hold no data. */
export class Manual {
  readonly #files: ReadonlyMap<string, string>;
  readonly #marked: Marked;

  /** `folder` holds Markdown files, whose names are told apart without their folders. */
  constructor(folder: string) {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    this.#files = new Map(
      entries
        .filter((entry) => entry.isFile() && extname(entry.name) === '.md')
        .map((entry) => [basename(entry.name, '.md'), join(entry.parentPath, entry.name)]),
    );
    this.#marked = markedFor(this.#files);
  }

  /** A document as HTML, links between documents leading to their pages; NOT_FOUND where there is none of that name. */
  page(name: string): string {
    const file = this.#files.get(name);
    if (!file) throw new HuitongError('NOT_FOUND', '没有这篇文档 / there is no such document');
    const text = readFileSync(file, 'utf8');
    const title = /^# (.*)$/m.exec(text)?.[1] ?? name;
    const lang = name.endsWith('-zh-CN') ? 'zh-CN' : 'en';
    return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)} · 汇通 Huitong</title><style>${style}</style></head><body><main>${this.#marked.parse(text, { async: false })}</main></body></html>`;
  }
}

/** Markdown to HTML, with links between these documents leading to their pages. */
function markedFor(files: ReadonlyMap<string, string>): Marked {
  return new Marked({
    renderer: {
      heading({ tokens, depth, text: words }) {
        return `<h${depth} id="${slugOf(words)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      code({ text: code }) {
        return `<pre tabindex="0"><code>${escaped(code)}</code></pre>\n`;
      },
      link({ href, tokens }) {
        const words = this.parser.parseInline(tokens);
        const to = addressOf(href, files);
        return to === undefined ? words : `<a href="${escaped(to)}">${words}</a>`;
      },
    },
  });
}

/** Where a link of a document leads: to another one, or out; nowhere where the file is none of them. */
function addressOf(href: string, files: ReadonlyMap<string, string>): string | undefined {
  if (/^(https?:|#)/.test(href)) return href;
  const [path = '', fragment] = href.split('#');
  const name = basename(path, '.md');
  return path.endsWith('.md') && files.has(name) ? `/help/${name}${fragment ? `#${fragment}` : ''}` : undefined;
}

/** As the code hosts make anchors of headings. */
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
