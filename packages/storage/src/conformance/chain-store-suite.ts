/**
 * What every `ChainStore` must do. Bound to no test runner: run each case with a function that opens the store under
 * test; a case throws (node:assert) when the store breaks the contract.
 */
import { deepStrictEqual, equal, ok, rejects } from 'node:assert/strict';
import {
  createLayer,
  createMemoryBackend,
  type MemoryBackend,
  openHistoricState,
  openState,
  type StateUpdate,
} from '@heddle/state';
import {
  DERIVED_EXTRA_DATA,
  type DerivedRun,
  derivedAt,
  derivedBlock,
  deriveRun,
  EMPTY_CODE_HASH,
  hashBlockHeader,
  hashChunkHeader,
  lastDerived,
  NO_CONTROL,
  stateRootsOf,
  ZERO_HASH,
} from '@heddle/types';
import type { ChainStore, FinalBlockWrite, GenesisWrite, ShardUpdate, StoredExecution } from '../types.ts';
import { TestChain, testAddress, testFinalization, testUnfinal } from './test-chain.ts';

export interface ChainStoreCase {
  readonly name: string;
  run(open: (genesis: GenesisWrite) => Promise<ChainStore>): Promise<void>;
}

const BLOCKS = 8;
const SHARDS = 2;

async function withChain(
  open: (genesis: GenesisWrite) => Promise<ChainStore>,
  check: (store: ChainStore, chain: TestChain, writes: readonly FinalBlockWrite[]) => Promise<void>,
): Promise<void> {
  const chain = new TestChain(SHARDS);
  const store = await open(chain.genesis);
  try {
    const writes = Array.from({ length: BLOCKS }, () => chain.next());
    for (const write of writes) await store.commit(write);
    await check(store, chain, writes);
  } finally {
    await store.close();
  }
}

/** What a block changes in its order: the chunks, then the section. */
function updatesOf({ chunks, section }: FinalBlockWrite): readonly ShardUpdate[] {
  return section === null ? chunks : [...chunks, ...section.updates];
}

function updateOf({ changes, storageRoots, nodes, tries }: StateUpdate): StateUpdate {
  return { changes, storageRoots, nodes, tries };
}

/** Lists of what a block executes, none of its chunks missing, as the store gives them. */
export function executionsOf({ chunks, section }: FinalBlockWrite): readonly (readonly StoredExecution[])[] {
  const lists = chunks.map(({ executed }) => executed);
  return section === null ? lists : [...lists, section.executed];
}

/** Flat state of every test account and slot equals a plain-map backend fed with the same updates. */
export function checkFlatState(store: ChainStore, genesis: GenesisWrite, writes: readonly FinalBlockWrite[]): void {
  for (const [shard, first] of genesis.shards.entries()) {
    const expected: MemoryBackend = createMemoryBackend();
    expected.apply(first);
    for (const update of writes.flatMap(updatesOf)) if (update.shard === shard) expected.apply(update);
    const actual = store.state(shard);
    for (let i = 0; i < 40; i++) {
      const address = testAddress(shard, i);
      deepStrictEqual(actual.flatAccount(address), expected.flatAccount(address));
      for (let slot = 0n; slot < 9n; slot++) {
        equal(actual.flatStorage(address, slot), expected.flatStorage(address, slot));
      }
    }
  }
}

/** Historic reads at `root` equal flat reads of the state that `store` holds now. */
export function checkTrieAgainstFlat(store: ChainStore): void {
  for (const [shard, root] of stateRootsOf(store.head().block).entries()) {
    const backend = store.state(shard);
    const flat = openState(backend, root);
    const historic = openHistoricState(backend, root);
    for (let i = 0; i < 40; i++) {
      const address = testAddress(shard, i);
      const account = flat.account(address);
      deepStrictEqual(historic.account(address), account);
      if (account !== null) flat.code(account.codeHash);
      for (let slot = 0n; slot < 9n; slot++) equal(historic.storage(address, slot), flat.storage(address, slot));
    }
  }
}

const blockCases: readonly ChainStoreCase[] = [
  {
    name: 'starts at the genesis block',
    async run(open) {
      const { genesis } = new TestChain(SHARDS);
      const store = await open(genesis);
      deepStrictEqual(store.head().block, genesis.block);
      equal(store.head().hash, genesis.blockHash);
      equal(store.bestFinalization(), null);
      equal(store.burned(), 0n);
      equal(store.blockHashByNumber(0n), genesis.blockHash);
      deepStrictEqual(store.blockByHash(genesis.blockHash), genesis.block);
      deepStrictEqual(store.executions(0n), [[], [], []]);
      checkFlatState(store, genesis, []);
      checkTrieAgainstFlat(store);
      await store.close();
    },
  },
  {
    name: 'finds committed blocks by number and hash',
    run: (open) =>
      withChain(open, async (store, _chain, writes) => {
        for (const { block, blockHash } of writes) {
          deepStrictEqual(store.blockByNumber(block.header.number), block);
          deepStrictEqual(store.blockByHash(blockHash), block);
          equal(store.blockHashByNumber(block.header.number), blockHash);
        }
        equal(store.head().hash, writes.at(-1)?.blockHash);
        equal(store.blockByNumber(BigInt(BLOCKS + 1)), null);
        equal(store.blockByNumber(-1n), null);
        equal(store.blockHashByNumber(99n), null);
        equal(store.blockByHash(testAddress(0, 0)), null);
      }),
  },
  {
    name: 'keeps the newest finalization and the sum burned',
    run: (open) =>
      withChain(open, async (store, _chain, writes) => {
        const best = writes.findLast(({ finalization }) => finalization !== null)?.finalization;
        deepStrictEqual(store.bestFinalization(), best);
        deepStrictEqual(store.finalizationOf(0n), best);
        equal(store.finalizationOf(1n), null);
        equal(store.burned(), BigInt(BLOCKS * (SHARDS + 1)) * 21_000n);
      }),
  },
  {
    name: 'refuses commits out of order and changes nothing',
    run: (open) =>
      withChain(open, async (store, chain, writes) => {
        const last = writes.at(-1);
        ok(last !== undefined);
        await rejects(store.commit(last), { code: 'OUT_OF_ORDER_COMMIT' });
        const [next, skipped] = [chain.next(), chain.next()];
        await rejects(store.commit(skipped), { code: 'OUT_OF_ORDER_COMMIT' });
        equal(store.head().hash, last.blockHash);
        await Promise.all([store.commit(next), store.commit(skipped)]);
        equal(store.head().hash, skipped.blockHash);
      }),
  },
];

const contentCases: readonly ChainStoreCase[] = [
  {
    name: 'keeps executions, chunks and transaction locations',
    run: (open) =>
      withChain(open, async (store, _chain, writes) => {
        for (const write of writes) {
          const { block, chunks, section } = write;
          const { number } = block.header;
          deepStrictEqual(store.executions(number), executionsOf(write));
          for (const { chunk, chunkHash } of chunks) deepStrictEqual(store.chunk(chunkHash), chunk);
          const local = chunks[0]?.executed[0]?.transaction.hash ?? '0x';
          const executed = { kind: 'executed', height: number, part: 0, index: 0, dispatchedIn: null };
          deepStrictEqual(store.transactionLocation(local), executed);
          const global = section?.executed[0]?.transaction.hash ?? '0x';
          deepStrictEqual(store.transactionLocation(global), { ...executed, part: SHARDS });
        }
        equal(store.transactionLocation(testFinalization(1n, '0x01', '0x02').tuple.justificationRoot), null);
      }),
  },
  {
    name: 'follows a dispatched transaction and its messages',
    run: (open) =>
      withChain(open, async (store, chain, writes) => {
        const last = writes.at(-1)?.chunks[0]?.dispatched[0];
        const before = writes.at(-2)?.chunks[0]?.dispatched[0];
        ok(last !== undefined && before !== undefined);
        const height = BigInt(BLOCKS);
        const dispatched = { kind: 'dispatched', height, shard: 0, transaction: last };
        deepStrictEqual(store.transactionLocation(last.hash), dispatched);
        const executed = { kind: 'executed', height, part: 1, index: 0, dispatchedIn: height - 1n };
        deepStrictEqual(store.transactionLocation(before.hash), executed);
        deepStrictEqual(store.pendingMessages(1), chain.waiting());
        deepStrictEqual(store.pendingMessages(0), []);
        const message = chain.waiting()[0];
        deepStrictEqual(await store.messagesOf(last.hash), [{ message, emittedIn: height, deliveredIn: null }]);
        const [record] = await store.messagesOf(before.hash);
        equal(record?.emittedIn, height - 1n);
        equal(record?.deliveredIn, height);
      }),
  },
  {
    name: 'holds the flat state of the head and nodes of every final root',
    run: (open) =>
      withChain(open, async (store, chain, writes) => {
        checkFlatState(store, chain.genesis, writes);
        checkTrieAgainstFlat(store);
        for (const [height, states] of chain.states.entries()) {
          for (const [shard, state] of states.entries()) {
            const block = store.blockByNumber(BigInt(height));
            equal(block === null ? null : stateRootsOf(block)[shard], state.root);
            const historic = openHistoricState(store.state(shard), state.root);
            for (let i = 0; i < 40; i += 3) {
              deepStrictEqual(historic.account(testAddress(shard, i)), state.account(testAddress(shard, i)));
            }
          }
        }
      }),
  },
];

/** What the section does to accounts of the chunk below it, in one shard. */
function sectionEffects({ chunks, section }: FinalBlockWrite, shard: number): readonly string[] {
  const [before, after] = [chunks, section?.updates ?? []].map((updates: readonly ShardUpdate[]) =>
    updates.find((update) => update.shard === shard),
  );
  if (before === undefined) return [];
  if (after === undefined) return ['untouched'];
  return [...before.changes.accounts].flatMap(([address, made]) => {
    const then = after.changes.accounts.get(address);
    if (made === null) return then === undefined || then === null ? [] : ['deleted and made'];
    if (then === null) return before.changes.storage.has(address) ? ['made and deleted'] : [];
    return then === undefined && after.changes.storage.has(address) ? ['storage alone'] : [];
  });
}

const sectionCases: readonly ChainStoreCase[] = [
  {
    name: 'writes the section behind the chunk, as if each had a batch of its own',
    run: (open) =>
      withChain(open, async (store, chain, writes) => {
        const all = [...writes];
        const seen = new Set<string>();
        for (let i = 0; i < 12; i++) {
          const write = chain.next();
          await store.commit(write);
          all.push(write);
          for (let shard = 0; shard < SHARDS; shard++)
            for (const effect of sectionEffects(write, shard)) seen.add(effect);
          checkFlatState(store, chain.genesis, all);
          checkTrieAgainstFlat(store);
        }
        deepStrictEqual([...seen].sort(), ['deleted and made', 'made and deleted', 'storage alone', 'untouched']);
      }),
  },
  {
    name: 'moves a shard by the section alone when its chunk is missing',
    run: (open) =>
      withChain(open, async (store, chain) => {
        const { section, chunks, ...write } = chain.next();
        const before = chain.states.at(-2)?.[1];
        const own = chunks.filter(({ shard }) => shard === 0);
        ok(section !== null && before !== undefined);
        const account = { nonce: 5n, balance: 5n, codeHash: EMPTY_CODE_HASH };
        const [made, slots] = [testAddress(1, 39), new Map([[3n, 4n]])];
        const changes = { accounts: new Map([[made, account]]), storage: new Map([[made, slots]]), codes: new Map() };
        const updates = [{ shard: 1, ...updateOf(createLayer(before, changes)) }];
        await store.commit({ ...write, chunks: own, section: { ...section, updates } });
        const { number } = write.block.header;
        deepStrictEqual(store.executions(number), [own[0]?.executed, [], section.executed]);
        equal(store.state(1).flatAccount(made)?.balance, 5n);
        equal(store.state(1).flatStorage(made, 3n), 4n);
        const other = testAddress(1, 2);
        deepStrictEqual(store.state(1).flatAccount(other), before.account(other));
      }),
  },
  {
    name: 'keeps the access lists that no chunk carries',
    run: (open) =>
      withChain(open, async (store, _chain, writes) => {
        deepStrictEqual(store.accessLists(0n), []);
        for (const { block, accessLists } of writes) {
          equal(accessLists.length, SHARDS);
          deepStrictEqual(store.accessLists(block.header.number), accessLists);
        }
        deepStrictEqual(store.accessLists(BigInt(BLOCKS + 1)), []);
      }),
  },
  {
    name: 'finds a message by its id wherever it is in its life',
    run: (open) =>
      withChain(open, async (store, _chain, writes) => {
        const emitted = writes.flatMap(({ chunks }) => chunks.flatMap(({ outbox }) => outbox));
        ok(emitted.length > 0);
        for (const message of emitted) {
          const [record, ...others] = await store.messagesById(message.id);
          deepStrictEqual(record?.message, message);
          equal(record?.emittedIn, message.sourceHeight);
          equal(others.length, 0);
        }
        deepStrictEqual(await store.messagesById(ZERO_HASH), []);
      }),
  },
  {
    name: 'has no list of a section when there is one shard',
    async run(open) {
      const chain = new TestChain(1);
      const store = await open(chain.genesis);
      const write = chain.next();
      await store.commit(write);
      deepStrictEqual(store.executions(1n), [write.chunks[0]?.executed]);
      deepStrictEqual(store.executions(0n), [[]]);
      checkFlatState(store, chain.genesis, [write]);
      await store.close();
    },
  },
  {
    name: 'refuses a section that the block does not have, or out of shard order, and changes nothing',
    run: (open) =>
      withChain(open, async (store, chain, writes) => {
        const [before, bug] = [writes.at(-1)?.blockHash, { code: 'IMPOSSIBLE_STATE' }];
        const next = chain.next();
        const { section } = next;
        ok(section !== null);
        await rejects(store.commit({ ...next, section: null }), bug);
        const [first] = section.updates;
        ok(first !== undefined);
        const of = (...shards: readonly number[]): ShardUpdate[] => shards.map((shard) => ({ ...first, shard }));
        for (const updates of [of(0, 0), of(SHARDS), of(1, 0)]) {
          await rejects(store.commit({ ...next, section: { ...section, updates } }), bug);
        }
        equal(store.head().hash, before);
        await store.commit(next);
        equal(store.head().hash, next.blockHash);
      }),
  },
];

const controlCases: readonly ChainStoreCase[] = [
  {
    name: 'has every block of a run by number and hash, and what control operations left',
    run: (open) =>
      withChain(open, async (store, chain) => {
        const { hash, block: parent } = store.head();
        const first = {
          ...parent.header,
          parentHash: hash,
          number: parent.header.number + 1n,
          extraData: DERIVED_EXTRA_DATA,
        };
        const derived = deriveRun({ first, interval: 5n, baseFees: [9n, 8n] }, 3);
        const write = onRun(chain.next(), derived);
        const control = { ...NO_CONTROL, nextNumber: 1n, gasLimit: 30_000n };
        await rejects(store.commit({ ...write, control, derived: null }), { code: 'OUT_OF_ORDER_COMMIT' });
        await rejects(store.commit({ ...write, control, derived: { ...derived, hashes: derived.hashes.slice(1) } }), {
          code: 'OUT_OF_ORDER_COMMIT',
        });
        await store.commit({ ...write, control, derived });
        equal(store.head().hash, write.blockHash);
        deepStrictEqual(store.control(), control);
        for (const [index, derivedHash] of derived.hashes.entries()) {
          const number = first.number + BigInt(index);
          const { header } = derivedAt(derived, index) ?? { header: first };
          deepStrictEqual(store.blockByNumber(number), derivedBlock(parent, header));
          equal(store.blockHashByNumber(number), derivedHash);
          deepStrictEqual(store.blockByHash(derivedHash)?.header, header);
          ok(store.executions(number).every((part) => part.length === 0));
        }
        equal(store.blockByNumber(first.number + 4n), null);
        deepStrictEqual(store.blockByNumber(parent.header.number), parent);
      }),
  },
];

/** The same block, at the end of a run. */
function onRun(write: FinalBlockWrite, run: DerivedRun): FinalBlockWrite {
  const last = lastDerived(run);
  const header = { ...write.block.header, number: last.header.number + 1n, parentHash: last.hash };
  return { ...write, block: { ...write.block, header }, blockHash: hashBlockHeader(header) };
}

const unfinalCases: readonly ChainStoreCase[] = [
  {
    name: 'keeps unfinal blocks and chunks until their height is final',
    run: (open) =>
      withChain(open, async (store, chain) => {
        const low = testUnfinal(BigInt(BLOCKS + 1), 'low');
        const high = testUnfinal(BigInt(BLOCKS + 2), 'high');
        for (const { block, chunk } of [low, high]) {
          await Promise.all([
            store.putBlock(block.header.stateRoot, block),
            store.putChunk(hashChunkHeader(chunk.header), chunk),
          ]);
        }
        deepStrictEqual(store.unfinalBlock(low.block.header.stateRoot), low.block);
        deepStrictEqual(store.chunk(hashChunkHeader(low.chunk.header)), low.chunk);
        equal(store.unfinalBlocks().length, 2);
        await store.commit(chain.next());
        equal(store.unfinalBlock(low.block.header.stateRoot), null);
        equal(store.chunk(hashChunkHeader(low.chunk.header)), null);
        deepStrictEqual(store.chunk(hashChunkHeader(high.chunk.header)), high.chunk);
        deepStrictEqual(store.unfinalBlocks(), [{ hash: high.block.header.stateRoot, block: high.block }]);
      }),
  },
  {
    name: 'shows readers the old state or the new one, never a mix',
    run: (open) =>
      withChain(open, async (store, chain, writes) => {
        const all = [...writes];
        for (let i = 0; i < 10; i++) {
          const write = chain.next();
          let done = false;
          const committed = store.commit(write).then(() => {
            done = true;
          });
          while (!done) {
            const isNew = store.head().hash === write.blockHash;
            checkFlatState(store, chain.genesis, isNew ? [...all, write] : all);
            await new Promise((resolve) => setImmediate(resolve));
          }
          await committed;
          all.push(write);
        }
      }),
  },
];

export const chainStoreSuite: readonly ChainStoreCase[] = [
  ...blockCases,
  ...contentCases,
  ...sectionCases,
  ...controlCases,
  ...unfinalCases,
];
