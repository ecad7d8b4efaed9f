// All measures that stand by themselves, one after the other, each as by default: query, gateway, members, scale, rebuild.
// Usage: node bench/sections.mjs [query gateway members scale rebuild].
import { keep } from './alone.mjs';
import { gateway } from './gateway.mjs';
import { members } from './members.mjs';
import { query } from './query.mjs';
import { rebuild } from './rebuild.mjs';
import { scale } from './scale.mjs';

const asked = process.argv.slice(2);
for (const section of [query, gateway, members, scale, rebuild]) {
  if (asked.length > 0 && !asked.includes(section.name)) continue;
  await keep({ ...section, settings: section.defaults, result: await section.measure(section.defaults) });
}
