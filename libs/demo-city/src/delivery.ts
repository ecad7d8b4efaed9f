import type { CityEvent } from './ledger.ts';
import type { Random } from './random.ts';

/**
 * The order in which events reach the gateway: as recorded, but for one in thirty that is late, so that older versions
 * come after newer ones and an annulment before what it annuls, and one in forty that is delivered twice.
 */
export function inDeliveryOrder(events: readonly CityEvent[], random: Random): CityEvent[] {
  const last = events.length;
  const ranked = events.flatMap((event, at) => {
    const rank = random.chance(1 / 30) ? at + random.between(1, last) + 0.5 : at;
    const delivery = { event, rank };
    return random.chance(1 / 40) ? [delivery, { event, rank: rank + random.between(0, last) + 0.25 }] : [delivery];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ event }) => event);
}

/** The few events of a live step: now and then the last first, now and then one twice. */
export function inLiveOrder(events: readonly CityEvent[], random: Random): CityEvent[] {
  const ordered = random.chance(0.3) ? events.toReversed() : [...events];
  if (random.chance(0.03)) ordered.push(random.pick(events));
  return ordered;
}
