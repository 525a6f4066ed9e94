import {
  createSigner,
  type JournalRecord,
  type SignerRecord,
  type SignerStore,
  type SignResult,
} from '@heddle/consensus';
import { signDigest } from '@heddle/consensus/testing';
import { type SigningDomain, type SigningRequest, ZERO_HASH } from '@heddle/types';
import { expectThat } from '../engine/violation.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
