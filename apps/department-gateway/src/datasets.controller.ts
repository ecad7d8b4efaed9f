import { Controller, Get, Param } from '@nestjs/common';
import { datasetNames, datasets, type DatasetName } from '@huitong/change-event';
import { CurrentCaller, Roles, type Caller } from '@huitong/service-kit';
import { knownDataset, ownDataset } from './own-dataset.ts';

/** The catalogue: a department sees the datasets that it provides, stewards and those who watch see all. */
@Controller('v1/datasets')
export class DatasetsController {
  @Get()
  @Roles('department', 'steward', 'operator', 'auditor', 'administrator')
  list(@CurrentCaller() caller: Caller): { datasets: object[] } {
    const visible = (name: DatasetName) =>
      caller.role !== 'department' || datasets[name].department === caller.department;
    return { datasets: datasetNames.filter(visible).map(entryOf) };
  }

  @Get(':dataset/schema')
  @Roles('department', 'steward', 'operator', 'auditor', 'administrator')
  schema(@Param('dataset') name: string, @CurrentCaller() caller: Caller): object {
    const dataset = caller.role === 'department' ? ownDataset(name, caller).dataset : knownDataset(name);
    return datasets[dataset].schema;
  }
}

function entryOf(name: DatasetName): object {
  const { schema: _, ...entry } = datasets[name];
  return entry;
}
