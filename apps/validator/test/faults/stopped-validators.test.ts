import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rpc } from '../support/devnet-process.ts';
import { STORAGES, type StoredDevnet, startStoredDevnet } from '../support/each-storage.ts';
import { allReceipts, type Place, readReceipts } from '../support/receipts.ts';
import { seededNumbers } from '../support/seeded-numbers.ts';
import { Transfers } from '../support/transfers.ts';
import { loggedErrors, readHeight, startValidator, stopValidator } from '../support/validators.ts';

/** Of random senders and receivers: enough for every pair of shards. */
const TRANSFERS = 20;
/** Long enough for several views, were there a quorum. */
const OUTAGE_MS = 1_500;
/** After an outage the first good view may be a while off: timeouts have grown. */
const RECOVERY_MS = 30_000;
/** On disk more than a peer sends at once: every fourth view waits for the one that is down, so it takes a while. */
const MISSED_BLOCKS = { 'in memory': 8, 'on disk': 33 } as const;

describe.each(STORAGES)('4 validators with 2 shards %s', (storage) => {
  let stored: StoredDevnet;
  let url: string;
  let transfers: Transfers;

  beforeAll(async () => {
    stored = await startStoredDevnet(storage);
    url = stored.devnet.ready.urls.http;
    transfers = await Transfers.create(stored.devnet.ready, seededNumbers(1));
  });

  afterAll(async () => {
    expect(loggedErrors(stored.devnet)).toEqual([]);
    await stored.remove();
  });

  test.each([0, 1, 2, 3])('go on without validator %i', async (index) => {
    await stopValidator(url, index);
    const before = await readHeight(url);
    const places = await allReceipts(url, await transfers.send(TRANSFERS), RECOVERY_MS);
    expect([...places.values()].every(({ status }) => status === '0x1')).toBe(true);
    expect(await readHeight(url)).toBeGreaterThan(before);
    await startValidator(url, index);
    await allReceipts(url, await transfers.send(TRANSFERS), RECOVERY_MS);
  });

  test.each([
    [0, 1],
    [2, 3],
  ])('make no block without %i and %i, and lose nothing', async (first, second) => {
    const settled = await allReceipts(url, await transfers.send(TRANSFERS), RECOVERY_MS);
    await stopValidator(url, first);
    await stopValidator(url, second);
    const before = await readHeight(url);
    const waiting = await transfers.send(TRANSFERS);
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
    expect(await readHeight(url)).toBe(before);
    const halted = { reason: expect.stringContaining('2 of 4, 3 are needed'), since: expect.stringMatching(/^0x/) };
    expect(await rpc(url, 'eth_syncing')).toMatchObject({ currentBlock: `0x${before.toString(16)}`, heddle: halted });
    expect((await readReceipts(url, waiting)).size).toBe(0);
    await startValidator(url, first);
    await allReceipts(url, waiting, RECOVERY_MS);
    expect(await rpc(url, 'eth_syncing')).toBe(false);
    expect(await readReceipts(url, [...settled.keys()])).toEqual(settled);
    await startValidator(url, second);
  });

  test('keep what a validator took before it stopped', async () => {
    await stopValidator(url, 2);
    await stopValidator(url, 3);
    const waiting = await transfers.send(TRANSFERS);
    // Whichever of the two took them, the other one has to know them.
    await stopValidator(url, 0);
    await startValidator(url, 0);
    await stopValidator(url, 1);
    await startValidator(url, 2);
    await startValidator(url, 3);
    await allReceipts(url, waiting, RECOVERY_MS);
    await startValidator(url, 1);
  });

  test('say so when none runs, and go on when they do', async () => {
    for (const index of [0, 1, 2, 3]) await stopValidator(url, index);
    await expect(readHeight(url)).rejects.toThrow('start one with heddle_startValidator');
    const reason = expect.stringContaining('0 of 4, 3 are needed');
    expect(await rpc(url, 'eth_syncing')).toMatchObject({ heddle: { reason } });
    for (const index of [0, 1, 2, 3]) await startValidator(url, index);
    await allReceipts(url, await transfers.send(TRANSFERS), RECOVERY_MS);
  });

  test('bring back a validator that missed many blocks, and need its votes at once', async () => {
    await stopValidator(url, 3);
    const missed = new Map<string, Place>();
    const end = (await readHeight(url)) + MISSED_BLOCKS[storage];
    while ((await readHeight(url)) < end) {
      for (const [hash, place] of await allReceipts(url, await transfers.send(3), RECOVERY_MS)) missed.set(hash, place);
    }
    const height = await readHeight(url);
    await startValidator(url, 3);
    await stopValidator(url, 0);
    await allReceipts(url, await transfers.send(TRANSFERS), RECOVERY_MS);
    // What remains is what it has itself.
    await stopValidator(url, 1);
    await stopValidator(url, 2);
    expect(await readHeight(url)).toBeGreaterThan(height);
    expect(await readReceipts(url, [...missed.keys()])).toEqual(missed);
    for (const index of [0, 1, 2]) await startValidator(url, index);
    await allReceipts(url, await transfers.send(TRANSFERS), RECOVERY_MS);
  });
});
