import { bytesToHex } from '@heddle/primitives';
import { type SigningDomain, type SigningRequest, signingMessage } from '@heddle/types';
import type { SignerRecord, SignerStore } from '../ports.ts';
import { SignerStoreError } from './errors.ts';
import { placeOf } from './place.ts';
import { RecordIndex } from './record-index.ts';
import { objectionTo } from './rules.ts';

export interface SignerOptions {
  /** Written by this signer alone from now on. Closing it stays the caller's business. */
  readonly store: SignerStore;
  /** Signs a 32-byte message with the validator's key; 96 bytes. Deterministic. */
  readonly signDigest: (message: Uint8Array) => Uint8Array;
  /** The epoch that this signer serves; each epoch has its own signer over the same store. */
  readonly domain: SigningDomain;
}

export type SignResult =
  | { readonly ok: true; readonly signature: Uint8Array }
  | { readonly ok: false; readonly reason: string };

/** The only user of a validator's key. */
export interface Signer {
  /**
   * Signs, or says why it must not. Requests are judged one after the other in the order of the calls, each against
   * all before it; a signature is handed out when its record is durable. A request signed before gets the stored
   * signature. Rejects with SignerStoreError once the store has failed, and from then on always.
   */
  sign(request: SigningRequest): Promise<SignResult>;
}

/** Reads the store's records. Throws ContradictorySignerRecordsError. */
export function createSigner(options: SignerOptions): Signer {
  const core = new SignerCore(options);
  return { sign: (request) => core.sign(request) };
}

class SignerCore {
  private readonly options: SignerOptions;
  private readonly index: RecordIndex;
  /** Records that are not durable yet. */
  private readonly appends = new Map<SignerRecord, Promise<void>>();
  private failure: SignerStoreError | null = null;

  constructor(options: SignerOptions) {
    this.options = options;
    this.index = new RecordIndex(options.store.load());
  }

  /** Judges and records without waiting, so that no other request comes between; only then waits for the store. */
  async sign(request: SigningRequest): Promise<SignResult> {
    if (this.failure !== null) throw this.failure;
    const { domain, signDigest } = this.options;
    const malformed = objectionToForm(domain, request);
    if (malformed !== null) return { ok: false, reason: malformed };
    const message = signingMessage(domain, request);
    const place = placeOf(request, domain.epoch);
    if (place === null) return { ok: true, signature: signDigest(message) };
    const digest = bytesToHex(message);
    const known = this.index.find(place);
    if (known !== null && known.digest !== digest) {
      return { ok: false, reason: `this key has signed another message in ${place.slot} at ${known.position}` };
    }
    if (known !== null) return this.whenDurable(known);
    const objection = objectionTo(domain, this.index, request, place);
    if (objection !== null) return { ok: false, reason: objection };
    const record = { ...place, digest, signature: signDigest(message) };
    this.index.add(record);
    this.appends.set(record, this.append(record));
    return this.whenDurable(record);
  }

  private async whenDurable(record: SignerRecord): Promise<SignResult> {
    await this.appends.get(record);
    return { ok: true, signature: record.signature };
  }

  /** After a failure nobody knows what the store holds, so nothing is signed on top of it. */
  private async append(record: SignerRecord): Promise<void> {
    try {
      await this.options.store.append(record);
    } catch (error) {
      this.failure ??= new SignerStoreError(error);
    }
    // An append that went through after an earlier one failed is of no use: the order on disk is broken.
    if (this.failure !== null) throw this.failure;
    this.appends.delete(record);
  }
}

/** Another epoch's request is another signer's; views and heights begin at 1. */
function objectionToForm({ epoch }: SigningDomain, request: SigningRequest): string | null {
  if ('height' in request) return request.height >= 1n ? null : 'chunks begin at height 1';
  const named = 'tuple' in request ? request.tuple : request;
  if (named.epoch !== epoch) return `epoch ${named.epoch} is not the signer's epoch ${epoch}`;
  return named.view >= 1n ? null : 'views begin at 1';
}
