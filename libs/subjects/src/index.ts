import { planDatabase, type DatabasePlan, type SubjectDeclaration, type SubjectPlan } from '@huitong/subject-engine';
import { join } from 'node:path';
import { enterprise } from './enterprise/declaration.ts';
import { housing } from './housing/declaration.ts';
import { legalPerson } from './legal-person/declaration.ts';
import { population } from './population/declaration.ts';
import { socialOrganisation } from './social-organisation/declaration.ts';

export { subjectLinks } from './links.ts';

const declarations: readonly SubjectDeclaration[] = [population, legalPerson, enterprise, socialOrganisation, housing];

/** The databases that the declared subjects live in, by name; subjects derived from the same facts share one. */
export const databases: ReadonlyMap<string, DatabasePlan> = new Map(
  [...Map.groupBy(declarations, ({ database }) => database)].map(([name, subjects]) => [name, planDatabase(subjects)]),
);

/** Every subject database, by name, with the name of the PostgreSQL database that holds it. */
export const subjectPlans: ReadonlyMap<string, SubjectPlan> = new Map(
  [...databases.values()].flatMap(({ subjects }) => subjects.map((subject) => [subject.name, subject])),
);

/** The folder of a database's migrations. */
export const migrationsOf = (database: string): string => join(import.meta.dirname, '..', 'migrations', database);
