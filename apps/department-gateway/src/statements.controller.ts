import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import {
  bucketOf,
  bucketRecords,
  bucketsPerLane,
  controlTypes,
  defaultPartitions,
  HuitongError,
  inventoryRecordsMax,
  laneBuckets,
  laneOf,
  registerName,
  sourceClockSkewMs,
} from '@huitong/change-event';
import { CurrentCaller, CurrentTrace, readInput, Roles, type Caller, type Trace } from '@huitong/service-kit';
import { Intake } from './intake.ts';
import { ownDataset } from './own-dataset.ts';

const lane = z
  .int()
  .min(0)
  .max(defaultPartitions - 1);
const register = registerName.default('main').describe('one department may publish a dataset from several systems');
const at = z.iso
  .datetime({ offset: true })
  .optional()
  .describe('the register is complete up to this instant; else now');

/** The body of a checkpoint: what a register holds, by lane and bucket; lanes left out are not spoken of. */
export const checkpointBody = z.strictObject({
  register,
  at,
  lanes: z
    .array(z.strictObject({ lane, buckets: laneBuckets }))
    .min(1)
    .max(defaultPartitions),
});

/** The body of an inventory: all records of some buckets of a register, none left out. */
export const inventoryBody = z.strictObject({
  register,
  at,
  buckets: z
    .array(
      z.strictObject({
        lane,
        bucket: z
          .int()
          .min(0)
          .max(bucketsPerLane - 1),
        records: bucketRecords,
      }),
    )
    .min(1)
    .max(defaultPartitions * bucketsPerLane),
});

/** Where departments state what their registers hold. Each statement goes where the events it speaks of go. */
@Controller('v1/datasets/:dataset')
export class StatementsController {
  readonly #intake: Intake;

  constructor(@Inject(Intake) intake: Intake) {
    this.#intake = intake;
  }

  @Post('checkpoints')
  @HttpCode(202)
  @Roles('department')
  async checkpoints(
    @Param('dataset') name: string,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @CurrentTrace() { traceparent }: Trace,
  ): Promise<{ lanes: number; at: string }> {
    const { dataset, department } = ownDataset(name, caller);
    const { register: of, at: given, lanes } = readInput(checkpointBody, body);
    if (new Set(lanes.map((one) => one.lane)).size < lanes.length)
      throw refused('同一通道出现两次 / a lane is stated twice', 'lanes');
    const instant = instantOf(given);
    const statements = lanes.map((one) => ({
      partition: one.lane,
      content: { at: instant.toISOString(), register: of, buckets: one.buckets },
    }));
    await this.#intake.takeStatements(
      { dataset, department, traceparent },
      controlTypes.checkpoint,
      statements,
      instant,
    );
    return { lanes: lanes.length, at: instant.toISOString() };
  }

  @Post('inventories')
  @HttpCode(202)
  @Roles('department')
  async inventories(
    @Param('dataset') name: string,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @CurrentTrace() { traceparent }: Trace,
  ): Promise<{ buckets: number; at: string }> {
    const { dataset, department } = ownDataset(name, caller);
    const { register: of, at: given, buckets } = readInput(inventoryBody, body);
    for (const [index, one] of buckets.entries())
      for (const { subjectId, sourceRecordId } of one.records)
        if (laneOf(subjectId, defaultPartitions) !== one.lane || bucketOf(subjectId, sourceRecordId) !== one.bucket)
          throw refused('有记录不属于该通道或分组 / a record is of another lane or bucket', `buckets.${index}.records`);
    // Together they are one batch of Kafka's for each partition, which has a limit.
    for (const some of Map.groupBy(buckets, (one) => one.lane).values())
      if (some.reduce((sum, one) => sum + one.records.length, 0) > inventoryRecordsMax)
        throw refused(
          `每次每通道至多 ${inventoryRecordsMax} 条记录 / at most ${inventoryRecordsMax} records of a lane at once`,
          'buckets',
        );
    const instant = instantOf(given);
    const statements = buckets.map(({ lane: partition, bucket, records }) => ({
      partition,
      content: { at: instant.toISOString(), register: of, bucket, records },
    }));
    await this.#intake.takeStatements(
      { dataset, department, traceparent },
      controlTypes.inventory,
      statements,
      instant,
    );
    return { buckets: buckets.length, at: instant.toISOString() };
  }
}

function instantOf(given: string | undefined): Date {
  const at = given === undefined ? new Date() : new Date(given);
  if (at.getTime() > Date.now() + sourceClockSkewMs) throw refused('晚于当前时间 / it lies in the future', 'at');
  return at;
}

const refused = (message: string, field: string): HuitongError =>
  new HuitongError('REQUEST_INVALID', message, { context: { field } });
