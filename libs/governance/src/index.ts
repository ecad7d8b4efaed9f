import { join } from 'node:path';

export { AccessLog, checkPurpose, purposePattern, readAccessLog } from './access-log.ts';
export type { AccessEntry, AccessFilter, LoggedAccess } from './access-log.ts';
export type { AlarmChannel, AlarmCounts, ListedAlarm, ListedNotice, ListedSilence } from './alarm-book.ts';
export { alarmRules } from './alarm-rules.ts';
export type { AlarmRule, Severity } from './alarm-rules.ts';
export { AlarmSender, mailChannel, webhookChannel } from './alarm-sender.ts';
export type { Channels, SendNotice } from './alarm-sender.ts';
export { AlarmWatch } from './alarm-watch.ts';
export { traceEvent, traceStates } from './event-trace.ts';
export type { EventTrace, PublishedEvents, PublishedPlace, TraceState } from './event-trace.ts';
export type { Freshness } from './freshness.ts';
export { fieldHeads } from './event-fields.ts';
export type { PromiseState } from './freshness-minutes.ts';
export { exchangeGrants, subjectDatabaseGrants } from './grants.ts';
export { GroupWatch } from './group-watch.ts';
export type { GroupRow } from './group-watch.ts';
export type { LagTrend } from './lag-trend.ts';
export { lagVerdicts } from './lag-verdict.ts';
export type { LagVerdict } from './lag-verdict.ts';
export { LagWatch } from './lag-watch.ts';
export type { LagRow, TopicOffsets } from './lag-watch.ts';
export { listLostLanes, resumeLane } from './lost-lanes.ts';
export type { Gap, LostLane, Resumption } from './lost-lanes.ts';
export { openParked } from './parked-detail.ts';
export type { ParkedDetail } from './parked-detail.ts';
export { agreeToDiscard, groupParked, listParked, parkedStates, settleParked } from './parked-events.ts';
export type { ParkedEvent, ParkedFilter, ParkedGroup, ParkedState, Settlement } from './parked-events.ts';
export {
  askForCorrection,
  askForParked,
  batchEvents,
  judgeDiscard,
  listBatches,
  parkedActions,
} from './parked-requests.ts';
export type { BatchEvent, ParkedAction, ParkedBatch } from './parked-requests.ts';
export { listProofRequests, proofRequest, proofStates, requestProof } from './proof-state.ts';
export type { AskedProof, BucketState, ProofRequest, ProofState } from './proof-state.ts';
export { listRebuilds, rebuildActions, requestRebuild } from './rebuild-requests.ts';
export type { AskedRebuild } from './rebuild-requests.ts';
export { ServiceWatch } from './service-watch.ts';
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
  withStewards,
} from './subject-connections.ts';
export { databaseName, databaseOf, placesOf } from './subject-database.ts';
export type { StewardDatabase, SubjectDatabase, SubjectPlace } from './subject-database.ts';
export type { LinkedSubject, SubjectLinks } from './subject-links.ts';
export { SubjectReader } from './subject-reader.ts';
export type { HistoryAnswer, Reader, SubjectAnswer } from './subject-reader.ts';
export { tableFormats } from './table-file.ts';
export type { Cell, TableFormat } from './table-file.ts';
export { TopicLook } from './topic-look.ts';
export type { LookBounds, LookedAt, TopicPage, TopicParts, TopicQuestion } from './topic-look.ts';
export type { ControlSummary, TopicMessage } from './topic-messages.ts';
export { topicPlaceOf, topicPlaces, topicStates } from './topic-places.ts';
export type { TopicPlace, TopicState } from './topic-places.ts';
export { topicWriters } from './topic-writers.ts';
export type { SeenSchema, TopicWriters } from './topic-writers.ts';
export type { SubjectHits, SubjectSearch } from './subject-search.ts';
export { SubjectViewer } from './subject-viewer.ts';
export type {
  AsOf,
  SubjectChangeView,
  SubjectField,
  SubjectHistory,
  SubjectView,
  TypedField,
} from './subject-viewer.ts';
export { checkMaySee } from './masking.ts';
export type { ShownField } from './masking.ts';
export { Unmasking } from './unmasking.ts';
export type { Sight, Unmasked } from './unmasking.ts';

/** The folder of the exchange database's migrations. */
export const exchangeMigrations = join(import.meta.dirname, '..', 'migrations', 'exchange');
