import { intrinsicGasOf } from '@heddle/execution';
import { bigintToBytes, bytesToHex, concatBytes, hexToBytes, MAX_U64, MAX_U256, signDigest } from '@heddle/primitives';
import type { Random } from '@heddle/runtime';
import { CODE_REPLICAS, WHOLE_REPLICAS } from '@heddle/sharding';
import {
  type AccessList,
  type Address,
  type Authorization,
  authorizationDigest,
  type RecoveredTransaction,
  signTransaction,
  type UnsignedTransaction,
  ZERO_ADDRESS,
} from '@heddle/types';
import type { TestAccount } from '../support/network.ts';
import { type Cast, INIT_CODES } from './cast.ts';

const CHAIN_ID = 31_337n;
const GWEI = 10n ** 9n;
const REPLICATED: readonly Address[] = [...WHOLE_REPLICAS, ...CODE_REPLICAS];

/** What of the chain transactions are made for. */
export interface Known {
  /** The next one that the pool takes. */
  nonceOf(address: Address): bigint;
  balanceOf(address: Address): bigint;
}

/** Draws from a seeded source. */
export class Dice {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  below(bound: number): number {
    return Math.floor(this.#random.next() * bound);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  bytes(length: number): Uint8Array {
    return this.#random.bytes(length);
  }
}

/** A signed transaction of any type but blobs: mostly one that can execute, in part with numbers from the edges. */
export function randomTransaction(dice: Dice, cast: Cast, known: Known): RecoveredTransaction {
  const sender = dice.pick(cast.senders);
  const fields = randomFields(dice, cast, known, sender);
  return signTransaction({ ...fields, gasLimit: randomGas(dice, BigInt(intrinsicGasOf(fields))) }, sender.privateKey);
}

/** Everything but the gas limit. */
function randomFields(dice: Dice, cast: Cast, known: Known, sender: TestAccount): UnsignedTransaction {
  const to = dice.chance(12) ? null : randomTarget(dice, cast);
  const common = {
    chainId: CHAIN_ID,
    nonce: randomNonce(dice, known.nonceOf(sender.address)),
    value: randomValue(dice, known.balanceOf(sender.address)),
    data: to === null ? dice.pick(INIT_CODES) : randomData(dice, cast),
    gasLimit: 0n,
  };
  const [gasPrice, tip] = randomFees(dice, known.balanceOf(sender.address));
  const fees = { maxFeePerGas: gasPrice, maxPriorityFeePerGas: tip };
  const accessList = dice.chance(50) ? [] : randomAccessList(dice, cast);
  switch (dice.below(to === null ? 3 : 5)) {
    case 0:
      return { type: 0, ...common, to, gasPrice };
    case 1:
      return { type: 1, ...common, to, gasPrice, accessList };
    case 2:
      return { type: 2, ...common, to, ...fees, accessList };
    default: {
      const count = 1 + dice.below(3);
      const authorizationList = Array.from({ length: count }, () => randomAuthorization(dice, cast, known, sender));
      return { type: 4, ...common, to: to ?? ZERO_ADDRESS, ...fees, accessList, authorizationList };
    }
  }
}

/** Accounts of every shard, contracts, what is on every shard, and nobody yet. */
function randomTarget(dice: Dice, { senders, contracts }: Cast): Address {
  switch (dice.below(10)) {
    case 0:
      return dice.pick(REPLICATED);
    case 1:
      return bytesToHex(dice.bytes(20));
    case 2:
    case 3:
    case 4:
      return dice.pick(senders).address;
    default:
      return dice.pick(contracts);
  }
}

/** No encoding has the last number of 64 bits (EIP-2681). */
function randomNonce(dice: Dice, next: bigint): bigint {
  const nonce = dice.chance(92) ? next : dice.pick([next + 1n, next === 0n ? 0n : next - 1n, MAX_U64 - 1n]);
  return nonce < MAX_U64 ? nonce : MAX_U64 - 1n;
}

function randomValue(dice: Dice, balance: bigint): bigint {
  if (dice.chance(85)) return BigInt(dice.below(1_000));
  return dice.pick([0n, balance / 2n, balance, balance + 1n, 2n ** 247n, MAX_U256]);
}

/** Enough to begin with, mostly. */
function randomGas(dice: Dice, intrinsic: bigint): bigint {
  if (dice.chance(88)) return intrinsic + dice.pick([0n, 100n, 2_904n, 3_000n, 40_000n, 60_000n, 300_000n]);
  return dice.pick([0n, intrinsic - 1n, 1_000_000n, 2n ** 24n, 2n ** 24n + 1n, 40_000_001n, MAX_U64]);
}

/** Wei a gas: the most, and the tip. */
function randomFees(dice: Dice, balance: bigint): readonly [bigint, bigint] {
  if (dice.chance(85)) return [100n * GWEI, dice.pick([0n, 1n, GWEI])];
  const dear = balance / 200_000n;
  return dice.pick([
    [dear, dear],
    [MAX_U256, MAX_U256],
    [100n * GWEI, MAX_U256],
    [0n, 0n],
    [7n, 1n],
  ]);
}

/** An address as an argument, init code for a factory, nothing (which clears a slot), or anything. */
function randomData(dice: Dice, cast: Cast): Uint8Array {
  switch (dice.below(5)) {
    case 0:
      return new Uint8Array(0);
    case 1:
      return dice.pick(INIT_CODES);
    case 2:
      return dice.bytes(dice.below(600));
    default:
      return concatBytes(new Uint8Array(12), hexToBytes(randomTarget(dice, cast)));
  }
}

function randomAccessList(dice: Dice, cast: Cast): AccessList {
  return Array.from({ length: 1 + dice.below(3) }, () => ({
    address: randomTarget(dice, cast),
    storageKeys: Array.from({ length: dice.below(3) }, () =>
      bytesToHex(dice.chance(70) ? bigintToBytes(0n, 32) : dice.bytes(32)),
    ),
  }));
}

/** Of anybody, also of the sender itself; mostly one that holds. */
function randomAuthorization(dice: Dice, cast: Cast, known: Known, sender: TestAccount): Authorization {
  const authority = dice.chance(30) ? sender : dice.pick(cast.senders);
  const nonce = known.nonceOf(authority.address) + (authority === sender ? 1n : 0n);
  const unsigned = {
    chainId: dice.chance(90) ? CHAIN_ID : dice.pick([0n, 1n, MAX_U256]),
    address: dice.chance(30) ? ZERO_ADDRESS : randomTarget(dice, cast),
    nonce: dice.chance(85) && nonce <= MAX_U64 ? nonce : dice.pick([0n, MAX_U64 - 1n, MAX_U64]),
  };
  const signature = signDigest(authorizationDigest(unsigned), authority.privateKey);
  const broken = dice.pick([
    { ...signature, r: 0n },
    { ...signature, s: MAX_U256 },
    { ...signature, yParity: 255 },
  ]);
  return { ...unsigned, ...(dice.chance(92) ? signature : broken) };
}
