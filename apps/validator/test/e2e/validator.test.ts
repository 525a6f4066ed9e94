import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rpc } from '../support/devnet-process.ts';
import { temporaryDirectory } from '../support/each-storage.ts';
import { type Ended, heddle, startValidatorProcess } from '../support/heddle-process.ts';
import { until } from '../support/until.ts';

const LONG_MS = 240_000;
let directory = '';
let home = '';

/** `heddle validator` that is expected to be refused. */
function refused(dataDir: string, ...flags: readonly string[]): Promise<Ended> {
  return heddle(['validator', '--data-dir', dataDir, '--rpc-port', '0', '--lanes', '0', ...flags], directory);
}

const height = async (url: string): Promise<number> => Number(await rpc(url, 'eth_blockNumber'));
const at = (...names: readonly string[]): string => join(directory, ...names);

async function metric(url: string, name: string): Promise<number> {
  const lines = (await (await fetch(url)).text()).split('\n');
  return Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
}

beforeAll(async () => {
  directory = await temporaryDirectory();
  const made = await heddle(['network', 'create', '--validators', '1', '--shards', '2', '--dir', 'net'], directory);
  expect(made).toMatchObject({ code: 0, errors: '' });
  home = at('net', 'validator-0');
  cpSync(home, at('fresh'), { recursive: true });
}, LONG_MS);

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test(
  'a validator makes blocks, stops in order, survives a kill, and lets nobody else in meanwhile',
  async () => {
    const first = await startValidatorProcess(home, ['--metrics-port', '0']);
    await until(async () => (await height(first.url)) >= 1, 60_000);
    expect((await fetch(`${first.metricsUrl}/ready`)).status).toBe(200);
    expect(await metric(`${first.metricsUrl}/metrics`, 'heddle_final_blocks_total')).toBeGreaterThanOrEqual(1);
    expect(await metric(`${first.metricsUrl}/metrics`, 'heddle_votes_total{result="signed"}')).toBeGreaterThanOrEqual(
      1,
    );
    const { port } = new URL(first.metricsUrl ?? '');
    expect(await refused(at('fresh'), '--metrics-port', port)).toMatchObject({
      code: 3,
      errors: expect.stringContaining('--metrics-port'),
    });
    expect(await refused(home)).toMatchObject({ code: 4, errors: expect.stringMatching(/in use by process \d+/) });
    expect(await first.stop()).toBe(0);
    expect(existsSync(join(home, 'LOCK'))).toBe(false);
    expect(first.log()).not.toContain('signs nothing');

    const second = await startValidatorProcess(home);
    const before = await height(second.url);
    expect(before).toBeGreaterThanOrEqual(1);
    await second.kill();
    const third = await startValidatorProcess(home);
    await until(async () => (await height(third.url)) > before, 60_000);
    rmSync(join(home, 'heddle-validator.json'));
    expect(await third.ended).toBe(4);
    expect(third.log()).toContain('has been removed while it was in use');
    expect(await refused(home)).toMatchObject({ code: 4, errors: expect.stringContaining('put it back from a copy') });
  },
  LONG_MS,
);

test(
  'a folder that was copied signs nothing at first, and says so',
  async () => {
    cpSync(at('fresh'), at('moved'), { recursive: true });
    const moved = await startValidatorProcess(at('moved'));
    expect(moved.log()).toContain('signs nothing until it is clear that its key runs nowhere else');
    expect(await height(moved.url)).toBe(0);
    await moved.kill();
  },
  LONG_MS,
);
