import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { dockerKeepsData } from './docker.ts';
import { chooseEngine } from './engine.ts';
import { writePartsRecord } from './parts-record.ts';
import { stopParts } from './start-parts.ts';

/** No engine listens there, on any machine. */
const nowhere = 'unix:///nowhere/docker.sock';

const ask = (parts?: string) =>
  jest.replaceProperty(process, 'env', { ...process.env, DOCKER_HOST: nowhere, HUITONG_PARTS: parts });

describe('where no Docker engine answers', () => {
  let home = '';

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'huitong-engine-'));
    ask();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await rm(home, { recursive: true, force: true });
  });

  it('a new home folder gets local processes', async () => {
    expect(await chooseEngine(home)).toBe('process');
  });

  it('one whose data are in Docker is refused, unless HUITONG_PARTS asks for processes', async () => {
    await dockerKeepsData(home);
    await expect(chooseEngine(home)).rejects.toMatchObject({ code: 'PART_MISSING' });
    ask('process');
    expect(await chooseEngine(home)).toBe('process');
  });

  it('HUITONG_PARTS=docker is refused, and so is a name that there is not', async () => {
    ask('docker');
    await expect(chooseEngine(home)).rejects.toMatchObject({ code: 'PART_MISSING' });
    ask('podman');
    await expect(chooseEngine(home)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('parts in Docker are not taken for stopped: they may be stopped later', async () => {
    const ports = { kafka: 1, registry: 2, postgres: 3, redis: 4 };
    const record = { cache: home, ports, brokers: [], postgresAdvertisedPort: 3, processes: {} };
    writePartsRecord(home, { engine: 'docker', ...record });
    for (let twice = 0; twice < 2; twice += 1)
      await expect(stopParts(home)).rejects.toMatchObject({ code: 'PART_MISSING' });
  });
});
