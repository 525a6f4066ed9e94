import { bytesToHex, sha256 } from '@heddle/primitives';
import type { ProposalTuple, SigningDomain, SigningRequest } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createSigner,
  type JournalRecord,
  SIGNER_WINDOW_POSITIONS,
  type Signer,
  type SignerRecord,
  type SignerStore,
} from '../src/index.ts';
import { hashOf } from '../src/testing/index.ts';

const DOMAIN: SigningDomain = { genesisHash: hashOf(1), chainId: 1n, epoch: 2n, validatorSetHash: hashOf(3) };

/** A store in memory whose appends wait to be let through. */
class TestStore implements SignerStore {
  readonly durable: SignerRecord[] = [];
  readonly waiting: { record: SignerRecord; resolve: () => void; reject: (error: Error) => void }[] = [];
  isHeld = false;
  silence = 0n;

  silentBefore(): bigint {
    return this.silence;
  }

  load(): readonly SignerRecord[] {
    return this.durable;
  }

  append(record: SignerRecord): Promise<void> {
    if (!this.isHeld) {
      this.durable.push(record);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ record, resolve, reject });
    });
  }

  release(): void {
    for (const { record, resolve } of this.waiting.splice(0)) {
      this.durable.push(record);
      resolve();
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function signerOn(store: SignerStore, domain = DOMAIN): Signer {
  return createSigner({ store, domain, journaled: [], signDigest: (message) => sha256(message) });
}

function tuple(view: bigint, block: number, epoch = 2n): ProposalTuple {
  return {
    epoch,
    view,
    parentView: view - 1n,
    parentHash: hashOf(1),
    blockHash: hashOf(block),
    justificationRoot: hashOf(2),
  };
}

type VoteKind = 'propose' | 'notarize' | 'finalize';

function vote(kind: VoteKind, view: bigint, block = 1): SigningRequest {
  return { kind, tuple: tuple(view, block) };
}

function nullify(view: bigint): SigningRequest {
  return { kind: 'nullify', epoch: 2n, view };
}

function chunk(kind: 'endorse' | 'produce', height: bigint, parent: number, hash: number, shard = 0): SigningRequest {
  return { kind, shard, parentBlockHash: hashOf(parent), chunkHash: hashOf(hash), height };
}

/** Which of the requests, made in this order, are granted. */
async function granted(requests: readonly SigningRequest[], signer = signerOn(new TestStore())): Promise<boolean[]> {
  const results: boolean[] = [];
  for (const request of requests) results.push((await signer.sign(request)).ok);
  return results;
}

describe('vote rules', () => {
  test.each<[string, readonly SigningRequest[], readonly boolean[]]>([
    [
      'one proposal a view',
      [vote('propose', 5n, 1), vote('propose', 5n, 2), vote('propose', 5n, 1)],
      [true, false, true],
    ],
    ['one notarization a view', [vote('notarize', 5n, 1), vote('notarize', 5n, 2)], [true, false]],
    ['one finalization a view', [vote('finalize', 5n, 1), vote('finalize', 5n, 2)], [true, false]],
    ['no notarize after nullify', [nullify(5n), vote('notarize', 5n)], [true, false]],
    ['no propose after nullify', [nullify(5n), vote('propose', 5n)], [true, false]],
    ['nullify after notarize', [vote('notarize', 5n), nullify(5n)], [true, true]],
    ['no nullify after finalize', [vote('finalize', 5n), nullify(5n)], [true, false]],
    ['no finalize after nullify', [nullify(5n), vote('finalize', 5n)], [true, false]],
    [
      'no finalize after notarize and nullify',
      [vote('notarize', 5n), nullify(5n), vote('finalize', 5n)],
      [true, true, false],
    ],
    ['finalize what was notarized', [vote('notarize', 5n, 1), vote('finalize', 5n, 1)], [true, true]],
    ['finalize nothing else', [vote('notarize', 5n, 1), vote('finalize', 5n, 2)], [true, false]],
    [
      'finalize without notarizing',
      [vote('finalize', 5n, 2), vote('notarize', 5n, 1), vote('notarize', 5n, 2)],
      [true, false, true],
    ],
    [
      'notarize what was proposed',
      [vote('propose', 5n, 1), vote('notarize', 5n, 2), vote('notarize', 5n, 1)],
      [true, false, true],
    ],
    [
      'views do not go back',
      [vote('notarize', 6n), vote('notarize', 5n), nullify(5n), vote('propose', 5n)],
      [true, false, false, false],
    ],
    ['a nullified view is over too', [nullify(6n), nullify(5n), nullify(6n)], [true, false, true]],
    ['an older view may be finalized', [vote('notarize', 9n), vote('finalize', 5n)], [true, true]],
    ['a finalized later view does not end an older one', [vote('finalize', 9n), vote('notarize', 5n)], [true, true]],
    ['views begin at 1', [vote('notarize', 0n), nullify(0n)], [false, false]],
    [
      'another epoch is refused',
      [
        { kind: 'notarize', tuple: tuple(5n, 1, 3n) },
        { kind: 'randao', epoch: 1n, view: 1n },
      ],
      [false, false],
    ],
  ])('%s', async (_, requests, expected) => {
    expect(await granted(requests)).toEqual(expected);
    // The same after a restart between any two requests: the record alone decides.
    const store = new TestStore();
    const afterRestarts: boolean[] = [];
    for (const request of requests) afterRestarts.push((await signerOn(store).sign(request)).ok);
    expect(afterRestarts).toEqual(expected);
  });
});

describe('chunk rules', () => {
  test('one per kind, shard and parent; the height is not part of the place', async () => {
    const requests = [
      chunk('endorse', 4n, 1, 1),
      chunk('endorse', 4n, 1, 2),
      chunk('endorse', 5n, 1, 2),
      chunk('endorse', 4n, 1, 1),
      chunk('endorse', 4n, 1, 2, 1),
      chunk('endorse', 4n, 2, 2),
      chunk('produce', 4n, 1, 2),
      chunk('produce', 4n, 1, 1),
      chunk('endorse', 3n, 3, 3),
      chunk('endorse', 0n, 3, 4),
    ];
    expect(await granted(requests)).toEqual([true, false, false, true, true, true, true, false, true, false]);
  });
});

test('far below the highest position of a slot nothing is signed, so a store may forget it', async () => {
  const far = SIGNER_WINDOW_POSITIONS + 10n;
  const requests = [vote('finalize', far), vote('finalize', 9n), vote('finalize', 10n)];
  expect(await granted(requests)).toEqual([true, false, true]);
  const chunks = [
    chunk('endorse', far, 1, 1),
    chunk('endorse', 9n, 2, 2),
    chunk('endorse', 10n, 3, 3),
    chunk('produce', 9n, 2, 2),
  ];
  expect(await granted(chunks)).toEqual([true, false, true, true]);
});

test('memory stays bounded', async () => {
  const store = new TestStore();
  const signer = signerOn(store);
  for (let view = 1n; view <= 3_000n; view++) await signer.sign(vote('notarize', view));
  expect(await signer.sign(vote('finalize', 2_999n))).toMatchObject({ ok: true });
  expect(await signer.sign(vote('notarize', 3_000n))).toMatchObject({ ok: true });
  expect(await signer.sign(vote('notarize', 1n))).toMatchObject({ ok: false });
});

test('epochs have places of their own on one store', async () => {
  const store = new TestStore();
  await signerOn(store).sign(vote('notarize', 50n));
  const next = signerOn(store, { ...DOMAIN, epoch: 3n });
  expect(await next.sign({ kind: 'notarize', tuple: tuple(1n, 1, 3n) })).toMatchObject({ ok: true });
  expect(await signerOn(store).sign(vote('notarize', 49n))).toMatchObject({ ok: false });
});

test('in an epoch below the one before the highest nothing is signed, so a store may forget it', async () => {
  const store = new TestStore();
  const inEpoch = (epoch: bigint): Signer => signerOn(store, { ...DOMAIN, epoch });
  const nullify = (epoch: bigint): SigningRequest => ({ kind: 'nullify', epoch, view: 1n });
  expect(await inEpoch(5n).sign(nullify(5n))).toMatchObject({ ok: true });
  expect(await inEpoch(4n).sign(nullify(4n))).toMatchObject({ ok: true });
  const reason = expect.stringContaining('epoch 3 is over');
  expect(await inEpoch(3n).sign(nullify(3n))).toEqual({ ok: false, reason });
});

test('an identical request gets the stored signature, without another record', async () => {
  const store = new TestStore();
  let count = 0;
  const signer = createSigner({
    store,
    domain: DOMAIN,
    journaled: [],
    signDigest: () => {
      count += 1;
      return new Uint8Array(96).fill(count);
    },
  });
  const first = await signer.sign(vote('notarize', 5n));
  expect(await signer.sign(vote('notarize', 5n))).toEqual(first);
  expect([count, store.durable.length]).toEqual([1, 1]);
  expect(store.durable[0]).toMatchObject({ slot: '2/notarize', position: 5n, scope: '' });
});

test('randao needs no record and always gives the same', async () => {
  const store = new TestStore();
  const signer = signerOn(store);
  const request = { kind: 'randao', epoch: 2n, view: 4n } as const;
  await signer.sign(vote('notarize', 9n));
  expect(await signer.sign(request)).toEqual(await signerOn(store).sign(request));
  expect(store.durable).toHaveLength(1);
});

describe('durability', () => {
  test('no signature leaves before its record is durable, its repetition included', async () => {
    const store = new TestStore();
    store.isHeld = true;
    const signer = signerOn(store);
    const done: string[] = [];
    const first = signer.sign(vote('notarize', 5n)).then(() => done.push('first'));
    const again = signer.sign(vote('notarize', 5n)).then(() => done.push('again'));
    const contradiction = await signer.sign(vote('notarize', 5n, 2));
    await new Promise((resolve) => setImmediate(resolve));
    expect([done, contradiction.ok, store.waiting.length]).toEqual([[], false, 1]);
    store.release();
    await Promise.all([first, again]);
    expect(done).toEqual(['first', 'again']);
  });

  test('concurrent contradictions: exactly one is granted, the first', async () => {
    const signer = signerOn(new TestStore());
    const results = await Promise.all([1, 2, 3].map((block) => signer.sign(vote('notarize', 5n, block))));
    expect(results.map(({ ok }) => ok)).toEqual([true, false, false]);
  });

  test('after a failed append nothing is signed any more', async () => {
    const store = new TestStore();
    store.isHeld = true;
    const signer = signerOn(store);
    const failed = signer.sign(vote('notarize', 5n));
    const later = signer.sign(vote('notarize', 6n));
    store.waiting[0]?.reject(new Error('disk'));
    store.waiting[1]?.resolve();
    await expect(failed).rejects.toMatchObject({ code: 'SIGNER_STORE_FAILED' });
    await expect(later).rejects.toMatchObject({ code: 'SIGNER_STORE_FAILED' });
    for (const request of [vote('notarize', 5n), nullify(7n), { kind: 'randao', epoch: 2n, view: 1n } as const]) {
      await expect(signer.sign(request)).rejects.toMatchObject({ code: 'SIGNER_STORE_FAILED' });
    }
  });

  test('a store that contradicts itself is refused', async () => {
    const store = new TestStore();
    await signerOn(store).sign(vote('notarize', 5n));
    const other = new TestStore();
    await signerOn(other).sign(vote('notarize', 5n, 2));
    store.durable.push(...other.durable);
    expect(() => signerOn(store)).toThrow(
      expect.objectContaining({
        code: 'CONTRADICTORY_SIGNER_RECORDS',
        facts: expect.objectContaining({ position: 5n }),
      }),
    );
  });
});

test('law: whatever is asked, with restarts anywhere, nothing signed is evidence', async () => {
  const requests = fc.oneof(
    fc
      .record({
        kind: fc.constantFrom('propose', 'notarize', 'finalize'),
        view: fc.bigInt(1n, 4n),
        block: fc.integer({ min: 1, max: 3 }),
      })
      .map(
        ({ kind, view, block }): SigningRequest =>
          vote(kind === 'propose' || kind === 'notarize' ? kind : 'finalize', view, block),
      ),
    fc.bigInt(1n, 4n).map(nullify),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ request: requests, restart: fc.boolean() }), { maxLength: 40 }),
      async (steps) => {
        const store = new TestStore();
        let signer = signerOn(store);
        const signed: SigningRequest[] = [];
        for (const { request, restart } of steps) {
          if (restart) signer = signerOn(store);
          if ((await signer.sign(request)).ok) signed.push(request);
        }
        for (let view = 1n; view <= 4n; view++) expectNoEvidence(signed, view);
      },
    ),
    { numRuns: 150 },
  );
});

/** E1 to E4 of consensus.md. */
function expectNoEvidence(signed: readonly SigningRequest[], view: bigint): void {
  const blocks = (kind: VoteKind): Set<string> =>
    new Set(signed.flatMap((r) => (r.kind === kind && r.tuple.view === view ? [r.tuple.blockHash] : [])));
  const [proposed, notarized, finalized] = [blocks('propose'), blocks('notarize'), blocks('finalize')];
  const nullified = signed.some((r) => r.kind === 'nullify' && r.view === view);
  expect(Math.max(proposed.size, notarized.size, finalized.size)).toBeLessThanOrEqual(1);
  if (notarized.size === 1 && finalized.size === 1) expect(notarized).toEqual(finalized);
  expect(nullified && finalized.size > 0).toBe(false);
}

test('the digest of a record is the signed message', async () => {
  const store = new TestStore();
  const signer = createSigner({ store, domain: DOMAIN, journaled: [], signDigest: (message) => message });
  await signer.sign(vote('notarize', 5n));
  const [record] = store.durable;
  expect(record?.digest).toBe(bytesToHex(record?.signature ?? new Uint8Array(0)));
});

describe('records that are an old copy or a part', () => {
  /** What the journal says after voting in views 5 to 7. */
  async function votedTo7(): Promise<{ store: TestStore; journaled: readonly JournalRecord[] }> {
    const store = new TestStore();
    const signer = signerOn(store);
    const journaled: JournalRecord[] = [];
    for (const view of [5n, 6n, 7n]) {
      for (const kind of ['notarize', 'finalize'] as const) {
        const result = await signer.sign(vote(kind, view));
        if (!result.ok) throw new Error(result.reason);
        journaled.push({
          kind: 'ownVote',
          vote: { kind, tuple: tuple(view, 1), signer: 0, signature: result.signature },
        });
      }
    }
    return { store, journaled };
  }

  test('are told by a vote that only the journal knows; then nothing is signed in the epoch, whatever it is', async () => {
    const { store, journaled } = await votedTo7();
    for (let kept = 0; kept < store.durable.length; kept++) {
      const cut = new TestStore();
      cut.durable.push(...store.durable.slice(0, kept));
      const signer = createSigner({ store: cut, domain: DOMAIN, journaled, signDigest: (message) => sha256(message) });
      expect(signer.silence).toMatch(/old copy or a part.*view [567], and they do not.*signer import/);
      expect(await signer.sign(vote('notarize', 900n))).toEqual({ ok: false, reason: signer.silence });
      expect(await signer.sign({ kind: 'randao', epoch: 2n, view: 900n })).toMatchObject({ ok: false });
      expect(cut.durable).toHaveLength(kept);
    }
  });

  test('are not suspected when they know as much as the journal, or more, or have dropped what nobody signs any more', async () => {
    const { store, journaled } = await votedTo7();
    const onAll = createSigner({ store, domain: DOMAIN, journaled, signDigest: (message) => sha256(message) });
    expect(onAll.silence).toBeNull();
    expect(await onAll.sign(vote('notarize', 7n + SIGNER_WINDOW_POSITIONS + 1n))).toMatchObject({ ok: true });
    expect(await onAll.sign(vote('finalize', 7n + SIGNER_WINDOW_POSITIONS + 1n))).toMatchObject({ ok: true });
    const pruned = new TestStore();
    pruned.durable.push(...store.durable.slice(-2));
    const onPruned = createSigner({
      store: pruned,
      domain: DOMAIN,
      journaled,
      signDigest: (message) => sha256(message),
    });
    expect(onPruned.silence).toBeNull();
  });
});
