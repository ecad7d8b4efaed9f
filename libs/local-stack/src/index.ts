export {
  startParts,
  stopParts,
  removeHome,
  restartPart,
  killPart,
  runningParts,
  describeParts,
} from './start-parts.ts';
export type { Parts, PartState } from './start-parts.ts';
export { partNames } from './parts-record.ts';
export type { PartName } from './parts-record.ts';
export type { Progress, OnProgress } from './progress.ts';
export { ensureSecrets } from './secrets.ts';
export type { Secrets } from './secrets.ts';
export { freePort, assertPortFree } from './ports.ts';
export { spawnDetached, endProcess, isRunning, signalProcess, processIdOf } from './processes.ts';
export type { ProcessId, Command } from './processes.ts';
export { readJson, writeJson } from './parts-record.ts';
export { ensureCertificates } from './certificates.ts';
export { browserCertificate } from './browser-certificate.ts';
export { javaFile } from './java.ts';
