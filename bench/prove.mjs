// Shows the completeness proof on real parts: rows of the facts are altered, deleted and added by hand, and found and repaired
// while corrections go on. Usage: node bench/prove.mjs [--facts 1000000 --rows 25 --rate 200 --seed 1]. Prints the times.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { controlTypes, datasets, toControlMessage, toMessage } from '@huitong/change-event';
import { Answers, DepartmentRegister } from '@huitong/department-register';
import { createPublisher } from '@huitong/event-stream';
import { proofStates, requestProof, sourceRequests } from '@huitong/governance';
import { compareRecords, outcomesOf } from '@huitong/subject-engine';
import { databases } from '@huitong/subjects';
import { Random } from '../faults/random.mjs';
import { freshPopulation, startBenchStack, startSync } from './stack.mjs';
import { personEvents } from './synthetic-events.mjs';

const { values: settings } = parseArgs({
  options: {
    facts: { type: 'string', default: '1000000' },
    rows: { type: 'string', default: '25' },
    rate: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (settings.help) {
  console.log('node bench/prove.mjs [--facts 1000000] [--rows 25] [--rate 200] [--seed 1]');
  process.exit(0);
}
/** Each person has a fact in each of these. */
const kinds = ['psb.household-register', 'psb.residence-permit', 'hrss.pension-payment'];
const people = Math.ceil(Number(settings.facts) / kinds.length);
/** Corrections are of the first persons only, so that what nobody should touch can be told. */
const correctedPeople = Math.min(people, 3_000);
const plan = databases.get('population');
const tableOf = (dataset) => plan.factTables.find((fact) => fact.dataset === dataset).table;
const random = new Random(settings.seed);

const stack = await startBenchStack();
try {
  const population = await freshPopulation(stack);
  const register = new DepartmentRegister(join(stack.home, 'register.sqlite'), 'bench');
  const publisher = await createPublisher({
    brokers: stack.parts.kafkaBrokers.split(','),
    clientId: 'bench',
    sendTimeoutMs: 60_000,
  });
  const city = {
    ...population,
    register,
    publisher,
    subject: { name: 'population', plan, reader: population.database, operator: population.database },
  };
  const answers = new Answers(register, portOf(city));
  const sync = await startSync(stack, population.url);
  const loading = performance.now();
  const published = await publish(city, personEvents({ datasets, people }), 5_000);
  await applied(city, published);
  console.log(`${published} facts of ${people} synthetic persons, loaded in ${secondsSince(loading)} s`);
  await show(city, answers);
  await sync.stop();
  await publisher.disconnect();
  await population.database.end();
  await population.admin.disconnect();
  register.close();
} finally {
  await stack.stop();
}

async function show(city, answers) {
  const traffic = startTraffic(city, answers);
  const first = await prove(city, false);
  console.log(`proved: ${verdicts(first.states)}, in ${first.seconds} s beside ${settings.rate} corrections/s`);
  await city.database.query(
    `create table kept_xmin as ${kinds
      .map(
        (dataset) =>
          `select '${dataset}' as dataset, subject_id, source_record_id, xmin::text as x from ${tableOf(dataset)}`,
      )
      .join(' union all ')}`,
  );
  const done = await tamper(city);
  console.log(
    `by hand: ${Object.entries(done.counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}`,
  );
  const found = await prove(city, false);
  console.log(`found: ${JSON.stringify(sumOf(found.states))}, in ${found.seconds} s`);
  const repaired = await prove(city, true);
  console.log(`repaired: ${verdicts(repaired.states)}, in ${repaired.seconds} s`);
  const { events, worstMs } = await traffic.stop();
  const seconds = Math.round((found.seconds + repaired.seconds) * 10) / 10;
  console.log(
    `found and repaired in ${seconds} s; ${events} corrections meanwhile, the slowest ${worstMs} ms from publish to visible`,
  );
  const touched = await touchedBesides(city, done.keys);
  const wrong = await wrongRecords(city, done.subjects);
  console.log(`other rows touched: ${touched}; records of these subjects that are not what their facts say: ${wrong}`);
  const equal = repaired.states.every(({ verdict }) => verdict === 'equal');
  process.exitCode = equal && touched === 0 && wrong === 0 ? 0 : 1;
}

/** Publishes events, and takes note of them once Kafka has them. */
async function publish({ register, publisher, codec }, events, batch) {
  let count = 0;
  const send = async (waiting) => {
    for (const [dataset, some] of Map.groupBy(waiting, (one) => one.dataset)) {
      const messages = some.map(({ subjectId, event }) =>
        toMessage({ dataset, event, subjectId, codec, source: '/bench' }),
      );
      await publisher.publish(datasets[dataset].topic, messages);
      register.take(
        dataset,
        some.map(({ event }) => jsonOf(event)),
      );
    }
    count += waiting.length;
  };
  let waiting = [];
  for (const event of events) {
    waiting.push(event);
    if (waiting.length >= batch) await send(waiting.splice(0));
  }
  await send(waiting);
  return count;
}

/** The JSON form that a department's system has. */
function jsonOf(event) {
  return {
    eventId: event.event_id,
    verb: event.verb,
    reason: event.reason,
    sourceRecordId: event.source_record_id,
    sourceVersion: event.source_version,
    validFrom: event.valid_from,
    validTo: event.valid_to,
    recordedAt: new Date(event.recorded_at).toISOString(),
    data: event.data,
  };
}

/** A department's ways, without the gateway: what it would publish goes to Kafka as it would. */
function portOf({ publisher, codec }) {
  const state = async (dataset, type, statements) => {
    const at = new Date();
    const messages = statements.map(({ partition, content }, index) =>
      toControlMessage({
        type,
        id: `${at.getTime()}-${index}`,
        source: '/bench',
        partition,
        atMs: at.getTime(),
        content: { at: at.toISOString(), ...content },
      }),
    );
    await publisher.publish(datasets[dataset].topic, messages);
  };
  return {
    events: async (dataset, events) => {
      const messages = events.map((json) => {
        const event = {
          event_id: json.eventId,
          verb: json.verb,
          previous_event_id: null,
          reason: json.reason,
          source_record_id: json.sourceRecordId,
          source_version: json.sourceVersion,
          valid_from: json.validFrom,
          valid_to: json.validTo,
          recorded_at: Date.parse(json.recordedAt),
          data: json.data,
        };
        return toMessage({ dataset, event, subjectId: json.data.citizenId, codec, source: '/bench' });
      });
      if (messages.length > 0) await publisher.publish(datasets[dataset].topic, messages);
    },
    checkpoint: (dataset, { register, lanes }) =>
      state(
        dataset,
        controlTypes.checkpoint,
        lanes.map(({ lane, buckets }) => ({ partition: lane, content: { register, buckets } })),
      ),
    inventory: (dataset, { register, buckets }) =>
      state(
        dataset,
        controlTypes.inventory,
        buckets.map(({ lane, bucket, records }) => ({ partition: lane, content: { register, bucket, records } })),
      ),
  };
}

/** Corrections at a steady rate; between two batches of them the department answers what it is asked. */
function startTraffic(city, answers) {
  let going = true;
  let events = 0;
  let worstMs = 0;
  const running = (async () => {
    let version = 2;
    let source = personEvents({ datasets, people: correctedPeople, version });
    const started = performance.now();
    for (let askedMs = 0, sampledMs = 0; going;) {
      const due = Math.floor(((performance.now() - started) / 1_000) * Number(settings.rate)) - events;
      const some = [];
      while (some.length < due) {
        const { value, done } = source.next();
        if (done) source = personEvents({ datasets, people: correctedPeople, version: ++version });
        else some.push(value);
      }
      if (some.length > 0) {
        const sentMs = performance.now();
        events += await publish(city, some, 5_000);
        if (performance.now() - sampledMs > 1_000) {
          worstMs = Math.max(worstMs, await visible(city, some.at(-1), sentMs));
          sampledMs = performance.now();
        }
      }
      if (performance.now() - askedMs > 300) {
        await answers.give(answers.open(await sourceRequests([city.subject], kinds)));
        askedMs = performance.now();
      }
      await sleep(20);
    }
  })();
  return {
    async stop() {
      going = false;
      await running;
      return { events, worstMs: Math.round(worstMs) };
    },
  };
}

async function visible({ database }, { event }, sinceMs) {
  for (;;) {
    const { rows } = await database.query(`select 1 from ${outcomesOf('array[$1::uuid]')} o`, [event.event_id]);
    if (rows.length > 0) return performance.now() - sinceMs;
    await sleep(2);
  }
}

async function applied({ database }, total) {
  for (;;) {
    const { rows } = await database.query(
      'select coalesce(sum(o.value::bigint), 0)::bigint as count from lane, jsonb_each_text(next_offsets) o',
    );
    if (rows[0].count >= total) return;
    await sleep(200);
  }
}

/** As `huitong prove --dataset` does, for all datasets at once. */
async function prove({ subject, database }, repair) {
  const since = performance.now();
  const requests = [];
  for (const dataset of kinds)
    requests.push(
      ...(await requestProof([subject], { dataset, repair, atMost: 1_000, by: 'bench', reason: undefined })),
    );
  for (;;) {
    const { rows } = await database.query('select 1 from proof_request where done_at is null and id = any($1)', [
      requests.map(({ id }) => id),
    ]);
    if (rows.length === 0) break;
    await sleep(100);
  }
  const states = await proofStates([subject], { of: kinds, withBuckets: false });
  return { states, seconds: Number(secondsSince(since)) };
}

/** A third altered, a third deleted, a third added, at random over all three datasets. */
async function tamper({ database }) {
  const rows = Number(settings.rows);
  const keys = new Set();
  const subjects = new Set();
  const counts = { altered: 0, deleted: 0, added: 0 };
  const alterations = [
    (dataset) => (dataset === 'hrss.pension-payment' ? 'amount = amount + 0.01' : `name = '改'`),
    () => `source_version = source_version + 7`,
    () => `recorded_at = recorded_at - interval '1 day'`,
    () => `verb = 'CEASED'`,
  ];
  for (let at = 0; at < rows; at += 1) {
    const dataset = random.pick(kinds);
    const table = tableOf(dataset);
    const { rows: picked } = await database.query(
      `select subject_id, source_record_id from ${table} order by 1, 2
       offset floor($1::float8 * (select count(*) from ${table})) limit 1`,
      [random.next()],
    );
    const { subject_id, source_record_id } = picked[0];
    if (keys.has(`${dataset}/${subject_id}/${source_record_id}`)) continue;
    const where = `where subject_id = $1 and source_record_id = $2`;
    if (at % 3 === 0) {
      await database.query(`update ${table} set ${alterations[(at / 3) % alterations.length](dataset)} ${where}`, [
        subject_id,
        source_record_id,
      ]);
      counts.altered += 1;
    } else if (at % 3 === 1) {
      await database.query(`delete from ${table} ${where}`, [subject_id, source_record_id]);
      counts.deleted += 1;
    } else {
      await database.query(
        `insert into ${table} (subject_id, source_record_id, source_version, event_id, verb, reason, recorded_at)
         select subject_id, source_record_id || '-by-hand', 1, gen_random_uuid(), verb, reason, recorded_at from ${table} ${where}`,
        [subject_id, source_record_id],
      );
      counts.added += 1;
    }
    keys.add(`${dataset}/${subject_id}/${source_record_id}`);
    subjects.add(subject_id);
  }
  return { keys, subjects: [...subjects], counts };
}

/** Rows that were written since, though no hand and no correction touched them; and those that are gone. */
async function touchedBesides({ database }, keys) {
  const corrected = new Set();
  for (const { subjectId } of personEvents({ datasets, people: correctedPeople })) corrected.add(subjectId);
  const now = kinds
    .map(
      (dataset) =>
        `select '${dataset}' as dataset, subject_id, source_record_id, xmin::text as x from ${tableOf(dataset)}`,
    )
    .join(' union all ');
  const { rows } = await database.query(
    `select dataset, subject_id, source_record_id from kept_xmin k full join (${now}) n using (dataset, subject_id, source_record_id)
     where k.x is distinct from n.x`,
  );
  return rows.filter(
    ({ dataset, subject_id, source_record_id }) =>
      !corrected.has(subject_id) && !keys.has(`${dataset}/${subject_id}/${source_record_id}`),
  ).length;
}

async function wrongRecords({ database }, subjects) {
  const { missing, extra, differing } = await compareRecords(database, plan.subjects[0], { ids: subjects });
  return missing + extra + differing;
}

function verdicts(states) {
  return states
    .map(({ dataset, verdict, held, equalAsOf }) => `${dataset} ${verdict} (${held} facts, as of ${equalAsOf})`)
    .join('; ');
}

function sumOf(states) {
  const sum = {};
  for (const { differences } of states)
    for (const [kind, count] of Object.entries(differences)) sum[kind] = (sum[kind] ?? 0) + count;
  return sum;
}

function secondsSince(ms) {
  return ((performance.now() - ms) / 1_000).toFixed(1);
}
