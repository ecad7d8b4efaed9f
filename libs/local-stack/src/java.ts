import { join } from 'node:path';

/** The `java` of JAVA_HOME, else the one on the PATH. */
export const javaFile = (): string => (process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java');
