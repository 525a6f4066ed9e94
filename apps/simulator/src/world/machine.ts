import {
  type Actor,
  createActorTools,
  HONEST,
  Seats,
  type Tampering,
  tamperedExecutor,
  tamperedTransport,
  UNTOUCHED,
} from '@heddle/byzantine';
import { blsScheme, type Journal, type JournalRecord, type SignatureScheme } from '@heddle/consensus';
import { hashScheme, hashSign } from '@heddle/consensus/testing';
import { type ChunkExecutor, InlineExecutor } from '@heddle/execution';
import { decodeWireMessage, kindOfEnvelope, type PeerId, type Transport } from '@heddle/network';
import {
  type BlockedPeer,
  type Chain,
  CONSENSUS_STREAM,
  type OpenValidator,
  openValidator,
  RUN_AT_ONCE,
  rememberedScheme,
  SILENT_LOGGER,
  type ValidatorNode,
} from '@heddle/node';
import { blsSign, equalBytes } from '@heddle/primitives';
import type { Dice, VirtualTime } from '@heddle/runtime';
import type { ValidatorStorage } from '@heddle/storage';
import type { ValidatorIndex, ValidatorSet } from '@heddle/types';
import { UnknownNameError } from '../errors.ts';
import type { MachineDisk } from './disk.ts';
import type { EndOfLife, WorldEvent } from './events.ts';
import type { SimulatedGenesis } from './genesis.ts';
import { lifeTransport } from './life-transport.ts';
import { ProcessLife } from './process.ts';
import type { SeedPlan } from './seed-plan.ts';
import type { SimNetwork } from './sim-network.ts';
import { SlowCore } from './slow-core.ts';
import { toldExecutor } from './told-executor.ts';

/** Some blocks of a simulated chain: so that answers are cut short here as large chunks cut them elsewhere. */
const RANGE_BYTES = 16_384;

export interface MachinePorts {
  readonly plan: SeedPlan;
  readonly genesis: SimulatedGenesis;
  readonly time: VirtualTime;
  readonly network: SimNetwork;
  readonly actorDice: Dice;
  emit(event: WorldEvent): void;
  /** An honest process ended by itself though its disk was good. */
  brokeDown(machine: ValidatorIndex, error: unknown): void;
}

const rememberedBls = rememberedScheme(blsScheme);

/** What the signatures of a run are checked and aggregated with. */
export function schemeOf({ realSignatures }: SeedPlan): SignatureScheme {
  return realSignatures ? rememberedBls : hashScheme;
}

/** One validator's machine: a disk and a clock that stay, and processes that come and go. */
export class Machine {
  readonly index: ValidatorIndex;
  readonly disk: MachineDisk;
  /** Signs a digest with the machine's key, in or out of the set. For nodes and byzantine actors only. */
  readonly signDigest: (digest: Uint8Array) => Uint8Array;
  /** How far the wall clock is off, milliseconds. */
  skewMs = 0;
  /** How many times slower than the reference machine it executes, from its next start on; 0 = in no time at all. */
  slowdown = 0;
  /** Its disk holds what no process may go on with. */
  mayBreakDown = false;
  /** What the last process that failed by itself failed with. */
  lastFailure: unknown = null;
  readonly #ports: MachinePorts;
  #actor: Actor | null = null;
  #opened: OpenValidator | null = null;
  #life: ProcessLife | null = null;
  #isStopping = false;
  /** The height that the process after the one that is shutting down is to want; null if none is to follow. */
  #startNext: (() => bigint) | null = null;
  #lastVote: Uint8Array | null = null;
  #crashes = 0;

  constructor(index: ValidatorIndex, disk: MachineDisk, ports: MachinePorts) {
    this.index = index;
    this.disk = disk;
    this.#ports = ports;
    this.signDigest = this.#createSigning();
  }

  /** The node that runs on it, if one does. */
  get node(): ValidatorNode | null {
    return this.#opened?.node ?? null;
  }

  /** What its wall clock shows, milliseconds. */
  wallMs(): number {
    return this.#ports.time.clock.wallMs() + this.skewMs;
  }

  /** Identity on the network. */
  get peer(): PeerId {
    const peer = this.#ports.genesis.peers[this.index];
    if (peer === undefined) throw new UnknownNameError('validator', this.index);
    return peer;
  }

  get isHonest(): boolean {
    return this.#actor === null;
  }

  /** Lives that did not end in order. */
  get crashes(): number {
    return this.#crashes;
  }

  /** From the next start on the validator is byzantine. */
  corrupt(actor: Actor): void {
    this.#actor = actor;
  }

  /**
   * Starts a process on what the disk holds, after the one that is shutting down. What the start waits for comes as time
   * goes on.
   */
  start(wantedHeight: () => bigint): void {
    if (this.#isStopping) this.#startNext = wantedHeight;
    if (this.#life !== null) return;
    this.#startNext = null;
    const life = new ProcessLife(this.#ports.time);
    this.#life = life;
    this.#run(life, wantedHeight).catch((error: unknown) => this.#failed(life, error));
  }

  /** Shuts the process down in order; resolves when nothing of it is written any more. */
  async stop(): Promise<void> {
    const [opened, life] = [this.#opened, this.#life];
    if (opened === null || life === null || this.#isStopping) return;
    this.#isStopping = true;
    await opened.close();
    if (life.isAlive) this.#end(life, 'stopped', () => this.disk.kill());
  }

  /** The process is gone in the middle of whatever it did. */
  kill(): void {
    if (this.#life !== null) this.#end(this.#life, 'killed', () => this.disk.kill());
  }

  /** As killed, and what was not synced is lost in part. */
  losePower(): void {
    if (this.#life !== null) this.#end(this.#life, 'powerFailure', () => this.disk.losePower());
  }

  /** As killed, and nothing is left of what was not synced. */
  loseUnsynced(): void {
    if (this.#life !== null) this.#end(this.#life, 'powerFailure', () => this.disk.loseUnsynced());
  }

  /** The event loop stands still for so long. */
  stall(durationMs: number): void {
    this.#life?.stall(durationMs);
  }

  async #run(life: ProcessLife, wantedHeight: () => bigint): Promise<void> {
    const opened = await this.#open(life);
    if (!life.isAlive) return;
    const { node, storage } = opened;
    this.#opened = opened;
    const recovered = await this.#recovered(storage, node.chain);
    if (!life.isAlive) return;
    this.#emit({
      kind: 'started',
      machine: this.index,
      chain: node.chain,
      recovered,
      signed: { silentBefore: storage.signerStore.silentBefore(), records: storage.signerStore.load() },
    });
    node.onFinalBlock((block) => {
      if (life.isAlive) this.#emit({ kind: 'final', machine: this.index, block, chain: node.chain });
    });
    node.onEvidence(({ epoch, evidence, culprits: indices }) => {
      if (!life.isAlive) return;
      const culprits = this.#machinesOf(node.chain.validatorSets.ofEpoch(epoch), indices);
      this.#emit({ kind: 'accused', machine: this.index, proof: evidence.kind, culprits });
    });
    node.onPeerBlocked((blocked) => {
      if (life.isAlive) this.#blocked(blocked);
    });
    await node.start();
    if (life.isAlive) node.wantHeight(wantedHeight());
  }

  #end(life: ProcessLife, how: EndOfLife, endDisk: () => void): void {
    const node = this.#opened?.node;
    life.end();
    this.#life = null;
    this.#isStopping = false;
    this.#opened = null;
    if (how !== 'stopped') this.#crashes += 1;
    endDisk();
    // Leaves the network; what waits for the disk never ends.
    void node?.stop().catch(() => {});
    this.#emit({ kind: 'ended', machine: this.index, how });
    const wantedHeight = this.#startNext;
    if (wantedHeight !== null) this.start(wantedHeight);
  }

  #failed(life: ProcessLife, error: unknown): void {
    if (!life.isAlive) return;
    this.lastFailure = error;
    this.#end(life, 'failed', () => this.disk.kill());
    if (this.isHonest && !this.disk.hasFailed && !this.mayBreakDown) this.#ports.brokeDown(this.index, error);
  }

  #emit(event: WorldEvent): void {
    if (this.isHonest) this.#ports.emit(event);
  }

  #blocked({ peer: name, reason }: BlockedPeer): void {
    const peer = this.#ports.genesis.peers.indexOf(name);
    if (peer !== -1) this.#emit({ kind: 'peerBlocked', machine: this.index, peer, reason });
  }

  /** The journal of the epoch that the chain is in; who is not in its set has none. */
  async #recovered(storage: ValidatorStorage, chain: Chain): Promise<readonly JournalRecord[]> {
    const seats = new Seats(chain);
    if (seats.indexOf(this.peer) === null) return [];
    return (await storage.openJournal(seats.set.epoch)).replay();
  }

  /** By their keys: sets number them as they like. */
  #machinesOf({ validators }: ValidatorSet, indices: readonly ValidatorIndex[]): readonly ValidatorIndex[] {
    return indices.map((index) => {
      const key = validators[index]?.publicKey;
      return this.#ports.genesis.candidates.findIndex(
        ({ publicKey }) => key !== undefined && equalBytes(publicKey, key),
      );
    });
  }

  async #open(life: ProcessLife): Promise<OpenValidator> {
    const { genesis, time, network } = this.#ports;
    const transport = network.hub.transport(this.peer);
    const sending = (protocol: string, payload: Uint8Array): void => {
      if (life.isAlive) this.#sending(protocol, payload);
    };
    let tampering = UNTOUCHED;
    const indexOf = (peer: PeerId): ValidatorIndex => seats.indexOf(peer) ?? seats.set.validators.length;
    const opened = await openValidator({
      publicKey: this.#publicKey(),
      signDigest: this.signDigest,
      genesis: genesis.built,
      signatureScheme: this.#scheme(),
      // Never on threads: one seed decides everything.
      executor: toldExecutor(
        tamperedExecutor(this.#executor(life), () => tampering),
        (parentHash, gasTarget, gasLimit) => {
          if (life.isAlive) this.#emit({ kind: 'sectionAsked', machine: this.index, parentHash, gasTarget, gasLimit });
        },
      ),
      controlRunner: RUN_AT_ONCE,
      openStorage: () => this.#openStorage(),
      transport: lifeTransport({
        transport: tamperedTransport(transport, { indexOf, tampering: () => tampering }),
        life,
        sending,
      }),
      clock: {
        wallMs: () => this.wallMs(),
        monotonicMs: () => time.clock.monotonicMs(),
      },
      scheduler: life.scheduler,
      feeRecipients: genesis.feeRecipients[this.index] ?? [],
      maxRangeBytes: RANGE_BYTES,
      log: SILENT_LOGGER,
      fatal: (error) => this.#failed(life, error),
    });
    const seats = new Seats(opened.node.chain);
    if (life.isAlive) tampering = this.#act(life, opened.node.chain, seats, transport);
    return opened;
  }

  /** What the machine's actor does to its traffic. */
  #act(life: ProcessLife, chain: Chain, seats: Seats, transport: Transport): Tampering {
    const { genesis, actorDice, emit } = this.#ports;
    const actor = this.#actor ?? HONEST;
    return actor.start(
      createActorTools({
        index: this.index,
        chain,
        seats,
        transport,
        life,
        dice: actorDice,
        wallMs: () => this.wallMs(),
        signDigest: this.signDigest,
        misdeed: (peer) => {
          const witness = peer === null ? null : genesis.peers.indexOf(peer);
          emit({ kind: 'misdeed', machine: this.index, actor, witness });
        },
      }),
    );
  }

  async #openStorage(): Promise<ValidatorStorage> {
    const storage = await this.disk.open();
    return { ...storage, openJournal: async (epoch) => this.#tapped(await storage.openJournal(epoch)) };
  }

  #executor({ scheduler }: ProcessLife): ChunkExecutor {
    if (this.slowdown > 0) return new SlowCore(scheduler, this.slowdown);
    return new InlineExecutor(() => this.#ports.time.clock.monotonicMs() * 1_000);
  }

  /** Tells of what a journal holds, and of records as soon as they are durable. */
  #tapped(journal: Journal): Journal {
    const found = journal.replay();
    if (found.length > 0) this.#emit({ kind: 'journaled', machine: this.index, records: found });
    return {
      append: async (records) => {
        await journal.append(records);
        this.#emit({ kind: 'journaled', machine: this.index, records });
      },
      replay: () => journal.replay(),
      close: () => journal.close(),
    };
  }

  #scheme(): SignatureScheme {
    return schemeOf(this.#ports.plan);
  }

  #publicKey(): Uint8Array {
    const publicKey = this.#ports.genesis.candidates[this.index]?.publicKey;
    if (publicKey === undefined) throw new UnknownNameError('validator', this.index);
    return publicKey;
  }

  #createSigning(): (digest: Uint8Array) => Uint8Array {
    const secretKey = this.#ports.genesis.secretKeys[this.index];
    const publicKey = this.#publicKey();
    if (secretKey === undefined) throw new UnknownNameError('validator', this.index);
    if (this.#ports.plan.realSignatures) return (digest) => blsSign(secretKey, digest);
    return (digest) => hashSign(publicKey, digest);
  }

  /** A broadcast is the same bytes for each receiver: decoded once. */
  #sending(protocol: string, payload: Uint8Array): void {
    if (protocol !== CONSENSUS_STREAM || payload === this.#lastVote || kindOfEnvelope(payload) !== 'vote') return;
    this.#lastVote = payload;
    const message = decodeWireMessage(payload);
    if (message.kind === 'vote') this.#emit({ kind: 'voteSent', machine: this.index, vote: message.vote });
  }
}
