import { Controller, Get, Inject } from '@nestjs/common';
import { GroupWatch } from '@huitong/governance';
import { Roles } from '@huitong/service-kit';
import type { Groups } from './contract.ts';

/** How every consumer group on the brokers stands, whoever runs it. */
@Controller('v1')
export class GroupsController {
  readonly #watch: GroupWatch;

  constructor(@Inject(GroupWatch) watch: GroupWatch) {
    this.#watch = watch;
  }

  @Get('groups')
  @Roles('operator', 'steward', 'auditor')
  async groups(): Promise<Groups> {
    return { groups: await this.#watch.report() };
  }
}
