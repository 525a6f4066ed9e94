import type { Hash, Log } from '@heddle/types';
import { formatLog } from '../format/log.ts';
import { LOG_TEXT_OVERHEAD_BYTES } from '../limits.ts';
import type { BlockTransaction, FinalBlock } from '../ports.ts';

/**
 * JSON of logs, made when one is first shown and kept within a number of bytes: what a final block holds never changes. In
 * two generations of blocks, of which the older one goes when the younger has grown to half of that.
 */
export class LogTexts {
  readonly #halfLimit: number;
  #young: Map<Hash, KeptTexts> = new Map();
  #old: Map<Hash, KeptTexts> = new Map();
  #youngBytes = 0;

  constructor(limitBytes: number) {
    this.#halfLimit = limitBytes / 2;
  }

  /** Writes the block's logs, for as long as nobody else asks. */
  of(block: FinalBlock): LogWriter {
    const kept = this.#keptOf(block.hash);
    return (entry, log, offset) => {
      const at = entry.firstLogIndex + offset;
      const known = kept.texts.get(at);
      if (known !== undefined) return known;
      const text = JSON.stringify(formatLog(block, entry, log, offset));
      this.#keep(block.hash, kept, at, text);
      return text;
    };
  }

  /** Bytes that are kept, about. */
  get bytes(): number {
    let bytes = this.#youngBytes;
    for (const [hash, kept] of this.#old) if (!this.#young.has(hash)) bytes += kept.bytes;
    return bytes;
  }

  #keptOf(hash: Hash): KeptTexts {
    const young = this.#young.get(hash);
    if (young !== undefined) return young;
    const kept = this.#old.get(hash) ?? { texts: new Map(), bytes: LOG_TEXT_OVERHEAD_BYTES };
    this.#admit(hash, kept, kept.bytes);
    return kept;
  }

  #keep(hash: Hash, kept: KeptTexts, at: number, text: string): void {
    const bytes = text.length + LOG_TEXT_OVERHEAD_BYTES;
    if (kept.bytes + bytes > this.#halfLimit) return;
    kept.texts.set(at, text);
    kept.bytes += bytes;
    this.#admit(hash, kept, bytes);
  }

  /** The block has grown by so much in the younger generation, or begins another one. */
  #admit(hash: Hash, kept: KeptTexts, bytes: number): void {
    if (this.#youngBytes + bytes > this.#halfLimit) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngBytes = kept.bytes;
    } else {
      this.#youngBytes += bytes;
    }
    this.#young.set(hash, kept);
  }
}

/** JSON of the `offset`-th log of a transaction. */
export type LogWriter = (entry: BlockTransaction, log: Log, offset: number) => string;

/** Of one block, by the log's index in it. */
interface KeptTexts {
  readonly texts: Map<number, string>;
  bytes: number;
}
