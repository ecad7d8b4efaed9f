import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository: this module lies in `apps/huitong-cli/src` or `dist`. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** The runtime folder: HUITONG_HOME, else `.huitong` in the repository. */
export const homeFolder = (): string => resolve(process.env.HUITONG_HOME || resolve(repository, '.huitong'));

/** The port that an environment variable gives; its default where it is not set or not a number. */
export const portOf = (variable: string, fallback: number): number => Number(process.env[variable]) || fallback;

/** What a started process inherits. */
export const inheritedEnvironment = (): NodeJS.ProcessEnv => process.env;
