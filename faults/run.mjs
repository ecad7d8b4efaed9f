// A storm against a real city: faults in an order drawn from a seed, and after each of them the proof against the oracle.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { audit } from './audit.mjs';
import { brokerFaults } from './broker-faults.mjs';
import { NotPossible, StormCity } from './city.mjs';
import { positionsAhead, retentionOverran, topicRecreated, topicRefilled } from './data-lost-faults.mjs';
import { secondMember, zombies } from './member-faults.mjs';
import { killAtCommit, lostCommits, networkFaults } from './network-faults.mjs';
import { hardPoison, poison } from './poison-fault.mjs';
import { Random } from './random.mjs';
import { cutConnections, killBackend, lockLanes, mixed, partKills, serviceKills, stops } from './process-faults.mjs';
import { fullDisks, olderBroker, olderDatabase } from './storage-faults.mjs';

const storm = [
  ...serviceKills,
  ...partKills,
  ...stops,
  cutConnections,
  killBackend,
  lockLanes,
  ...networkFaults,
  lostCommits,
  killAtCommit,
  secondMember,
  ...zombies,
  poison,
  mixed,
];
/** Each has a city of its own, since some leave it without a part of its events. */
const alone = [
  hardPoison,
  positionsAhead,
  retentionOverran,
  topicRecreated,
  topicRefilled,
  olderDatabase,
  olderBroker,
  ...fullDisks,
  ...brokerFaults,
];
const names = [...storm, ...alone].map(({ name }) => name);

const help = `用法 / usage: npm run faults -- [--seed S] [--minutes M] [--people N] [--rate R] [--only NAME,…] [--list] [--json] [--keep]

对一座真实的临时城市施加故障: 每次故障后等待恢复, 并以演示城市为准逐条逐项核对。先 npm run build。
Strikes a real, temporary city with faults; after each it waits for recovery and compares every record with the demo
city's truth. Run npm run build first.

  --seed S      故障次序的种子 / seed of the order of faults            (storm)
  --minutes M   至多这么久, 每种故障先各一次 / at most so long; every fault once before any twice (20)
  --people N    人口 / people of the city                               (2000)
  --rate R      每秒事件数 / events a second                            (100)
  --only NAMES  只做这些, 逗号分隔, 可重复 / only these, comma-separated, a name may be repeated; once through
  --list        列出故障 / list the faults
  --json        最后输出 JSON / print JSON at the end
  --keep        保留运行目录以供查看 / keep the runtime folder, to look at

故障 / faults: ${names.join(' ')}

退出码 0 全部恢复且一致, 1 否则, 2 用法有误, 3 有的在此机器上无法进行
exit code 0 all recovered and equal, 1 otherwise, 2 usage, 3 some could not be done on this machine
`;

const settings = readSettings();
const random = new Random(settings.seed);
const results = [];
const open = [];
let closing = { outcomes: {}, wrong: [] };
let ending;
const breakOffOnce = () => void (ending ??= breakOff());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, breakOffOnce);
// Whoever reads this may end first, as a test that is broken off: nobody would hear the next line, and the city would be left running.
for (const stream of [process.stdout, process.stderr]) stream.on('error', breakOffOnce);

const wanted = (list) =>
  settings.only ? settings.only.flatMap((name) => list.filter((fault) => fault.name === name)) : list;
if (wanted(storm).length > 0) await runStorm(settings.only ? wanted(storm) : undefined);
for (const fault of wanted(alone)) await runAlone(fault);
report();

/** What was found so far is told, and nothing is left running. */
async function breakOff() {
  closing.wrong.push('中途停止, 未作总核对 / broken off, without the audit at the end');
  report();
  await Promise.all(open.map((city) => city.down({ keep: settings.keep })));
  process.exit(130);
}

function readSettings() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: 'storm' },
        minutes: { type: 'string', default: '20' },
        people: { type: 'string', default: '2000' },
        rate: { type: 'string', default: '100' },
        only: { type: 'string' },
        list: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help || values.list) {
      process.stdout.write(values.help ? help : `${names.join('\n')}\n`);
      process.exit(0);
    }
    const only = values.only?.split(',').map((name) => name.trim());
    const strangers = only?.filter((name) => !names.includes(name)) ?? [];
    if (strangers.length > 0) throw new Error(`未知的故障 / unknown fault: ${strangers.join(' ')}`);
    for (const name of ['minutes', 'people', 'rate'])
      if (!(Number(values[name]) > 0)) throw new Error(`--${name} 须为正数 / a positive number is needed`);
    return { ...values, only };
  } catch (error) {
    process.stderr.write(`✗ ${error.message}\n\n${help}`);
    process.exit(2);
  }
}

function say(line) {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

async function bringUp(brokers) {
  say('城市启动中 / bringing up a city');
  const demo = { DEMO_PEOPLE: settings.people, DEMO_LIVE_RATE: settings.rate, DEMO_SEED: settings.seed };
  const city = await StormCity.up(demo, { brokers });
  open.push(city);
  say(`城市就绪 / the city is up: ${city.home}`);
  return city;
}

async function takeDown(city) {
  open.splice(open.indexOf(city), 1);
  await city.down({ keep: settings.keep });
}

async function runStorm(chosen) {
  let city;
  const known = [];
  try {
    city = await bringUp();
    const begun = { sent: city.eventsSent, ms: Date.now() };
    const until = Date.now() + Number(settings.minutes) * 60_000;
    for (let queue = chosen ?? random.shuffled(storm); queue.length > 0 && Date.now() < until;) {
      await strikeOnce(city, queue.shift(), known);
      if (queue.length === 0 && !chosen) queue = random.shuffled(storm);
    }
    const eventsPerSecond = Math.round(((city.eventsSent - begun.sent) * 1_000) / (Date.now() - begun.ms));
    closing = { ...(await audit(city, known)), eventsPerSecond };
  } catch (error) {
    closing.wrong.push(describe(error));
  } finally {
    if (city) await takeDown(city);
  }
}

async function runAlone(fault) {
  let city;
  try {
    city = await bringUp(fault.brokers);
  } catch (error) {
    results.push({ name: fault.name, ok: false, wrong: describe(error) });
    say(`✗ ${fault.name} ${describe(error)}`);
    return;
  }
  try {
    await strikeOnce(city, fault, []);
  } finally {
    await takeDown(city);
  }
}

/** Lets events flow, strikes, waits for recovery; what the fault itself found wrong fails it too. */
async function strikeOnce(city, fault, known) {
  await sleep(random.between(1_500, 4_000));
  const result = { name: fault.name };
  results.push(result);
  const begunMs = Date.now();
  try {
    result.note = await fault.strike({ city, random, poison: known });
  } catch (error) {
    if (error instanceof NotPossible) result.notDone = error.message;
    else result.wrong = describe(error);
  }
  const struckSeconds = Math.round((Date.now() - begunMs) / 100) / 10;
  if (!fault.leavesLoss && !result.notDone) {
    const { seconds, equal, report: proof } = await city.recovered(Date.now());
    Object.assign(result, { seconds, equal });
    if (!equal) result.wrong = [result.wrong, JSON.stringify(proof)].filter(Boolean).join('; ');
  }
  result.ok = result.wrong === undefined && result.notDone === undefined;
  const outcome =
    fault.leavesLoss || result.notDone ? '' : `, ${result.seconds ?? '–'} s, ${result.equal ? 'equal' : 'NOT EQUAL'}`;
  say(
    `${signOf([result])} ${fault.name} (${struckSeconds} s)${outcome} ${[result.note, result.wrong, result.notDone].filter(Boolean).join(' | ')}`,
  );
}

function describe(error) {
  return error.cause ? `${error.message} (${error.cause.message})` : String(error.message ?? error);
}

function signOf(list) {
  if (list.some(({ wrong }) => wrong)) return '✗';
  return list.some(({ notDone }) => notDone) ? '未做 not done' : '✓';
}

function report() {
  const isWrong = results.some(({ wrong }) => wrong) || closing.wrong.length > 0;
  const notDone = results.filter((result) => result.notDone);
  const ok = !isWrong && notDone.length === 0;
  process.exitCode = isWrong ? 1 : ok ? 0 : 3;
  if (settings.json) {
    // Where a report is cut in its middle, its last lines are left.
    for (const wrong of closing.wrong) say(`✗ 总核对 / audit at the end: ${wrong}`);
    const { seed, minutes, people, rate } = settings;
    process.stdout.write(
      `${JSON.stringify({ ok, settings: { seed, minutes, people, rate }, results, ...closing }, null, 2)}\n`,
    );
    return;
  }
  const rows = [...Map.groupBy(results, ({ name }) => name)].map(([name, list]) => {
    const seconds = list.map((result) => result.seconds);
    const proofs = list.filter(({ equal }) => equal !== undefined);
    return [
      name,
      String(list.length),
      proofs.length === 0 ? '' : seconds.includes(undefined) ? '–' : `${Math.max(...seconds)}`,
      proofs.length === 0 ? '' : proofs.every(({ equal }) => equal) ? 'equal' : 'NOT EQUAL',
      signOf(list),
      [...new Set(list.map(({ note }) => note ?? ''))].join('; '),
    ];
  });
  const table = [['故障 fault', '次 times', '恢复 recovered in s', '核对 proof', '', '记录 note'], ...rows];
  process.stdout.write(`\n${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n\n`);
  for (const { name, notDone: why } of notDone) process.stdout.write(`未做 not done: ${name}: ${why}\n`);
  if (closing.eventsPerSecond !== undefined)
    process.stdout.write(
      `每秒事件, 含故障期间 / events a second, outages included: ${closing.eventsPerSecond} (${settings.rate})\n`,
    );
  for (const [database, counts] of Object.entries(closing.outcomes))
    process.stdout.write(`${database}: ${JSON.stringify(counts)}\n`);
  for (const wrong of [
    ...results.flatMap((result) => (result.wrong ? [`${result.name}: ${result.wrong}`] : [])),
    ...closing.wrong,
  ])
    process.stdout.write(`✗ ${wrong}\n`);
  process.stdout.write(
    ok
      ? '✓ 全部恢复且一致, 每个事件恰有一个结果 / all recovered and equal, every event has one outcome\n'
      : `${isWrong ? '✗ ' : ''}种子 / seed: ${settings.seed}\n`,
  );
}
