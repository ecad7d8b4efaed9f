import { createLogger, guardProcess, startService } from '@huitong/service-kit';
import { serviceOf } from './app.module.ts';
import { readConfig } from './config.ts';

const logger = createLogger('operations-console');
guardProcess(logger);
await startService({ ...serviceOf(readConfig()), logger });
