import { REGISTRY_ADDRESS, REGISTRY_SLOTS } from '@heddle/contracts';
import { bigintToBytes, bytesToBigint, concatBytes, keccak256 } from '@heddle/primitives';
import type { StateReader } from '@heddle/state';
import { type Genesis, MAX_VALIDATORS, type Validator } from '@heddle/types';

/** Words of one entry: the key's bytes 0 … 31, its bytes 32 … 47 in the lower half of a word, three of the proof. */
const ENTRY_WORDS = 5n;
const WORD_BYTES = 32;
const KEY_TAIL_BYTES = 16;

/** Solidity keeps the elements of a dynamic array from keccak256 of its slot on. */
const FIRST_ENTRY_SLOT = bytesToBigint(keccak256(bigintToBytes(REGISTRY_SLOTS.entries, WORD_BYTES)));

/** The registry's storage at genesis: the validators of the file, its owner and the epoch length. */
export function registryGenesisStorage(genesis: Genesis): ReadonlyMap<bigint, bigint> {
  const { validators, registryOwner, epochLength } = genesis;
  const words: [bigint, bigint][] = [
    [REGISTRY_SLOTS.entries, BigInt(validators.length)],
    [REGISTRY_SLOTS.registryOwner, BigInt(registryOwner)],
    [REGISTRY_SLOTS.blocksPerEpoch, epochLength],
  ];
  for (const [index, validator] of validators.entries()) {
    for (const [at, word] of entryWords(validator).entries()) words.push([entrySlot(index, at), word]);
  }
  return new Map(words.filter(([, word]) => word !== 0n));
}

/** Every entry in the registry's order, good and bad; none if the chain has no registry. */
export function readRegistry(state: StateReader): readonly Validator[] {
  const count = state.storage(REGISTRY_ADDRESS, REGISTRY_SLOTS.entries);
  // The contract takes no more; the bound holds whatever a genesis file puts in its place.
  const length = Math.min(Number(count), MAX_VALIDATORS);
  return Array.from({ length }, (_, index) => readEntry(state, index));
}

function readEntry(state: StateReader, index: number): Validator {
  const word = (at: number): Uint8Array =>
    bigintToBytes(state.storage(REGISTRY_ADDRESS, entrySlot(index, at)), WORD_BYTES);
  return {
    publicKey: concatBytes(word(0), word(1).subarray(WORD_BYTES - KEY_TAIL_BYTES)),
    proofOfPossession: concatBytes(word(2), word(3), word(4)),
  };
}

function entryWords({ publicKey, proofOfPossession }: Validator): readonly bigint[] {
  return [
    publicKey.subarray(0, WORD_BYTES),
    publicKey.subarray(WORD_BYTES),
    proofOfPossession.subarray(0, WORD_BYTES),
    proofOfPossession.subarray(WORD_BYTES, 2 * WORD_BYTES),
    proofOfPossession.subarray(2 * WORD_BYTES),
  ].map(bytesToBigint);
}

function entrySlot(index: number, word: number): bigint {
  return FIRST_ENTRY_SLOT + BigInt(index) * ENTRY_WORDS + BigInt(word);
}
