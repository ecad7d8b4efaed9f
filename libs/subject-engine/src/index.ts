export { subject, from, inForce, count, link, list, max, sum } from './declaration.ts';
export type {
  SubjectDeclaration,
  FieldDeclaration,
  Derivation,
  ColumnReference,
  SearchedBy,
  SubjectLink,
  Title,
} from './declaration.ts';
export { planDatabase } from './plan.ts';
export type { DatabasePlan, FactTable, RecordField, SubjectPlan } from './plan.ts';
export { createTablesSql } from './tables-sql.ts';
export { SubjectEngine } from './engine.ts';
export type { ApplyResult, Chunk } from './engine.ts';
export { allOutcomes, outcomesOf } from './event-outcomes.ts';
export { isStatement, readMessages } from './incoming.ts';
export type { Incoming, RawMessage } from './incoming.ts';
export {
  claimLanes,
  createLanes,
  forbidFormerOwners,
  frozenOwnerMs,
  keepFenced,
  positionsOf,
  wereTakenBack,
} from './lanes.ts';
export type { Lane, LostPosition } from './lanes.ts';
export { doResumeRequests, keepLost } from './resume.ts';
export type { LostLane } from './resume.ts';
export { deriveRecords, keepNewest } from './oracle.ts';
export type { PlainFact, PlainRecords } from './oracle.ts';
export { readHistory, readSubject, settledPart } from './read.ts';
export type { HeardMs, HistoryRow, Provenance, SubjectChange, SubjectReading } from './read.ts';
export { linksMax, readLinks } from './links.ts';
export type { FoundLink, LinkEnd } from './links.ts';
export { findById, findByText, searchedMax } from './search.ts';
export type { FoundSubject } from './search.ts';
export { relayChanges } from './relay.ts';
export type { Publish } from './relay.ts';
export { readCorrected } from './correct.ts';
export type { Correctable } from './correct.ts';
export { doReleaseRequests } from './release.ts';
export { doProofRequests } from './proof-requests.ts';
export { Prover, proverConnections } from './prover.ts';
export type { ProofPoint } from './prover.ts';
export { compareRecords, repairRecords } from './compare.ts';
export type { Comparison, DifferenceCounts, RecordDifference, SweepOptions, SweepProgress } from './compare.ts';
export { doRebuildRequest, rebuildConnections } from './rebuild-requests.ts';
export { rebuildSubject, swapBack } from './rebuild.ts';
export type { RebuildOptions, RebuildOutcome } from './rebuild.ts';
export { replayDatabase } from './replay-run.ts';
export type { ReplayRunOptions, ReplaySource } from './replay-run.ts';
export { assertWholeLog } from './replay.ts';
export type { Replay } from './replay.ts';
export type { ReplayFrom } from './replay-schema.ts';
export type { ReplayedSubject, ReplayOptions, ReplayOutcome } from './replay-settle.ts';
export { previewSubject } from './preview.ts';
export type { Preview } from './preview.ts';
