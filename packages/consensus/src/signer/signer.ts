import type { SigningDomain, SigningRequest } from '@heddle/types';
import type { SignerRecord, SignerStore } from '../ports.ts';
import { SignerStoreError } from './errors.ts';
import { SignerJudge } from './judge.ts';

export interface SignerOptions {
  /** Written by this signer alone from now on. Closing it stays the caller's business. */
  readonly store: SignerStore;
  /** Signs a 32-byte message with the validator's key; 192 bytes. Deterministic. */
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
  private readonly store: SignerStore;
  private readonly rules: SignerJudge;
  /** Records that are not durable yet. */
  private readonly appends = new Map<SignerRecord, Promise<void>>();
  private readonly silence: string | null;
  private failure: SignerStoreError | null = null;

  constructor({ store, domain, signDigest }: SignerOptions) {
    this.store = store;
    this.rules = new SignerJudge(domain, signDigest, store.load());
    this.silence = silenceIn(domain.epoch, store.silentBefore());
  }

  /** Judges and records without waiting, so that no other request comes between; only then waits for the store. */
  async sign(request: SigningRequest): Promise<SignResult> {
    if (this.failure !== null) throw this.failure;
    if (this.silence !== null) return { ok: false, reason: this.silence };
    const judgement = this.rules.judge(request);
    switch (judgement.kind) {
      case 'refused':
        return { ok: false, reason: judgement.reason };
      case 'unrecorded':
        return { ok: true, signature: judgement.signature };
      case 'signed':
        this.appends.set(judgement.record, this.append(judgement.record));
        return this.whenDurable(judgement.record);
      case 'known':
        return this.whenDurable(judgement.record);
    }
  }

  private async whenDurable(record: SignerRecord): Promise<SignResult> {
    await this.appends.get(record);
    return { ok: true, signature: record.signature };
  }

  /** After a failure nobody knows what the store holds, so nothing is signed on top of it. */
  private async append(record: SignerRecord): Promise<void> {
    try {
      await this.store.append(record);
    } catch (error) {
      this.failure ??= new SignerStoreError(error);
    }
    // An append that went through after an earlier one failed is of no use: the order on disk is broken.
    if (this.failure !== null) throw this.failure;
    this.appends.delete(record);
  }
}

/** Without its records nobody knows what the key has signed lately, so it waits until none of that counts any more. */
function silenceIn(epoch: bigint, silentBefore: bigint): string | null {
  if (epoch >= silentBefore) return null;
  return (
    `the signer's records were missing beside an existing chain: silent before epoch ${silentBefore}, and this is ` +
    `epoch ${epoch} (for ever on a network without epochs); to end it, import an export of the records with ` +
    '`heddle signer import`'
  );
}
