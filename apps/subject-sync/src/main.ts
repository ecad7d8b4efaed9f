import { startService } from '@huitong/service-kit';
import { serviceOf } from './app.module.ts';
import { readConfig } from './config.ts';

await startService(serviceOf(readConfig()));
