import { endOfProject } from './global-setup.ts';

/** Jest's counterpart of global-setup. */
export default async function globalTeardown(): Promise<void> {
  await endOfProject();
}
