/** A name that people see, Chinese first. */
interface Title {
  readonly zh: string;
  readonly en: string;
}

/** One field of a dataset's `data` record, as its schema declares it. */
export interface FieldDeclaration {
  /** `date` is an ISO 8601 string, `timestamp` epoch milliseconds (an ISO 8601 instant in the JSON form). */
  readonly type: 'string' | 'int' | 'long' | 'double' | 'boolean' | 'date' | 'timestamp';
  readonly nullable: boolean;
  readonly titleZh: string;
  readonly titleEn: string;
  /** A decimal number kept as text, so that money never passes through floating point. */
  readonly numeric?: true;
  /** The identifier check that the value must pass; `@huitong/identifiers` says what each one refuses. */
  readonly check?: IdentifierCheck;
  /** The closed code list: code to Chinese name. */
  readonly codes?: Readonly<Record<string, string>>;
}

/** The identifier checks that a schema may name. */
export type IdentifierCheck =
  'person-id' | 'credit-code' | 'organisation-code' | 'registration-number' | 'division-code' | 'estate-unit';

/** Facts of another dataset that vouch for one of this dataset about the same subject: of these verbs and, where given, reasons. */
export interface Counterpart {
  readonly dataset: string;
  readonly verbs: readonly ('CREATED' | 'CORRECTED' | 'CEASED')[];
  readonly reasons?: readonly string[];
}

/** That of all minutes so many in a hundred end with nothing waiting that its source committed longer ago than this. */
export interface FreshnessPromise {
  readonly withinSeconds: number;
  readonly percent: number;
}

/**
 * Everything that a dataset's schema file declares. `sharing` is one of the three types of 政务数据共享条例 art. 14,
 * `legalBasis` the provision that the catalogue cites, `reasons` the closed list of why a record changes.
 */
export interface DatasetDeclaration {
  readonly dataset: string;
  readonly department: string;
  readonly topic: string;
  readonly title: Title;
  readonly doc: string;
  readonly subjectKey: string;
  readonly subjectCheck: IdentifierCheck;
  readonly reasons: Readonly<Record<string, string>>;
  /** How long after an event is known it may still be annulled, as far as irreversible consequences must reckon with it. */
  readonly annulmentDays: number;
  /** What settles a fact of this dataset before that time is over; none where nothing does. */
  readonly counterparts?: readonly Counterpart[];
  readonly freshness: FreshnessPromise;
  readonly sharing: 'unconditional' | 'conditional' | 'not-shared';
  readonly legalBasis: string;
  readonly fields: Readonly<Record<string, FieldDeclaration>>;
  readonly schema: AvroRecordSchema;
}

/** The dataset's schema file as JSON: an Avro record schema with further attributes, which Avro permits. */
export interface AvroRecordSchema {
  readonly type: 'record';
  readonly name: string;
  readonly namespace: string;
  readonly doc: string;
  readonly fields: readonly object[];
  readonly [attribute: string]: unknown;
}
