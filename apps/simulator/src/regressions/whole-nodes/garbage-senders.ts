import {
  type Actor,
  type ActorTools,
  forging,
  signChunk,
  spoiled,
  type Tampering,
  UNTOUCHED,
  watching,
} from '@heddle/byzantine';
import { encodeWireMessage, type WireMessage } from '@heddle/network';
import { CHUNK_STREAM } from '@heddle/node';
import { type Chunk, ZERO_HASH } from '@heddle/types';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { NodeWorld } from '../../world/world.ts';
import { expectHonestViewsToCount, faultyOnes } from './counted-views.ts';
import { expectThat } from './steps.ts';

/** What may wait at one validator in a network of small chunks in which nobody is behind. */
const MAX_HELD_BYTES = 65_536;
/** For twelve more blocks, each validator's turn to lead and to produce among them. */
const LIMIT_MS = 30_000;
const AHEAD_SECONDS = 8n;

interface Garbage {
  /** For what its sender is blocked. */
  readonly reason: string;
  start(tools: ActorTools): Tampering;
}

/** What no honest validator sends, one kind a seed. */
const GARBAGE: readonly Garbage[] = [
  { reason: 'chunk: not from its producer', start: secondHand },
  {
    reason: 'chunk: not what its producer signed',
    start: ofOwn((chunk) => ({ ...chunk, signature: spoiled(chunk.signature) })),
  },
  { reason: 'chunk: not what its producer signed', start: ofOwn(otherBody) },
  { reason: 'chunk: invalid', start: (tools) => ofOwn((chunk) => invalid(tools, chunk))(tools) },
  { reason: 'endorsement: not of its sender', start: foreignEndorsements },
  { reason: 'vote on the channel of chunks', start: wrongChannel },
];

/**
 * f validators send what can't be genuine, all of one kind. It costs a check or none: they are blocked by everyone, what
 * they sent is held nowhere, and every other producer's chunk comes through in time.
 */
export const garbageSenders: Scenario = {
  name: 'garbage-senders',
  description: 'f validators send forged, foreign or misplaced messages; each is blocked, and nobody waits for them',
  prepare: (world) => {
    const garbage = garbageOf(world);
    const actor: Actor = { name: 'garbage-sender', description: garbage.reason, proofs: [], start: garbage.start };
    for (const index of faultyOnes(world)) world.corrupt(index, actor);
    return UNPREPARED();
  },
  play: async (world) => {
    await expectHonestViewsToCount(world);
    const { reason } = garbageOf(world);
    world.wantBlocks(12n);
    const isBlocked = await world.until(() => everyoneBlocks(world, reason), LIMIT_MS);
    expectThat(isBlocked, `not everyone blocks who sends '${reason}': ${world.describe()}`);
    for (const { index, footprint } of world.live()) {
      expectThat(footprint.heldBytes <= MAX_HELD_BYTES, `validator ${index} holds ${footprint.heldBytes} bytes`);
    }
  },
};

function garbageOf(world: NodeWorld): Garbage {
  const garbage = GARBAGE[world.plan.seed % GARBAGE.length];
  expectThat(garbage !== undefined, 'a seed chooses a kind');
  return garbage ?? { reason: '', start: () => UNTOUCHED };
}

function everyoneBlocks(world: NodeWorld, reason: string): boolean {
  const faulty = [...world.byzantine].map((index) => world.machine(index).peer);
  const honest = world.machines.flatMap(({ node, isHonest }) => (isHonest && node !== null ? [node] : []));
  return honest.every(({ blockedPeers }) => faulty.every((peer) => blockedPeers.get(peer) === reason));
}

/** For each chunk that it hears of, one in the same producer's name for the next height, unsigned and ahead of its time. */
function secondHand(tools: ActorTools): Tampering {
  return watching(UNTOUCHED, (message) => {
    if (message.kind !== 'chunk' || message.chunk.header.producer === tools.index) return;
    tools.misdeed(null);
    const { header } = message.chunk;
    const ahead = { ...header, timestamp: header.timestamp + AHEAD_SECONDS, gasUsed: header.gasUsed + 1n };
    const chunk = { ...message.chunk, header: ahead, signature: new Uint8Array(message.chunk.signature.length) };
    toAll(tools, { kind: 'chunk', chunk });
  });
}

/** Its own chunks, changed, beside nothing. */
function ofOwn(change: (chunk: Chunk) => Chunk): (tools: ActorTools) => Tampering {
  return (tools) =>
    forging('chunk', ({ chunk }) => {
      tools.misdeed(null);
      return [{ kind: 'chunk', chunk: change(chunk) }];
    });
}

function otherBody(chunk: Chunk): Chunk {
  const { transactions, accessList } = chunk.body;
  return { ...chunk, body: { transactions: [...transactions, Uint8Array.of(1)], accessList } };
}

function invalid(tools: ActorTools, chunk: Chunk): Chunk {
  return signChunk(tools, { ...chunk, header: { ...chunk.header, stateRoot: ZERO_HASH } });
}

/** Endorses in the name of its neighbour. */
function foreignEndorsements(tools: ActorTools): Tampering {
  return forging('endorsement', (message) => {
    tools.misdeed(null);
    const signer = (tools.index + 1) % tools.validatorCount;
    return [{ kind: 'endorsement', endorsement: { ...message.endorsement, signer } }];
  });
}

/** Its votes once more, where nobody expects them. */
function wrongChannel(tools: ActorTools): Tampering {
  return forging('vote', (message) => {
    tools.misdeed(null);
    toAll(tools, message);
    return [message];
  });
}

function toAll(tools: ActorTools, message: WireMessage): void {
  const payload = encodeWireMessage(message);
  for (let to = 0; to < tools.validatorCount; to++) if (to !== tools.index) tools.say(to, CHUNK_STREAM, payload);
}
