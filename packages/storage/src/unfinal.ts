import type { Block, Chunk, Hash } from '@heddle/types';

/** Blocks and chunks that are durable and not final yet: few, hence also in memory. */
export class Unfinal {
  readonly blocks: Map<Hash, Block> = new Map();
  readonly chunks: Map<Hash, Chunk> = new Map();

  /** What may be forgotten once `height` is final. */
  upTo(height: bigint): { readonly blocks: readonly Hash[]; readonly chunks: readonly Hash[] } {
    const blocks = [...this.blocks].filter(([, block]) => block.header.number <= height);
    const chunks = [...this.chunks].filter(([, chunk]) => chunk.header.height <= height);
    return { blocks: blocks.map(([hash]) => hash), chunks: chunks.map(([hash]) => hash) };
  }

  forget(gone: { readonly blocks: readonly Hash[]; readonly chunks: readonly Hash[] }): void {
    for (const hash of gone.blocks) this.blocks.delete(hash);
    for (const hash of gone.chunks) this.chunks.delete(hash);
  }
}
