import { type ConsensusMessage, epochOf } from '@heddle/consensus';
import { type PeerId, peerOf } from '@heddle/network';
import { assert } from '@heddle/primitives';
import type { ValidatorStorage } from '@heddle/storage';
import type { Chunk, Endorsement, Status } from '@heddle/types';
import { TRANSITION_ASK_MS } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { Telling } from '../parts/events.ts';
import type { Foundation } from '../parts/foundation.ts';
import type { BlockList } from '../peers/block-list.ts';
import { EarlyMessages } from './early-messages.ts';
import type { EpochRuntime } from './epoch-runtime.ts';

type Parts = Pick<Foundation, 'chain' | 'link' | 'clock' | 'log'> &
  Telling<'fatal'> & {
    readonly blocked: Pick<BlockList, 'clear'>;
    readonly storage: Pick<ValidatorStorage, 'removeJournalsBelow'>;
  };

/**
 * Runs the epoch that the chain is in and moves to the next one when its boundary block is final (consensus.md, Epochs).
 * Each message belongs to one epoch: those of this epoch go to its runtime; one of an older epoch shows a laggard and is
 * answered with that epoch's last finalization; one of a newer epoch shows that this node is the laggard, and it asks.
 * So a node climbs epoch by epoch, each finalization being verified with the set that it has derived itself.
 */
export class Epochs {
  readonly #parts: Parts;
  readonly #log: Logger;
  readonly #openRuntime: () => Promise<EpochRuntime>;
  readonly #early = new EarlyMessages();
  /** Members of the epochs from this one on whose sets are known. */
  readonly #members = new Map<bigint, ReadonlySet<PeerId>>();
  /** When a peer was last asked for what ends this epoch, monotonic milliseconds. */
  readonly #askedMs = new Map<PeerId, number>();
  #epoch: bigint;
  /** Null while one epoch has ended and the next is not open yet. */
  #runtime: EpochRuntime | null = null;
  #opening: Promise<void> = Promise.resolve();
  #started = false;
  #stopped = false;
  /** Whether something of an older epoch may be left. */
  #hasRemains = true;

  /** `openRuntime`: opens what runs the epoch above the final head; it is not started yet. */
  constructor(parts: Parts, openRuntime: () => Promise<EpochRuntime>) {
    this.#parts = parts;
    this.#log = parts.log.child('epochs');
    this.#openRuntime = openRuntime;
    this.#epoch = parts.chain.epochs.epochAbove(parts.chain.tree.root.height);
  }

  /** Opens the epoch that the chain is in. Its runtime starts with `start`. */
  open(): Promise<void> {
    return this.#open(Promise.resolve());
  }

  start(): void {
    if (this.#stopped) return;
    this.#started = true;
    this.#runtime?.start();
    this.#early.release(this.#epoch);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const stopped = this.#runtime?.stop();
    await this.#opening;
    await stopped;
  }

  status(): Status {
    return this.#runtime?.status() ?? { epoch: this.#epoch, currentView: 0n, bestFinalization: null };
  }

  get views(): number {
    return this.#runtime?.views ?? 0;
  }

  /** Bytes of messages that wait to be heard. */
  get heldBytes(): number {
    return this.#early.heldBytes + (this.#runtime?.heldBytes ?? 0);
  }

  /** A peer sent what it can't have believed: nothing more of it is read in this epoch. */
  blame(peer: PeerId, reason: string): void {
    this.#runtime?.blame(peer, reason);
  }

  /** Whether a peer has a part in the chunks of this epoch or the next one. Nothing else of chunks is worth decoding. */
  makesChunks(peer: PeerId): boolean {
    return this.#isMember(this.#epoch, peer) || this.#isMember(this.#nextEpoch, peer);
  }

  /** `bytes`: the message's on the wire. */
  receive(from: PeerId, message: ConsensusMessage, bytes: number): void {
    const epoch = epochOfMessage(message);
    if (epoch < this.#epoch) return this.#helpLaggard(from, message, epoch);
    this.#hear(from, epoch, bytes, (runtime) => runtime.receive(from, message, bytes));
  }

  receiveChunk(from: PeerId, chunk: Chunk, bytes: number): void {
    const epoch = this.#parts.chain.epochs.epochOf(chunk.header.height);
    if (epoch >= this.#epoch) this.#hear(from, epoch, bytes, (runtime) => runtime.receiveChunk(from, chunk, bytes));
  }

  /** It names no height; where its parent is not known yet, it is taken to be of this epoch. */
  receiveEndorsement(from: PeerId, endorsement: Endorsement, bytes: number): void {
    const { tree, epochs } = this.#parts.chain;
    const parent = tree.get(endorsement.parentBlockHash);
    const epoch = parent === null ? this.#epoch : epochs.epochAbove(parent.height);
    if (epoch >= this.#epoch)
      this.#hear(from, epoch, bytes, (runtime) => runtime.receiveEndorsement(from, endorsement));
  }

  work(pending: boolean): void {
    this.#runtime?.work(pending);
  }

  /** What the owner of a devnet wants done has come. */
  controlSubmitted(): void {
    this.#runtime?.controlSubmitted();
  }

  /** A block has become final: the next epoch begins with the last one of this. */
  finalized(height: bigint): void {
    const { epochs } = this.#parts.chain;
    assert(epochs.epochOf(height) === this.#epoch, `block ${height} is of epoch ${this.#epoch}`);
    this.#runtime?.finalized(height);
    if (this.#hasRemains) this.#forgetOlder();
    if (epochs.isBoundary(height)) this.#moveOn();
  }

  /** With a final block of this epoch its boundary is settled: nobody can need the last epoch's journal. */
  #forgetOlder(): void {
    this.#hasRemains = false;
    if (this.#epoch === 0n) return;
    const { storage, events } = this.#parts;
    storage.removeJournalsBelow(this.#epoch).catch((error: unknown) => events.fatal(error));
  }

  #moveOn(): void {
    const ended = this.#runtime?.stop() ?? Promise.resolve();
    this.#runtime = null;
    this.#members.delete(this.#epoch);
    this.#epoch = this.#nextEpoch;
    this.#hasRemains = true;
    this.#askedMs.clear();
    this.#parts.blocked.clear();
    this.#open(ended).catch((error: unknown) => this.#parts.events.fatal(error));
  }

  /** One epoch is over before the next begins: its journal and its signer are not used any more. */
  #open(ended: Promise<void>): Promise<void> {
    const open = async (): Promise<void> => {
      await ended;
      if (this.#stopped) return;
      const runtime = await this.#openRuntime();
      if (this.#stopped) return;
      this.#runtime = runtime;
      if (this.#started) this.start();
    };
    const opening = open();
    this.#opening = opening.catch(() => undefined);
    return opening;
  }

  #hear(from: PeerId, epoch: bigint, bytes: number, deliver: (runtime: EpochRuntime) => void): void {
    if (epoch > this.#epoch) this.#askForEnd(from);
    if (epoch === this.#epoch && this.#runtime !== null) return deliver(this.#runtime);
    // Who is far behind catches up; until the next set is known here, nobody can be told to be in it.
    if (epoch > this.#nextEpoch || !this.#isMember(epoch, from)) return;
    this.#early.hold(from, epoch, bytes, () => {
      if (this.#runtime !== null) deliver(this.#runtime);
    });
  }

  /** It need not be the next number: where a branch of the chain starts numbers are left out. */
  get #nextEpoch(): bigint {
    const { epochs } = this.#parts.chain;
    return epochs.epochAbove(epochs.boundaryOf(this.#epoch));
  }

  #isMember(epoch: bigint, peer: PeerId): boolean {
    return this.#membersOf(epoch)?.has(peer) ?? false;
  }

  /** The next epoch's are known from half an epoch before it on; null until then. */
  #membersOf(epoch: bigint): ReadonlySet<PeerId> | null {
    const known = this.#members.get(epoch);
    if (known !== undefined) return known;
    const { epochs, tree, validatorSets } = this.#parts.chain;
    if (!epochs.has(epoch)) return null;
    const period = epochs.periodOf(epoch);
    if (period > 0n && tree.root.height < epochs.namingHeight(period)) return null;
    const members = new Set(validatorSets.ofEpoch(epoch).validators.map(({ publicKey }) => peerOf(publicKey)));
    this.#members.set(epoch, members);
    return members;
  }

  /** A certificate says nothing of where its sender stands: it may be an answer itself. */
  #helpLaggard(from: PeerId, message: ConsensusMessage, epoch: bigint): void {
    if (message.kind === 'certificate') return;
    const certificate = this.#parts.chain.store.finalizationOf(epoch);
    if (certificate !== null) this.#parts.link.send(from, { kind: 'certificate', certificate });
  }

  /** A status of an epoch that is over for the peer is answered with the finalization that ended it. */
  #askForEnd(from: PeerId): void {
    const { clock, link } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (nowMs - (this.#askedMs.get(from) ?? Number.NEGATIVE_INFINITY) < TRANSITION_ASK_MS) return;
    this.#askedMs.set(from, nowMs);
    this.#log.debug('a peer is epochs ahead', { peer: from, epoch: this.#epoch });
    link.send(from, { kind: 'status', status: this.status() });
  }
}

function epochOfMessage(message: ConsensusMessage): bigint {
  switch (message.kind) {
    case 'proposal':
      return message.proposal.tuple.epoch;
    case 'vote':
      return epochOf(message.vote);
    case 'certificate':
      return epochOf(message.certificate);
    case 'certificateRequest':
      return message.epoch;
    case 'status':
      return message.status.epoch;
  }
}
