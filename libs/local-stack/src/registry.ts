import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { javaFile } from './java.ts';
import type { Part } from './part.ts';
import { answers } from './probe.ts';

/** The address of the registry's Confluent-compatible API. */
export const registryUrl = (port: number): string => `http://127.0.0.1:${port}/apis/ccompat/v7`;

/** Apicurio keeps its schemas in the stack's own PostgreSQL: their ids are inside Kafka's messages and must not change. */
export const registry: Part = {
  title: 'Apicurio Registry',
  stopSignal: 'SIGTERM',
  stopWaitMs: 10_000,

  prepare: async () => undefined,

  async command(place) {
    const folder = join(place.cache, 'registry');
    const jar = (await readdir(folder)).find((name) => name.endsWith('-runner.jar'));
    return {
      file: javaFile(),
      cwd: folder,
      args: ['-Xms128m', '-Xmx320m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-jar', join(folder, jar ?? '')],
      env: {
        ...process.env,
        QUARKUS_HTTP_HOST: '127.0.0.1',
        QUARKUS_HTTP_PORT: String(place.ports.registry),
        QUARKUS_LOG_LEVEL: 'WARN',
        QUARKUS_HTTP_ACCESS_LOG_ENABLED: 'false',
        // A restart of the database costs one failed request for each pooled connection: few of them.
        APICURIO_DATASOURCE_JDBC_INITIAL_SIZE: '1',
        APICURIO_DATASOURCE_JDBC_MIN_SIZE: '1',
        APICURIO_DATASOURCE_JDBC_MAX_SIZE: '4',
        APICURIO_STORAGE_KIND: 'sql',
        APICURIO_STORAGE_SQL_KIND: 'postgresql',
        APICURIO_DATASOURCE_URL: `jdbc:postgresql://127.0.0.1:${place.ports.postgres}/registry`,
        APICURIO_DATASOURCE_USERNAME: 'postgres',
        APICURIO_DATASOURCE_PASSWORD: place.secrets.postgres,
      },
    };
  },

  ready: (place) => answers(`${registryUrl(place.ports.registry)}/subjects`),
};
