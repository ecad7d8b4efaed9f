import { statfs } from 'node:fs/promises';
import { HuitongError } from '@huitong/change-event';
import { javaFile } from './java.ts';
import { run } from './processes.ts';

/** A broker that fills the disk stops in the middle of a write: better not to start. */
const leastFreeBytes = 1024 ** 3;

export async function assertDiskFree(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= leastFreeBytes) return;
  const free = Math.floor((bavail * bsize) / 1024 ** 2);
  throw new HuitongError(
    'DISK_FULL',
    `磁盘仅剩 ${free} MB, 至少需要 1 GB / only ${free} MB of disk are free, 1 GB is needed`,
    {
      context: { freeMegabytes: free },
    },
  );
}

export async function assertJava(): Promise<void> {
  const output = await run({ file: javaFile(), args: ['-version'] }, { code: 'PART_MISSING', what: 'java' }).catch(
    () => '',
  );
  const major = Number(/version "(?:1\.)?(\d+)/.exec(output)?.[1]);
  if (major >= 17) return;
  throw new HuitongError(
    'PART_MISSING',
    '既没有 Docker 引擎也没有 Java 17 或更新版本, 请安装其一 / neither a Docker engine nor Java 17 or newer answers: install one of them',
  );
}

export async function assertMaven(): Promise<void> {
  await run({ file: 'mvn', args: ['-v'] }, { code: 'PART_MISSING', what: 'mvn' }).catch((cause: unknown) => {
    throw new HuitongError(
      'PART_MISSING',
      '首次启动需要 Maven 下载 Kafka 和 Apicurio, 请安装 Maven 或 Docker / the first start needs Maven to download Kafka and Apicurio: install Maven or Docker',
      { cause },
    );
  });
}
