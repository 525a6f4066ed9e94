import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REGISTRY_ADDRESS } from '@heddle/contracts';
import { blsPublicKey, hexToBytes, keccak256, privateKeyToAddress } from '@heddle/primitives';
import { home } from '@heddle/sharding';
import { type Address, type Genesis, type RecoveredTransaction, stateRootsOf } from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { assembleBlock, type CertifiedChunk } from '../src/chain/block-execution.ts';
import type { ExecutedBlock, ExecutedSection } from '../src/chain/executed-block.ts';
import { devnetValidatorKeys } from '../src/genesis/devnet-genesis.ts';
import { HEAVY_SECTION_HEIGHTS, LEAST_PACED_GAS } from '../src/limits.ts';
import { type TestAccount, testAccounts } from './support/network.ts';
import { REGISTRY_GAS, registerCall } from './support/registry-calls.ts';
import { ordered, SectionBench, shardedGenesis } from './support/section-bench.ts';

const SHARDS = 2;
const GENESIS = shardedGenesis(SHARDS);
const ACCOUNTS = testAccounts(SHARDS);
const REVEAL = new Uint8Array(192);

function account(shard: number, position: number): TestAccount {
  const found = ACCOUNTS.filter((candidate) => candidate.shard === shard)[position];
  if (found === undefined) throw new Error('there are four on each shard');
  return found;
}

const [ALICE, BOB, FAR] = [account(0, 0), account(0, 1), account(1, 0)];
const NOTHING = { chunks: [[], []], section: [] };

let bench: SectionBench;
let other: SectionBench;

beforeEach(async () => {
  bench = await SectionBench.open(GENESIS);
  other = await SectionBench.open(GENESIS);
});

afterEach(async () => {
  await bench.close();
  await other.close();
});

function balance({ shards }: ExecutedBlock, address: Address): bigint {
  return shards[home(address, SHARDS)]?.state.account(address)?.balance ?? 0n;
}

function executedIn({ section }: ExecutedBlock): readonly string[] {
  return section?.outcome.executed.map(({ transaction }) => transaction.hash) ?? [];
}

const invalid = (rule: string): unknown =>
  expect.objectContaining({
    code: 'INVALID_BLOCK',
    facts: expect.objectContaining({ rule: expect.stringContaining(rule) }),
  });

describe('a block with a section', () => {
  test('moves value over shards in one block, and another validator comes to the same', async () => {
    const root = bench.chain.tree.root;
    const payment = ordered(ALICE, { to: FAR.address, value: 5n });
    const block = await bench.add(root, { ...NOTHING, section: [payment] });
    expect(executedIn(block)).toEqual([payment.hash]);
    expect(balance(block, FAR.address) - balance(root, FAR.address)).toBe(5n);
    const [execution] = block.section?.outcome.executed ?? [];
    const paid = 5n + (execution?.gasUsed ?? 0n) * (execution?.effectiveGasPrice ?? 0n);
    expect(balance(root, ALICE.address) - balance(block, ALICE.address)).toBe(paid);
    expect((await other.receive(block)).hash).toBe(block.hash);
    expect(other.chain.tree.get(block.hash)?.shards.map(({ state }) => state.root)).toEqual(stateRootsOf(block.block));
  });

  test('goes on from where its chunks end: a nonce they used is no reason', async () => {
    const local = ordered(ALICE, { to: BOB.address, value: 1n });
    const payment = ordered(ALICE, { to: FAR.address, nonce: 1n });
    const { root } = bench.chain.tree;
    const block = await bench.add(root, { chunks: [[local], []], section: [payment] });
    expect(executedIn(block)).toEqual([payment.hash]);
    expect((await other.receive(block)).hash).toBe(block.hash);
  });

  test('a missing shard keeps its header while its state moves, and its next chunk builds on that', async () => {
    const key = keyAt(1);
    const poor = privateKeyToAddress(key);
    const { root } = bench.chain.tree;
    const gift = ordered(ALICE, { to: poor, value: 10n ** 18n });
    const first = await bench.add(root, { chunks: [[], null], section: [gift] });
    expect(first.block.chunks[1]?.header).toBe(root.block.chunks[1]?.header);
    expect(stateRootsOf(first.block)[1]).not.toBe(first.block.chunks[1]?.header.stateRoot);
    expect(balance(first, poor)).toBe(10n ** 18n);
    const spent = ordered({ address: poor, privateKey: key, shard: 1 }, { to: FAR.address, value: 7n });
    const second = await bench.add(first, { chunks: [null, [spent]], section: [] });
    expect(balance(second, FAR.address) - balance(root, FAR.address)).toBe(7n);
    for (const block of [first, second]) expect((await other.receive(block)).hash).toBe(block.hash);
  });

  test('no transaction where no new chunk covers the height; all shards stand still', async () => {
    const payment = ordered(ALICE, { to: FAR.address });
    const block = await bench.add(bench.chain.tree.root, { chunks: [null, null], section: [payment] });
    expect(executedIn(block)).toEqual([]);
    expect((await other.receive(block)).hash).toBe(block.hash);
  });

  test('teaches its routes, and those of who checks it: the same call is local next time', async () => {
    const deployed = ordered(ALICE, { to: null, data: hexToBytes('0x675f546001015f55005f5260086018f3') });
    const first = await bench.add(bench.chain.tree.root, { ...NOTHING, section: [deployed] });
    const contract = first.section?.outcome.executed[0]?.contractAddress ?? ALICE.address;
    const call = ordered(ALICE, { to: contract, nonce: 1n });
    const second = await bench.add(first, { ...NOTHING, section: [call] });
    await other.receive(first);
    await other.receive(second);
    const view = { states: second.shards.map(({ state }) => state), sectionBaseFee: 0n };
    const isAtHome = home(contract, SHARDS) === ALICE.shard || first.shards[0]?.state.account(contract) !== null;
    expect(isAtHome).toBe(true);
    for (const { routes } of [bench, other]) {
      expect(routes.routeOf(ordered(ALICE, { to: contract, nonce: 2n }), view)).toBe('chunk');
      expect(routes.routeOf(ordered(FAR, { to: contract }), view)).toBe('section');
    }
  });
});

describe('how much a leader takes', () => {
  const heavy = ordered(ALICE, { to: FAR.address, gasLimit: 2n ** 24n });
  const light = ordered(BOB, { to: FAR.address, gasLimit: 21_000n });

  async function taken(skippedViews: number, parent = bench.chain.tree.root): Promise<readonly string[]> {
    const certified = await bench.certified(parent, [[], []]);
    const section = await bench.section(parent, certified, [heavy, light], skippedViews);
    return section?.outcome.executed.map(({ transaction }) => transaction.hash) ?? [];
  }

  test('half as much with each view without a block, and never nothing', async () => {
    expect(await taken(1)).toEqual([heavy.hash, light.hash]);
    expect(await taken(2)).toEqual([light.hash]);
    expect(await taken(1_000)).toEqual([light.hash]);
  });

  test('no more than this machine executed in time', async () => {
    bench.wait = () => {
      bench.nowMs += 60_000;
      return Promise.resolve();
    };
    expect(await taken(0)).toEqual([heavy.hash, light.hash]);
    expect(await taken(0)).toEqual([light.hash]);
    bench.wait = () => Promise.resolve();
    for (let gas = LEAST_PACED_GAS; gas < 2n ** 24n; gas *= 2n) await taken(6);
    expect(await taken(0)).toEqual([heavy.hash, light.hash]);
  });

  test('at every eighth height one that is too much gets through all the same', async () => {
    let tip = bench.chain.tree.root;
    while (tip.height < HEAVY_SECTION_HEIGHTS - 1n) tip = await bench.add(tip, NOTHING);
    const parent = tip;
    expect(await taken(6, parent)).toEqual([heavy.hash, light.hash]);
    const certified = await bench.certified(parent, [[], []]);
    const second = ordered(BOB, { to: FAR.address, gasLimit: 2n ** 24n });
    const section = await bench.section(parent, certified, [light, heavy, second], 6);
    expect(section?.outcome.executed.map(({ transaction }) => transaction.hash)).toEqual([light.hash, heavy.hash]);
  });
});

describe('a block is refused', () => {
  /** A block on genesis whose leader put `change` of an honest section into it, hashes and all. */
  async function forged(
    section: readonly RecoveredTransaction[],
    change: (section: ExecutedSection) => ExecutedSection,
    chunks: readonly (readonly RecoveredTransaction[] | null)[] = [[], []],
  ): Promise<ExecutedBlock> {
    const { root } = bench.chain.tree;
    const certified = await bench.certified(root, chunks);
    const honest = await bench.section(root, certified, section);
    if (honest === null) throw new Error('there are two shards');
    return blockOf(certified, change(honest));
  }

  function blockOf(certified: readonly CertifiedChunk[], section: ExecutedSection): ExecutedBlock {
    const terms = { view: 1n, leader: 0, randaoReveal: REVEAL };
    return assembleBlock(bench.chain, bench.chain.tree.root, terms, certified, section);
  }

  function withMore(honest: ExecutedSection, more: readonly RecoveredTransaction[]): ExecutedSection {
    const [example] = honest.outcome.executed;
    if (example === undefined) throw new Error('the section has a transaction');
    const executed = [...honest.outcome.executed, ...more.map((transaction) => ({ ...example, transaction }))];
    return { ...honest, outcome: { ...honest.outcome, executed } };
  }

  const payment = ordered(ALICE, { to: FAR.address, value: 5n });

  test.each<[string, (header: ExecutedSection['header']) => Partial<ExecutedSection['header']>]>([
    ['state roots', ({ stateRoots }) => ({ stateRoots: [...stateRoots].reverse() })],
    ['receipts root', ({ transactionsRoot }) => ({ receiptsRoot: transactionsRoot })],
    ['transactions root', ({ receiptsRoot }) => ({ transactionsRoot: receiptsRoot })],
    ['body root', ({ receiptsRoot }) => ({ bodyRoot: receiptsRoot })],
    ['number of transactions', () => ({ transactionCount: 2 })],
    ['gas used', () => ({ gasUsed: 1n })],
    ['gas limit', ({ gasLimit }) => ({ gasLimit: gasLimit + 1n })],
    ['base fee', ({ baseFeePerGas }) => ({ baseFeePerGas: baseFeePerGas - 1n })],
    ['bloom', () => ({ logsBloom: new Uint8Array(256).fill(1) })],
    ['access lists', ({ accessListHashes }) => ({ accessListHashes: [...accessListHashes].reverse() })],
    ['outbox roots', ({ stateRoots }) => ({ outboxRoots: stateRoots })],
  ])('for another %s than its section has', async (_what, change) => {
    const block = await forged([payment], (honest) => ({
      ...honest,
      header: { ...honest.header, ...change(honest.header) },
    }));
    await expect(other.receive(block)).rejects.toEqual(invalid('does not follow'));
    expect(other.chain.tree.get(block.hash)).toBeNull();
  });

  test('for an entry that is invalid where it stands', async () => {
    const later = ordered(BOB, { to: FAR.address, nonce: 7n });
    const block = await forged([payment], (honest) => withMore(honest, [later]));
    await expect(other.receive(block)).rejects.toEqual(invalid('nonce too high'));
  });

  test('for an entry that is executed already', async () => {
    const block = await forged([payment], (honest) => withMore(honest, [payment]));
    await expect(other.receive(block)).rejects.toEqual(invalid('nonce too low'));
  });

  test('for more gas than L', async () => {
    const heavies = [0n, 1n, 2n].map((nonce) => ordered(BOB, { to: FAR.address, gasLimit: 2n ** 24n, nonce }));
    const small = { ...GENESIS, globalGasLimit: 2n ** 24n };
    const [leader, judge] = [await SectionBench.open(small), await SectionBench.open(small)];
    const { root } = leader.chain.tree;
    const certified = await leader.certified(root, [[], []]);
    const honest = await leader.section(root, certified, heavies);
    expect(honest?.outcome.executed).toHaveLength(1);
    if (honest === null) throw new Error('there are two shards');
    const terms = { view: 1n, leader: 0, randaoReveal: REVEAL };
    const block = assembleBlock(leader.chain, root, terms, certified, withMore(honest, heavies.slice(1)));
    await expect(judge.receive(block)).rejects.toEqual(invalid('gas limit reached'));
    await Promise.all([leader.close(), judge.close()]);
  });

  test('for a section that was executed on other chunks', async () => {
    const { root } = bench.chain.tree;
    const without = await bench.certified(root, [[], []]);
    const local = ordered(BOB, { to: ALICE.address, value: 3n });
    const certified = await bench.certified(root, [[local], []]);
    const section = await bench.section(root, without, [payment]);
    if (section === null) throw new Error('there are two shards');
    await expect(other.receive(blockOf(certified, section))).rejects.toEqual(invalid('does not follow'));
  });

  test('without a section', async () => {
    const block = await bench.make(bench.chain.tree.root, { ...NOTHING, view: 1n });
    const stripped = { ...block, block: { ...block.block, section: null } };
    await expect(other.receive(stripped)).rejects.toEqual(invalid('a section if it has several shards'));
  });

  test('for a transaction that nobody signed', async () => {
    const { root } = bench.chain.tree;
    const block = await bench.make(root, { ...NOTHING, section: [payment], view: 1n });
    const raw = Uint8Array.from(payment.raw);
    // The last byte is of the signature's s: another number, hardly of a key that has any money.
    raw[raw.length - 1] = (raw[raw.length - 1] ?? 0) ^ 1;
    const section = block.block.section && { ...block.block.section, transactions: [raw] };
    await expect(other.receive({ ...block, block: { ...block.block, section } })).rejects.toMatchObject({
      code: 'INVALID_BLOCK',
    });
  });
});

describe('while a section is executed', () => {
  const payment = ordered(ALICE, { to: FAR.address });

  /** The head becomes another block than what is built or checked on it stands on. */
  async function moveOn(): Promise<void> {
    const sibling = await bench.add(bench.chain.tree.root, { ...NOTHING, view: 2n });
    const above = await bench.add(sibling, { ...NOTHING, view: 3n });
    await bench.finalize(above);
  }

  function held(): PromiseWithResolvers<void> {
    const gate = Promise.withResolvers<void>();
    bench.wait = () => gate.promise;
    return gate;
  }

  test('its parent may fall below the final block: there is no result', async () => {
    const { root } = bench.chain.tree;
    const certified = await bench.certified(root, [[], []]);
    const quick = bench.wait;
    const gate = held();
    const building = expect(bench.section(root, certified, [payment])).rejects.toMatchObject({ code: 'SUPERSEDED' });
    bench.wait = quick;
    await moveOn();
    gate.resolve();
    await building;
  });

  test('so may that of a block from outside; nothing is put into the tree', async () => {
    const block = await other.add(other.chain.tree.root, { ...NOTHING, section: [payment] });
    const quick = bench.wait;
    // The chunks first, as they come before the block does.
    for (const { executed } of block.shards) if (executed !== null) bench.chunks.remember(executed);
    const gate = held();
    const checking = expect(bench.receive(block)).rejects.toMatchObject({ code: 'SUPERSEDED' });
    for (let turn = 0; turn < 200 && bench.executor.sectionsVerified === 0; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    bench.wait = quick;
    await moveOn();
    gate.resolve();
    await checking;
    expect(bench.chain.tree.get(block.hash)).toBeNull();
  });

  test('its parent may become the final block: the result stands', async () => {
    const parent = await bench.add(bench.chain.tree.root, { ...NOTHING, section: [ordered(BOB, { to: FAR.address })] });
    const certified = await bench.certified(parent, [[], null]);
    const gate = held();
    const building = bench.section(parent, certified, [payment]);
    await bench.finalize(parent);
    gate.resolve();
    const section = await building;
    bench.wait = () => Promise.resolve();
    const again = await bench.section(bench.chain.tree.root, await bench.certified(bench.chain.tree.root, [[], null]), [
      payment,
    ]);
    expect(section?.header).toEqual(again?.header);
  });

  test('the validator may stop', async () => {
    const { root } = bench.chain.tree;
    const certified = await bench.certified(root, [[], []]);
    const gate = held();
    const building = expect(bench.section(root, certified, [payment])).rejects.toMatchObject({ code: 'STOPPED' });
    bench.sections.stop();
    gate.resolve();
    await building;
  });
});

describe('a final block', () => {
  test('leaves layers of chunks and sections above it that read as before', async () => {
    const sends = (nonce: bigint): RecoveredTransaction => ordered(ALICE, { to: FAR.address, value: 1n, nonce });
    const local = (nonce: bigint): RecoveredTransaction => ordered(BOB, { to: ALICE.address, value: 1n, nonce });
    const { root } = bench.chain.tree;
    const first = await bench.add(root, { chunks: [[local(0n)], []], section: [sends(0n)] });
    const second = await bench.add(first, { chunks: [[local(1n)], null], section: [sends(1n)] });
    const rival = await bench.add(first, { chunks: [null, []], section: [sends(1n)], view: 9n });
    const third = await bench.add(second, { chunks: [null, []], section: [sends(2n)] });
    const fourth = await bench.add(third, { chunks: [[], null], section: [] });
    const before = balance(root, FAR.address);
    const gained = (block: ExecutedBlock): bigint => balance(block, FAR.address) - before;
    expect([first, second, rival, third, fourth].map(gained)).toEqual([1n, 2n, 2n, 3n, 3n]);
    for (const [position, block] of [first, second, third, fourth].entries()) {
      await bench.finalize(block);
      const above = [first, second, third, fourth].slice(position + 1);
      expect(above.map(gained)).toEqual([1n, 2n, 3n, 3n].slice(position + 1));
      expect(gained(bench.chain.tree.root)).toBe([1n, 2n, 3n, 3n][position]);
    }
    const next = await bench.add(bench.chain.tree.root, { ...NOTHING, section: [sends(3n)] });
    expect(gained(next)).toBe(4n);
  });

  test('lets go of what its chunks and its section did', async () => {
    const block = await bench.add(bench.chain.tree.root, {
      ...NOTHING,
      section: [ordered(ALICE, { to: FAR.address })],
    });
    await bench.finalize(block);
    const { root } = bench.chain.tree;
    expect([root.section, ...root.shards.map(({ executed }) => executed)]).toEqual([null, null, null]);
    expect(bench.chain.store.executions(1n).map((part) => part.length)).toEqual([0, 0, 1]);
  });

  test('is there after a restart with the state after its section', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'heddle-sections-'));
    try {
      const before = await SectionBench.open(GENESIS, directory);
      const payments = [0n, 1n, 2n].map((nonce) => ordered(ALICE, { to: FAR.address, value: 1n, nonce }));
      let tip = before.chain.tree.root;
      for (const payment of payments.slice(0, 2)) {
        tip = await before.add(tip, { chunks: [[], null], section: [payment] });
        await before.finalize(tip);
      }
      const next = await before.make(before.chain.tree.root, { ...NOTHING, section: payments.slice(2), view: 3n });
      await before.close();
      const after = await SectionBench.open(GENESIS, directory);
      expect(after.chain.tree.root.hash).toBe(tip.hash);
      expect(after.chain.tree.root.shards.map(({ state }) => state.root)).toEqual(stateRootsOf(tip.block));
      expect((await after.receive(next)).hash).toBe(next.hash);
      await after.close();
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

test('validators are named by shard 0 as the section leaves it', async () => {
  const owner = account(1, 1);
  const genesis: Genesis = { ...GENESIS, epochLength: 4n, registryOwner: owner.address };
  const chain = await SectionBench.open(genesis);
  const newcomer = devnetValidatorKeys(5)[4] ?? new Uint8Array();
  const call = { to: REGISTRY_ADDRESS, data: registerCall(newcomer), gasLimit: REGISTRY_GAS };
  // Block 2 = boundary − L/2 names the set; its shard 0 has no chunk.
  const first = await chain.add(chain.chain.tree.root, NOTHING);
  const second = await chain.add(first, { chunks: [null, []], section: [ordered(owner, call)] });
  const boundary = await chain.add(await chain.add(second, NOTHING), NOTHING);
  const keys = (block: ExecutedBlock): readonly Uint8Array[] =>
    chain.chain.validatorSets.ofChildren(block).validators.map(({ publicKey }) => publicKey);
  expect(keys(boundary)).toHaveLength(5);
  expect(keys(boundary)[4]).toEqual(blsPublicKey(newcomer));
  for (const block of [first, second]) await chain.finalize(block);
  expect(keys(boundary)).toHaveLength(5);
  await chain.close();
});

/** A key whose address is at home on the shard, without money. */
function keyAt(shard: number): Uint8Array {
  for (let seed = 0; ; seed++) {
    const key = keccak256(Uint8Array.of(0xaa, seed));
    if (home(privateKeyToAddress(key), SHARDS) === shard) return key;
  }
}
