export { Answers } from './answers.ts';
export type { DepartmentPort } from './answers.ts';
export { DepartmentRegister } from './department-register.ts';
