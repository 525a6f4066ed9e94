import type { Certificate, NullifyCertificate, ProposalTuple, TupleCertificate } from '@heddle/types';
import { bitmapOf, quorum } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { forkCulprits, sameTuple } from '../src/index.ts';
import { hashOf, SeededRandom } from '../src/testing/index.ts';

const EPOCH = 3n;
const VIEWS = 8;
const GENESIS = hashOf(0);

/** A tuple with everything that its voters have checked. */
interface Justified {
  readonly tuple: ProposalTuple;
  readonly parent: TupleCertificate | null;
  readonly skips: readonly NullifyCertificate[];
}

/** What an honest validator has signed in the current view. */
interface Ballot {
  notarized: ProposalTuple | null;
  nullified: boolean;
  finalized: ProposalTuple | null;
}

/**
 * A history of random votes under the rules: honest validators, at random and in any split, do whatever the rules allow
 * [N] [S] [F]; faulty ones sign everything. Certificates are made of random quorums of what was signed.
 */
class History {
  readonly certificates: Certificate[] = [];
  readonly proposals = new Map<string, Justified>();
  readonly #rng: SeededRandom;
  readonly #n: number;
  readonly #faulty: ReadonlySet<number>;
  #salt = 0;

  constructor(rng: SeededRandom, n: number, faulty: ReadonlySet<number>) {
    this.#rng = rng;
    this.#n = n;
    this.#faulty = faulty;
    for (let view = 1n; view <= VIEWS; view++) this.#play(view);
  }

  get finalizations(): readonly TupleCertificate[] {
    return this.certificates.flatMap((certificate) => (certificate.kind === 'finalize' ? [certificate] : []));
  }

  /** From a finalized tuple to genesis: every certificate that its blocks stand on. */
  justifications({ tuple }: TupleCertificate): readonly Certificate[] {
    const found: Certificate[] = [];
    for (let at: Justified | undefined = this.#proposal(tuple); at !== undefined; ) {
      found.push(...at.skips);
      if (at.parent === null) break;
      found.push(at.parent);
      at = this.#proposal(at.parent.tuple);
    }
    return found;
  }

  descends({ tuple }: TupleCertificate, ancestor: TupleCertificate): boolean {
    const parents = this.justifications({
      kind: 'finalize',
      tuple,
      bitmap: new Uint8Array(0),
      aggregate: new Uint8Array(0),
    });
    const line = [
      tuple,
      ...parents.flatMap((certificate) => (certificate.kind === 'nullify' ? [] : [certificate.tuple])),
    ];
    return line.some((other) => sameTuple(other, ancestor.tuple));
  }

  #proposal(tuple: ProposalTuple): Justified | undefined {
    return this.proposals.get(tuple.blockHash);
  }

  #play(view: bigint): void {
    const choices = [this.#propose(view), this.#propose(view)];
    const ballots = new Map<number, Ballot>();
    for (let i = 0; i < this.#n; i++) {
      if (!this.#faulty.has(i)) ballots.set(i, { notarized: null, nullified: false, finalized: null });
    }
    for (const ballot of ballots.values()) {
      if (this.#rng.chance(0.8)) ballot.notarized = choices[this.#rng.below(choices.length)]?.tuple ?? null;
    }
    const notarized = choices.filter(({ tuple }) =>
      this.#certify(
        ballots,
        (b) => b.notarized !== null && sameTuple(b.notarized, tuple),
        (terms) => ({ kind: 'notarize', tuple, ...terms }),
      ),
    );
    for (const ballot of ballots.values()) {
      if (this.#rng.chance(0.4)) ballot.nullified = true; // [S3]
      const tuple = notarized[this.#rng.below(Math.max(1, notarized.length))]?.tuple;
      if (tuple === undefined || ballot.nullified) continue; // [F1] [F2]
      if (ballot.notarized === null || sameTuple(ballot.notarized, tuple)) ballot.finalized = tuple; // [F3]
    }
    this.#certify(
      ballots,
      (b) => b.nullified,
      (terms) => ({ kind: 'nullify', epoch: EPOCH, view, ...terms }),
    );
    for (const { tuple } of choices) {
      this.#certify(
        ballots,
        (b) => b.finalized !== null && sameTuple(b.finalized, tuple),
        (terms) => ({ kind: 'finalize', tuple, ...terms }),
      );
    }
  }

  /** On a random certified parent from which the views between are skipped [N3] [N4]. */
  #propose(view: bigint): Justified {
    const options: Omit<Justified, 'tuple'>[] = [];
    let skips: NullifyCertificate[] = [];
    for (let at = view - 1n; ; at--) {
      if (at === 0n) options.push({ parent: null, skips });
      for (const certificate of this.certificates) {
        if (certificate.kind !== 'nullify' && certificate.tuple.view === at)
          options.push({ parent: certificate, skips });
      }
      const skip = this.certificates.find((certificate) => certificate.kind === 'nullify' && certificate.view === at);
      if (skip?.kind !== 'nullify') break;
      skips = [skip, ...skips];
    }
    const chosen = options[this.#rng.below(options.length)] ?? { parent: null, skips: [] };
    const blockHash = hashOf(++this.#salt);
    const { parent } = chosen;
    const parentTerms = { parentView: parent?.tuple.view ?? 0n, parentHash: parent?.tuple.blockHash ?? GENESIS };
    const tuple = { epoch: EPOCH, view, ...parentTerms, blockHash, justificationRoot: hashOf(0) };
    const justified = { tuple, ...chosen };
    // A view whose gaps nobody can prove gets a proposal that nobody certifies.
    if (options.length > 0) this.proposals.set(blockHash, justified);
    return justified;
  }

  #certify(
    ballots: ReadonlyMap<number, Ballot>,
    signed: (ballot: Ballot) => boolean,
    make: (terms: { readonly bitmap: Uint8Array; readonly aggregate: Uint8Array }) => Certificate,
  ): boolean {
    const signers = [...this.#faulty, ...[...ballots].filter(([, ballot]) => signed(ballot)).map(([index]) => index)];
    if (signers.length < quorum(this.#n)) return false;
    const count = quorum(this.#n) + this.#rng.below(signers.length - quorum(this.#n) + 1);
    const drawn = signers.toSorted(() => this.#rng.next() - 0.5).slice(0, count);
    const certificate = make({ bitmap: bitmapOf(drawn, this.#n), aggregate: new Uint8Array(96) });
    if (certificate.kind !== 'nullify' && !this.proposals.has(certificate.tuple.blockHash)) return false;
    this.certificates.push(certificate);
    return true;
  }
}

function play(
  seed: number,
  n: number,
  faultyCount: number,
): { readonly history: History; readonly faulty: ReadonlySet<number> } {
  const rng = new SeededRandom(seed);
  const indices = Array.from({ length: n }, (_, index) => index).toSorted(() => rng.next() - 0.5);
  const faulty = new Set(indices.slice(0, faultyCount));
  return { history: new History(rng, n, faulty), faulty };
}

/** Pairs of finalizations that are not on one chain. */
function forks(history: History): readonly (readonly [TupleCertificate, TupleCertificate])[] {
  const { finalizations } = history;
  return finalizations.flatMap((a, index) =>
    finalizations
      .slice(index + 1)
      .filter((b) => !history.descends(a, b) && !history.descends(b, a))
      .map((b) => [a, b] as const),
  );
}

describe('forks', () => {
  test('law: with more than f faulty, every fork names at least f + 1 of them and nobody else', () => {
    let forksSeen = 0;
    let acrossViews = 0;
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 10 }), fc.nat(), fc.nat(2), (n, seed, extra) => {
        const f = Math.floor((n - 1) / 3);
        const { history, faulty } = play(seed, n, Math.min(n - 1, f + 1 + extra));
        for (const [a, b] of forks(history)) {
          forksSeen += 1;
          if (a.tuple.view !== b.tuple.view) acrossViews += 1;
          const evidence = [a, b, ...history.justifications(a), ...history.justifications(b)];
          const culprits = forkCulprits(n, evidence);
          expect(culprits.length).toBeGreaterThanOrEqual(f + 1);
          expect(culprits.filter((culprit) => !faulty.has(culprit))).toEqual([]);
        }
      }),
      { numRuns: 1_000, seed: 1 },
    );
    expect(forksSeen).toBeGreaterThan(300);
    expect(acrossViews).toBeGreaterThan(100);
  });

  test('law: with at most f faulty there is no fork, and nobody is named whatever certificates are compared', () => {
    let finalized = 0;
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 10 }), fc.nat(), (n, seed) => {
        const { history } = play(seed, n, Math.floor((n - 1) / 3));
        finalized += history.finalizations.length;
        expect(forks(history)).toEqual([]);
        expect(forkCulprits(n, history.certificates)).toEqual([]);
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(finalized).toBeGreaterThan(100);
  });
});
