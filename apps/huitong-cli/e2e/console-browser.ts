import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import packed from '@sparticuz/chromium';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { RunningCity } from './running-city.ts';

/** As root there is no sandbox. The package's own flags are for a cloud function: one process, and no web security. */
const args = ['--no-sandbox', '--disable-gpu'];

/** A real Chromium, and people in it who show the certificate that `huitong certificate export` gave them. */
export class ConsoleBrowser {
  readonly #browser: Browser;
  readonly #city: RunningCity;
  readonly url: string;
  readonly #contexts: BrowserContext[] = [];

  private constructor(browser: Browser, city: RunningCity, url: string) {
    this.#browser = browser;
    this.#city = city;
    this.url = url;
  }

  static async open(city: RunningCity): Promise<ConsoleBrowser> {
    const executablePath = await packed.executablePath();
    const browser = await chromium.launch({ executablePath, args, timeout: 120_000 });
    return new ConsoleBrowser(browser, city, (await city.stack()).urls['operations-console']!);
  }

  /**
   * A page as one person sees it; `undefined` has no certificate. What the browser complains of is in `complaints`. It is closed with
   * its story, unless it stays.
   */
  async as(
    name: string | undefined,
    options: { width?: number; colorScheme?: 'light' | 'dark'; stays?: boolean } = {},
  ): Promise<{ page: Page; complaints: string[] }> {
    const { width = 1440, colorScheme = 'light' } = options;
    const context = await this.#browser.newContext({
      ignoreHTTPSErrors: true,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      viewport: { width, height: 900 },
      colorScheme,
      ...(name === undefined ? {} : { clientCertificates: [await this.#certificateOf(name)] }),
    });
    if (!options.stays) this.#contexts.push(context);
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return { page, complaints };
  }

  /** An open page goes on asking and drawing: the fifth story would wait for what the first four have left. */
  async closePages(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  async #certificateOf(name: string): Promise<{ origin: string; pfx: Buffer; passphrase: string }> {
    const to = join(this.#city.home, `${name}.p12`);
    const { code, output, errors } = await this.#city.huitong('certificate', 'export', name, '--to', to, '--json');
    if (code !== 0) throw new Error(errors);
    const { file, password } = JSON.parse(output) as { file: string; password: string };
    return { origin: this.url, pfx: await readFile(file), passphrase: password };
  }
}

/** What axe finds against WCAG 2.2 AA, as `rule: where`. */
export async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}
