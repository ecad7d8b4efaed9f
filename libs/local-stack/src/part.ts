import type { PartsRecord } from './parts-record.ts';
import type { Command } from './processes.ts';
import type { Secrets } from './secrets.ts';

/** Where a part's programs and data are, and the ports of all parts. */
export interface Place extends Pick<PartsRecord, 'ports' | 'brokers' | 'postgresAdvertisedPort'> {
  home: string;
  cache: string;
  secrets: Secrets;
}

/** How one real part is run as a local process. */
export interface Part {
  title: string;
  /** Makes its data folder where that is missing; safe to repeat, also after a crash halfway. */
  prepare(place: Place): Promise<void>;
  command(place: Place): Promise<Command>;
  /** True when it answers its own protocol, not merely accepts connections. */
  ready(place: Place): Promise<boolean>;
  stopSignal: NodeJS.Signals;
  /** After this it is killed: a clean stop is worth a wait, because recovery costs more at the next start. */
  stopWaitMs: number;
}
