import {
  createSigner,
  type JournalRecord,
  type SignerRecord,
  type SignerStore,
  type SignResult,
} from '@heddle/consensus';
import { signDigest } from '@heddle/consensus/testing';
import { type SigningDomain, type SigningRequest, ZERO_HASH } from '@heddle/types';
import { realEngine } from '../engine/engine-under-test.ts';
import type { DirectedScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, FOLLOWER, isInView, type Solo } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { expectTimes, restartWithoutJournal } from './bench.ts';

/**
 * A validator votes, loses its whole journal, and is led to say something that contradicts its vote. Its engine knows no
 * better; the signer's record has the last word [D5].
 */
export const signerMemory: DirectedScenario = {
  name: 'signer-memory',
  run: (seed) => {
    const solo = createSolo(seed, realEngine, { ...FOLLOWER, signer: 'rules' });
    CASES[seed % CASES.length]?.(solo);
  },
};

const CASES: readonly ((solo: Solo) => void)[] = [
  otherBlock,
  sameBlock,
  finalizeAfterNullify,
  nullifyAfterFinalize,
  finalizeOtherBlock,
  notarizeOtherThanFinalized,
  earlierView,
  notarizeAfterNullify,
];

function tupleOf({ cast }: Solo, salt: number): ReturnType<Solo['cast']['proposal']>['tuple'] {
  return cast.proposal(1n, null, [], salt).tuple;
}

function notarizeFirst(solo: Solo): void {
  solo.cast.propose(solo.cast.proposal(1n, null, [], 1));
  solo.settle();
  expectTimes(solo, 'vote/notarize:1', 1, 1);
  restartWithoutJournal(solo);
}

function nullifyFirst(solo: Solo): void {
  solo.world.runFor(2.2 * STAGE_DELTA_MS);
  expectTimes(solo, 'vote/nullify:1', 1, 1);
  restartWithoutJournal(solo);
}

function finalizeFirst(solo: Solo): void {
  solo.cast.show(solo.cast.notarization(tupleOf(solo, 1)));
  solo.settle();
  expectTimes(solo, 'vote/finalize:1', 1, 1);
  restartWithoutJournal(solo);
}

/** Two notarize votes in one view. */
function otherBlock(solo: Solo): void {
  notarizeFirst(solo);
  solo.cast.propose(solo.cast.proposal(1n, null, [], 2));
  solo.settle();
  expectTimes(solo, 'vote/notarize:1', 1, 1);
}

/** The same question gets the same answer. */
function sameBlock(solo: Solo): void {
  notarizeFirst(solo);
  solo.cast.propose(solo.cast.proposal(1n, null, [], 1));
  solo.settle();
  expectTimes(solo, 'vote/notarize:1', 2, 2);
}

function finalizeAfterNullify(solo: Solo): void {
  nullifyFirst(solo);
  solo.cast.show(solo.cast.notarization(tupleOf(solo, 1)));
  solo.settle();
  expectTimes(solo, 'vote/finalize:1', 0, 0);
}

function nullifyAfterFinalize(solo: Solo): void {
  finalizeFirst(solo);
  solo.world.runFor(4 * STAGE_DELTA_MS);
  expectTimes(solo, 'vote/nullify:1', 0, 0);
}

function finalizeOtherBlock(solo: Solo): void {
  notarizeFirst(solo);
  solo.cast.show(solo.cast.notarization(tupleOf(solo, 2)));
  solo.settle();
  expectTimes(solo, 'vote/finalize:1', 0, 0);
}

function notarizeOtherThanFinalized(solo: Solo): void {
  finalizeFirst(solo);
  solo.cast.propose(solo.cast.proposal(1n, null, [], 2));
  solo.settle();
  expectTimes(solo, 'vote/notarize:1', 0, 0);
}

/** A key that has voted in view 2 never votes in view 1 again. */
function earlierView(solo: Solo): void {
  const { cast, world } = solo;
  cast.show(cast.nullification(1n));
  solo.settle();
  world.runFor(4 * STAGE_DELTA_MS);
  expectSaid(solo, 'vote/nullify:2');
  restartWithoutJournal(solo);
  expectThat(isInView(solo, 1n), 'the engine is in view 1');
  cast.propose(cast.proposal(1n, null));
  world.runFor(4 * STAGE_DELTA_MS);
  expectTimes(solo, 'vote/notarize:1', 0, 0);
  expectTimes(solo, 'vote/nullify:1', 0, 0);
}

function notarizeAfterNullify(solo: Solo): void {
  nullifyFirst(solo);
  solo.cast.propose(solo.cast.proposal(1n, null));
  solo.settle();
  expectTimes(solo, 'vote/notarize:1', 0, 0);
}

/**
 * The signer hands a signature out when its record is durable, also to whoever asks for the same one meanwhile; when the
 * store has failed it never signs again. A key without its records stays silent until it may sign, and so does one whose
 * records lack a vote that the journal knows.
 */
export const signerDurableFirst: DirectedScenario = {
  name: 'signer-durable-first',
  run: async (seed) => {
    await [durableFirst, failsForEver, staysSilent, missesRecords][seed % 4]?.();
  },
};

const DOMAIN: SigningDomain = { genesisHash: ZERO_HASH, chainId: 1n, epoch: 3n, validatorSetHash: ZERO_HASH };

function nullify(view: bigint): SigningRequest {
  return { kind: 'nullify', epoch: DOMAIN.epoch, view };
}

/** Every append waits until the scenario lets it end. */
class HeldStore implements SignerStore {
  readonly appends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  readonly #silentBefore: bigint;

  constructor(silentBefore: bigint) {
    this.#silentBefore = silentBefore;
  }

  silentBefore(): bigint {
    return this.#silentBefore;
  }

  load(): readonly SignerRecord[] {
    return [];
  }

  append(): Promise<void> {
    return new Promise((resolve, reject) => this.appends.push({ resolve, reject }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function signerOn(
  store: SignerStore,
  journaled: readonly JournalRecord[] = [],
): (request: SigningRequest) => Promise<SignResult> {
  const sign = (message: Uint8Array): Uint8Array => signDigest(0, message);
  const signer = createSigner({ store, signDigest: sign, domain: DOMAIN, journaled });
  return (request) => signer.sign(request);
}

/** Longer than any chain of promises that waits for nothing else. */
function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function durableFirst(): Promise<void> {
  const store = new HeldStore(0n);
  const sign = signerOn(store);
  let handedOut = 0;
  const asked = [nullify(1n), nullify(1n)].map((request) => sign(request).then(() => handedOut++));
  await soon();
  expectThat(handedOut === 0 && store.appends.length === 1, 'nothing is handed out before the one record is durable');
  store.appends[0]?.resolve();
  await Promise.all(asked);
}

async function failsForEver(): Promise<void> {
  const store = new HeldStore(0n);
  const sign = signerOn(store);
  const outcomeOf = (request: SigningRequest): Promise<string> =>
    sign(request).then(
      () => 'signed',
      () => 'failed',
    );
  const asked = [outcomeOf(nullify(1n)), outcomeOf(nullify(2n))];
  store.appends[0]?.reject(new RangeError('the disk'));
  await soon();
  store.appends[1]?.resolve();
  expectThat((await Promise.all(asked)).join() === 'failed,failed', 'nothing that was asked for is signed');
  expectThat((await outcomeOf(nullify(3n))) === 'failed', 'nothing is signed after a failure');
}

async function staysSilent(): Promise<void> {
  const store = new HeldStore(DOMAIN.epoch + 1n);
  const answer = signerOn(store)(nullify(1n));
  await soon();
  for (const { resolve } of store.appends) resolve();
  expectThat(!(await answer).ok, 'a key that lost its records is silent for its time');
}

async function missesRecords(): Promise<void> {
  const store = new HeldStore(0n);
  const vote = { kind: 'nullify', epoch: DOMAIN.epoch, view: 4n, signer: 0, signature: new Uint8Array(192) } as const;
  const answer = signerOn(store, [{ kind: 'ownVote', vote }])(nullify(9n));
  await soon();
  for (const { resolve } of store.appends) resolve();
  expectThat(!(await answer).ok, 'a key whose journal knows more than its records is silent');
}
