import { maxMessageWeight } from '@heddle/execution';
import type { ControlSubmission, ExecutedBlock, ValidatorNode } from '@heddle/node';
import { bigintToBytes, bytesToHex, hexToBytes } from '@heddle/primitives';
import type { Dice, VirtualTime } from '@heddle/runtime';
import {
  type Address,
  type ControlOperation,
  MAX_TRANSACTION_GAS,
  type MineOperation,
  PRECOMPILE_ADDRESSES,
  runOf,
} from '@heddle/types';
import { OFFER_CONTROL_MS } from '../limits.ts';
import type { SimulatedGenesis } from './genesis.ts';

/** Between two submissions, milliseconds of virtual time. */
const GAPS_MS = [300, 1_000, 3_000];
/** Accounts that nobody else has anything to do with. */
const FIRST_OWN = 0x0ed0_0000_0000n;
const OWN_ACCOUNTS = 6;
/** Adds one to its first slot, and another one that does nothing. */
const CODES = [hexToBytes('0x5f546001015f5500'), hexToBytes('0x00'), new Uint8Array()];
/** Whatever users pay, they can: their fees are a hundred gwei. */
const BASE_FEES = [0n, 7n, 10n ** 9n, 4n * 10n ** 10n];
/** The largest transaction has room in all of them, and where the network dispatches, as half of that in the last two. */
const GAS_LIMITS = [20_000_000n, 30_000_000n, 45_000_000n, 80_000_000n];
const DISPATCHING_GAS_LIMITS = GAS_LIMITS.filter((gasLimit) => maxMessageWeight({ gasLimit }) > MAX_TRANSACTION_GAS);
const BALANCES = [0n, 1n, 10n ** 18n, 2n ** 100n];
/** What a user has at least, after some heavy transactions at the highest of fees too. */
const FORTUNES = [10n ** 21n, 10n ** 22n, 2n ** 90n];

/** From … to blocks, and how often. */
const RUNS: readonly (readonly [readonly [number, number], number])[] = [
  [[1, 1], 6],
  [[2, 10], 8],
  [[11, 300], 4],
  [[301, 3_000], 0.5],
];

export interface OwnerPorts {
  readonly genesis: SimulatedGenesis;
  readonly time: VirtualTime;
  readonly dice: Dice;
  /** Validators that run now. */
  nodes(): readonly ValidatorNode[];
  submitted(submission: ControlSubmission): void;
}

/** The head that something is planned on. */
type Head = Pick<ValidatorNode['chain'], 'tree' | 'epochs'>;

/**
 * Who owns the devnet: sets accounts and blocks to come and mines runs while everything else goes on, one submission at a
 * time. All of its validators are told, who comes back too. Nothing that it does makes a user's transaction fail.
 */
export class Owner {
  readonly #ports: OwnerPorts;
  readonly #gapMs: number;
  #waiting: ControlSubmission | null = null;
  /** Number of the next submission, as final blocks have told. */
  #next = 0n;
  /** Submissions to come; null: no end is in sight. */
  #left: number | null = null;

  constructor(ports: OwnerPorts) {
    this.#ports = ports;
    this.#gapMs = ports.dice.pick(GAPS_MS);
  }

  /** Nothing waits, and nothing is to come. */
  get isDone(): boolean {
    return this.#waiting === null && this.#left === 0;
  }

  begin(): void {
    this.#submitLater();
    this.#offerLater();
  }

  /** So many submissions more. */
  finishAfter(submissions: number): void {
    this.#left = submissions;
  }

  /** Mines a run of so many blocks, or as many as may be, and wants nothing else: `isDone` says when it is final. */
  mine(count: bigint): void {
    this.#left = 0;
    const head = this.#head();
    if (this.#waiting !== null || head === null) return;
    this.#want({ number: this.#next, operations: [this.#run(head, count)] });
  }

  /** Sets the gas limit, once nothing else waits, and wants nothing else: `isDone` says when it is final. */
  limitGas(value: bigint): void {
    this.#left = 0;
    if (this.#waiting === null) this.#want({ number: this.#next, operations: [{ kind: 'gasLimit', value }] });
  }

  onFinal({ control }: ExecutedBlock): void {
    if (control.nextNumber > this.#next) this.#next = control.nextNumber;
    if (this.#waiting !== null && this.#waiting.number < this.#next) this.#waiting = null;
  }

  describe(): string {
    return this.#waiting === null ? 'nothing was submitted' : `submission ${this.#waiting.number} is not final`;
  }

  #submitLater(): void {
    const { time, dice } = this.#ports;
    time.scheduler.after(dice.between(1, 2 * this.#gapMs), () => {
      const head = this.#head();
      if (this.#waiting === null && this.#left !== 0 && head !== null) {
        if (this.#left !== null) this.#left -= 1;
        this.#want({ number: this.#next, operations: this.#draw(head) });
      }
      this.#submitLater();
    });
  }

  #offerLater(): void {
    this.#ports.time.scheduler.after(OFFER_CONTROL_MS, () => {
      this.#offer();
      this.#offerLater();
    });
  }

  #want(submission: ControlSubmission): void {
    this.#waiting = submission;
    this.#ports.submitted(submission);
    this.#offer();
  }

  #offer(): void {
    const head = this.#head();
    const waiting = this.#waiting;
    if (waiting === null || head === null) return;
    const run = runOf(waiting);
    if (run !== null && !isPossible(run, head)) {
      // The chain has gone on: the same run, less of it, as it may stand there now.
      const operations = [...waiting.operations.slice(0, -1), this.#run(head, run.count)];
      this.#waiting = { number: waiting.number, operations };
      this.#ports.submitted(this.#waiting);
    }
    for (const node of this.#ports.nodes()) node.submitControl(this.#waiting ?? waiting);
  }

  #head(): Head | null {
    const chains = this.#ports.nodes().map(({ chain }) => chain);
    return chains.reduce<Head | null>(
      (most, chain) => (most === null || chain.tree.root.height > most.tree.root.height ? chain : most),
      null,
    );
  }

  #draw(head: Head): readonly ControlOperation[] {
    const { dice } = this.#ports;
    const count = dice.between(0, 4);
    const operations = Array.from({ length: count }, () => this.#operation());
    if (count > 0 && dice.chance(0.5)) return operations;
    const [least, most] = dice.weighted(RUNS);
    return [...operations, this.#run(head, BigInt(dice.between(least, most)))];
  }

  /** Up to the next height that no run jumps over, or some blocks less: others may come before it. */
  #run({ tree, epochs }: Head, count: bigint): MineOperation {
    const { dice } = this.#ports;
    const { height, block } = tree.root;
    const room = epochs.nextMarkAbove(height) - height - BigInt(dice.pick([0, 0, 1, 2]));
    const fitting = count < room ? count : room;
    return {
      kind: 'mine',
      count: fitting > 1n ? fitting : 1n,
      firstTimestamp: block.header.timestamp + dice.pick([0n, 1n, 15n, 3_600n]),
      interval: dice.pick([0n, 1n, 12n]),
    };
  }

  #operation(): ControlOperation {
    const { dice, genesis } = this.#ports;
    const address = ownAddress(dice.below(OWN_ACCOUNTS));
    switch (dice.below(10)) {
      case 0:
        return { kind: 'balance', address, value: dice.pick(BALANCES) };
      case 1:
        return { kind: 'balance', address: dice.pick(genesis.accounts).address, value: dice.pick(FORTUNES) };
      case 2:
        return { kind: 'code', address, code: dice.pick(CODES) };
      case 3:
        return { kind: 'nonce', address, value: BigInt(dice.below(1_000)) };
      case 4:
        return { kind: 'storage', address, slot: BigInt(dice.below(3)), value: BigInt(dice.below(3)) };
      case 5:
        return { kind: 'storage', address: genesis.counter, slot: 0n, value: BigInt(dice.below(1_000)) };
      case 6:
        return { kind: 'nextBaseFee', value: dice.pick(BASE_FEES) };
      case 7:
        return { kind: 'nextPrevRandao', value: bytesToHex(bigintToBytes(BigInt(dice.below(1_000_000)), 32)) };
      case 8:
        return { kind: 'balance', address: PRECOMPILE_ADDRESSES.identity, value: dice.pick(BALANCES) };
      default:
        return { kind: 'gasLimit', value: dice.pick(genesis.genesis.dispatch ? DISPATCHING_GAS_LIMITS : GAS_LIMITS) };
    }
  }
}

/** Whether such a run may stand in the block on this head. */
function isPossible({ count, firstTimestamp }: MineOperation, { tree, epochs }: Head): boolean {
  const { height, block } = tree.root;
  return height + count <= epochs.nextMarkAbove(height) && firstTimestamp >= block.header.timestamp;
}

function ownAddress(place: number): Address {
  return bytesToHex(bigintToBytes(FIRST_OWN + BigInt(place), 20));
}
