import type { FieldDifference, SchemaComparison, SchemaField } from '@huitong/change-event';
import type {
  AlarmChannel,
  AlarmCounts,
  AlarmRule,
  AskedProof,
  AskedRebuild,
  BatchEvent,
  BucketState,
  EventTrace,
  GroupRow,
  LagRow,
  ListedAlarm,
  ListedNotice,
  ListedSilence,
  ParkedAction,
  ParkedBatch,
  ParkedDetail,
  ParkedEvent,
  ParkedGroup,
  PromiseState,
  ProofState,
  RelayWaiting,
  TopicMessage,
  TopicPage,
  TopicState,
  TopicWriters,
  LinkedSubject,
  ShownField,
  SubjectChangeView,
  SubjectField,
  SubjectHistory,
  SubjectHits,
  SubjectLinks,
  SubjectView,
  TypedField,
  Unmasked,
} from '@huitong/governance';

/** What the back end tells the pages, which import these types and nothing else of it. */

export type { AlarmCounts, AlarmRule, ListedAlarm, ListedNotice, ListedSilence, PromiseState };
export type { AskedProof, BucketState, FieldDifference, SchemaComparison, ProofState, SchemaField };
export type { LinkedSubject, ShownField, SubjectChangeView, SubjectField, SubjectHistory, SubjectHits, SubjectLinks };
export type { SubjectView, TypedField, Unmasked };
export type { AskedRebuild, GroupRow };
export type { TopicMessage, TopicPage, TopicState, TopicWriters };
export type { BatchEvent, EventTrace, LagRow, ParkedAction, ParkedBatch, ParkedDetail, ParkedEvent, ParkedGroup };

/** A name in both languages. */
export interface Title {
  readonly zh: string;
  readonly en: string;
}

/** Who is logged in, and what the exchange is made of. */
export interface Session {
  readonly name: string;
  readonly role: string;
  readonly datasets: readonly { readonly name: string; readonly department: string; readonly title: Title }[];
  readonly subjects: readonly { readonly name: string; readonly database: string; readonly title: Title }[];
}

/** Waiting messages by subject database at one moment; null where it was not known, which a chart leaves open. */
export interface CoursePoint {
  readonly atMs: number;
  readonly records: Readonly<Record<string, number | null>>;
}

/** One look at the whole exchange, sent to every open page. A database that cannot be reached has null, never 0. */
export interface Live {
  readonly at: string;
  readonly lag: readonly LagRow[];
  readonly databases: readonly {
    readonly database: string;
    readonly parked: readonly ParkedGroup[] | null;
    readonly relay: readonly RelayWaiting[] | null;
  }[];
  /** How each promise of freshness stands, and how many alarms there are; null where that is not known. */
  readonly promises: readonly PromiseState[] | null;
  readonly alarms: AlarmCounts | null;
  /** The last ten minutes, oldest first. */
  readonly course: readonly CoursePoint[];
}

/** What people have changed: every open page asks again. */
export type Changed = 'alarms' | 'parked' | 'proofs' | 'rebuilds';

/** All that the page of alarms shows. `channels` are those that are set up: without one nobody is told. */
export interface Alarms {
  readonly alarms: readonly ListedAlarm[];
  readonly silences: readonly ListedSilence[];
  readonly notices: readonly ListedNotice[];
  readonly channels: readonly AlarmChannel[];
  readonly rules: readonly AlarmRule[];
}

/** A change of a subject as an operator sees it: which fields changed and when, never a value. */
export interface FollowedChange {
  readonly historyId: number;
  readonly dataset: string;
  readonly eventIds: readonly string[];
  readonly change: 'created' | 'changed' | 'removed';
  readonly fields: readonly { readonly name: string; readonly title: Title }[];
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly recordedAt: string;
  readonly appliedAt: string;
}

/** What became of an event, or the newest changes of a subject in each subject database that knows it. */
export type Followed =
  | { readonly kind: 'event'; readonly trace: EventTrace }
  | {
      readonly kind: 'subject';
      readonly histories: readonly {
        readonly subject: string;
        readonly changes: readonly FollowedChange[];
        readonly more: boolean;
      }[];
    };

/** Open parked events of one cause, newest first; `next` is the `before` of the page that follows. */
export interface ParkedPage {
  readonly parked: readonly ParkedEvent[];
  readonly next: string | null;
}

/** What was asked for, with how many events it is about: fewer than were chosen where some were asked for already. */
export interface Asked {
  readonly batch: string;
  readonly asked: number;
}

export interface ParkedBatches {
  readonly batches: readonly ParkedBatch[];
}

export interface BatchEvents {
  readonly events: readonly BatchEvent[];
}

/** How the facts stand against what their sources state; with every bucket where one dataset was asked for. */
export interface Proofs {
  readonly proofs: readonly ProofState[];
}

export interface AskedProofs {
  readonly requests: readonly AskedProof[];
}

/** Every consumer group on the brokers, a row for each topic that it reads, the worst first. */
export interface Groups {
  readonly groups: readonly GroupRow[];
}

/** What was asked for with generations of subject databases, the newest first. */
export interface AskedRebuilds {
  readonly rebuilds: readonly AskedRebuild[];
}

/** Every topic of the exchange as the brokers have it. */
export interface Topics {
  readonly topics: readonly TopicState[];
}

/** One version of a dataset's schema; whether what it wrote can be read by the services, or the code under which it parks. */
export interface TopicSchemaVersion {
  readonly version: number;
  readonly id: number;
  readonly fields: readonly SchemaField[];
  readonly reading: string;
}

/** The schemas that the registry has for a topic's messages, oldest first. */
export interface TopicSchemas {
  readonly compatibility: string;
  readonly readerId: number;
  readonly versions: readonly TopicSchemaVersion[];
}
