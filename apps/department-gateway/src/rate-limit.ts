import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { HuitongError } from '@huitong/change-event';

/**
 * Events per second and department, counted in Redis across all gateways; while Redis is away each gateway counts by
 * itself, so the limit is then per gateway. A limiter that fails never stops a department: it lets through.
 */
export class RateLimit {
  readonly #limiter: RateLimiterRedis;

  constructor(redis: Redis, eventsPerSecond: number) {
    const limit = { points: eventsPerSecond, duration: 1, keyPrefix: 'huitong:rate' };
    this.#limiter = new RateLimiterRedis({
      ...limit,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(limit),
    });
  }

  /** Takes the events from the department's allowance; RATE_LIMITED, with when to come back, when it is used up. */
  async take(department: string, events: number): Promise<void> {
    try {
      await this.#limiter.consume(department, events);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) return;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
      throw new HuitongError('RATE_LIMITED', 'sending more events per second than this department may', {
        context: { retryAfterSeconds },
      });
    }
  }
}
