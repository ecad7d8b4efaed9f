import { join } from 'node:path';
import { homeFolder, portOf } from '../config.ts';
import { readStack } from '../stack.ts';

/** Where a department's adapter finds what it talks to. */
export interface Addresses {
  /** Of the department gateway. */
  readonly url: string;
  /** Of the query API, which tells what is asked of the department; that of this machine belongs to its gateway only. */
  readonly queryUrl: string | undefined;
  readonly certsDir: string;
}

/** The addresses that were given, else those of what runs on this machine. */
export function addressesOf({ gateway, query }: { gateway?: string; query?: string }): Addresses {
  const home = homeFolder();
  const stack = readStack(home);
  const port = portOf('GATEWAY_PORT', 0);
  const local = port ? `https://127.0.0.1:${port}` : (stack?.urls['department-gateway'] ?? 'https://127.0.0.1:8081');
  const localQuery = gateway === undefined ? stack?.urls['query-api'] : undefined;
  return {
    url: (gateway ?? local).replace(/\/+$/, ''),
    queryUrl: query?.replace(/\/+$/, '') ?? localQuery,
    certsDir: stack?.certsDir ?? join(home, 'certs'),
  };
}
