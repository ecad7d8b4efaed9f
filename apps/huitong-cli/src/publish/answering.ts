import { setTimeout as sleep } from 'node:timers/promises';
import { datasets, dispositionOf, HuitongError, type DatasetName, type SourceRequest } from '@huitong/change-event';
import type { Answers, DepartmentRegister } from '@huitong/department-register';
import type { Addresses } from './addresses.ts';
import { GatewayClient } from './gateway-client.ts';
import { Journal } from './journal.ts';
import { answersThrough, openRegister } from './register.ts';

/** A proof asks in several rounds, each when the one before was answered. */
const listenEveryMs = { idle: 2_000, busy: 300 };
const patienceMs = 30_000;

interface AnsweringOptions {
  readonly home: string;
  readonly addresses: Addresses & { readonly queryUrl: string };
  /** Whose certificate is shown; else that of each dataset's department. */
  readonly certificate: string | undefined;
  readonly signal: AbortSignal;
  /** What is held, at the beginning and whenever that changes. */
  readonly onHeld: (held: readonly DatasetName[]) => void;
  readonly onAnswered: (dataset: DatasetName, requests: readonly SourceRequest[]) => void;
  /** Why nothing can be heard or answered now; every time. */
  readonly onWaiting: (why: string) => void;
}

/** The ways in and out for one dataset. */
interface Door {
  readonly client: GatewayClient;
  readonly answers: Answers;
}

/**
 * Answers what subject databases ask about whatever `huitong publish` has sent from this installation, until the signal. A
 * dataset that is being sent is left to its run, which answers at its end: what is stated holds for the place in the
 * stream at which it arrives. Throws what waiting does not mend.
 */
export async function keepAnswering(options: AnsweringOptions): Promise<void> {
  const { home, signal, onHeld } = options;
  const register = openRegister(home);
  const doors = new Map<DatasetName, Door>();
  let told: string | undefined;
  try {
    for (;;) {
      const held = register.datasets;
      if (told !== held.join()) onHeld(held);
      told = held.join();
      const sent = Journal.beingSent(home);
      let answered = 0;
      for (const dataset of held.filter((name) => !sent.has(name))) {
        if (!doors.has(dataset)) doors.set(dataset, openDoor(dataset, register, options));
        answered += await answerOne(dataset, doors.get(dataset)!, options);
      }
      await sleep(answered > 0 ? listenEveryMs.busy : listenEveryMs.idle, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const { client } of doors.values()) await client.close();
    register.close();
  }
}

function openDoor(dataset: DatasetName, register: DepartmentRegister, options: AnsweringOptions): Door {
  const client = new GatewayClient({
    ...options.addresses,
    dataset,
    certificate: options.certificate ?? datasets[dataset].department,
    connections: 1,
    patienceMs,
    signal: options.signal,
    onWaiting: ({ why }) => options.onWaiting(why),
  });
  return { client, answers: answersThrough(client, register) };
}

/** Answers all that is open of a dataset; how many requests that were. What could not be answered is asked again. */
async function answerOne(
  dataset: DatasetName,
  { client, answers }: Door,
  { addresses, onAnswered, onWaiting }: AnsweringOptions,
): Promise<number> {
  const asked = await client.requests(addresses.queryUrl);
  if (!asked) onWaiting(addresses.queryUrl);
  const open = answers.open(asked ?? []);
  if (open.length === 0) return 0;
  try {
    await answers.give(open);
  } catch (error) {
    if (!(error instanceof HuitongError) || dispositionOf[error.code] !== 'retry') throw error;
    onWaiting(error.code);
    return 0;
  }
  onAnswered(dataset, open);
  return open.length;
}
