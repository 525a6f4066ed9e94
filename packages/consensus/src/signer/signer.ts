import type { SigningDomain, SigningRequest } from '@heddle/types';
import type { JournalRecord } from '../effect.ts';
import { viewOf } from '../engine/subjects.ts';
import { SignerStoreError } from '../errors.ts';
import type { SignerRecord, SignerStore } from '../ports.ts';
import { SignerJudge } from './judge.ts';
import { viewSlot } from './place.ts';
import { RecordIndex } from './record-index.ts';

export interface SignerOptions {
  /** Written by this signer alone from now on. Closing it stays the caller's business. */
  readonly store: SignerStore;
  /** Signs a 32-byte message with the validator's key; 192 bytes. Deterministic. */
  readonly signDigest: (message: Uint8Array) => Uint8Array;
  /** The epoch that this signer serves; each epoch has its own signer over the same store. */
  readonly domain: SigningDomain;
  /** The journal of the epoch: it must not know more than the store of what this key has signed. */
  readonly journaled: readonly JournalRecord[];
}

export type SignResult =
  | { readonly ok: true; readonly signature: Uint8Array }
  | { readonly ok: false; readonly reason: string };

/** The only user of a validator's key. */
export interface Signer {
  /** Why it signs nothing, and what to do about it; null when it does. */
  readonly silence: string | null;
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
  return { silence: core.silence, sign: (request) => core.sign(request) };
}

class SignerCore {
  private readonly store: SignerStore;
  private readonly rules: SignerJudge;
  /** Records that are not durable yet. */
  private readonly appends = new Map<SignerRecord, Promise<void>>();
  readonly silence: string | null;
  private failure: SignerStoreError | null = null;

  constructor({ store, domain, signDigest, journaled }: SignerOptions) {
    const records = store.load();
    this.store = store;
    this.rules = new SignerJudge(domain, signDigest, records);
    this.silence = silenceIn(domain.epoch, store.silentBefore()) ?? silenceOfPart(domain.epoch, records, journaled);
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

/**
 * Each vote's record is durable before the journal hears of it. Where the journal knows one that the records lack, they
 * are an old copy or a part, and nobody knows what else is missing. The journal forgets what lies below its floor, and
 * with it this finding: by then no vote that counts can contradict a lost one.
 */
function silenceOfPart(
  epoch: bigint,
  records: readonly SignerRecord[],
  journaled: readonly JournalRecord[],
): string | null {
  const index = new RecordIndex(records);
  for (const record of journaled) {
    if (record.kind !== 'ownVote') continue;
    const { kind } = record.vote;
    const place = { slot: viewSlot(epoch, kind), position: viewOf(record.vote), scope: '' };
    if (place.position < index.floorOf(place.slot) || index.find(place) !== null) continue;
    return (
      `the signer's records are an old copy or a part: the journal knows that this key has voted to ${kind} view ` +
      `${place.position}, and they do not. Silent in epoch ${epoch}; to end it, import a complete export of the ` +
      'records with `heddle signer import`'
    );
  }
  return null;
}
