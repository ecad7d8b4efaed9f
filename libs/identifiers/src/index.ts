export { checkIdentifier, identifierKinds } from './check-identifier.ts';
export type { IdentifierKind } from './check-identifier.ts';
export { flags, flagText, problems, problemText } from './outcome.ts';
export type { CheckResult, Flag, Problem, Sentence } from './outcome.ts';
export { makePersonId, personIdCheckDigit, personIdFacts } from './person-id.ts';
export type { PersonIdFacts, PersonIdHolder } from './person-id.ts';
export { creditCodeCheckCharacter } from './credit-code.ts';
export { organisationCodeCheckCharacter } from './organisation-code.ts';
export { registrationNumberCheckDigit } from './registration-number.ts';
export {
  currentDivisions,
  divisionLineage,
  divisionName,
  divisionSuccessors,
  provinces,
  wuhuDivisions,
} from './divisions.ts';
export type { Division } from './divisions.ts';
