import type { ActorTools } from '@heddle/byzantine';
import { encodeWireRequest, type PeerId } from '@heddle/network';
import { executionsOf, FETCH_PROTOCOL } from '@heddle/node';
import { Dice } from '@heddle/runtime';
import { INVARIANTS } from '../checkers/index.ts';
import { UnknownNameError, ViolationError } from '../errors.ts';
import {
  LIVE_BYTES_NOISE,
  LIVE_BYTES_PER_MESSAGE,
  MESSAGES_PER_BLOCK,
  SHORT_EPOCH_BLOCKS,
  WIRE_BLOCK_DEADLINE_MS,
  WIRE_PHASE_BLOCKS,
} from '../limits.ts';
import { planOf } from '../plan.ts';
import type { WorldEvent } from '../world/events.ts';
import { violationOf } from '../world/run-seed.ts';
import { type SeedPlan, STREAMS } from '../world/seed-plan.ts';
import { Trace } from '../world/trace.ts';
import { NodeWorld } from '../world/world.ts';
import { liveBytes } from './heap.ts';
import { recordingMember } from './member.ts';
import { ownWords } from './own-words.ts';
import { Samples } from './samples.ts';
import { otherName, type Sender, Strangers, senderOver, validatorName } from './senders.ts';
import { type Shot, wildShot } from './shots.ts';

const VALIDATORS = 4;
const SHARDS = 2;
/** Its connection is used; it is the only faulty one that four bear. */
const MEMBER = 3;
/** Of the member's messages, those that may get it blocked until the epoch ends. */
const WILD_SHARE = 1 / 200;
/** The stretch that the others are compared with has a fraction of their messages: what each epoch leaves, it has too. */
const FEW = 8;
/** Sent before time goes on. */
const VOLLEY = 20;
const VOLLEY_MS = 2;
/** Virtual time after which nothing is on its way and no request waits any more. */
const SETTLED_MS = 3_000;

export interface WireTerms {
  readonly seed: number;
  /** In the two halves that are compared; half as many are sent before. */
  readonly messages: number;
}

/** What a stretch of the run cost, in bytes that live after it. */
interface Stretch {
  readonly blocks: number;
  readonly bytes: number;
}

export interface WireReport {
  readonly messages: number;
  /** By who sent them: a validator of the set, one with a validator's name, one with another. */
  readonly member: number;
  readonly strangers: number;
  readonly nameless: number;
  /** Of the member's, those to a validator that had not blocked it. */
  readonly heard: number;
  /** Times that a validator blocked the member. */
  readonly blocked: number;
  readonly blocks: number;
  /** Users' transactions executed meanwhile. */
  readonly executed: number;
  /** A stretch of as many blocks with few messages, then two with half of the messages each. */
  readonly growth: readonly Stretch[];
  /** What the last stretch may leave more than the first one does for as many blocks. */
  readonly toleranceBytes: number;
  readonly violation: string | null;
}

/**
 * Sends any bytes on any channel of the in-memory transport to running validators while users go on. Every invariant of
 * the simulator holds, blocks and transactions go on, and what lives in memory does not depend on how much was sent.
 */
export async function driveWire(terms: WireTerms): Promise<WireReport> {
  const drive = new WireDrive(terms);
  return drive.run();
}

function planFor(seed: number): SeedPlan {
  const plan = planOf(seed, { validators: VALIDATORS, shards: SHARDS, scenario: 'calm' });
  return {
    ...plan,
    blockTimeMs: 0,
    maxIdleMs: null,
    epochLength: SHORT_EPOCH_BLOCKS,
    spares: 0,
    realSignatures: false,
    owner: false,
  };
}

class WireDrive {
  readonly #terms: WireTerms;
  readonly #world: NodeWorld;
  readonly #dice: Dice;
  readonly #samples: Samples;
  readonly #strangers: Strangers;
  readonly #nameless: Strangers;
  /** Machines that do not listen to the member now. */
  readonly #deaf = new Set<number>();
  readonly #counts = { messages: 0, member: 0, strangers: 0, nameless: 0, heard: 0, blocked: 0, executed: 0 };
  #tools: ActorTools | null = null;
  #height = 0n;

  constructor(terms: WireTerms) {
    this.#terms = terms;
    this.#world = new NodeWorld(planFor(terms.seed), INVARIANTS, new Trace(() => {}));
    this.#dice = Dice.of(terms.seed, STREAMS.wire);
    this.#samples = new Samples(this.#dice);
    const { network, time } = this.#world;
    const ports = { hub: network.hub, scheduler: time.scheduler };
    this.#strangers = new Strangers(ports, () => validatorName(this.#dice));
    this.#nameless = new Strangers(ports, () => otherName(this.#dice));
    this.#world.listeners.push((event) => this.#on(event));
  }

  async run(): Promise<WireReport> {
    const { messages } = this.#terms;
    const half = Math.ceil(messages / 2);
    const growth: Stretch[] = [];
    const toleranceBytes = LIVE_BYTES_NOISE + LIVE_BYTES_PER_MESSAGE * half;
    const violation = await violationOf(this.#world, async () => {
      await this.#begin(half);
      for (const count of [Math.ceil(half / FEW), half, half]) growth.push(await this.#measured(count));
      checkGrowth(growth, toleranceBytes);
      await this.#end();
    });
    this.#world.close();
    const blocks = Number(this.#world.height);
    return { ...this.#counts, blocks, growth, toleranceBytes, violation: violation?.message ?? null };
  }

  async #begin(half: number): Promise<void> {
    this.#world.corrupt(
      MEMBER,
      recordingMember(this.#samples, (tools) => {
        this.#tools = tools;
      }),
    );
    this.#world.startAll();
    this.#world.users.begin();
    this.#world.users.end();
    await this.#blocks(0, half);
    // Everything that has a bound is as full as it gets.
    await this.#blocks(half, half);
  }

  async #measured(messages: number): Promise<Stretch> {
    const before = { bytes: await liveBytes(), height: this.#world.height };
    await this.#blocks(messages, Math.ceil(this.#terms.messages / 2));
    return { blocks: Number(this.#world.height - before.height), bytes: (await liveBytes()) - before.bytes };
  }

  /** The blocks that belong to `scale` messages, with so many of them in between. */
  async #blocks(messages: number, scale: number): Promise<void> {
    const world = this.#world;
    const count = Math.max(WIRE_PHASE_BLOCKS, Math.ceil(scale / MESSAGES_PER_BLOCK));
    const end = world.height + BigInt(count);
    let sent = 0;
    while (world.height < end) {
      const target = world.height + 1n;
      world.wantBlocks(1n);
      world.users.sendOneOfEach();
      const due = messages - (messages * Number(end - target)) / count;
      for (; sent < due; sent++) await this.#shoot(sent);
      const isDone = await world.until(() => world.hasEverywhere(target), WIRE_BLOCK_DEADLINE_MS);
      if (!isDone) throw new ViolationError('progress-under-fire', `no block ${target}: ${world.describe()}`);
    }
    await world.pass(SETTLED_MS);
  }

  async #end(): Promise<void> {
    const world = this.#world;
    await this.#strangers.leave();
    await this.#nameless.leave();
    const isDone = await world.until(() => world.users.waitingCount === 0, WIRE_BLOCK_DEADLINE_MS);
    if (!isDone) throw new ViolationError('progress-under-fire', `users still wait: ${world.describe()}`);
    world.finish();
  }

  async #shoot(number: number): Promise<void> {
    const { member, strangers, nameless } = this.#counts;
    this.#counts.messages += 1;
    const victim = this.#dice.below(MEMBER);
    const who = this.#dice.weighted([
      ['member', 10],
      ['stranger', 8],
      ['nameless', 1],
    ] as const);
    if (who === 'member') {
      this.#counts.member = member + 1;
      this.#shootAsMember(victim);
    } else if (who === 'stranger') {
      this.#counts.strangers = strangers + 1;
      this.#send(await this.#strangers.next(), victim, wildShot(this.#dice, this.#samples));
    } else {
      this.#counts.nameless = nameless + 1;
      this.#send(await this.#nameless.next(), victim, wildShot(this.#dice, this.#samples));
    }
    if (number % VOLLEY === 0) await this.#world.pass(VOLLEY_MS);
  }

  #shootAsMember(victim: number): void {
    const tools = this.#tools;
    if (tools === null) throw new UnknownNameError('validator', MEMBER);
    const isWild = this.#dice.chance(WILD_SHARE);
    const shot = isWild ? wildShot(this.#dice, this.#samples) : ownWords(tools, this.#samples);
    if (!this.#deaf.has(victim)) this.#counts.heard += 1;
    this.#send(senderOver(tools.connection), victim, shot);
  }

  #send(sender: Sender, victim: number, shot: Shot): void {
    void sender.send(this.#peer(victim), shot).catch(() => {});
  }

  #peer(index: number): PeerId {
    return this.#world.machine(index).peer;
  }

  #on(event: WorldEvent): void {
    if (event.kind === 'peerBlocked' && event.peer === MEMBER) {
      this.#counts.blocked += 1;
      this.#deaf.add(event.machine);
      this.#askInVain(event.machine);
    }
    if (event.kind !== 'final') return;
    if (event.block.height % SHORT_EPOCH_BLOCKS === 0n) this.#deaf.delete(event.machine);
    if (event.block.height <= this.#height) return;
    this.#height = event.block.height;
    this.#counts.executed += executionsOf(event.block).length;
  }

  /** Who is blocked gets no answers either. */
  #askInVain(victim: number): void {
    const { height } = this.#world;
    const shot = {
      form: 'request',
      protocol: FETCH_PROTOCOL,
      payload: encodeWireRequest({ kind: 'poolRequest' }),
    } as const;
    const tools = this.#tools;
    if (tools === null) return;
    senderOver(tools.connection)
      .send(this.#peer(victim), shot)
      .then(
        () => {
          // The answer may come from the epoch after.
          if (!this.#deaf.has(victim) || this.#world.height / SHORT_EPOCH_BLOCKS !== height / SHORT_EPOCH_BLOCKS)
            return;
          this.#world.fail(
            new ViolationError('blocked-means-unheard', `validator ${victim} answers who it has blocked`),
          );
        },
        () => {},
      );
  }
}

/** What messages leave behind, beside what as many blocks and epochs leave with few of them. */
function checkGrowth([control, , last]: readonly Stretch[], toleranceBytes: number): void {
  if (control === undefined || last === undefined) return;
  const expected = (control.bytes / control.blocks) * last.blocks;
  const surplus = Math.round(last.bytes - expected);
  if (surplus > toleranceBytes)
    throw new ViolationError(
      'memory-is-bounded',
      `${surplus} bytes more live on than ${last.blocks} blocks leave with few messages`,
    );
}
