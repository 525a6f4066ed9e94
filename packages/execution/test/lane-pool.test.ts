import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodeTransaction, recoverTransaction, type SignedTransaction } from '@heddle/types';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { ChunkTask } from '../src/chunk/chunk-run.ts';
import { type DeclaredJob, type LanePool, startLanePool } from '../src/index.ts';
import { readKeys } from '../src/lanes/read-keys.ts';
import type { DeclaredResult, LaneResult } from '../src/lanes/results.ts';
import { runDeclared } from '../src/lanes/run-declared.ts';
import { LaneRun } from '../src/lanes/run-lane.ts';
import { Snapshot } from '../src/lanes/snapshot.ts';
import { buildSnapshot, type WantedKeys } from '../src/lanes/snapshot-build.ts';
import { MAX_DEATHS_IN_A_ROW, MAX_WAITING_JOBS } from '../src/threads/limits.ts';
import { type SignedChunk, signedChunk } from './support/signed-chunk.ts';

const shared = (bytes: number): ArrayBufferLike => new SharedArrayBuffer(bytes);
const pools: LanePool[] = [];

function opened(pool: LanePool): LanePool {
  pools.push(pool);
  return pool;
}

/** Of one worker, that begins in this file of `support`. */
function poolOf(entry: string): LanePool {
  return opened(startLanePool(1, new URL(`./support/${entry}.ts`, import.meta.url)));
}

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

function withoutSender({ fields, signature, raw, hash }: SignedTransaction): SignedTransaction {
  return { fields, signature, raw, hash };
}

/** Every other transaction comes without its sender. */
function jobOf(chunk: SignedChunk): DeclaredJob {
  const { task, state, transactions, outcome } = chunk;
  return {
    context: task.context,
    snapshot: buildSnapshot(state, directoryKeys(chunk), outcome.accessList, shared),
    transactions: transactions.map((transaction, i) => (i % 2 === 0 ? withoutSender(transaction) : transaction)),
    firstIndex: 1,
  };
}

function inline({ task, transactions }: SignedChunk, job: DeclaredJob): readonly DeclaredResult[] {
  const snapshot = new Snapshot(job.snapshot);
  return transactions.map((transaction, i) => runDeclared(task, snapshot, transaction, i, job.firstIndex + i));
}

function lanesInline(task: ChunkTask, snapshot: Snapshot, chunk: SignedChunk, lanes: number[][]): LaneResult[] {
  const results = lanes.flatMap((lane) => {
    const run = new LaneRun(task, snapshot.at(0), null);
    return lane.flatMap((position) => {
      const transaction = chunk.transactions[position];
      return transaction === undefined ? [] : [run.run(transaction, position)];
    });
  });
  return results.sort((a, b) => a.position - b.position);
}

/** What the rules of the shards read beside the EVM. */
function directoryKeys({ task, state, transactions, outcome }: SignedChunk): readonly WantedKeys[] {
  const targets = transactions.flatMap(({ fields: { to } }) => (to === null ? [] : [to]));
  return readKeys(task, state, [...outcome.accessList.map(({ address }) => address), ...targets]);
}

function keysOf(chunk: SignedChunk): readonly WantedKeys[] {
  const listed = chunk.outcome.accessList.map(({ address, storageChanges, storageReads }) => ({
    address,
    slots: [...storageChanges.map(({ slot }) => slot), ...storageReads],
  }));
  return [...listed, ...directoryKeys(chunk)];
}

describe('the worker pool', () => {
  const pool = opened(startLanePool(2));

  for (const [shardCount, kind] of [
    [1, 'tokens'],
    [1, 'mixed'],
    [3, 'mixed'],
  ] as const) {
    test(`${shardCount} shards, ${kind}: declared transactions give what they give on this thread`, async () => {
      const chunk = signedChunk({ shardCount, senders: 40, rounds: 9, kind });
      const job = jobOf(chunk);
      const results = await pool.runDeclared(job);
      expect(results).toEqual(inline(chunk, job));
      expect(results.every((result) => result.kind === 'done')).toBe(true);
      expect(results.length).toBe(360);
      expect(new Uint8Array(job.snapshot.marks).some((mark) => mark === 1)).toBe(true);
      const emitted = results.flatMap((result) => (result.kind === 'done' ? result.effects.emitted : []));
      expect(emitted.length > 0).toBe(shardCount > 1);
    });

    test(`${shardCount} shards, ${kind}: lanes give what they give on this thread`, async () => {
      const chunk = signedChunk({ shardCount, senders: 20, rounds: 3, kind });
      const { task, state, transactions } = chunk;
      const lanes = [0, 1, 2].map((lane) =>
        transactions.map((_, i) => i).filter((i) => i % 20 < 18 && (i % 20) % 3 === lane),
      );
      const snapshot = buildSnapshot(state, keysOf(chunk), null, shared);
      const results = await pool.runLanes({ context: task.context, snapshot, transactions, lanes });
      expect(results).toEqual(lanesInline(task, new Snapshot(snapshot), chunk, lanes));
      expect(results.length).toBe(54);
      expect(results.filter((result) => result.kind === 'done').length).toBeGreaterThan(40);
    });
  }

  test('recovers senders, and tells where there is none', async () => {
    const { transactions } = signedChunk({ shardCount: 1, senders: 70, rounds: 1, kind: 'tokens' });
    const unsigned = unrecoverable();
    const senders = await pool.recover([...transactions.map(withoutSender), unsigned]);
    expect(senders).toEqual([...transactions.map(({ sender }) => sender), null]);
    expect(await pool.recover([])).toEqual([]);
  });

  test('a transaction without a valid signature is refused in a chunk', async () => {
    const chunk = signedChunk({ shardCount: 1, senders: 2, rounds: 1, kind: 'tokens' });
    const job = jobOf(chunk);
    const [first, second] = await pool.runDeclared({ ...job, transactions: [unrecoverable(), ...job.transactions] });
    expect(first).toMatchObject({ kind: 'refused', position: 0 });
    // It now stands at another index than the list says.
    expect(second).toMatchObject({ kind: 'refused', position: 1 });
  });

  test('what the snapshot lacks is handed back', async () => {
    const chunk = signedChunk({ shardCount: 1, senders: 6, rounds: 1, kind: 'mixed' });
    const target = chunk.transactions[2]?.fields.to;
    const accessList = chunk.outcome.accessList.filter(({ address }) => address !== target);
    const snapshot = buildSnapshot(chunk.state, [], accessList, shared);
    const results = await pool.runDeclared({ ...jobOf(chunk), snapshot });
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'done', 'handedBack', 'done', 'done', 'done']);
  });

  test('jobs of several callers are done in turn', async () => {
    const chunks = [2, 30, 5].map((senders) => signedChunk({ shardCount: 1, senders, rounds: 2, kind: 'mixed' }));
    const jobs = chunks.map(jobOf);
    const results = await Promise.all(jobs.map((job) => pool.runDeclared(job)));
    expect(results).toEqual(chunks.map((chunk, i) => inline(chunk, jobs[i] ?? jobOf(chunk))));
  });

  test('too many jobs at once are refused', async () => {
    const { transactions } = signedChunk({ shardCount: 1, senders: 1, rounds: 1, kind: 'tokens' });
    const jobs = Array.from({ length: MAX_WAITING_JOBS + 2 }, () => pool.recover(transactions));
    const failures = (await Promise.allSettled(jobs)).filter(({ status }) => status === 'rejected');
    expect(failures).toMatchObject([{ reason: { code: 'LANE_POOL', facts: { failure: 'busy' } } }]);
  });

  test('a snapshot that is not shared is a bug of the caller', async () => {
    const chunk = signedChunk({ shardCount: 1, senders: 1, rounds: 1, kind: 'tokens' });
    const snapshot = buildSnapshot(chunk.state, [], chunk.outcome.accessList, (bytes) => new ArrayBuffer(bytes));
    await expect(pool.runDeclared({ ...jobOf(chunk), snapshot })).rejects.toMatchObject({ code: 'IMPOSSIBLE_STATE' });
  });
});

describe('a pool whose workers fail', () => {
  test('a worker that dies in the middle of a job fails it and is replaced', async () => {
    // Of two workers the second could die of the same job a moment later, and take the next job with it.
    const pool = poolOf('faulty-lane-worker');
    const [small, big] = [2, 400].map((senders) => signedChunk({ shardCount: 1, senders, rounds: 1, kind: 'tokens' }));
    if (small === undefined || big === undefined) throw new Error('no chunk');
    const job = jobOf(small);
    expect(await pool.runDeclared(job)).toEqual(inline(small, job));
    const failing = pool.runDeclared(jobOf(big));
    const waiting = pool.runDeclared(job);
    await expect(failing).rejects.toMatchObject({ code: 'LANE_POOL', facts: { failure: 'died' } });
    expect(await waiting).toEqual(inline(small, job));
  });

  test('an error in a worker fails the job, and the worker goes on', async () => {
    const pool = opened(startLanePool(1));
    const job = jobOf(signedChunk({ shardCount: 2, senders: 3, rounds: 1, kind: 'tokens' }));
    const failing = { ...job, context: { ...job.context, shard: 2 } };
    for (let time = 0; time < MAX_DEATHS_IN_A_ROW + 1; time += 1) {
      await expect(pool.runDeclared(failing)).rejects.toMatchObject({
        facts: { failure: 'failed', reason: expect.stringContaining('shard 2 of 2 does not exist') },
      });
    }
    const chunk = signedChunk({ shardCount: 1, senders: 3, rounds: 1, kind: 'tokens' });
    expect((await pool.runDeclared(jobOf(chunk))).length).toBe(3);
  });

  test('workers that never live long end the pool', async () => {
    const pool = poolOf('no-such-worker');
    const { transactions } = signedChunk({ shardCount: 1, senders: 1, rounds: 1, kind: 'tokens' });
    const failures: unknown[] = [];
    for (let time = 0; time < MAX_DEATHS_IN_A_ROW + 1; time += 1) {
      const [outcome] = await Promise.allSettled([pool.recover(transactions)]);
      failures.push(outcome?.status === 'rejected' ? outcome.reason.facts.failure : 'none');
    }
    expect(failures).toEqual([...Array.from({ length: MAX_DEATHS_IN_A_ROW }, () => 'died'), 'broken']);
  });

  test('closing rejects what is not done', async () => {
    const pool = opened(startLanePool(2));
    const chunk = signedChunk({ shardCount: 1, senders: 300, rounds: 1, kind: 'tokens' });
    await pool.recover(chunk.transactions.slice(0, 1));
    const jobs = Promise.allSettled([pool.runDeclared(jobOf(chunk)), pool.recover(chunk.transactions)]);
    await pool.close();
    expect(await jobs).toMatchObject([
      { reason: { facts: { failure: 'closed' } } },
      { reason: { facts: { failure: 'closed' } } },
    ]);
    await expect(pool.recover(chunk.transactions)).rejects.toMatchObject({ facts: { failure: 'closed' } });
  });

  test('a process with an open pool waits for its job, and ends', async () => {
    const script = fileURLToPath(new URL('./support/open-pool.ts', import.meta.url));
    const arguments_ = [script];
    const { stdout } = await promisify(execFile)(process.execPath, arguments_, { timeout: 25_000 });
    expect(stdout).toBe('done');
  });
});

/** Its r is the abscissa of no point of the curve. */
function unrecoverable(): SignedTransaction {
  const [valid] = signedChunk({ shardCount: 1, senders: 1, rounds: 1, kind: 'tokens' }).transactions;
  if (valid === undefined || 'sender' in valid.signature) throw new Error('no signed transaction');
  for (let r = 1n; ; r += 1n) {
    const signed = encodeTransaction(valid.fields, { ...valid.signature, r });
    if (recoverTransaction(signed) === null) return signed;
  }
}
