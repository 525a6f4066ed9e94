import type { HashObserver } from '../world/world.ts';

/** Two words whose keccak256 names a slot: a mapping's key and its base, mostly. */
export interface SlotOrigin {
  readonly first: bigint;
  readonly second: bigint;
}

/** Remembers what 64-byte hashes were made of while a transaction ran. */
export class OriginRecorder implements HashObserver {
  readonly origins: Map<bigint, SlotOrigin> = new Map();

  hashed(first: bigint, second: bigint, digest: bigint): void {
    this.origins.set(digest, { first, second });
  }
}
