import { datasets, HuitongError, isDatasetName, type DatasetName } from '@huitong/change-event';
import type { Caller } from '@huitong/service-kit';

/** The dataset of that name; DATASET_UNKNOWN where the catalogue has none. */
export function knownDataset(name: string): DatasetName {
  if (isDatasetName(name)) return name;
  throw new HuitongError('DATASET_UNKNOWN', '没有这个数据资源 / the catalogue has no such dataset');
}

/** The dataset, if the calling department provides it; otherwise NOT_PERMITTED: nobody publishes for another. */
export function ownDataset(name: string, caller: Caller): { dataset: DatasetName; department: string } {
  const dataset = knownDataset(name);
  const { department } = datasets[dataset];
  if (caller.department !== department)
    throw new HuitongError('NOT_PERMITTED', '该数据资源由其他部门提供 / another department provides this dataset', {
      context: { dataset },
    });
  return { dataset, department };
}
