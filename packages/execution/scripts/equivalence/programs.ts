import { bytesToHex, concatBytes, hexToBytes, keccak256 } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import {
  COUNTER,
  DELEGATOR,
  DESTROYER,
  FACTORY,
  FORWARDER,
  OBSERVER,
  REFUNDER,
  REVERTER,
} from '../../test/support/chunk-programs.ts';

export const PROGRAM_NAMES = [
  'forwarder',
  'counter',
  'reverter',
  'factory',
  'destroyer',
  'refunder',
  'delegator',
  'observer',
  'keeper',
  'restorer',
  'coinbaseReader',
  'coinbasePayer',
  'transient',
  'blockHasher',
  'codeReader',
  'saltedFactory',
  'phoenix',
  'spinner',
  'edge',
  'burner',
] as const;

export type ProgramName = (typeof PROGRAM_NAMES)[number];

/** Small contracts that each do one thing that lanes could get wrong. An argument is the first word of the call data. */
export const PROGRAMS: Readonly<Record<ProgramName, Uint8Array>> = {
  forwarder: FORWARDER,
  counter: COUNTER,
  reverter: REVERTER,
  factory: FACTORY,
  destroyer: DESTROYER,
  refunder: REFUNDER,
  delegator: DELEGATOR,
  observer: OBSERVER,
  /** Writes to the argument's slot the value that it has. */
  keeper: hexToBytes('0x5f358054905500'),
  /** Writes something else to the argument's slot, then what was there. */
  restorer: hexToBytes('0x5f358054806001018255905500'),
  /** Stores BALANCE(COINBASE) in slot 0. */
  coinbaseReader: hexToBytes('0x41315f5500'),
  /** Sends the call value to the coinbase. */
  coinbasePayer: hexToBytes('0x5f5f5f5f34415af100'),
  /** Adds 1 to transient slot 0 and stores the sum, which is 1 in every transaction, in slot 0. */
  transient: hexToBytes('0x5f5c600101805f5d5f5500'),
  /** Stores BLOCKHASH of the argument in slot 0. */
  blockHasher: hexToBytes('0x5f35405f5500'),
  /** Stores EXTCODEHASH and EXTCODESIZE of the argument in slots 0 and 1. */
  codeReader: hexToBytes('0x5f353f5f555f353b60015500'),
  /** CREATE2 of the call data with salt 0 and the call value; reverts when that fails. */
  saltedFactory: hexToBytes('0x365f5f375f365f34f5600f575f5ffd5b00'),
  /** CREATE2 as above, a call to what it made, whose address goes to slot 1, and the same CREATE2 again. */
  phoenix: hexToBytes('0x365f5f375f365f34f55f5f5f5f5f855af1506001555f365f5ff55000'),
  /** Runs until its gas is used up. */
  spinner: hexToBytes('0x5b5f56'),
  /** Reads slot 0, the argument's slot, the argument's balance: the gas limit decides which of them it reaches. */
  edge: hexToBytes('0x5f54505f3554505f35315000'),
  /** Burns all but 60,000 of its gas, then reads the balance of the argument. */
  burner: hexToBytes('0x5b61ea605a115f575f35315000'),
};

/** Init code that destroys itself: to the caller, to itself, to the coinbase. */
export const INIT_DESTROY: readonly Uint8Array[] = [hexToBytes('0x33ff'), hexToBytes('0x30ff'), hexToBytes('0x41ff')];

/** Where `saltedFactory` or `phoenix` at `creator` puts a contract with this init code (EIP-1014, salt 0). */
export function saltedAddress(creator: Address, initCode: Uint8Array): Address {
  const parts = concatBytes(Uint8Array.of(0xff), hexToBytes(creator), new Uint8Array(32), keccak256(initCode));
  return bytesToHex(keccak256(parts).subarray(12));
}
