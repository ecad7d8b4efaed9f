// What a measure needs to be run by itself: its options, its sections in bench/results.
import { cpus, totalmem } from 'node:os';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Runs one measure from the command line. A measure has a `name`, a `title`, `defaults` of its options, all numbers, `measure`, which
 * takes them and answers what it saw, and `text`, which makes a section of the report from that.
 */
export async function runAlone({ name, title, defaults, measure, text }) {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([option, value]) => [option, { type: 'string', default: String(value) }]),
  );
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', default: false } } });
  if (values.help) {
    const all = Object.entries(defaults).map(([option, value]) => `[--${option} ${value}]`);
    console.log(`node bench/${name}.mjs ${all.join(' ')}\n${title}; writes bench/results/<date>-${name}.{json,md}`);
    return;
  }
  const settings = Object.fromEntries(Object.keys(defaults).map((option) => [option, Number(values[option])]));
  await keep({ name, title, settings, text, result: await measure(settings) });
}

/** Writes what a measure came to, as `bench/results/<date>-<name>.json` and `.md`. */
export async function keep({ name, title, settings, text, result }) {
  const at = new Date().toISOString();
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${at.slice(0, 10)}-${name}`);
  const machine = describeMachine();
  await writeFile(`${file}.json`, `${JSON.stringify({ at, machine, settings, ...result }, null, 2)}\n`);
  const heading = `# ${at.slice(0, 10)}: ${title}\n\n${machine}; the parts, what is measured and what drives it on the same cores.\n`;
  await writeFile(`${file}.md`, `${heading}${text(result)}`);
  console.log(`${text(result)}\nwritten: ${file}.md`);
}

function describeMachine() {
  const gb = Math.round(totalmem() / 2 ** 30);
  const postgres = process.env.HUITONG_POSTGRES
    ? 'a build of its own (HUITONG_POSTGRES)'
    : 'the npm package (built for size)';
  return `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${gb} GB, Node ${process.version}, PostgreSQL 18 of ${postgres}`;
}

/** To so many decimals. */
export const rounded = (value, decimals = 1) => Math.round(value * 10 ** decimals) / 10 ** decimals;

/** Of numbers in any order: the value below which that share of them lies. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
