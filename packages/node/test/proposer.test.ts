import type { Input } from '@heddle/consensus';
import { createMempool, type TransactionPool } from '@heddle/mempool';
import { BLS_SIGNATURE_BYTES } from '@heddle/primitives';
import type { EndorsementCertificate, RecoveredTransaction } from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CertifiedChunk } from '../src/chain/block-execution.ts';
import { ControlBlocks } from '../src/chain/control-blocks.ts';
import { RUN_AT_ONCE } from '../src/chain/control-runner.ts';
import type { ExecutedBlock } from '../src/chain/executed-block.ts';
import { ControlQueue } from '../src/consensus/control-queue.ts';
import { Proposer } from '../src/consensus/proposer.ts';
import { ValidatorsByEpoch } from '../src/epochs/epoch-validators.ts';
import { devnetFeeRecipients } from '../src/genesis/devnet-genesis.ts';
import { SILENT_LOGGER } from '../src/logger.ts';
import { TipAccounts } from '../src/pool/tip-accounts.ts';
import { type TestAccount, testAccounts } from './support/network.ts';
import { ordered, SectionBench, shardedGenesis, TRUSTING } from './support/section-bench.ts';

const SHARDS = 2;
const GENESIS = { ...shardedGenesis(SHARDS), epochLength: 4n };
const NOTHING = { chunks: [[], []], section: [] };

let bench: SectionBench;
let pool: TransactionPool;
let heard: Input[];
let proposer: Proposer;

beforeEach(async () => {
  bench = await SectionBench.open(GENESIS);
  const { chain, chunks, sections, routes } = bench;
  const accounts = new TipAccounts(chain, routes, () => chain.tree.root);
  pool = createMempool(accounts.poolRules(), accounts);
  heard = [];
  proposer = new Proposer({
    self: 0,
    validators: new ValidatorsByEpoch(chain, TRUSTING).ofChildren(chain.tree.root),
    chain,
    chunks,
    sections,
    pool,
    control: new ControlQueue(),
    controlBlocks: new ControlBlocks({ chain, controlRunner: RUN_AT_ONCE }),
    routes,
    feeRecipients: devnetFeeRecipients(4, SHARDS)[0] ?? [],
    signer: { silence: null, sign: async () => ({ ok: true, signature: new Uint8Array(BLS_SIGNATURE_BYTES) }) },
    log: SILENT_LOGGER,
    events: {
      blame: () => {},
      fatal: (error) => {
        throw error;
      },
      peerBlocked: () => {},
      workChanged: () => {},
      blockFinal: () => {},
      transactionPooled: () => {},
      evidenceProven: () => {},
    },
    inputs: { engine: (input) => heard.push(input), chunks: () => {} },
  });
});

afterEach(() => bench.close());

function account(shard: number, position: number): TestAccount {
  const found = testAccounts(SHARDS).filter((candidate) => candidate.shard === shard)[position];
  if (found === undefined) throw new Error('there are four on each shard');
  return found;
}

function pooled(transaction: RecoveredTransaction): RecoveredTransaction {
  expect(pool.add(transaction)).toMatchObject({ ok: true });
  return transaction;
}

function certificatesOf(certified: readonly CertifiedChunk[]): readonly (EndorsementCertificate | null)[] {
  return certified.map((entry) => entry?.certificate ?? null);
}

/** What the engine hears next. */
async function answer(): Promise<Input | undefined> {
  for (let turn = 0; heard.length === 0 && turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  return heard.shift();
}

async function proposedOn(parent: ExecutedBlock, view: bigint): Promise<ExecutedBlock | null> {
  const certified = await bench.certified(parent, [[], []]);
  proposer.chunksReady(view, parent.hash, certificatesOf(certified));
  const input = await answer();
  return input?.kind === 'blockBuilt' ? bench.chain.tree.get(input.blockHash) : null;
}

function taken(block: ExecutedBlock | null): readonly string[] | undefined {
  return block?.section?.outcome.executed.map(({ transaction }) => transaction.hash);
}

describe('a leader', () => {
  const [alice, bob, far] = [account(0, 0), account(0, 1), account(1, 0)];

  test('puts what crosses shards into the section, and leaves to chunks what is local', async () => {
    const payment = pooled(ordered(alice, { to: far.address }));
    pooled(ordered(bob, { to: alice.address }));
    const block = await proposedOn(bench.chain.tree.root, 1n);
    expect(taken(block)).toEqual([payment.hash]);
    expect(pool.size).toBe(2);
  });

  test('takes less for each view without a block since its parent’s', async () => {
    pooled(ordered(alice, { to: far.address, gasLimit: 2n ** 24n }));
    const light = pooled(ordered(bob, { to: far.address }));
    const parent = await bench.add(bench.chain.tree.root, { ...NOTHING, view: 5n });
    expect(taken(await proposedOn(parent, 6n))).toHaveLength(2);
    expect(taken(await proposedOn(parent, 8n))).toEqual([light.hash]);
  });

  test('counts views anew where its parent ended an epoch', async () => {
    pooled(ordered(alice, { to: far.address, gasLimit: 2n ** 24n }));
    let tip = bench.chain.tree.root;
    while (tip.height < GENESIS.epochLength) tip = await bench.add(tip, { ...NOTHING, view: tip.height + 40n });
    expect(taken(await proposedOn(tip, 1n))).toHaveLength(1);
    expect(taken(await proposedOn(tip, 3n))).toHaveLength(0);
  });

  test('begins when a chunk of every shard is executed here, and anew only for other chunks than those', async () => {
    const { root } = bench.chain.tree;
    proposer.want(1n, root.hash);
    const certified = await bench.certified(root, [[], []]);
    proposer.chunkExecuted(root.hash);
    expect(bench.executor.sectionsBuilt).toBe(1);
    proposer.chunkExecuted(root.hash);
    proposer.chunksReady(1n, root.hash, certificatesOf(certified));
    expect((await answer())?.kind).toBe('blockBuilt');
    proposer.chunkExecuted(root.hash);
    expect(bench.executor.sectionsBuilt).toBe(1);
    proposer.want(2n, root.hash);
    expect(bench.executor.sectionsBuilt).toBe(2);
    proposer.chunksReady(2n, root.hash, [certified[0]?.certificate ?? null, null]);
    expect(await answer()).toMatchObject({ kind: 'blockBuilt', block: { chunks: [{}, { certificate: null }] } });
    expect(bench.executor.sectionsBuilt).toBe(3);
  });

  test('says that it built nothing when another block becomes final meanwhile', async () => {
    pooled(ordered(alice, { to: far.address }));
    const { root } = bench.chain.tree;
    const certified = await bench.certified(root, [[], []]);
    const sibling = await bench.add(root, { ...NOTHING, view: 7n });
    const gate = Promise.withResolvers<void>();
    bench.wait = () => gate.promise;
    proposer.chunksReady(1n, root.hash, certificatesOf(certified));
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.executor.sectionsBuilt).toBe(2);
    bench.wait = () => Promise.resolve();
    const above = await bench.add(sibling, { ...NOTHING, view: 8n });
    await bench.finalize(above);
    gate.resolve();
    expect(await answer()).toEqual({ kind: 'buildFailed', view: 1n });
    expect(bench.chain.tree.size).toBe(0);
  });

  test('proposes the last block of an epoch again as it is, section and all', async () => {
    let tip = bench.chain.tree.root;
    while (tip.height < GENESIS.epochLength) {
      const section = [ordered(alice, { to: far.address, nonce: tip.height })];
      tip = await bench.add(tip, { ...NOTHING, section });
    }
    proposer.want(9n, tip.hash);
    expect(await answer()).toEqual({ kind: 'blockBuilt', view: 9n, block: tip.block, blockHash: tip.hash });
    expect(bench.chain.store.unfinalBlock(tip.hash)?.section?.transactions).toHaveLength(1);
  });
});
