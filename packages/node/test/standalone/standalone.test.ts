import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryHub, type MemoryHub, peerOf } from '@heddle/network';
import { blsProvePossession, blsPublicKey, blsSecretKeyFromSeed, blsSign } from '@heddle/primitives';
import { systemScheduler } from '@heddle/runtime';
import { directoryMedium, readSignerHistory } from '@heddle/storage';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type BuiltGenesis, buildGenesis } from '../../src/genesis/genesis-block.ts';
import { createNetworkGenesis } from '../../src/genesis/network-genesis.ts';
import { SILENT_LOGGER } from '../../src/logger.ts';
import type { RunningStandalone } from '../../src/standalone/standalone-options.ts';
import { startStandalone } from '../../src/standalone/start-standalone.ts';

const SECRETS = [1, 2, 3, 4].map((number) => blsSecretKeyFromSeed(new Uint8Array(32).fill(number)));
const LONG_MS = 120_000;

let folder = '';
let hub: MemoryHub;
let genesis: BuiltGenesis;
const running: RunningStandalone[] = [];

interface Told {
  readonly validating: Promise<'validating'>;
  readonly active: Promise<string>;
}

/** Starts the validator with the secret of that number, in a folder of that name. */
async function start(number: number, name: string, watchesKey: boolean): Promise<Told & { node: RunningStandalone }> {
  const secretKey = SECRETS[number] ?? new Uint8Array(32);
  const validating = Promise.withResolvers<'validating'>();
  const active = Promise.withResolvers<string>();
  const node = await startStandalone({
    genesis,
    signing: {
      key: { publicKey: blsPublicKey(secretKey), sign: (digest) => blsSign(secretKey, digest) },
      watchesKey,
      validating: () => validating.resolve('validating'),
      keyActive: (proof) => active.resolve(proof),
    },
    directory: join(folder, name),
    createTransport: (key) => Promise.resolve(hub.transport(peerOf(key.publicKey))),
    cacheBytes: 8 * 1024 * 1024,
    archive: false,
    feeRecipient: `0x${'11'.repeat(20)}`,
    host: '127.0.0.1',
    port: 0,
    access: { corsOrigins: [], allowedHosts: [], allowControl: false },
    log: SILENT_LOGGER,
    observer: null,
    clockWrong: (problem) => active.resolve(`clock: ${problem}`),
    fatal: (error) => active.resolve(`fatal: ${String(error)}`),
    lanes: 0,
    laneThresholdMicroseconds: null,
  });
  running.push(node);
  return { node, validating: validating.promise, active: active.promise };
}

async function height({ httpUrl }: RunningStandalone): Promise<number> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] });
  const response = await fetch(httpUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { result }: { readonly result: string } = JSON.parse(await response.text());
  return Number(result);
}

async function reaches(node: RunningStandalone, wanted: number): Promise<void> {
  while ((await height(node)) < wanted) await new Promise((resolve) => setTimeout(resolve, 50));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-standalone-'));
  hub = createMemoryHub({ scheduler: systemScheduler });
  const network = createNetworkGenesis({
    chainId: 1n,
    shardCount: 2,
    validators: SECRETS.map((secretKey) => ({
      publicKey: blsPublicKey(secretKey),
      proofOfPossession: blsProvePossession(secretKey),
    })),
    accounts: [],
    balanceWei: 0n,
    registryOwner: null,
    blockTimeMs: 0,
    timestamp: BigInt(Math.floor(Date.now() / 1_000)),
  });
  // A busy heartbeat: an idle network's own would take a minute for what is tested here.
  genesis = buildGenesis({ ...network, maxIdleMs: 100 });
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((node) => node.stop()));
  rmSync(folder, { recursive: true, force: true });
});

test(
  'validators on folders of their own make blocks; one with a key from elsewhere waits, then takes part',
  async () => {
    const first = await start(0, 'a', false);
    expect(await first.validating).toBe('validating');
    await start(1, 'b', false);
    await start(2, 'c', false);
    await reaches(first.node, 3);
    const late = await start(3, 'd', true);
    expect(await Promise.race([late.validating, late.active])).toBe('validating');
    await reaches(late.node, (await height(first.node)) + 3);
    await late.node.stop();
    const { records } = await readSignerHistory(directoryMedium(join(folder, 'd')));
    expect(records.length).toBeGreaterThan(0);
    const reached = await height(first.node);
    // Stopped in order, and started again on the same folder.
    const again = await start(3, 'd', false);
    await reaches(again.node, reached);
  },
  LONG_MS,
);

test(
  'a key that another node has is noticed before it has signed anything here',
  async () => {
    await start(0, 'a', false);
    await start(1, 'b', false);
    await start(2, 'c', false);
    const second = await start(0, 'copy', true);
    expect(await Promise.race([second.validating, second.active])).toContain('another node of this network has it');
    await second.node.stop();
    expect((await readSignerHistory(directoryMedium(join(folder, 'copy')))).records).toEqual([]);
  },
  LONG_MS,
);
