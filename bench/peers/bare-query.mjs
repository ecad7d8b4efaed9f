// The same SQL as the query API runs for one record, through plain `pg` behind a bare Node server: no framework, no rights,
// no checks of input or identifiers, nothing said of freshness or of what is provisional, no metrics and no log lines.
// TLS with client certificates as the query API has it.
// Usage: node bench/peers/bare-query.mjs PORT CERTS READER_URL ACCESS_LOG_URL CONNECTIONS STATEMENTS.json [grouped]
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import pg from 'pg';
import { laneOf } from '@huitong/change-event';

const [port, certs, readerUrl, logUrl, connections, statementsFile, grouped] = process.argv.slice(2);
const statements = JSON.parse(readFileSync(statementsFile, 'utf8'));
const lanes = 12;
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
const reader = new pg.Pool({ connectionString: readerUrl, max: Number(connections) });
const log = new pg.Pool({ connectionString: logUrl, max: grouped ? 1 : Number(connections) });

const logged = grouped ? logTogether() : (entry) => log.query({ ...statements.log, values: [JSON.stringify([entry])] });

const server = createServer(
  {
    ca: readFileSync(join(certs, 'ca.pem')),
    cert: readFileSync(join(certs, 'server.pem')),
    key: readFileSync(join(certs, 'server-key.pem')),
    requestCert: true,
    rejectUnauthorized: true,
    keepAliveTimeout: 65_000,
  },
  (request, response) => {
    answer(new URL(request.url, 'https://localhost')).then(
      (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
      (error) => response.writeHead(500).end(String(error)),
    );
  },
);
server.listen(Number(port), '127.0.0.1');

async function answer({ pathname, searchParams }) {
  const id = pathname.slice(pathname.lastIndexOf('/') + 1);
  const lane = await reader.query({ ...statements.lane, values: [laneOf(id, lanes), id] });
  const identity = await reader.query({ ...statements.identity, values: [id] });
  const stableId = identity.rows[0]?.subject_id ?? id;
  const { rows } = await reader.query({ ...statements.record, values: [stableId, null, null] });
  const { record, sources } = rows[0];
  await logged({
    caller: 'bench',
    role: 'officer',
    subject: 'population',
    subjectId: id,
    fields: Object.keys(record),
    purpose: searchParams.get('purpose'),
    validAt: null,
    knownAt: null,
    route: '/v1/subjects/{subject}/{id}',
    traceId: '0'.repeat(32),
    outcome: 'answered',
  });
  return { subject: 'population', id: stableId, record, provenance: sources, lanes: lane.rows };
}

/** As the access log does it: what comes while an insert is on its way goes together with the next one. */
function logTogether() {
  const waiting = [];
  let writing = false;
  const drain = async () => {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 500);
      await log.query({ ...statements.log, values: [JSON.stringify(batch.map(({ entry }) => entry))] });
      for (const { resolve } of batch) resolve();
    }
    writing = false;
  };
  return (entry) =>
    new Promise((resolve) => {
      waiting.push({ entry, resolve });
      if (!writing) void drain();
    });
}
