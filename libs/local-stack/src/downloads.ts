import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OnProgress } from './progress.ts';
import { run } from './processes.ts';
import { hasOwnRedis } from './redis.ts';
import { assertMaven } from './requirements.ts';

interface Download {
  title: string;
  dependencies: Record<string, string>[];
  /** An archive is laid out with those of its files that match; otherwise the libraries are copied, with all that they need. */
  unpack?: { includes: string };
}

const downloads: Record<'kafka' | 'registry' | 'redis', Download> = {
  kafka: {
    title: 'Kafka 4.1.0',
    dependencies: [
      { groupId: 'org.apache.kafka', artifactId: 'kafka_2.13', version: '4.1.0' },
      { groupId: 'org.apache.kafka', artifactId: 'kafka-tools', version: '4.1.0' },
      { groupId: 'org.apache.logging.log4j', artifactId: 'log4j-slf4j-impl', version: '2.24.3' },
    ],
  },
  registry: {
    title: 'Apicurio Registry 3.0.9',
    dependencies: [
      {
        groupId: 'io.apicurio',
        artifactId: 'apicurio-registry-app',
        version: '3.0.9',
        type: 'tar.gz',
        classifier: 'all',
      },
    ],
    unpack: { includes: '**' },
  },
  redis: {
    title: 'Redis 6.2',
    dependencies: [{ groupId: 'com.github.codemonstur', artifactId: 'embedded-redis', version: '1.4.3' }],
    unpack: { includes: 'redis-server-*' },
  },
};

const tags = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([tag, value]) => `<${tag}>${value}</${tag}>`)
    .join('');

const project = (artifactId: string, body: string): string =>
  `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>` +
  `<groupId>cn.huitong.local-stack</groupId><artifactId>${artifactId}</artifactId><version>1</version>` +
  `<packaging>pom</packaging>${body}</project>`;

/**
 * Plugin 2.8, because later ones refuse the registry's archive, whose parent pom is not published; it takes the files
 * alone, without reading what they depend on.
 */
function modulePom(name: string, { dependencies, unpack }: Download): string {
  const outputDirectory = '${project.build.directory}/files';
  const configuration: Record<string, string> = unpack
    ? {
        outputDirectory,
        includes: unpack.includes,
        artifactItems: dependencies.map((item) => tags({ artifactItem: tags(item) })).join(''),
      }
    : { outputDirectory, includeScope: 'runtime' };
  const execution = {
    phase: 'generate-resources',
    goals: tags({ goal: unpack ? 'unpack' : 'copy-dependencies' }),
    configuration: tags(configuration),
  };
  const plugin = {
    artifactId: 'maven-dependency-plugin',
    version: '2.8',
    executions: tags({ execution: tags(execution) }),
  };
  const list = unpack ? '' : dependencies.map((dependency) => tags({ dependency: tags(dependency) })).join('');
  return project(name, tags({ dependencies: list, build: tags({ plugins: tags({ plugin: tags(plugin) }) }) }));
}

/**
 * Fetches what is not yet in the cache, all of it at once in one run of Maven, and moves each finished folder into
 * place, so that a broken download is never taken for a whole one. Throws PART_MISSING when Maven is missing or cannot fetch.
 */
export async function download(cache: string, onProgress: OnProgress, signal?: AbortSignal): Promise<void> {
  const missing = (Object.keys(downloads) as (keyof typeof downloads)[])
    .filter((name) => !existsSync(join(cache, name)))
    .filter((name) => name !== 'redis' || !hasOwnRedis());
  if (missing.length === 0) return;
  await assertMaven();
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'download-'));
  try {
    const modules = missing.map((name) => `<module>${name}</module>`).join('');
    await writeFile(join(folder, 'pom.xml'), project('all', `<modules>${modules}</modules>`));
    for (const name of missing) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'pom.xml'), modulePom(name, downloads[name]));
      onProgress({ zh: `下载 ${downloads[name].title}`, en: `downloading ${downloads[name].title}` });
    }
    await run(
      { file: 'mvn', args: ['-B', '-T', '3', '-f', join(folder, 'pom.xml'), 'generate-resources'] },
      {
        signal,
        code: 'PART_MISSING',
        what: 'Maven 未能下载, 请检查网络或镜像设置 / Maven could not download, check the network or its mirror settings',
        onLine: (line) => reportLargeFile(line, onProgress),
      },
    );
    for (const name of missing) {
      const files = join(folder, name, 'target', 'files');
      if (name === 'redis') for (const file of await readdir(files)) await chmod(join(files, file), 0o755);
      if ((await readdir(files)).length > 0 && !existsSync(join(cache, name))) await rename(files, join(cache, name));
      onProgress({ zh: `已下载 ${downloads[name].title}`, en: `downloaded ${downloads[name].title}` });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Maven says `Downloaded from <where>: <address> (54 MB at 9.1 MB/s)`: the file's name and size are worth a line. */
function reportLargeFile(line: string, onProgress: OnProgress): void {
  const [, name, size] = /^.*Downloaded .*\/([^/ ]+) \((\d+ MB) at/.exec(line) ?? [];
  if (name) onProgress({ zh: `已下载 ${name} (${size})`, en: `downloaded ${name} (${size})` });
}
