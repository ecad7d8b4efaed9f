import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HuitongError } from '@huitong/change-event';

/** A built file as it is sent. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Stands in the built page where each answer has a nonce of its own. */
const noncePlaceholder = 'CSP_NONCE';

/**
 * The built front end, read into memory once: a page and a few files whose names change with their content. PART_MISSING
 * where it was not built.
 */
export class Pages {
  readonly #shell: string;
  readonly #assets: ReadonlyMap<string, Asset>;

  constructor(folder: string) {
    try {
      this.#shell = readFileSync(join(folder, 'index.html'), 'utf8');
      this.#assets = new Map(
        readdirSync(join(folder, 'assets')).map((name) => {
          const body = readFileSync(join(folder, 'assets', name));
          return [name, { type: types[extname(name)] ?? 'application/octet-stream', body, gzipped: gzipSync(body) }];
        }),
      );
    } catch (cause) {
      throw new HuitongError(
        'PART_MISSING',
        '运行控制台的页面尚未编译, 请运行 npm run build / the pages of the console are not built: run npm run build',
        { cause },
      );
    }
  }

  shell(nonce: string): string {
    return this.#shell.replaceAll(noncePlaceholder, nonce);
  }

  asset(name: string): Asset {
    const asset = this.#assets.get(name);
    if (!asset) throw new HuitongError('NOT_FOUND', 'looking for a file that the pages do not have');
    return asset;
  }
}

/** The style of {@link refusal}, and its hash for the content security policy. */
const refusalStyle =
  ':root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:10vh auto;padding:0 1rem}code{font-size:.95em}';
export const refusalStyleHash = `sha256-${createHash('sha256').update(refusalStyle).digest('base64')}`;

/** What a person sees who may not come in: why, and what to do. Without script, in both languages. */
export function refusal(why: 'certificate' | 'role'): string {
  const [zh, en] =
    why === 'certificate'
      ? [
          '需要客户端证书。请运行 <code>npx huitong certificate export operator</code>，按提示把证书导入浏览器，然后重新打开浏览器。',
          'A client certificate is needed. Run <code>npx huitong certificate export operator</code>, import the file into the browser as it says, and open the browser anew.',
        ]
      : [
          '您的证书没有使用运行控制台的角色。运行控制台供运维人员、数据管理员和审计人员使用。',
          'Your certificate has no role in the operations console. It is for operators, stewards and auditors.',
        ];
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>汇通运行控制台 Huitong operations console</title><style>${refusalStyle}</style></head><body><main><h1>无法进入 <span lang="en">/ No entry</span></h1><p>${zh}</p><p lang="en">${en}</p></main></body></html>`;
}
