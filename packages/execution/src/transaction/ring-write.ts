import { bytesToBigint } from '@heddle/primitives';
import { RING_PLACES } from '../limits.ts';
import type { AccountEntry } from '../world/entries.ts';
import type { World } from '../world/world.ts';
import type { BlockEnvironment } from './types.ts';

/** keccak256 of the code that EIP-2935 gives. */
const HISTORY_STORAGE_HASH = '0x6e49e66782037c0555897870e29fa5e552daf4719552131a0abce779daec0a5d';
/** keccak256 of the code that EIP-4788 gives. */
const BEACON_ROOTS_HASH = '0xf57acd40259872606d76197ef052f3d35588dadf919ee1f0e3cb9b62d3f4b02c';

const WORD_BYTES = 32;

/**
 * Does what a system call with one word of data does where `account` has the code of EIP-2935 or EIP-4788, both of which
 * put words into a ring and end. False where it has another: then the EVM has to say. A run of mined blocks makes
 * thousands of these calls at once.
 */
export function writeRing(
  world: World,
  { number, timestamp }: Pick<BlockEnvironment, 'number' | 'timestamp'>,
  account: AccountEntry,
  data: Uint8Array,
): boolean {
  // Of block 0 the contract would take the number below, which wraps around.
  if (data.length !== WORD_BYTES || number === 0n) return false;
  const write = (slot: bigint, value: bigint): void => world.writeSlot(world.slot(account, slot), value);
  switch (account.codeHash) {
    case HISTORY_STORAGE_HASH:
      write((number - 1n) % RING_PLACES, bytesToBigint(data));
      return true;
    case BEACON_ROOTS_HASH: {
      const place = timestamp % RING_PLACES;
      write(place, timestamp);
      write(place + RING_PLACES, bytesToBigint(data));
      return true;
    }
    default:
      return false;
  }
}
