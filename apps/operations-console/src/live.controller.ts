import { Controller, Get, Inject, Sse, type MessageEvent } from '@nestjs/common';
import { map, merge, type Observable } from 'rxjs';
import { datasetNames, datasets } from '@huitong/change-event';
import { databaseName } from '@huitong/governance';
import { CurrentCaller, Roles, type Caller } from '@huitong/service-kit';
import { databases } from '@huitong/subjects';
import type { Session } from './contract.ts';
import { LiveFeed } from './live-feed.ts';

/** What every page needs: who is logged in, and the exchange as it is now and from now on. */
@Controller('v1')
export class LiveController {
  readonly #feed: LiveFeed;

  constructor(@Inject(LiveFeed) feed: LiveFeed) {
    this.#feed = feed;
  }

  @Get('session')
  @Roles('operator', 'steward', 'auditor')
  session(@CurrentCaller() { name, role }: Caller): Session {
    return {
      name,
      role,
      datasets: datasetNames.map((dataset) => {
        const { department, title } = datasets[dataset];
        return { name: dataset, department, title };
      }),
      subjects: [...databases.values()].flatMap((plan) =>
        plan.subjects.map(({ name: subject, declaration: { title } }) => ({
          name: subject,
          database: databaseName(plan),
          title,
        })),
      ),
    };
  }

  @Sse('live')
  @Roles('operator', 'steward', 'auditor')
  live(): Observable<MessageEvent> {
    const changes = this.#feed.changes.pipe(map((data) => ({ type: 'changed', data })));
    return merge(this.#feed.looks.pipe(map((data) => ({ data }))), changes);
  }
}
