import { join } from 'node:path';

export { AccessLog, purposePattern, readAccessLog } from './access-log.ts';
export type { AccessEntry, AccessFilter, LoggedAccess } from './access-log.ts';
export { traceEvent, traceStates } from './event-trace.ts';
export type { EventTrace, PublishedEvents, PublishedPlace, TraceState } from './event-trace.ts';
export type { Freshness } from './freshness.ts';
export { accessLogGrants, subjectDatabaseGrants } from './grants.ts';
export type { LagTrend } from './lag-trend.ts';
export { lagVerdicts } from './lag-verdict.ts';
export type { LagVerdict } from './lag-verdict.ts';
export { LagWatch } from './lag-watch.ts';
export type { LagRow, TopicOffsets } from './lag-watch.ts';
export { listLostLanes, resumeLane } from './lost-lanes.ts';
export type { Gap, LostLane, Resumption } from './lost-lanes.ts';
export { groupParked, listParked, parkedStates, settleParked } from './parked-events.ts';
export type { ParkedEvent, ParkedFilter, ParkedGroup, ParkedState, Settlement } from './parked-events.ts';
export { proofRequest, proofStates, requestProof } from './proof-state.ts';
export type { ProofRequest, ProofState } from './proof-state.ts';
export { sourceRequests } from './source-requests.ts';
export { RedisPublishedEvents } from './published-events.ts';
export { relayWaiting } from './relay-waiting.ts';
export type { RelayWaiting } from './relay-waiting.ts';
export {
  databaseUrlSetting,
  openPool,
  openSubjectDatabases,
  readOnly,
  subjectDatabaseSettings,
  subjectDatabaseUrls,
} from './subject-connections.ts';
export { databaseName, placesOf } from './subject-database.ts';
export type { SubjectDatabase, SubjectPlace } from './subject-database.ts';
export { SubjectReader } from './subject-reader.ts';
export type { HistoryAnswer, Reader, SubjectAnswer } from './subject-reader.ts';

/** The folder of the exchange database's migrations. */
export const exchangeMigrations = join(import.meta.dirname, '..', 'migrations', 'exchange');
