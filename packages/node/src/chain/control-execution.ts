import {
  type AncestorBlock,
  assembleBlockHeader,
  assembleSectionHeader,
  baseFeesOfRun,
  type ChunkContext,
  commitRoots,
  controlAfter,
  executeControlChunkInSteps,
  executeControlSection,
  feeAt,
  InvalidSectionError,
  nextBaseFee,
  type SectionContext,
  sectionBaseFee,
  sectionSupplyChange,
} from '@heddle/execution';
import { assert, withoutPauses } from '@heddle/primitives';
import { createLayerInSteps, type StateLayer } from '@heddle/state';
import {
  type Block,
  type BlockHeader,
  type ControlPart,
  DERIVED_EXTRA_DATA,
  type DerivedRun,
  derivedTimestamp,
  deriveRunInSteps,
  EMPTY_BLOOM,
  EMPTY_TRIE_ROOT,
  type Hash,
  hashBlockHeader,
  lastDerived,
  type MineOperation,
  runOf,
  type ShardId,
  ZERO_ADDRESS,
} from '@heddle/types';
import { InvalidControlError } from '../errors.ts';
import { Ancestors } from './ancestors.ts';
import { type BlockTerms, bodyOf } from './block-execution.ts';
import type { Chain } from './chain.ts';
import { baseFeesOn, chunkContext, finishChunk, sectionBaseFeeOn } from './chunk-context.ts';
import type { ExecutedBlock, ExecutedChunk, ExecutedSection, ShardTip } from './executed-block.ts';

/** What a control part gives on its parent, whoever leads. All of it follows from the hash of the parent and the part. */
export interface ControlResult {
  readonly place: Place;
  /** By shard. */
  readonly chunks: readonly ExecutedChunk[];
  readonly section: ExecutedSection;
}

/** What the control part gives on `parent`, whether it may stand there or not. Throws `InvalidControlError`. */
export function controlBlockOf(
  chain: Chain,
  parent: ExecutedBlock,
  terms: BlockTerms,
  control: ControlPart,
): ExecutedBlock {
  return controlBlock(chain, parent, terms, withoutPauses(executeControl(chain, parent, control)));
}

/**
 * Executes a control part on `parent`: canonical empty chunks, then the operations. Pauses again and again; the parent's
 * state must not change until the end. Throws `InvalidControlError`.
 */
export function* executeControl(
  chain: Chain,
  parent: ExecutedBlock,
  control: ControlPart,
): Generator<void, ControlResult> {
  const place = yield* placeOf(chain, parent, runOf(control));
  const chunks: ExecutedChunk[] = [];
  for (const shard of parent.shards.keys()) chunks.push(yield* emptyChunkAt(chain, parent, place, shard));
  return { place, chunks, section: yield* controlSection(chain, parent, place, chunks, control) };
}

/**
 * The block of such a result, which may have been found on another copy of `parent`: its layers are hung from this one.
 */
export function controlBlock(
  chain: Chain,
  parent: ExecutedBlock,
  terms: BlockTerms,
  result: ControlResult,
): ExecutedBlock {
  const { place } = result;
  const chunks = result.chunks.map((chunk, shard) => ({
    ...chunk,
    layer: chunk.layer.on(chain.shardTip(parent, shard).state),
  }));
  const layers = chunks.map(({ layer }, shard) => result.section.layers[shard]?.on(layer) ?? null);
  const section = { ...result.section, layers };
  const entries = chunks.map(({ header }) => ({ header, certificate: null }));
  const header = assembleBlockHeader({
    parent: place.last.header,
    prevRandao: place.prevRandao,
    parentBeaconBlockRoot: place.parentBeaconBlockRoot,
    ...terms,
    chunks: entries,
    section,
    gasLimit: parent.control.gasLimit,
  });
  const block: Block = { header, ...terms, chunks: entries, section: bodyOf(section) };
  return {
    block,
    hash: hashBlockHeader(header),
    height: header.number,
    shards: chunks.map((chunk, shard) => tipAfter(chain, parent, shard, chunk, section)),
    section,
    control: controlAfter(parent.control, block),
    derived: place.derived,
  };
}

/** Where a control block stands: behind its run's derived blocks, if there are any. */
interface Place {
  readonly derived: DerivedRun | null;
  /** The block right below it. */
  readonly last: { readonly header: BlockHeader; readonly hash: Hash };
  readonly height: bigint;
  /** Seconds. */
  readonly timestamp: bigint;
  /** By shard, then the section's. */
  readonly baseFees: readonly bigint[];
  readonly sectionBaseFee: bigint;
  readonly prevRandao: Hash;
  readonly parentBeaconBlockRoot: Hash;
}

/** What a control block that mines nothing sees is what an empty block sees; it leaves pending values to the next mined one. */
function* placeOf(chain: Chain, parent: ExecutedBlock, run: MineOperation | null): Generator<void, Place> {
  const count = Number(run?.count ?? 1n);
  const interval = run?.interval ?? 0n;
  const view =
    run === null ? { ...parent, control: { ...parent.control, nextBaseFee: null, nextPrevRandao: null } } : parent;
  const shardFees = feesOfRun(chain, view, count);
  const sectionFees = sectionFeesOfRun(chain, view, count);
  const firstTimestamp = run?.firstTimestamp ?? parent.block.header.timestamp;
  const prevRandao = chain.mixAfter(view);
  const height = parent.height + BigInt(count);
  const named = chain.validatorSets.ofGrandchildren(parent).hash;
  const feesAt = (index: number): readonly bigint[] => shardFees.map((fees) => feeAt(fees, index));
  const highest = (index: number): bigint =>
    [...feesAt(index), feeAt(sectionFees, index)].reduce((most, fee) => (fee > most ? fee : most));
  const first = firstDerived(chain, parent, { timestamp: firstTimestamp, prevRandao, parentBeaconBlockRoot: named });
  const settled = Math.max(sectionFees.length, ...shardFees.map(({ length }) => length));
  const baseFees = Array.from({ length: settled }, (_, index) => highest(index));
  const derived = count === 1 ? null : yield* deriveRunInSteps({ first, interval, baseFees }, count - 1);
  return {
    derived,
    last: derived === null ? { header: parent.block.header, hash: parent.hash } : lastDerived(derived),
    height,
    timestamp: firstTimestamp + interval * BigInt(count - 1),
    baseFees: feesAt(count - 1),
    sectionBaseFee: feeAt(sectionFees, count - 1),
    prevRandao,
    // An epoch may end with the last block of the run, which then names another set than those before it.
    parentBeaconBlockRoot: chain.validatorSets.namedIn(height, parent).hash,
  };
}

/** By shard, the base fees of `count` empty blocks on `parent`. What waits for a shard goes on counting. */
function feesOfRun(chain: Chain, parent: ExecutedBlock, count: number): readonly (readonly bigint[])[] {
  const gasLimit = chain.chunkGasLimit(parent);
  return baseFeesOn(parent).map((first, shard) => {
    const { queuedWeight } = chain.shardTip(parent, shard).header;
    const next = (baseFeePerGas: bigint): bigint => nextBaseFee({ gasLimit, gasUsed: 0n, queuedWeight, baseFeePerGas });
    return baseFeesOfRun(first, next, count);
  });
}

function sectionFeesOfRun(chain: Chain, parent: ExecutedBlock, count: number): readonly bigint[] {
  const gasLimit = chain.globalGasLimit(parent);
  const { header } = parent.block.section ?? { header: null };
  const next = (baseFeePerGas: bigint): bigint =>
    header === null ? 0n : sectionBaseFee({ ...header, gasLimit, gasUsed: 0n, baseFeePerGas });
  return baseFeesOfRun(sectionBaseFeeOn(parent), next, count);
}

/** Header of the first block after `parent` that has nothing in it; time and randomness are the run's. */
function firstDerived(
  chain: Chain,
  { block: { header }, hash, control }: ExecutedBlock,
  { timestamp, prevRandao, parentBeaconBlockRoot }: Pick<Place, 'timestamp' | 'prevRandao' | 'parentBeaconBlockRoot'>,
): BlockHeader {
  const { shardCount, chunkGasLimit, globalGasLimit } = chain.genesis;
  const byRule = shardCount === 1 ? chunkGasLimit : chunkGasLimit * BigInt(shardCount) + globalGasLimit;
  const emptyRoot = commitRoots(Array.from({ length: shardCount === 1 ? 1 : shardCount + 1 }, () => EMPTY_TRIE_ROOT));
  return {
    ...header,
    parentHash: hash,
    coinbase: ZERO_ADDRESS,
    transactionsRoot: emptyRoot,
    receiptsRoot: emptyRoot,
    logsBloom: EMPTY_BLOOM,
    number: header.number + 1n,
    gasLimit: control.gasLimit ?? byRule,
    gasUsed: 0n,
    timestamp,
    extraData: DERIVED_EXTRA_DATA,
    mixHash: prevRandao,
    parentBeaconBlockRoot,
  };
}

function* emptyChunkAt(
  chain: Chain,
  parent: ExecutedBlock,
  place: Place,
  shard: ShardId,
): Generator<void, ExecutedChunk> {
  const terms = { timestamp: place.timestamp, coinbase: ZERO_ADDRESS };
  const context: ChunkContext = {
    ...chunkContext(chain, parent, shard, terms),
    height: place.height,
    prevRandao: place.prevRandao,
    parentBlockHash: place.last.hash,
    parentBeaconBlockRoot: place.parentBeaconBlockRoot,
    baseFees: place.baseFees,
    ancestor: ancestorsWith(chain, parent, place.derived),
  };
  const { state } = chain.shardTip(parent, shard);
  const outcome = yield* executeControlChunkInSteps(context, state, chain.rules(shard));
  const layer = yield* createLayerInSteps(state, outcome.changes);
  yield;
  return { ...finishChunk(chain, parent, context, outcome, layer, 0), chunk: null };
}

/** The run's blocks above the parent, and what is below. */
function ancestorsWith(
  chain: Chain,
  parent: ExecutedBlock,
  derived: DerivedRun | null,
): (height: bigint) => AncestorBlock | null {
  const below = new Ancestors(chain.tree, chain.store, parent);
  return (height) => {
    const hash = derived === null ? undefined : derived.hashes[Number(height - derived.first.number)];
    if (derived === null || hash === undefined) return below.summary(height);
    const { parentBeaconBlockRoot } = derived.first;
    return { hash, timestamp: derivedTimestamp(derived, height), parentBeaconBlockRoot };
  };
}

function* controlSection(
  chain: Chain,
  parent: ExecutedBlock,
  place: Place,
  chunks: readonly ExecutedChunk[],
  control: ControlPart,
): Generator<void, ExecutedSection> {
  const states = chunks.map(({ layer }) => layer);
  const context: SectionContext = {
    chainId: chain.genesis.chainId,
    height: place.height,
    timestamp: place.timestamp,
    coinbase: ZERO_ADDRESS,
    prevRandao: place.prevRandao,
    parentBeaconBlockRoot: place.parentBeaconBlockRoot,
    gasLimit: chain.globalGasLimit(parent),
    baseFeePerGas: place.sectionBaseFee,
    ancestor: ancestorsWith(chain, parent, place.derived),
    chunks: chunks.map(({ header }) => header),
  };
  const outcome = refusing(() => executeControlSection(context, states, control.operations));
  assert(sectionSupplyChange(outcome, states) === 0n, `control block ${place.height} changes the supply unseen`);
  const layers: (StateLayer | null)[] = [];
  for (const [shard, state] of states.entries()) {
    const changes = outcome.changes[shard];
    const isSame = changes === undefined || changes.accounts.size === 0;
    layers.push(isSame ? null : yield* createLayerInSteps(state, changes));
  }
  const roots = states.map((state, shard) => layers[shard]?.root ?? state.root);
  const header = assembleSectionHeader(context, outcome, roots, control);
  return { header, coinbase: ZERO_ADDRESS, control, outcome, layers };
}

function refusing<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof InvalidSectionError) throw new InvalidControlError(error.facts.reason);
    throw error;
  }
}

/** Nothing was delivered, and nobody was asked for a chunk. */
function tipAfter(
  chain: Chain,
  parent: ExecutedBlock,
  shard: ShardId,
  executed: ExecutedChunk,
  section: ExecutedSection,
): ShardTip {
  const { queue } = chain.shardTip(parent, shard);
  const state = section.layers[shard] ?? executed.layer;
  return { header: executed.header, headerHash: executed.hash, state, executed, queue, missed: 0 };
}
