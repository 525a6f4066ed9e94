import { createSigner, type SignerRecord, type SignerStore, type SignResult } from '@heddle/consensus';
import { type SigningDomain, type SigningRequest, ZERO_HASH } from '@heddle/types';
import { signDigest } from '../engine/signatures.ts';
import { expectThat } from '../engine/violation.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/**
 * The signer hands a signature out when its record is durable, also to whoever asks for the same one meanwhile; when the
 * store has failed it never signs again. A key without its records stays silent until it may sign.
 */
export const signerDurableFirst: DirectedScenario = {
  name: 'signer-durable-first',
  run: async (seed) => {
    await [durableFirst, failsForEver, staysSilent][seed % 3]?.();
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

function signerOn(store: SignerStore): (request: SigningRequest) => Promise<SignResult> {
  const signer = createSigner({ store, signDigest: (message) => signDigest(0, message), domain: DOMAIN });
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
  const first = sign(nullify(1n)).then(
    () => 'signed',
    () => 'failed',
  );
  store.appends[0]?.reject(new RangeError('the disk'));
  expectThat((await first) === 'failed', 'what could not be recorded is not signed');
  const second = sign(nullify(2n)).then(
    () => 'signed',
    () => 'failed',
  );
  store.appends[1]?.resolve();
  expectThat((await second) === 'failed', 'nothing is signed after a failure');
}

async function staysSilent(): Promise<void> {
  const store = new HeldStore(DOMAIN.epoch + 1n);
  const answer = signerOn(store)(nullify(1n));
  await soon();
  for (const { resolve } of store.appends) resolve();
  expectThat(!(await answer).ok, 'a key that lost its records is silent for its time');
}
