import { type Actor, type ActorTools, madeUpQuorum, nullify, signChunk, UNTOUCHED, watching } from '@heddle/byzantine';
import { encodeWireMessage, type WireMessage } from '@heddle/network';
import { CHUNK_STREAM, CONSENSUS_STREAM } from '@heddle/node';
import { type Chunk, type ProposalTuple, type TupleVote, ZERO_HASH } from '@heddle/types';
import { ViolationError } from '../../errors.ts';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { NodeWorld } from '../../world/world.ts';
import { expectHonestViewsToCount, faultyOnes } from './counted-views.ts';

const FAR = 2n ** 62n;
const EVERY_MS = 40;
/** Views that a validator remembers in peace: the voting window and what is between two floors. */
const MAX_VIEWS = 160;

/**
 * f validators claim views, heights and sequences in the far future, in every kind of message, and never anything else.
 * Nobody moves for a number: the others make a block in each view of theirs and keep nothing of it.
 */
export const forgedNumbers: Scenario = {
  name: 'forged-numbers',
  description: 'f validators claim views and heights in the far future; nobody halts or hoards',
  prepare: (world) => {
    for (const index of faultyOnes(world)) world.corrupt(index, forger);
    return UNPREPARED();
  },
  play: async (world) => {
    await expectHonestViewsToCount(world);
    expectSmallFootprints(world);
  },
};

function expectSmallFootprints(world: NodeWorld): void {
  for (const { index, footprint } of world.live()) {
    if (footprint.views <= MAX_VIEWS) continue;
    throw new ViolationError('forged-numbers', `validator ${index} remembers ${footprint.views} views`);
  }
}

/** Beside what its node says it sends everybody one of its claims again and again. */
const forger: Actor = {
  name: 'number-forger',
  description: 'claims views and heights in the far future',
  proofs: [],
  start: (tools) => {
    let model: Chunk | null = null;
    const claim = (): void => {
      for (let to = 0; to < tools.validatorCount; to++) {
        if (to !== tools.index) say(tools, to, forged(tools, model));
      }
      tools.misdeed(null);
      tools.after(EVERY_MS, claim);
    };
    tools.after(EVERY_MS, claim);
    return watching(UNTOUCHED, (message) => {
      if (message.kind === 'chunk') model = message.chunk;
    });
  },
};

function say(tools: ActorTools, to: number, message: WireMessage): void {
  const isOfChunks = message.kind === 'chunk' || message.kind === 'endorsement';
  tools.say(to, isOfChunks ? CHUNK_STREAM : CONSENSUS_STREAM, encodeWireMessage(message));
}

function forged(tools: ActorTools, model: Chunk | null): WireMessage {
  const { dice, index, sign, domain } = tools;
  const view = FAR + BigInt(dice.below(1_000));
  const tuple: ProposalTuple = {
    epoch: domain.epoch,
    view,
    parentView: view - 1n,
    parentHash: ZERO_HASH,
    blockHash: ZERO_HASH,
    justificationRoot: ZERO_HASH,
  };
  switch (dice.below(14)) {
    case 0: // the last that is heard of it: rare
      return { kind: 'certificate', certificate: { kind: 'finalize', tuple, ...madeUpQuorum(tools.validatorCount) } };
    case 1:
    case 2:
      return { kind: 'vote', vote: nullify(tools, domain.epoch, view) };
    case 3:
    case 4:
    case 5: {
      const kind: TupleVote['kind'] = dice.pick(['notarize', 'finalize'] as const);
      return { kind: 'vote', vote: { kind, tuple, signer: index, signature: sign({ kind, tuple }) } };
    }
    case 6:
    case 7:
    case 8: {
      const shard = 0;
      const request = {
        kind: 'endorse',
        shard,
        parentBlockHash: ZERO_HASH,
        chunkHash: ZERO_HASH,
        height: view,
      } as const;
      const { height: _, kind: __, ...endorsed } = request;
      const endorsement = { ...endorsed, signer: index, signature: sign(request) };
      return { kind: 'endorsement', endorsement };
    }
    case 9:
    case 10:
      if (model !== null) return { kind: 'chunk', chunk: signChunk(tools, { ...model, header: far(model, view) }) };
      break;
    default:
  }
  return { kind: 'status', status: { epoch: domain.epoch, currentView: view, bestFinalization: null } };
}

/** A header whose every number lies in the far future, on a block that nobody has or on one that all have. */
function far({ header }: Chunk, number: bigint): Chunk['header'] {
  return { ...header, height: number, coveredHeight: number, timestamp: number, queuedWeight: number };
}
