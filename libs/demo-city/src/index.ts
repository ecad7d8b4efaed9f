export { createCity, eventsPerStep } from './city.ts';
export type { City, CityOptions, TimeOfStep } from './city.ts';
export type { CityEvent, JsonEvent } from './ledger.ts';
export { compare, expectations } from './proof.ts';
export type { Difference, Expectation } from './proof.ts';
export { continueAt, timeOfStep } from './timeline.ts';
export type { Segment } from './timeline.ts';
