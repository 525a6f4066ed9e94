import { bigintToBytes, concatBytes, hexToBytes } from '@heddle/primitives';
import { type Address, BEACON_ROOTS_ADDRESS, HISTORY_STORAGE_ADDRESS } from '@heddle/types';
import { create2Address, createAddress } from '../../src/evm/creates.ts';
import type { Random } from '../random.ts';

/** What a transaction does: whom it calls, and with what. */
export interface Order {
  readonly to: Address;
  readonly data: Uint8Array;
}

/** Runtime code of the contracts in Scenario.sol. */
export interface ScenarioCode {
  readonly batch: Uint8Array;
  readonly token: Uint8Array;
}

const SALTS = 2;
const NOTHING = new Uint8Array(0);

/** Init code that a transaction or a script creates from: it destroys itself, fails, pays, leaves something or nothing. */
const SMALL_INIT_CODES: readonly Uint8Array[] = [
  // SELFDESTRUCT to the caller, to itself, to the coinbase.
  hexToBytes('0x33ff'),
  hexToBytes('0x30ff'),
  hexToBytes('0x41ff'),
  // REVERT; INVALID; code that begins with 0xef; no code.
  hexToBytes('0x5f5ffd'),
  hexToBytes('0xfe'),
  hexToBytes('0x60ef5f5360015ff3'),
  NOTHING,
  // Writes slot 0 and leaves a contract that destroys itself to its argument.
  concatBytes(hexToBytes('0x60015f55'), initOf(hexToBytes('0x5f35ff'), 4)),
  // Pays its caller back and stays without code.
  hexToBytes('0x5f5f5f5f34335af100'),
];

/** Returns `runtime` as the new contract's code; `offset`: bytes before this part of the init code. */
function initOf(runtime: Uint8Array, offset = 0): Uint8Array {
  const { length } = runtime;
  // PUSH2 length, DUP1, PUSH1 start, PUSH0, CODECOPY, PUSH0, RETURN
  const head = [0x61, length >> 8, length & 0xff, 0x80, 0x60, 10 + offset, 0x5f, 0x39, 0x5f, 0xf3];
  return concatBytes(Uint8Array.from(head), runtime);
}

/** EIP-1167. */
function proxyOf(implementation: Address): Uint8Array {
  return hexToBytes(`0x363d3d373d3d3d363d73${implementation.slice(2)}5af43d82803e903d91602b57fd5bf3`);
}

/** Kinds of steps, as `Batch` has them; from `look` on they need no data. */
const STEP = { call: 0, delegate: 1, static: 2, create: 3, create2: 4, look: 5, last: 10 } as const;

/**
 * Contracts that run what a script says, tokens that call whom they pay, proxies of both; and scripts for them: nested calls,
 * creations at addresses that were touched or paid before, self-destructs, reverts at every depth.
 */
export class Scenario {
  readonly contracts: readonly { readonly address: Address; readonly code: Uint8Array }[];
  /** Where creations may put something. Nothing is there at first. */
  readonly unborn: readonly Address[];
  /** All that code and transactions may name because of it. */
  readonly addresses: readonly Address[];
  readonly #batches: readonly Address[];
  readonly #tokens: readonly Address[];
  readonly #others: readonly Address[];
  /** Leaves a `Batch`. */
  readonly #batchInit: Uint8Array;

  constructor(code: ScenarioCode, wallets: readonly Address[], others: readonly Address[]) {
    this.#batchInit = initOf(code.batch);
    const batches = [0xba7c01, 0xba7c02, 0xba7c03, 0xba7c04].map(numbered);
    const tokens = [0x70c301, 0x70c302].map(numbered);
    const proxies = [...batches, ...tokens].map((implementation, index) => ({
      address: numbered(0x940c00 + index),
      code: proxyOf(implementation),
      isBatch: batches.includes(implementation),
    }));
    this.contracts = [
      ...batches.map((address) => ({ address, code: code.batch })),
      ...tokens.map((address) => ({ address, code: code.token })),
      ...proxies,
    ];
    const addressesOf = (isBatch: boolean): readonly Address[] =>
      proxies.filter((proxy) => proxy.isBatch === isBatch).map(({ address }) => address);
    this.#batches = [...batches, ...addressesOf(true), ...wallets];
    this.#tokens = [...tokens, ...addressesOf(false)];
    this.unborn = [
      ...wallets.flatMap((wallet) => [0n, 1n, 2n, 3n].map((nonce) => createAddress(wallet, nonce))),
      ...batches.flatMap((batch) => [1n, 2n].map((nonce) => createAddress(batch, nonce))),
      ...batches.flatMap((batch) => SMALL_INIT_CODES.slice(0, 3).map((init) => saltedAddress(batch, 0, init))),
      ...batches.map((batch) => saltedAddress(batch, 0, this.#batchInit)),
    ];
    const history = [HISTORY_STORAGE_ADDRESS, BEACON_ROOTS_ADDRESS];
    this.addresses = [...batches, ...batches, ...this.#tokens, ...this.unborn, ...history];
    this.#others = [...others, ...this.addresses];
  }

  /** A call of one of its contracts. */
  order(random: Random): Order {
    if (random.chance(12)) {
      const to = random.pick(this.#tokens);
      return { to, data: this.#tokenOrder(random, 2) };
    }
    const to = random.pick(this.#batches);
    return { to, data: this.script(random, to, 4) };
  }

  initCode(random: Random): Uint8Array {
    return random.chance(10) ? this.#batchInit : random.pick(SMALL_INIT_CODES);
  }

  /** For a `Batch` that works as `self`: `depth` more may be nested in it. */
  script(random: Random, self: Address, depth: number): Uint8Array {
    const steps = Array.from({ length: 1 + random.below(depth > 2 ? 4 : 2) }, () => this.#step(random, self, depth));
    return concatBytes(Uint8Array.of(ending(random)), ...steps.flat());
  }

  #step(random: Random, self: Address, depth: number): readonly Uint8Array[] {
    if (random.chance(25)) return this.#lifecycle(random, self, depth);
    if (random.chance(50)) return [this.#call(random, depth)];
    if (random.chance(20)) return [stepOf(random, { kind: STEP.create, data: this.initCode(random) })];
    const kind = STEP.look + random.below(1 + STEP.last - STEP.look);
    return [stepOf(random, { kind, target: random.pick(this.#others) })];
  }

  #call(random: Random, depth: number): Uint8Array {
    const kind = random.pick([STEP.call, STEP.call, STEP.call, STEP.delegate, STEP.static]);
    if (random.chance(20)) {
      return stepOf(random, { kind, target: random.pick(this.#tokens), data: this.#tokenOrder(random, depth - 1) });
    }
    if (random.chance(30)) {
      return stepOf(random, { kind, target: random.pick(this.#others), data: random.bytes(random.below(40)) });
    }
    const target = random.pick(this.#batches);
    return stepOf(random, { kind, target, data: depth > 0 ? this.script(random, target, depth - 1) : NOTHING });
  }

  #tokenOrder(random: Random, depth: number): Uint8Array {
    const whom = random.chance(60) ? random.pick(this.#batches) : random.pick(this.#others);
    const head = concatBytes(
      Uint8Array.of(random.below(4)),
      hexToBytes(whom),
      bigintToBytes(BigInt(random.below(9)), 8),
    );
    return concatBytes(head, depth > 0 && random.chance(70) ? this.script(random, whom, depth - 1) : NOTHING);
  }

  /** An address before, while and after something is created there. */
  #lifecycle(random: Random, self: Address, depth: number): readonly Uint8Array[] {
    const salt = random.below(SALTS);
    const data = this.initCode(random);
    const target = saltedAddress(self, salt, data);
    const touch = (): Uint8Array =>
      stepOf(random, { kind: random.pick([STEP.look, STEP.call]), target, data: NOTHING });
    const steps = random.chance(40) ? [touch()] : [];
    steps.push(stepOf(random, { kind: STEP.create2, data, salt }));
    if (random.chance(50)) {
      const script = data === this.#batchInit && depth > 0 ? this.script(random, target, depth - 1) : random.bytes(32);
      steps.push(stepOf(random, { kind: STEP.call, target, data: script }));
    }
    if (random.chance(20)) steps.push(stepOf(random, { kind: STEP.create2, data, salt }));
    if (random.chance(40)) steps.push(touch());
    return steps;
  }
}

function saltedAddress(creator: Address, salt: number, init: Uint8Array): Address {
  return create2Address(creator, bigintToBytes(BigInt(salt), 32), init);
}

interface StepParts {
  readonly kind: number;
  readonly target?: Address;
  readonly data?: Uint8Array;
  readonly salt?: number;
}

/** As `Batch` reads it. */
function stepOf(random: Random, { kind, target = numbered(0), data = NOTHING, salt = 0 }: StepParts): Uint8Array {
  const value = random.chance(55) ? 0n : BigInt(random.below(2_000));
  const gas = random.chance(90) ? 0n : BigInt(random.below(300_000));
  return concatBytes(
    Uint8Array.of(kind),
    hexToBytes(target),
    bigintToBytes(value, 8),
    bigintToBytes(gas, 4),
    Uint8Array.of(salt),
    bigintToBytes(BigInt(data.length), 2),
    data,
  );
}

/** Mostly well; 1 and 2 fail, from 3 on the contract destroys itself. */
function ending(random: Random): number {
  if (random.chance(68)) return 0;
  return random.chance(45) ? 1 : 2 + random.below(5);
}

function numbered(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`;
}
