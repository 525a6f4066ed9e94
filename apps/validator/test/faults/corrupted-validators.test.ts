import { ACTORS_FOR_DEVNETS } from '@heddle/byzantine';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { allReceipts, displaced, type Place } from '../support/receipts.ts';
import { seededNumbers } from '../support/seeded-numbers.ts';
import { Transfers } from '../support/transfers.ts';
import { until } from '../support/until.ts';
import { loggedErrors, readHeight, startValidator, stopValidator } from '../support/validators.ts';

const TRANSFERS = 10;
const RECOVERY_MS = 45_000;
/** Who does harm only where somebody catches up, or with control operations. */
const RARE: readonly string[] = ['forged-sync-server'];

interface Topology {
  readonly blockedPeers: number;
  readonly evidence: number;
  readonly halted: { readonly reason: string } | null;
  readonly faults: { readonly corrupted: readonly { readonly actor: string; readonly misdeeds: number }[] };
}

function isTopology(value: unknown): value is Topology {
  return typeof value === 'object' && value !== null && 'blockedPeers' in value && 'evidence' in value;
}

let devnet: DevnetProcess;
let url: string;
let transfers: Transfers;

beforeAll(async () => {
  devnet = await startDevnetProcess([]);
  url = devnet.ready.urls.http;
  transfers = await Transfers.create(devnet.ready, seededNumbers(4));
});

afterAll(async () => {
  const errors = loggedErrors(devnet);
  await devnet.stop();
  expect(errors).toEqual([]);
});

async function topology(): Promise<Topology> {
  const answer = await rpc(url, 'shard_topology');
  if (!isTopology(answer)) throw new Error(`shard_topology came as ${JSON.stringify(answer)}`);
  return answer;
}

const sent = async (): Promise<ReadonlyMap<string, Place>> =>
  allReceipts(url, await transfers.send(TRANSFERS), RECOVERY_MS);

/** Hashes of all blocks, as the validator has them by itself. */
async function blocksOf(index: number): Promise<readonly unknown[]> {
  const others = [0, 1, 2, 3].filter((other) => other !== index);
  for (const other of others) await stopValidator(url, other);
  const height = await readHeight(url);
  const hashes: unknown[] = [];
  for (let number = 0; number <= height; number++) {
    const block = await rpc(url, 'eth_getBlockByNumber', [`0x${number.toString(16)}`, false]);
    hashes.push(typeof block === 'object' && block !== null && 'hash' in block ? block.hash : null);
  }
  for (const other of others) await startValidator(url, other);
  return hashes;
}

describe('one of four', () => {
  test.each(ACTORS_FOR_DEVNETS.map(({ name, proofs }, at) => [name, proofs.length > 0, at % 4] as const))(
    '%s stops nobody, and is forgiven',
    async (actor, leavesProof, index) => {
      const before = await topology();
      expect(await rpc(url, 'heddle_corrupt', [index, actor])).toBe(true);
      expect(await rpc(url, 'heddle_corrupt', [index, actor])).toBe(false);
      const settled = new Map(await sent());
      const isCaught = async (): Promise<boolean> => {
        for (const [hash, place] of await sent()) settled.set(hash, place);
        const { faults, evidence } = await topology();
        const [corrupted] = faults.corrupted;
        expect(corrupted?.actor).toBe(actor);
        return (
          RARE.includes(actor) || (Number(corrupted?.misdeeds) > 0 && (!leavesProof || evidence > before.evidence))
        );
      };
      await until(isCaught, RECOVERY_MS);
      expect(await rpc(url, 'heddle_corrupt', [index, null])).toBe(true);
      expect(await topology()).toMatchObject({ blockedPeers: 0, halted: null, faults: { corrupted: [] } });
      // Without one of the others nothing is final unless it takes part.
      const other = (index + 1) % 4;
      await stopValidator(url, other);
      await sent();
      await startValidator(url, other);
      expect(await displaced(url, settled)).toEqual([]);
    },
  );

  test('stays corrupted when it is stopped and started', async () => {
    await stopValidator(url, 2);
    expect(await rpc(url, 'heddle_corrupt', [2, 'silent'])).toBe(true);
    expect(await rpc(url, 'shard_topology')).toMatchObject({ faults: { stopped: [2] } });
    await startValidator(url, 2);
    await sent();
    expect((await topology()).faults.corrupted).toMatchObject([{ validator: 2, actor: 'silent' }]);
    await rpc(url, 'heddle_corrupt', [2, null]);
  });

  test('an unknown one is refused with the names of those that there are', async () => {
    await expect(rpc(url, 'heddle_corrupt', [0, 'nobody'])).rejects.toThrow(
      `there is no actor "nobody"; want ${ACTORS_FOR_DEVNETS.map(({ name }) => name).join(', ')}, or null`,
    );
  });
});

test.each([
  ['silent', 'silent'],
  ['equivocator', 'conflicter'],
])('%s and %s of four may halt the chain, and it has one history', async (first, second) => {
  const settled = await sent();
  await rpc(url, 'heddle_corrupt', [1, first]);
  await rpc(url, 'heddle_corrupt', [2, second]);
  const waiting = await transfers.send(TRANSFERS);
  if (first === 'silent') {
    await until(async () => (await topology()).halted !== null, RECOVERY_MS);
    expect((await topology()).halted?.reason).toContain('validator 1 is corrupted (silent), validator 2 is corrupted');
  }
  await rpc(url, 'heddle_corrupt', [1, null]);
  await rpc(url, 'heddle_corrupt', [2, null]);
  await allReceipts(url, waiting, RECOVERY_MS);
  await sent();
  expect(await displaced(url, settled)).toEqual([]);
  const [one, other] = [await blocksOf(0), await blocksOf(3)];
  const common = Math.min(one.length, other.length);
  expect(common).toBeGreaterThan(1);
  expect(one.slice(0, common)).toEqual(other.slice(0, common));
});
