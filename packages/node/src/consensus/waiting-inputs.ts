import type { Input } from '@heddle/consensus';
import type { ValidatorIndex } from '@heddle/types';
import {
  MAX_WAITING_CERTIFICATES,
  MAX_WAITING_PROPOSALS,
  MAX_WAITING_SYNC,
  MAX_WAITING_VOTES,
  WAITING_PROPOSAL_BYTES,
} from '../limits.ts';
import { ByteBudget } from '../peers/byte-budget.ts';

/** What comes from a peer, in the order in which it is heard; status and requests share one. */
const QUEUES = ['certificate', 'vote', 'proposal', 'sync'] as const;

export type PeerQueue = (typeof QUEUES)[number];

const CAPACITIES: Readonly<Record<PeerQueue, number>> = {
  certificate: MAX_WAITING_CERTIFICATES,
  vote: MAX_WAITING_VOTES,
  proposal: MAX_WAITING_PROPOSALS,
  sync: MAX_WAITING_SYNC,
};

type PeerInput = Extract<Input, { readonly from: ValidatorIndex }>;

/**
 * The inputs that wait for the engine, bounded for each peer and queue. They are taken in rounds: a round is what waits
 * when it begins, the peers of a queue in turn, timers last. So a peer's flood fills its own queue and no other, every
 * input waits for one round at most, and a timer is heard after all that was there when it fired. Answers to the engine's
 * own effects come first at any time: there are only as many as it has asked for.
 */
export class WaitingInputs {
  readonly #own: Input[] = [];
  readonly #timers: Input[] = [];
  readonly #queues: Readonly<Record<PeerQueue, Map<ValidatorIndex, PeerInput[]>>> = {
    certificate: new Map(),
    vote: new Map(),
    proposal: new Map(),
    sync: new Map(),
  };
  #round: Input[] = [];
  /** Inputs of the round that were taken. */
  #taken = 0;
  /** Of peers, taken or not, that have left neither their queue nor the round. */
  readonly #load = new Map<string, number>();
  /** Proposals are large: those in `#load` are bounded in bytes, too. */
  readonly #bytes = new Map<PeerInput, number>();
  readonly #budget = new ByteBudget<ValidatorIndex>(WAITING_PROPOSAL_BYTES, (from) => this.#dropProposalOf(from));

  get isEmpty(): boolean {
    return this.#own.length === 0 && this.#timers.length === 0 && this.#load.size === 0 && this.#isRoundOver;
  }

  /** Bytes of the proposals that wait. */
  get heldBytes(): number {
    return this.#budget.total;
  }

  /** The queue that is full, or null when the input waits. `bytes`: of a peer's message on the wire. */
  add(input: Input, bytes = 0): PeerQueue | null {
    if (input.kind === 'timer') this.#timers.push(input);
    else if ('from' in input) return this.#addOfPeer(input, bytes);
    else this.#own.push(input);
    return null;
  }

  /** Up to `count` inputs, in the order in which the engine hears them. */
  take(count: number): readonly Input[] {
    const taken = this.#own.splice(0, count);
    while (taken.length < count) {
      if (this.#isRoundOver) this.#beginRound();
      const next = this.#round[this.#taken];
      if (next === undefined) break;
      this.#taken += 1;
      this.#release(next);
      taken.push(next);
    }
    if (this.#isRoundOver) this.#forgetRound();
    return taken;
  }

  clear(): void {
    this.#own.length = 0;
    this.#timers.length = 0;
    for (const queue of QUEUES) this.#queues[queue].clear();
    for (const [input, bytes] of this.#bytes) this.#budget.release(input.from, bytes);
    this.#bytes.clear();
    this.#forgetRound();
    this.#load.clear();
  }

  get #isRoundOver(): boolean {
    return this.#taken === this.#round.length;
  }

  #addOfPeer(input: PeerInput, bytes: number): PeerQueue | null {
    const queue = queueOf(input);
    const key = `${queue}:${input.from}`;
    if ((this.#load.get(key) ?? 0) >= CAPACITIES[queue]) return queue;
    if (queue === 'proposal') {
      if (!this.#budget.take(input.from, bytes)) return queue;
      this.#bytes.set(input, bytes);
    }
    this.#load.set(key, (this.#load.get(key) ?? 0) + 1);
    const waiting = this.#queues[queue].get(input.from);
    if (waiting === undefined) this.#queues[queue].set(input.from, [input]);
    else waiting.push(input);
    return null;
  }

  #forgetRound(): void {
    this.#round = [];
    this.#taken = 0;
  }

  #release(input: Input): void {
    if (!('from' in input)) return;
    const key = `${queueOf(input)}:${input.from}`;
    const load = this.#load.get(key) ?? 0;
    if (load > 1) this.#load.set(key, load - 1);
    else this.#load.delete(key);
    const bytes = this.#bytes.get(input);
    if (bytes === undefined) return;
    this.#bytes.delete(input);
    this.#budget.release(input.from, bytes);
  }

  /** The oldest that is not in the round. */
  #dropProposalOf(from: ValidatorIndex): boolean {
    const waiting = this.#queues.proposal.get(from);
    const oldest = waiting?.shift();
    if (oldest === undefined) return false;
    if (waiting?.length === 0) this.#queues.proposal.delete(from);
    this.#release(oldest);
    return true;
  }

  #beginRound(): void {
    this.#round = [];
    for (const queue of QUEUES) {
      const waiting = this.#queues[queue];
      if (waiting.size === 0) continue;
      this.#round.push(...inTurn([...waiting.values()]));
      waiting.clear();
    }
    this.#round.push(...this.#timers.splice(0));
    this.#taken = 0;
  }
}

function queueOf({ kind }: PeerInput): PeerQueue {
  return kind === 'status' || kind === 'certificateRequest' ? 'sync' : kind;
}

/** The first of each queue, then the second of each, and so on. */
function inTurn(queues: readonly (readonly PeerInput[])[]): readonly PeerInput[] {
  const longest = queues.reduce((most, { length }) => Math.max(most, length), 0);
  const ordered: PeerInput[] = [];
  for (let position = 0; position < longest; position++) {
    for (const queue of queues) {
      const input = queue[position];
      if (input !== undefined) ordered.push(input);
    }
  }
  return ordered;
}
