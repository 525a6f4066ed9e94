import type { SigningRequest, ValidatorIndex } from '@heddle/types';
import { fakeSign, messageText } from './fake-crypto.ts';

/**
 * A signer whose record outlives crashes and that enforces the vote rules on its own; a lax one signs anything, so that
 * the engine's own rules are what is tested.
 */
export class FakeSigner {
  readonly #signer: ValidatorIndex;
  readonly #lax: boolean;
  readonly #slots = new Map<string, SigningRequest>();

  constructor(signer: ValidatorIndex, lax: boolean) {
    this.#signer = signer;
    this.#lax = lax;
  }

  /** The signature, or null when the record forbids it. */
  sign(request: SigningRequest): Uint8Array | null {
    if (this.#lax) return fakeSign(this.#signer, request);
    const view = 'tuple' in request ? request.tuple.view : 'view' in request ? request.view : 0n;
    const before = this.#slots.get(`${request.kind}:${view}`);
    if (before !== undefined && messageText(before) !== messageText(request)) return null;
    if (before === undefined && this.#contradicts(request, view)) return null;
    this.#slots.set(`${request.kind}:${view}`, request);
    return fakeSign(this.#signer, request);
  }

  #contradicts(request: SigningRequest, view: bigint): boolean {
    const has = (kind: string): boolean => this.#slots.has(`${kind}:${view}`);
    if (request.kind === 'notarize') return has('nullify');
    if (request.kind === 'nullify') return has('finalize');
    if (request.kind !== 'finalize') return false;
    const notarized = this.#slots.get(`notarize:${view}`);
    const differs = notarized?.kind === 'notarize' && notarized.tuple.blockHash !== request.tuple.blockHash;
    return has('nullify') || differs;
  }
}
