import pTimeout from 'p-timeout';

/**
 * One thing that a service's health hangs on. `live` says whether work progresses, `ready` whether requests can be served
 * now. Both only tell: an orchestrator may restart what is not live, our own supervisor looks at processes alone. A string
 * is a "no" with its reason: a name or a count, never a value of a record.
 */
export interface HealthCheck {
  readonly name: string;
  live?(): boolean | string | Promise<boolean | string>;
  ready?(): boolean | string | Promise<boolean | string>;
}

/** The answer of `/health/live` and `/health/ready`. */
export interface HealthReport {
  readonly status: 'up' | 'down';
  readonly checks: Readonly<Record<string, { status: 'up' | 'down'; reason?: string }>>;
}

/** A check that has not answered by then counts as down, in milliseconds. */
const checkMs = 2_000;

/**
 * The service's health: its parts register what they know of themselves. Once the service shuts down it is live, but no
 * longer ready, so that a balancer sends no more to it.
 */
export class Health {
  readonly #checks: HealthCheck[] = [];
  #stopping = false;

  register(check: HealthCheck): void {
    this.#checks.push(check);
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Nest calls this first when it shuts down. */
  onModuleDestroy(): void {
    this.#stopping = true;
  }

  async report(kind: 'live' | 'ready'): Promise<HealthReport> {
    const checks: Record<string, { status: 'up' | 'down'; reason?: string }> = {};
    if (kind === 'ready' && this.#stopping) checks['service'] = { status: 'down', reason: 'shutting down' };
    await Promise.all(
      this.#checks.map(async (check) => {
        if (!check[kind]) return;
        const answer = await withinTime(async () => check[kind]!());
        checks[check.name] =
          answer === true ? { status: 'up' } : { status: 'down', ...(answer === false ? {} : { reason: answer }) };
      }),
    );
    return { status: Object.values(checks).every(({ status }) => status === 'up') ? 'up' : 'down', checks };
  }
}

const withinTime = (ask: () => Promise<boolean | string>): Promise<boolean | string> =>
  pTimeout(ask(), { milliseconds: checkMs, fallback: () => `no answer within ${checkMs} ms` }).catch(
    () => 'the check failed',
  );
