/** Every final block from genesis to the head: its hash links, what its header commits, what it executed, its indexes. */
import { bytesToBigint } from '@heddle/primitives';
import { orderedTrieRoot } from '@heddle/state';
import {
  type Block,
  blockMatchesHeader,
  bodyMatchesHeader,
  decodeBlock,
  decodeChunk,
  encodeReceipt,
  type Hash,
  hashBlockHeader,
  hashChunkHeader,
} from '@heddle/types';
import { decodeAccessLists, decodeExecutions, decodeLocation } from '../codecs.ts';
import { accessListsKey, blockKey, blockNumberKey, chunkKey, executionsKey, locationKey, tableRange } from '../keys.ts';
import { type ExaminedChain, entriesOf } from './examined-chain.ts';

/** What was gone through. */
export interface ExaminedBlocks {
  readonly transactions: number;
  /** The blocks whose state is asked for next, by number: those from `oldestState` on. */
  readonly recent: ReadonlyMap<bigint, Block>;
}

/** Roots that a header says of one part of a block. */
interface Committed {
  readonly transactionsRoot: Hash;
  readonly receiptsRoot: Hash;
}

/** `oldestState`: from here on blocks are given back. */
export async function examineBlocks(chain: ExaminedChain, oldestState: bigint): Promise<ExaminedBlocks> {
  const { damages, height, headHash, progress } = chain;
  const recent = new Map<bigint, Block>();
  let transactions = 0;
  let below: Hash | null = null;
  for (let number = 0n; number <= height; number++) {
    const found = chain.derived.has(number) ? examineDerived(chain, number) : examineDecided(chain, number);
    progress('blocks', Number(number) + 1, Number(height) + 1);
    if (found === null) {
      below = null;
      continue;
    }
    if (below !== null && found.parentHash !== below) damages.add('blocks', `block ${number} has another parent`);
    below = found.hash;
    transactions += found.transactions;
    if (found.block !== null && number >= oldestState) recent.set(number, found.block);
    if (Number(number) % 64 === 0) await turn();
  }
  if (below !== null && below !== headHash) damages.add('blocks', `block ${height} is not the head ${headHash}`);
  await examineIndexes(chain);
  return { transactions, recent };
}

/** Signals and the progress line have their turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface ExaminedBlock {
  readonly hash: Hash;
  readonly parentHash: Hash;
  readonly transactions: number;
  /** Null for a derived one. */
  readonly block: Block | null;
}

function examineDerived({ database, derived, damages }: ExaminedChain, number: bigint): ExaminedBlock | null {
  return damages.attempt('blocks', `derived block ${number}`, () => {
    const place = derived.at(number, (below) => {
      const value = database.get(blockKey(below));
      if (value === undefined) throw database.damaged(`block ${below} is missing`);
      return decodeBlock(value);
    });
    if (place === null) throw database.damaged(`derived block ${number} is missing`);
    if (hashBlockHeader(place.header) !== place.hash) damages.add('blocks', `derived block ${number} has another hash`);
    return { hash: place.hash, parentHash: place.header.parentHash, transactions: 0, block: null };
  });
}

function examineDecided(chain: ExaminedChain, number: bigint): ExaminedBlock | null {
  const { database, damages } = chain;
  const value = database.get(blockKey(number));
  if (value === undefined) {
    damages.add('blocks', `block ${number} is missing`);
    return null;
  }
  const block = damages.attempt('blocks', `block ${number}`, () => decodeBlock(value));
  if (block === null) return null;
  const hash = hashBlockHeader(block.header);
  const indexed = database.get(blockNumberKey(hash));
  if (indexed === undefined || bytesToBigint(indexed) !== number) {
    damages.add('blocks', `the hash of block ${number} leads elsewhere`);
  }
  if (block.header.number !== number) damages.add('blocks', `block ${number} says to be ${block.header.number}`);
  if (number > 0n && !blockMatchesHeader(block)) {
    damages.add('blocks', `block ${number} holds something else than its header says`);
  }
  if (number === 0n) return { hash, parentHash: block.header.parentHash, transactions: 0, block };
  const transactions = examineParts(chain, block);
  const lists = database.get(accessListsKey(number));
  if (lists !== undefined) damages.attempt('blocks', `access lists of block ${number}`, () => decodeAccessLists(lists));
  return { hash, parentHash: block.header.parentHash, transactions, block };
}

/** Gives how many transactions the chunks and the section executed. */
function examineParts(chain: ExaminedChain, { header: { number }, chunks, section }: Block): number {
  let transactions = 0;
  for (const [shard, { header, certificate }] of chunks.entries()) {
    if (header.height !== number) continue;
    if (certificate !== null) examineChunk(chain, number, shard, certificate.chunkHash, hashChunkHeader(header));
    transactions += examineExecutions(chain, { number, part: shard, committed: header });
  }
  if (section === null) return transactions;
  return transactions + examineExecutions(chain, { number, part: chunks.length, committed: section.header });
}

function examineChunk(chain: ExaminedChain, number: bigint, shard: number, certified: Hash, hash: Hash): void {
  const { database, damages } = chain;
  const what = `chunk of shard ${shard} in block ${number}`;
  if (certified !== hash) damages.add('blocks', `the ${what} has a certificate of another one`);
  const value = database.get(chunkKey(hash));
  if (value === undefined) {
    damages.add('blocks', `the ${what} is missing`);
    return;
  }
  const chunk = damages.attempt('blocks', `the ${what}`, () => decodeChunk(value));
  if (chunk === null) return;
  if (hashChunkHeader(chunk.header) !== hash) damages.add('blocks', `the ${what} is another one`);
  if (!bodyMatchesHeader(chunk)) damages.add('blocks', `the body of the ${what} is not what its header says`);
}

interface Part {
  readonly number: bigint;
  readonly part: number;
  readonly committed: Committed;
}

function examineExecutions({ database, damages }: ExaminedChain, { number, part, committed }: Part): number {
  const what = `what part ${part} of block ${number} executed`;
  const value = database.get(executionsKey(number, part));
  const executed = value === undefined ? [] : damages.attempt('blocks', what, () => decodeExecutions(value));
  if (executed === null) return 0;
  const isCommitted =
    orderedTrieRoot(executed.map(({ transaction }) => transaction.raw)) === committed.transactionsRoot &&
    orderedTrieRoot(executed.map(({ receipt }) => encodeReceipt(receipt))) === committed.receiptsRoot;
  if (!isCommitted) damages.add('blocks', `${what} is not what its header says`);
  for (const [index, { transaction }] of executed.entries()) {
    const location = database.get(locationKey(transaction.hash));
    const found =
      location === undefined
        ? null
        : damages.attempt('blocks', `the place of transaction ${transaction.hash}`, () => decodeLocation(location));
    // Executed once more further up: then that list says where.
    const isAbove = found?.kind === 'executed' && found.height > number;
    const isHere =
      found?.kind === 'executed' && found.height === number && found.part === part && found.index === index;
    if (!isHere && !isAbove) damages.add('blocks', `the index leads transaction ${transaction.hash} elsewhere`);
  }
  return executed.length;
}

/** What the indexes say beside: no hash of a block that is not there, no transaction in a block above the head. */
async function examineIndexes({ database, damages, height, progress }: ExaminedChain): Promise<void> {
  let blocks = 0n;
  for await (const [, number] of entriesOf(database, tableRange('blockNumber'))) {
    blocks++;
    if (number !== null && bytesToBigint(number) > height) damages.add('blocks', 'a hash of a block above the head');
  }
  if (blocks !== height + 1n)
    damages.add('blocks', `${blocks} hashes of blocks are known, and there are ${height + 1n}`);
  let done = 0;
  for await (const [, value] of entriesOf(database, tableRange('location'))) {
    progress('blocks', ++done, null);
    if (value === null) continue;
    const location = damages.attempt('blocks', 'the place of a transaction', () => decodeLocation(value));
    if (location !== null && location.height > height) damages.add('blocks', 'a transaction above the head');
  }
  const { lt } = tableRange('block');
  const above = await database.keys({ gte: blockKey(height + 1n), lt }, 1);
  if (above.length > 0) damages.add('blocks', `there are blocks above the head ${height}`);
}
