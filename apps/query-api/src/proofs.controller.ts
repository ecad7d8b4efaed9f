import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  datasetNames,
  datasets,
  HuitongError,
  isDatasetName,
  type DatasetName,
  type SourceRequest,
} from '@huitong/change-event';
import {
  proofRequest,
  proofStates,
  requestProof,
  sourceRequests,
  type ProofRequest,
  type ProofState,
  type SubjectDatabase,
} from '@huitong/governance';
import { CurrentCaller, readInput, Roles, type Caller } from '@huitong/service-kit';
import { proofBody, proofRequestPath, proofsQuery } from './requests.ts';
import { DATABASES } from './trace.controller.ts';

/** Are the facts what their sources hold, and what is asked of a source where they are not? A department sees its own. */
@Controller('v1')
export class ProofsController {
  readonly #databases: readonly SubjectDatabase[];

  constructor(@Inject(DATABASES) databases: readonly SubjectDatabase[]) {
    this.#databases = databases;
  }

  @Get('proofs')
  @Roles('operator', 'auditor', 'steward', 'department')
  async proofs(@Query() query: unknown, @CurrentCaller() { department }: Caller): Promise<{ proofs: ProofState[] }> {
    const { dataset, buckets } = readInput(proofsQuery, query);
    const asked = dataset === undefined ? datasetNames : [known(dataset)];
    const of = asked.filter((name) => department === undefined || datasets[name].department === department);
    return { proofs: await proofStates(this.#databases, { of, withBuckets: buckets === 'true' }) };
  }

  @Post('proofs/:dataset/requests')
  @HttpCode(202)
  @Roles('operator')
  async request(
    @Param('dataset') name: string,
    @Body() body: unknown,
    @CurrentCaller() { name: by }: Caller,
  ): Promise<{ requests: ProofRequest[] }> {
    const { repair, atMost, reason } = readInput(proofBody, body ?? {});
    return { requests: await requestProof(this.#databases, { dataset: known(name), repair, atMost, by, reason }) };
  }

  @Get('proof-requests/:database/:id')
  @Roles('operator', 'auditor', 'steward')
  asked(@Param() path: unknown): Promise<ProofRequest> {
    const { database: name, id } = readInput(proofRequestPath, path);
    const database = this.#databases.find((one) => one.name === name);
    if (!database) throw new HuitongError('NOT_FOUND', '没有这个库 / there is no such database');
    return proofRequest(database, id);
  }

  @Get('source-requests')
  @Roles('department')
  async wanted(@CurrentCaller() { department }: Caller): Promise<{ requests: SourceRequest[] }> {
    const own = datasetNames.filter((name) => datasets[name].department === department);
    return { requests: await sourceRequests(this.#databases, own) };
  }
}

function known(name: string): DatasetName {
  if (isDatasetName(name)) return name;
  throw new HuitongError('DATASET_UNKNOWN', '没有这个数据资源 / the catalogue has no such dataset');
}
