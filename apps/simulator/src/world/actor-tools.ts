import { encodeWireMessage, type PeerId, type Transport } from '@heddle/network';
import { type Chain, CONSENSUS_STREAM } from '@heddle/node';
import { utf8ToBytes } from '@heddle/primitives';
import { hashBlockHeader, type SigningDomain, signingMessage, type ValidatorIndex } from '@heddle/types';
import type { Actor, ActorTools } from '../actors/actor.ts';
import { inEpoch, madeUpQuorum } from '../actors/forge.ts';
import type { BlockCraft } from '../actors/speaker.ts';
import type { Dice } from '../dice.ts';
import type { WorldEvent } from './events.ts';
import type { ProcessLife } from './process.ts';
import type { Seats } from './seats.ts';

/** Siblings differ in what their chunks do not give: nobody who executes them takes them for valid. */
const HEADERS: BlockCraft = {
  hash: ({ header }) => hashBlockHeader(header),
  sibling: (block, mark) => ({ ...block, header: { ...block.header, extraData: utf8ToBytes(mark) } }),
};

export interface ActorSetting {
  readonly machine: ValidatorIndex;
  /** Identities of the machines. */
  readonly peers: readonly PeerId[];
  readonly actor: Actor;
  /** Of the node that runs behind the actor. */
  readonly chain: Chain;
  readonly seats: Seats;
  readonly transport: Transport;
  readonly life: ProcessLife;
  readonly dice: Dice;
  wallMs(): number;
  signDigest(digest: Uint8Array): Uint8Array;
  emit(event: WorldEvent): void;
}

/**
 * What an actor has at hand: indices and the domain are those of the epoch that its node is in. Out of the set it keeps
 * the index that it had in the last set that it was in, and its key.
 */
export function createActorTools(setting: ActorSetting): ActorTools {
  const { machine, peers, actor, chain, seats, transport, life, dice, wallMs, signDigest, emit } = setting;
  const own = transport.self;
  let lastSeat = machine;
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
    misdeed: (witness) => {
      // Nobody listens to who is not in the set, so nobody can prove what it says.
      const peer = witness === null || seats.indexOf(own) === null ? null : seats.peerAt(witness);
      emit({ kind: 'misdeed', machine, actor, witness: peer === null ? null : peers.indexOf(peer) });
    },
  };
}
