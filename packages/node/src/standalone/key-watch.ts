import { type PeerId, peerOf } from '@heddle/network';
import { bytesToHex, type Hex } from '@heddle/primitives';
import type { Cancel, Clock, Scheduler } from '@heddle/runtime';
import { KEY_WATCH_BLOCKS, KEY_WATCH_FRESH_SECONDS, KEY_WATCH_MS } from '../limits.ts';

/** How a watch ended: the key is in nobody's use, as far as can be told, or it is, and what shows it. */
export type WatchVerdict = { readonly kind: 'free' } | { readonly kind: 'active'; readonly proof: string };

/** A final block, as far as a watch looks at it. */
export interface WatchedBlock {
  readonly height: bigint;
  /** Seconds. */
  readonly timestamp: bigint;
  /** Public keys whose signatures make it final. */
  readonly signers: readonly Uint8Array[];
}

interface Parts {
  readonly publicKey: Uint8Array;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/**
 * Looks whether a validator's key is used by another node, while this one follows the chain and signs nothing. The key is
 * active when a peer proves to have it, or when a block that is newer than this watch is final with its signature. It is
 * free after ten such blocks that others signed, or after a minute: then nobody may be there but keys that wait as well.
 */
export class KeyWatch {
  readonly #parts: Parts;
  readonly #name: PeerId;
  readonly #key: Hex;
  readonly #sinceSeconds: bigint;
  readonly #ended: (verdict: WatchVerdict) => void;
  #blocksOfOthers = 0;
  #isOver = false;
  #cancel: Cancel = () => {};

  /** `ended` is told once. */
  constructor(parts: Parts, ended: (verdict: WatchVerdict) => void) {
    this.#parts = parts;
    this.#name = peerOf(parts.publicKey);
    this.#key = bytesToHex(parts.publicKey);
    // Whatever the key signed before this machine's start counts for nothing, and clocks differ by some seconds.
    this.#sinceSeconds = BigInt(Math.ceil(parts.clock.wallMs() / 1_000)) + KEY_WATCH_FRESH_SECONDS;
    this.#ended = ended;
  }

  /** From now on, and before the node starts, so that it misses nobody. */
  start(): void {
    this.#cancel = this.#parts.scheduler.after(KEY_WATCH_MS, () => this.#end({ kind: 'free' }));
  }

  peerConnected(peer: PeerId): void {
    if (peer === this.#name) this.#end({ kind: 'active', proof: 'another node of this network has it' });
  }

  blockFinal({ height, timestamp, signers }: WatchedBlock): void {
    if (timestamp < this.#sinceSeconds) return;
    if (signers.some((signer) => bytesToHex(signer) === this.#key)) {
      return this.#end({ kind: 'active', proof: `it has signed block ${height}, which is newer than this start` });
    }
    this.#blocksOfOthers += 1;
    if (this.#blocksOfOthers >= KEY_WATCH_BLOCKS) this.#end({ kind: 'free' });
  }

  /** Ends it without a verdict. */
  stop(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #end(verdict: WatchVerdict): void {
    if (this.#isOver) return;
    this.stop();
    this.#ended(verdict);
  }
}
