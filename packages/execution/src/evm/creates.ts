import { bytesToHex, concatBytes, EMPTY_BYTES, encodeRlp, encodeUint, hexToBytes, keccak256 } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { CALL_DEPTH_LIMIT, MAX_INIT_CODE_SIZE, MAX_NONCE } from '../limits.ts';
import { type Frame, wordCount } from './frame.ts';
import type { RefusedFrame } from './observer.ts';
import { isCreationBlocked, openCreation } from './open-frame.ts';
import { type Operation, outerOperation } from './operation.ts';
import { wordToBytes } from './words.ts';

/** Yellow paper. */
const CREATE_GAS = 32_000;
/** EIP-3860. */
export const INIT_CODE_GAS_PER_WORD = 2;
/** Yellow paper: CREATE2 hashes its init code. */
const HASH_GAS_PER_WORD = 6;
const CREATE2_PREFIX = Uint8Array.of(0xff);

/** keccak256(rlp([creator, nonce])), the last 20 bytes. */
export function createAddress(creator: Address, nonce: bigint): Address {
  return lastBytes(keccak256(encodeRlp([hexToBytes(creator), encodeUint(nonce)])));
}

/** EIP-1014. `salt` is 32 bytes. */
export function create2Address(creator: Address, salt: Uint8Array, initCode: Uint8Array): Address {
  return lastBytes(keccak256(concatBytes(CREATE2_PREFIX, hexToBytes(creator), salt, keccak256(initCode))));
}

function lastBytes(hash: Uint8Array): Address {
  return bytesToHex(hash.subarray(12));
}

function create(frame: Frame): void {
  const value = frame.stack.pop();
  const initCode = takeInitCode(frame, INIT_CODE_GAS_PER_WORD);
  if (initCode === null) return;
  enter(frame, 'CREATE', value, initCode, () => createAddress(frame.account.address, frame.account.nonce));
}

function create2(frame: Frame): void {
  const value = frame.stack.pop();
  const initCode = takeInitCode(frame, INIT_CODE_GAS_PER_WORD + HASH_GAS_PER_WORD);
  const salt = frame.stack.pop();
  if (initCode === null) return;
  enter(frame, 'CREATE2', value, initCode, () => create2Address(frame.account.address, wordToBytes(salt), initCode));
}

/** Reads and pays for the init code; `null` and halted when it cannot be. */
function takeInitCode(frame: Frame, gasPerWord: number): Uint8Array | null {
  const offset = frame.stack.pop();
  const length = frame.stack.pop();
  if (frame.isStatic) {
    frame.halt('write protection');
    return null;
  }
  if (length > BigInt(MAX_INIT_CODE_SIZE)) {
    frame.halt('max initcode size exceeded');
    return null;
  }
  if (!frame.expandMemory(offset, length)) return null;
  if (!frame.charge(gasPerWord * wordCount(Number(length)))) return null;
  return frame.memory.read(Number(offset), Number(length));
}

function enter(
  frame: Frame,
  kind: 'CREATE' | 'CREATE2',
  value: bigint,
  initCode: Uint8Array,
  addressOf: () => Address,
): void {
  const { machine, account: creator } = frame;
  const { world } = machine;
  frame.returnData = EMPTY_BYTES;
  // EIP-150: all but one 64th.
  const gas = frame.gas - Math.floor(frame.gas / 64);
  const address = addressOf();
  const refuse = (reason: RefusedFrame['reason']): void => {
    machine.observer.frameRefused(frame, { kind, to: address, value, input: initCode, gas, reason });
    frame.stack.push(0n);
  };
  const obstacle = obstacleTo(frame, value);
  if (obstacle !== null) {
    refuse(obstacle);
    return;
  }
  frame.gas -= gas;
  world.warm(address);
  const account = world.account(address);
  world.setNonce(creator.address, creator.nonce + 1n);
  if (isCreationBlocked(world, account)) {
    refuse('contract address collision');
    return;
  }
  frame.child = openCreation({ machine, parent: frame, kind, account, creator, value, initCode, gas });
  frame.status = 'calling';
}

/** Why nothing is created and all gas stays; null when it can begin. */
function obstacleTo({ account, depth }: Frame, value: bigint): RefusedFrame['reason'] | null {
  if (depth >= CALL_DEPTH_LIMIT) return 'max call depth exceeded';
  if (account.balance < value) return 'insufficient balance for transfer';
  return account.nonce >= MAX_NONCE ? 'nonce uint64 overflow' : null;
}

export const creationOperations: readonly Operation[] = [
  outerOperation(0xf0, 'CREATE', CREATE_GAS, 3, 1, create),
  outerOperation(0xf5, 'CREATE2', CREATE_GAS, 4, 1, create2),
];
