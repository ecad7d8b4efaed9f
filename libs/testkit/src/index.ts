export { requiredData } from './required-data.ts';
export { TestBroker } from './test-broker.ts';
export { createTestDatabase } from './test-database.ts';
export type { TestDatabase } from './test-database.ts';
export { openNetwork, type Network } from './network.ts';
