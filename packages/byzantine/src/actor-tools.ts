import { encodeWireMessage, type PeerId, type Transport } from '@heddle/network';
import { type Chain, CONSENSUS_STREAM } from '@heddle/node';
import { utf8ToBytes } from '@heddle/primitives';
import type { Dice, Scheduler } from '@heddle/runtime';
import { hashBlockHeader, type SigningDomain, signingMessage, type ValidatorIndex } from '@heddle/types';
import type { ActorTools } from './actor.ts';
import { inEpoch, madeUpQuorum } from './forge.ts';
import type { Seats } from './seats.ts';
import type { BlockCraft } from './speaker.ts';

/** Siblings differ in what their chunks do not give: nobody who executes them takes them for valid. */
const HEADERS: BlockCraft = {
  hash: ({ header }) => hashBlockHeader(header),
  sibling: (block, mark) => ({ ...block, header: { ...block.header, extraData: utf8ToBytes(mark) } }),
};

/** One life of the process that an actor plays in. */
export interface ActorLife {
  readonly isAlive: boolean;
  readonly scheduler: Scheduler;
}

export interface ActorSetting {
  /** What it is called by until it has been in a set. */
  readonly index: ValidatorIndex;
  /** Of the node that runs behind the actor. */
  readonly chain: Chain;
  readonly seats: Seats;
  /** The bare one: nothing that is sent here is tampered with. */
  readonly transport: Transport;
  readonly life: ActorLife;
  readonly dice: Dice;
  wallMs(): number;
  signDigest(digest: Uint8Array): Uint8Array;
  /** `witness` can prove it; null: nobody can. */
  misdeed(witness: PeerId | null): void;
}

/**
 * What an actor has at hand: indices and the domain are those of the epoch that its node is in. Out of the set it keeps
 * the index that it had in the last set that it was in, and its key.
 */
export function createActorTools(setting: ActorSetting): ActorTools {
  const { chain, seats, transport, life, dice, wallMs, signDigest, misdeed } = setting;
  const own = transport.self;
  let lastSeat = setting.index;
  const domain = (): SigningDomain => ({
    genesisHash: chain.genesisHash,
    chainId: chain.genesis.chainId,
    epoch: seats.set.epoch,
    validatorSetHash: seats.set.hash,
  });
  const say = (to: ValidatorIndex, protocol: string, payload: Uint8Array): void => {
    const peer = seats.peerAt(to);
    if (life.isAlive && peer !== null) transport.send(peer, protocol, payload);
  };
  return {
    get index(): ValidatorIndex {
      lastSeat = seats.indexOf(own) ?? lastSeat;
      return lastSeat;
    },
    get validatorCount(): number {
      return seats.set.validators.length;
    },
    get domain(): SigningDomain {
      return domain();
    },
    dice,
    chain,
    sign: (request) => signDigest(signingMessage(domain(), request)),
    say,
    connection: transport,
    deltaMs: chain.genesis.deltaMs,
    blocks: HEADERS,
    unfoundedSkip: (epoch, view) => ({ kind: 'nullify', epoch, view, ...madeUpQuorum(seats.set.validators.length) }),
    // Nobody else signs for it.
    movedTo: inEpoch,
    sayLater: (delayMs, to, message) =>
      void life.scheduler.after(delayMs, () => say(to, CONSENSUS_STREAM, encodeWireMessage(message))),
    wallMs,
    after: (delayMs, task) => void life.scheduler.after(delayMs, task),
    misdeed: (witness) =>
      // Nobody listens to who is not in the set, so nobody can prove what it says.
      misdeed(witness === null || seats.indexOf(own) === null ? null : seats.peerAt(witness)),
  };
}
