import type { Cancel, Scheduler } from '@heddle/runtime';
import { RequestFailedError, type RequestFailure } from '../errors.ts';
import { MAX_PENDING_REQUESTS_PER_PEER } from '../limits.ts';
import type { PeerId } from '../transport.ts';

interface PendingRequest {
  readonly peer: PeerId;
  readonly protocol: string;
  readonly cancelTimeout: Cancel;
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: RequestFailedError) => void;
}

/** The requests of one transport that wait for their answers. */
export class PendingRequests {
  readonly #scheduler: Scheduler;
  readonly #pending = new Map<number, PendingRequest>();
  #nextId = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  hasRoom(peer: PeerId): boolean {
    let count = 0;
    for (const request of this.#pending.values()) if (request.peer === peer) count += 1;
    return count < MAX_PENDING_REQUESTS_PER_PEER;
  }

  /** `send` gets the id to send the request under; what it returns, if not null, is why it could not be sent. */
  open(
    peer: PeerId,
    protocol: string,
    timeoutMs: number,
    send: (requestId: number) => RequestFailure | null,
  ): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const requestId = this.#nextId++;
      const cancelTimeout = this.#scheduler.after(timeoutMs, () => this.fail(requestId, peer, 'timeout'));
      this.#pending.set(requestId, { peer, protocol, cancelTimeout, resolve, reject });
      const failure = send(requestId);
      if (failure !== null) this.fail(requestId, peer, failure);
    });
  }

  /** An answer counts only from the peer that was asked; one that comes too late is dropped. */
  answer(requestId: number, from: PeerId, payload: Uint8Array): void {
    this.#take(requestId, from)?.resolve(payload);
  }

  fail(requestId: number, from: PeerId, reason: RequestFailure): void {
    const request = this.#take(requestId, from);
    request?.reject(new RequestFailedError(request.peer, request.protocol, reason));
  }

  failPeer(peer: PeerId, reason: RequestFailure): void {
    for (const [requestId, request] of [...this.#pending])
      if (request.peer === peer) this.fail(requestId, peer, reason);
  }

  failAll(reason: RequestFailure): void {
    for (const [requestId, request] of [...this.#pending]) this.fail(requestId, request.peer, reason);
  }

  #take(requestId: number, from: PeerId): PendingRequest | null {
    const request = this.#pending.get(requestId);
    if (request === undefined || request.peer !== from) return null;
    this.#pending.delete(requestId);
    request.cancelTimeout();
    return request;
  }
}
