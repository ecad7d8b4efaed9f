import { Controller, Get, Inject, Query } from '@nestjs/common';
import { LagWatch, type LagRow } from '@huitong/governance';
import { CurrentCaller, readInput, Roles, type Caller } from '@huitong/service-kit';
import { lagQuery } from './requests.ts';

/** A row of the answer; the lanes only where they were asked for. */
type ShownRow = Omit<LagRow, 'lanes'> & Partial<Pick<LagRow, 'lanes'>>;

/** How far is each dataset applied? A department sees its own. */
@Controller('v1/lag')
export class LagController {
  readonly #watch: LagWatch;

  constructor(@Inject(LagWatch) watch: LagWatch) {
    this.#watch = watch;
  }

  @Get()
  @Roles('operator', 'department', 'auditor', 'steward')
  async lag(@Query() query: unknown, @CurrentCaller() caller: Caller): Promise<{ at: string; lag: ShownRow[] }> {
    const { lanes: withLanes } = readInput(lagQuery, query);
    const rows = await this.#watch.report();
    return {
      at: new Date().toISOString(),
      lag: rows
        .filter(({ department }) => caller.department === undefined || caller.department === department)
        .map(({ lanes, ...row }) => ({ ...row, ...(withLanes === 'true' ? { lanes } : {}) })),
    };
  }
}
