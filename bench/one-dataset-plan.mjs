import { from, planDatabase, subject } from '@huitong/subject-engine';

const columns = ['name', 'sex', 'ethnicity', 'birthDate', 'householdNo', 'householdAddress', 'divisionCode'];

/** The household register alone, each of whose columns that the peers write is a field of the record. */
export const oneDataset = planDatabase([
  subject({
    name: 'resident',
    title: { zh: '居民', en: 'Resident' },
    database: 'residents',
    datasets: ['psb.household-register'],
    fields: Object.fromEntries(
      columns.map((column) => [column, from(`psb.household-register.${column}`).titled(column, column)]),
    ),
  }),
]);
