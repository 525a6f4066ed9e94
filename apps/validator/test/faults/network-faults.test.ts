import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { allReceipts, displaced, readReceipts } from '../support/receipts.ts';
import { seededNumbers } from '../support/seeded-numbers.ts';
import { Transfers } from '../support/transfers.ts';
import { until } from '../support/until.ts';
import { loggedErrors, readHeight, startValidator, stopValidator } from '../support/validators.ts';

/** Of random senders and receivers: enough for every pair of shards. */
const TRANSFERS = 20;
/** Long enough for several views, were there a quorum. */
const OUTAGE_MS = 1_500;
const RECOVERY_MS = 30_000;

describe('a network of 4 validators with 2 shards', () => {
  let devnet: DevnetProcess;
  let url: string;
  let transfers: Transfers;

  beforeAll(async () => {
    devnet = await startDevnetProcess([]);
    url = devnet.ready.urls.http;
    transfers = await Transfers.create(devnet.ready, seededNumbers(3));
  });

  afterAll(async () => {
    const errors = loggedErrors(devnet);
    await devnet.stop();
    expect(errors).toEqual([]);
  });

  const sent = async (): Promise<void> => {
    await allReceipts(url, await transfers.send(TRANSFERS), RECOVERY_MS);
  };

  test.each([0, 1, 2, 3])('goes on without %i, who is cut off, and brings it back', async (index) => {
    await sent();
    const others = [0, 1, 2, 3].filter((other) => other !== index);
    await rpc(url, 'heddle_partition', [[[index], others]]);
    expect(await rpc(url, 'shard_topology')).toMatchObject({ halted: null, faults: { partition: [[index], others] } });
    await sent();
    const height = await readHeight(url);
    expect(await rpc(url, 'heddle_heal')).toBe(true);
    await sent();
    // From now on nothing is final without it.
    const [first = 0, second = 0] = others;
    await stopValidator(url, first);
    await sent();
    await stopValidator(url, second);
    expect(await readHeight(url)).toBeGreaterThan(height);
    await startValidator(url, first);
    await startValidator(url, second);
  });

  test.each([
    [
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [[[0], [1], [2], [3]]],
    [[[0, 3], [1], [2]]],
  ])('halts as %j, says so, and loses nothing', async (groups) => {
    const settled = await allReceipts(url, await transfers.send(TRANSFERS), RECOVERY_MS);
    await rpc(url, 'heddle_partition', [groups]);
    const before = await readHeight(url);
    const waiting = await transfers.send(TRANSFERS);
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
    expect(await readHeight(url)).toBe(before);
    const reason = expect.stringMatching(/partitioned: [12] of 4 validators.*3 are needed.*heddle_heal/);
    expect(await rpc(url, 'eth_syncing')).toMatchObject({ heddle: { reason } });
    expect(await rpc(url, 'shard_topology')).toMatchObject({ halted: { reason }, faults: { partition: groups } });
    await expect(rpc(url, 'anvil_setBalance', [`0x${'5e'.repeat(20)}`, '0x1'])).rejects.toThrow('heddle_heal');
    expect((await readReceipts(url, waiting)).size).toBe(0);
    expect(await rpc(url, 'heddle_heal')).toBe(true);
    await allReceipts(url, waiting, RECOVERY_MS);
    expect(await rpc(url, 'eth_syncing')).toBe(false);
    expect(await displaced(url, settled)).toEqual([]);
  });

  test('stays partitioned for who starts meanwhile', async () => {
    await rpc(url, 'heddle_partition', [
      [
        [0, 1],
        [2, 3],
      ],
    ]);
    await stopValidator(url, 3);
    await startValidator(url, 3);
    const waiting = await transfers.send(TRANSFERS);
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
    expect((await readReceipts(url, waiting)).size).toBe(0);
    await rpc(url, 'heddle_heal');
    await allReceipts(url, waiting, RECOVERY_MS);
  });

  test('goes on with latency, of all links or of some', async () => {
    const delays = [
      { ms: 150, jitter: 0, links: [] },
      { ms: 20, jitter: 100, links: [{ from: 0, to: 1, ms: 700, jitter: 0 }] },
    ];
    for (const latency of delays) {
      await rpc(url, 'heddle_setLatency', [latency.ms, latency.jitter, latency.links]);
      expect(await rpc(url, 'shard_topology')).toMatchObject({ faults: { latency } });
      await sent();
    }
    await rpc(url, 'heddle_setLatency', [0]);
    expect(await rpc(url, 'shard_topology')).toMatchObject({ faults: { latency: null } });
    await sent();
    await expect(rpc(url, 'heddle_setLatency', [10_001])).rejects.toThrow('0 … 10000 ms');
  });

  test('waits for what takes longer than any view’s first timers', async () => {
    await rpc(url, 'heddle_setLatency', [2_500]);
    const waiting = await transfers.send(TRANSFERS);
    expect((await readReceipts(url, waiting)).size).toBe(0);
    await rpc(url, 'heddle_setLatency', [0]);
    await allReceipts(url, waiting, RECOVERY_MS);
    await until(async () => (await rpc(url, 'eth_syncing')) === false, RECOVERY_MS);
  });
});
