import { bytesToHex } from '@heddle/primitives';
import { type SigningDomain, type SigningRequest, signingMessage } from '@heddle/types';
import type { SignerRecord } from '../ports.ts';
import { signingPlaceOf } from './place.ts';
import { RecordIndex } from './record-index.ts';
import { objectionTo } from './rules.ts';

/** What becomes of a request. `signed` has to be durable before its signature is handed out; `known` was stored before. */
export type Judgement =
  | { readonly kind: 'signed'; readonly record: SignerRecord }
  | { readonly kind: 'known'; readonly record: SignerRecord }
  /** Deterministic, signed as often as asked, never recorded. */
  | { readonly kind: 'unrecorded'; readonly signature: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * The signer's memory and rules, without its store: judges one request after the other, each against all before it.
 * Whoever drives it makes the record of each `signed` durable before anyone sees the signature.
 */
export class SignerJudge {
  private readonly domain: SigningDomain;
  private readonly signDigest: (message: Uint8Array) => Uint8Array;
  private readonly index: RecordIndex;

  /** `records`: everything signed before this process started. Throws ContradictorySignerRecordsError. */
  constructor(
    domain: SigningDomain,
    signDigest: (message: Uint8Array) => Uint8Array,
    records: readonly SignerRecord[],
  ) {
    this.domain = domain;
    this.signDigest = signDigest;
    this.index = new RecordIndex(records);
  }

  judge(request: SigningRequest): Judgement {
    const malformed = objectionToForm(this.domain, request);
    if (malformed !== null) return { kind: 'refused', reason: malformed };
    const message = signingMessage(this.domain, request);
    const place = signingPlaceOf(request, this.domain.epoch);
    if (place === null) return { kind: 'unrecorded', signature: this.signDigest(message) };
    const digest = bytesToHex(message);
    const known = this.index.find(place);
    if (known !== null && known.digest !== digest) {
      const reason = `this key has signed another message in ${place.slot} at ${known.position}`;
      return { kind: 'refused', reason };
    }
    if (known !== null) return { kind: 'known', record: known };
    const objection = objectionTo(this.domain, this.index, request, place);
    if (objection !== null) return { kind: 'refused', reason: objection };
    const record = { ...place, digest, signature: this.signDigest(message) };
    this.index.add(record);
    return { kind: 'signed', record };
  }
}

/** Another epoch's request is another signer's; views and heights begin at 1. */
function objectionToForm({ epoch }: SigningDomain, request: SigningRequest): string | null {
  if ('height' in request) return request.height >= 1n ? null : 'chunks begin at height 1';
  const named = 'tuple' in request ? request.tuple : request;
  if (named.epoch !== epoch) return `epoch ${named.epoch} is not the signer's epoch ${epoch}`;
  return named.view >= 1n ? null : 'views begin at 1';
}
