import { assert } from '@heddle/primitives';
import type { ChunkAnnouncement, ValidatorIndex } from '@heddle/types';
import type { ChunkProtocolConfig } from '../chunks/config.ts';
import type { ChunkEffect } from '../chunks/effect.ts';
import type { ChunkInput, ChunkVerdict } from '../chunks/input.ts';
import { type ChunkProtocolState, createChunkProtocol } from '../chunks/state.ts';
import { stepChunks } from '../chunks/step.ts';
import { CHUNK_SIGNATURE, endorsementCertificateOf, endorsementOf } from './chunks.ts';
import { only } from './names.ts';

type EffectOf<K extends ChunkEffect['kind']> = Extract<ChunkEffect, { readonly kind: K }>;

/** The chunk protocol of one validator on a bench: its driver answers only what it is told to. */
export class ChunkBench {
  state: ChunkProtocolState;
  /** Everything asked for so far. */
  readonly effects: ChunkEffect[] = [];
  /** What came of the last `feed`. */
  last: readonly ChunkEffect[] = [];
  readonly #answered = new Set<number>();

  constructor(config: ChunkProtocolConfig) {
    this.state = createChunkProtocol(config);
  }

  feed(...inputs: readonly ChunkInput[]): readonly ChunkEffect[] {
    const from = this.effects.length;
    for (const input of inputs) {
      const next = stepChunks(this.state, input);
      this.state = next.state;
      this.effects.push(...next.effects);
    }
    this.last = this.effects.slice(from);
    return this.last;
  }

  receive(announcement: ChunkAnnouncement): readonly ChunkEffect[] {
    return this.feed({ kind: 'chunk', announcement });
  }

  judge({ chunkHash }: ChunkAnnouncement, verdict: ChunkVerdict): readonly ChunkEffect[] {
    return this.feed({ kind: 'validated', chunkHash, verdict });
  }

  /** Each of these endorses the chunk. */
  endorse(announcement: ChunkAnnouncement, signers: readonly ValidatorIndex[]): readonly ChunkEffect[] {
    return this.feed(
      ...signers.map(
        (from): ChunkInput => ({ kind: 'endorsement', from, endorsement: endorsementOf(announcement, from) }),
      ),
    );
  }

  /** Every signature asked for and not made yet is made. */
  sign(): readonly ChunkEffect[] {
    const open = this.only('sign').filter(({ requestId }) => this.#answer(requestId));
    return this.feed(
      ...open.map(({ requestId }): ChunkInput => ({ kind: 'signed', requestId, signature: CHUNK_SIGNATURE })),
    );
  }

  /** Every aggregation asked for and not answered yet succeeds. */
  certify(): readonly ChunkEffect[] {
    const open = this.only('aggregate').filter(({ requestId }) => this.#answer(requestId));
    return this.feed(
      ...open.map(({ requestId, endorsements }): ChunkInput => {
        const certificate = endorsementCertificateOf(endorsements, this.state.config.validatorCount);
        return { kind: 'aggregated', requestId, result: { ok: true, certificate } };
      }),
    );
  }

  only<K extends ChunkEffect['kind']>(kind: K): readonly EffectOf<K>[] {
    return only(this.effects, kind);
  }

  /** The newest effect of a kind. */
  latest<K extends ChunkEffect['kind']>(kind: K): EffectOf<K> {
    const effect = this.only(kind).at(-1);
    assert(effect !== undefined, `a ${kind} effect was given`);
    return effect;
  }

  kinds(): readonly ChunkEffect['kind'][] {
    return this.effects.map(({ kind }) => kind);
  }

  lastKinds(): readonly ChunkEffect['kind'][] {
    return this.last.map(({ kind }) => kind);
  }

  count(kind: ChunkEffect['kind']): number {
    return this.only(kind).length;
  }

  /** Whom it blocks, in order. */
  blocked(): readonly ValidatorIndex[] {
    return this.only('blockPeer').map(({ peer }) => peer);
  }

  #answer(requestId: number): boolean {
    if (this.#answered.has(requestId)) return false;
    this.#answered.add(requestId);
    return true;
  }
}
