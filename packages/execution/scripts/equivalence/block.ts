import type { ShardRules } from '@heddle/sharding';
import type { StateSnapshot } from '@heddle/state';
import { type Address, type RecoveredTransaction, ZERO_ADDRESS } from '@heddle/types';
import { type ChunkContext, gasTarget, missedHeights, produceChunk } from '../../src/index.ts';
import { intrinsicGasOf } from '../../src/transaction/intrinsic-gas.ts';
import { Random } from '../random.ts';
import { ARENA_VARIANTS, type Arena } from './arena.ts';
import { type Content, LOCAL_CONTENTS, REMOTE_CONTENTS } from './contents.ts';
import { randomQueue } from './deliveries.ts';
import { type Draft, type Kind, Scene, sign } from './draft.ts';
import { INIT_DESTROY, saltedAddress } from './programs.ts';

/** Everything that one trial starts from. The same seed and size give the same block. */
export interface TrialBlock {
  readonly seed: number;
  readonly context: ChunkContext;
  readonly state: StateSnapshot;
  readonly rules: ShardRules;
  /** What is offered to the producer. */
  readonly candidates: readonly RecoveredTransaction[];
  /** By transaction hash. */
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly gasTarget: bigint;
}

/** Shard counts as often as they come here. */
const SHARD_COUNTS = [1, 1, 2, 4] as const;
/** Percent of blocks whose gas limit is short, so that declared gas matters. */
const SHORT_LIMIT_PERCENT = 20;
/** Percent of blocks whose network dispatches transactions to other shards. */
const DISPATCH_PERCENT = 40;
/** Percent of blocks in which some gas limits are drawn around what the transactions use. */
const SQUEEZED_PERCENT = 50;

/** Percent of blocks whose favorites are chosen to meet one another. */
const THEME_PERCENT = 50;
const THEMES: readonly (readonly Kind[])[] = [
  ['createSalted', 'createByContract', 'toNewborn', 'toNewbornByContract'],
  ['createRevived', 'createPhoenix', 'toNewborn', 'coinbaseReadByAddress'],
  ['delegationSet', 'delegationCleared', 'callHot', 'codeRead', 'etherAmongHot'],
  ['coinbaseRead', 'coinbasePaid', 'coinbaseSends', 'coinbasePaidByContract', 'etherToStranger'],
  ['tokenAmongHot', 'tokenApprove', 'tokenTransferFrom', 'swap'],
  ['nonceChain', 'etherAmongHot', 'etherAll', 'fromThePoor'],
  ['counter', 'writeTheSame', 'writeAndRestore', 'edge', 'spin'],
  ['burnThenAbroad', 'counter', 'etherAmongHot', 'observeAbroad'],
  ['payAbroadByContract', 'destroyAbroad', 'createByContract', 'toNewborn', 'nonceChain'],
  ['delegationAbroad', 'delegationToAbroad', 'delegationSet', 'callHot', 'codeRead'],
];

export function randomBlock(
  seed: number,
  size: number,
  arenaOf: (shards: number, variant: number) => Arena,
): TrialBlock {
  const random = new Random(seed * 7_919);
  const arena = arenaOf(random.pick(SHARD_COUNTS), random.below(ARENA_VARIANTS));
  const coinbase = randomCoinbase(random, arena);
  const scene = new Scene(random, arena, coinbase);
  const rules = arena.network.rules[arena.shard];
  if (rules === undefined) throw new Error('an arena has rules');
  const isShort = random.chance(SHORT_LIMIT_PERCENT);
  const gasLimit = isShort ? 700_000n + BigInt(random.below(2_000_000)) : 30_000_000n;
  const context = {
    ...arena.network.context(arena.shard, coinbase),
    gasLimit,
    queue: randomQueue(scene),
    dispatch: random.chance(DISPATCH_PERCENT),
    allowances: randomAllowances(new Random(seed * 104_729), arena),
  };
  const target =
    random.chance(10) && !isShort ? gasLimit / 2n : gasTarget(gasLimit, isShort ? 0n : missedHeights(context));
  const base = { seed, context, state: arena.state, rules, gasTarget: target };
  const drafts = randomDrafts(scene, size - 3 + random.below(7));
  const chosen = random.chance(SQUEEZED_PERCENT) ? squeeze(random, base, drafts) : drafts;
  const signed = chosen.map((draft) => ({ kind: draft.kind, transaction: sign(draft) }));
  return {
    ...base,
    candidates: signed.map(({ transaction }) => transaction),
    kinds: new Map(signed.map(({ kind, transaction }) => [transaction.hash, kind])),
  };
}

/** All the room that a chunk can use, mostly; else room for some Calls, or none. */
function randomAllowances(random: Random, { shardCount }: Arena): readonly bigint[] {
  return Array.from({ length: shardCount }, () => BigInt(random.chance(70) ? 15_000_000 : random.below(150_000)));
}

/** A resident, a contract, nobody yet, or somebody of another shard. */
function randomCoinbase(random: Random, arena: Arena): Address {
  const resident = random.pick(arena.wallets).address;
  switch (random.below(9)) {
    case 0:
      return random.pick([...arena.programs.values()]);
    case 1:
      return ZERO_ADDRESS;
    case 2:
      return `0x${'c0'.repeat(19)}${random.below(256).toString(16).padStart(2, '0')}`;
    case 3:
      return arena.shardCount === 1 ? resident : random.pick(arena.foreigners).address;
    case 4:
      return random.pick(arena.randomPrograms);
    case 5:
      return mortal(random, arena);
    default:
      return resident;
  }
}

/** The address of a contract that `createRevived` may make and destroy in this block. */
function mortal(random: Random, arena: Arena): Address {
  return saltedAddress(arena.programs.get('saltedFactory') ?? ZERO_ADDRESS, random.pick(INIT_DESTROY));
}

/** Every block has its own weights: some are nearly all of one kind, some have a bit of everything. */
function randomDrafts(scene: Scene, count: number): readonly Draft[] {
  const { random, arena } = scene;
  const contents: Readonly<Record<Kind, Content>> =
    arena.shardCount === 1 ? LOCAL_CONTENTS : { ...LOCAL_CONTENTS, ...REMOTE_CONTENTS };
  const all = Object.values(contents);
  const favorites = random.chance(THEME_PERCENT)
    ? random.pick(THEMES).flatMap((kind) => contents[kind] ?? [])
    : Array.from({ length: 1 + random.below(4) }, () => random.pick(all));
  const favored = random.below(90);
  return Array.from({ length: count }, () => random.pick(random.chance(favored) ? favorites : all)(scene));
}

/** Draws some gas limits anew, around what the transactions use: a trial run tells what that is. */
function squeeze(
  random: Random,
  block: Omit<TrialBlock, 'candidates' | 'kinds'>,
  drafts: readonly Draft[],
): readonly Draft[] {
  const { context, state, rules } = block;
  const signed = drafts.map(sign);
  const { executed } = produceChunk(context, state, rules, signed, context.gasLimit);
  const used = new Map(executed.map(({ transaction, gasUsed }) => [transaction.hash, Number(gasUsed)]));
  return drafts.map((draft, i) => {
    const gas = used.get(signed[i]?.hash ?? '0x');
    if (gas === undefined || random.chance(60)) return draft;
    const { fields } = draft;
    const intrinsic = intrinsicGasOf(fields);
    const gasLimit = BigInt(squeezedLimit(random, intrinsic, gas));
    return { ...draft, fields: { ...fields, gasLimit } };
  });
}

function squeezedLimit(random: Random, intrinsic: number, used: number): number {
  const above = used - intrinsic;
  switch (random.below(4)) {
    case 0:
      return used - 1 + random.below(3);
    case 1:
      return used + random.below(5_000);
    default:
      return intrinsic + (above > 0 ? random.below(above + 1) : 0);
  }
}
