import { bytesToHex, EMPTY_BYTES, HASH_BYTES, hexToBytes, ImpossibleStateError } from '@heddle/primitives';
import type { StateReader } from '@heddle/state';
import { EMPTY_CODE_HASH, type Hash } from '@heddle/types';
import { MAX_CODE_BYTES } from './snapshot-limits.ts';

/** Of accounts without code. */
export const NO_CODE_NUMBER = 0;

/** hash (32 bytes), where its bytes begin, their number. */
const RECORD_BYTES = 40;
/** Instead of a beginning, for a code that the budget left out. */
const LEFT_OUT = 0xffff_ffff;

/** Numbers the codes of a snapshot, each once, from 1. */
export class CodeCollector {
  readonly #numbers: Map<Hash, number> = new Map([[EMPTY_CODE_HASH, NO_CODE_NUMBER]]);
  /** Null: left out. */
  readonly #codes: (Uint8Array | null)[] = [];
  #bytes = 0;

  /** The number of code that the state has. */
  addStored(hash: Hash, state: StateReader): number {
    return this.#numbers.get(hash) ?? this.#add(hash, this.#bytes < MAX_CODE_BYTES ? state.code(hash) : null);
  }

  /** The number of code that the access list has. */
  addListed(hash: Hash, code: Uint8Array): number {
    return this.#numbers.get(hash) ?? this.#add(hash, code);
  }

  write(allocate: (bytes: number) => ArrayBufferLike): ArrayBufferLike {
    const buffer = allocate(4 + this.#codes.length * RECORD_BYTES + this.#bytes);
    const bytes = new Uint8Array(buffer);
    const view = new DataView(buffer);
    view.setUint32(0, this.#codes.length);
    let start = 4 + this.#codes.length * RECORD_BYTES;
    for (const [hash, number] of this.#numbers) {
      if (number === NO_CODE_NUMBER) continue;
      const code = this.#codes[number - 1] ?? null;
      const at = 4 + (number - 1) * RECORD_BYTES;
      bytes.set(hexToBytes(hash), at);
      view.setUint32(at + HASH_BYTES, code === null ? LEFT_OUT : start);
      view.setUint32(at + HASH_BYTES + 4, code === null ? 0 : code.length);
      if (code === null) continue;
      bytes.set(code, start);
      start += code.length;
    }
    return buffer;
  }

  #add(hash: Hash, code: Uint8Array | null): number {
    const kept = code !== null && this.#bytes + code.length <= MAX_CODE_BYTES ? code : null;
    this.#codes.push(kept);
    this.#bytes += kept === null ? 0 : kept.length;
    this.#numbers.set(hash, this.#codes.length);
    return this.#codes.length;
  }
}

/** The codes of a snapshot, in the thread that reads them. */
export class SnapshotCodes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #hashes: Hash[] = [EMPTY_CODE_HASH];
  readonly #numbers: Map<Hash, number> = new Map();
  readonly #codes: Map<Hash, Uint8Array> = new Map([[EMPTY_CODE_HASH, EMPTY_BYTES]]);

  constructor(buffer: ArrayBufferLike) {
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
    const count = this.#view.getUint32(0);
    for (let number = 1; number <= count; number++) {
      const at = recordAt(number);
      const hash = bytesToHex(this.#bytes.subarray(at, at + HASH_BYTES));
      this.#hashes.push(hash);
      this.#numbers.set(hash, number);
    }
  }

  hash(number: number): Hash {
    const hash = this.#hashes[number];
    if (hash === undefined) throw new ImpossibleStateError(`the snapshot has no code ${number}`);
    return hash;
  }

  /** A copy out of the shared buffer, made once; null when it is not here. */
  code(hash: Hash): Uint8Array | null {
    const known = this.#codes.get(hash);
    if (known !== undefined) return known;
    const number = this.#numbers.get(hash);
    if (number === undefined) return null;
    const at = recordAt(number) + HASH_BYTES;
    const start = this.#view.getUint32(at);
    if (start === LEFT_OUT) return null;
    const code = this.#bytes.slice(start, start + this.#view.getUint32(at + 4));
    this.#codes.set(hash, code);
    return code;
  }
}

function recordAt(number: number): number {
  return 4 + (number - 1) * RECORD_BYTES;
}
