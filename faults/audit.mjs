import { timeOfStep } from '@huitong/demo-city';
import { allOutcomes } from '@huitong/subject-engine';
import { databases } from '@huitong/subjects';
import { cityOf, readJournal } from '../apps/huitong-cli/dist/demo-journal.js';

/** Values of the poison begin with this, so that one that got into a log is found. */
export const poisonMark = 'STORMPOISON';
const personal = [/[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]/, /安徽省|芜湖市/, poisonMark];

/** Throws when anything in a database was applied twice, as two writers of one lane would do. */
export async function twoWriters(city, name) {
  const database = city.database(name);
  const plan = databases.get(name);
  const found = [];
  const count = async (what, sql, values) => {
    const { rows } = await database.query(`select count(*) as twice from (${sql}) as found`, values);
    if (rows[0].twice > 0) found.push(`${rows[0].twice} ${what}`);
  };
  for (const { table, pastTable } of plan.factTables)
    await count(
      `versions kept twice in ${table}`,
      `select 1 from (select subject_id, source_record_id, source_version from ${table}
         union all select subject_id, source_record_id, source_version from ${pastTable}) as version
       group by subject_id, source_record_id, source_version having count(*) > 1`,
    );
  // A subject that was merged or split is derived from several datasets by one event.
  for (const { historyTable } of plan.subjects)
    await count(
      `events twice in ${historyTable}`,
      `select 1 from (select subject_id, event_id from ${historyTable}, unnest(event_ids) as event_id
         where subject_id not in (select id from identity union all select subject_id from identity)) as change
       group by subject_id, event_id having count(*) > 1`,
    );
  await count(
    'offsets with two events',
    `select 1 from ${allOutcomes()} o group by dataset, lane, kafka_offset having count(*) > 1`,
  );
  if (found.length > 0) throw new Error(`${name}: ${found.join(', ')}`);
}

/** Every id that the demo city has published so far, by dataset, from its own rules and not from what arrived. */
function publishedIds(home) {
  const journal = readJournal(home);
  const city = cityOf(journal);
  const timeOf = timeOfStep(journal.segments);
  const ids = new Map();
  const add = ({ dataset, event }) => {
    if (!ids.has(dataset)) ids.set(dataset, new Set());
    ids.get(dataset).add(event.eventId);
  };
  for (let cell = 0; cell < journal.cellsDone; cell += 1) city.initialEvents(cell).forEach(add);
  const eventsOf = city.teller();
  for (let step = 0; step < journal.steps; step += 1) eventsOf(step, timeOf).forEach(add);
  return { ids, journal };
}

/**
 * What must hold after the storm, with the city at rest: every event of the city has one outcome other than parked, there
 * is no event beside the city's and the poison, nothing open is parked but the poison, nothing was applied twice, and no
 * log holds a value of a record. Answers counts and what is wrong.
 */
export async function audit(city, poison) {
  await city.demo('pause');
  const wrong = [];
  const outcomes = {};
  const { equal, report } = await city.recovered(Date.now());
  if (!equal) wrong.push(`the proof is not equal: ${JSON.stringify(report)}`);
  const { ids, journal } = publishedIds(city.home);
  if (journal.eventsRejected > 0) wrong.push(`the gateway refused ${journal.eventsRejected} events of the city`);
  const poisonIds = new Set(poison.map(({ eventId }) => eventId));
  for (const [name, plan] of databases) {
    const { rows } = await city.database(name).query(`select event_id, dataset, outcome from ${allOutcomes()} o`);
    const known = new Map(rows.map(({ event_id, outcome }) => [event_id, outcome]));
    outcomes[name] = Object.fromEntries(
      [...Map.groupBy(rows, ({ outcome }) => outcome)].map(([outcome, list]) => [outcome, list.length]),
    );
    let published = 0;
    const missing = {};
    for (const { dataset } of plan.factTables)
      for (const id of ids.get(dataset) ?? []) {
        published += 1;
        const outcome = known.get(id);
        if (!outcome || outcome === 'parked')
          missing[`${dataset} ${outcome ?? 'no outcome'}`] =
            (missing[`${dataset} ${outcome ?? 'no outcome'}`] ?? 0) + 1;
      }
    if (Object.keys(missing).length > 0) wrong.push(`${name}: ${JSON.stringify(missing)}`);
    const strangers = rows.filter(
      ({ event_id, dataset }) => !ids.get(dataset)?.has(event_id) && !poisonIds.has(event_id),
    );
    if (strangers.length > 0) wrong.push(`${name}: ${strangers.length} events that nobody published`);
    outcomes[name].published = published;
    await twoWriters(city, name).catch((error) => wrong.push(error.message));
    wrong.push(...(await parkedBeside(city, name, poison)));
  }
  wrong.push(...(await personalValues(city)));
  await city.demo('resume');
  return { outcomes, wrong };
}

async function parkedBeside(city, name, poison) {
  const { rows } = await city
    .database(name)
    .query(`select topic, lane, kafka_offset, code from parked where state = 'parked'`);
  const mine = new Set(poison.map(({ topic, lane, offset }) => `${topic}/${lane}/${offset}`));
  const others = rows.filter(({ topic, lane, kafka_offset }) => !mine.has(`${topic}/${lane}/${kafka_offset}`));
  return others.length > 0 ? [`${name}: ${others.length} parked beside the poison, ${others[0].code}`] : [];
}

async function personalValues(city) {
  const found = [];
  for (const { name, lines } of await city.logs()) {
    const count = lines.filter((line) => personal.some((sign) => line.match(sign))).length;
    if (count > 0) found.push(`${name}: ${count} lines with a value of a record`);
  }
  return found;
}
