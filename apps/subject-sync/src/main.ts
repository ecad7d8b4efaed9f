import { createLogger, guardProcess, startService } from '@huitong/service-kit';
import { serviceOf } from './app.module.ts';
import { readConfig } from './config.ts';

guardProcess(createLogger('subject-sync'));
await startService(serviceOf(readConfig()));
