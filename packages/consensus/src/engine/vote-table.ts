import type { ValidatorIndex, Vote } from '@heddle/types';

/**
 * Votes of one kind in one view, one a signer. A value: adding to it makes another. It is copied with every vote, so it
 * is a plain list by signer: at 128 validators that is fifty times cheaper than a map.
 */
export class VoteTable {
  static readonly EMPTY: VoteTable = new VoteTable([], 0);
  readonly size: number;
  readonly #bySigner: readonly (Vote | undefined)[];

  private constructor(bySigner: readonly (Vote | undefined)[], size: number) {
    this.#bySigner = bySigner;
    this.size = size;
  }

  has(signer: ValidatorIndex): boolean {
    return this.#bySigner[signer] !== undefined;
  }

  get(signer: ValidatorIndex): Vote | undefined {
    return this.#bySigner[signer];
  }

  /** In the order of the signers. */
  values(): readonly Vote[] {
    return this.#bySigner.filter((vote) => vote !== undefined);
  }

  /** With this vote, in the place of its signer's. */
  with(vote: Vote): VoteTable {
    const bySigner = this.#bySigner.slice();
    while (bySigner.length < vote.signer) bySigner.push(undefined);
    bySigner[vote.signer] = vote;
    return new VoteTable(bySigner, this.has(vote.signer) ? this.size : this.size + 1);
  }

  without(signers: readonly ValidatorIndex[]): VoteTable {
    const dropped = new Set(signers);
    const kept = this.#bySigner.map((vote, signer) => (dropped.has(signer) ? undefined : vote));
    return new VoteTable(
      kept,
      kept.reduce((count, vote) => (vote === undefined ? count : count + 1), 0),
    );
  }
}
