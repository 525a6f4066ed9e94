import type { PeerId } from '@heddle/network';

interface AnswerRecord {
  /** Its last answer did not come, or was no good. */
  isPoor: boolean;
  /** What it is being asked now. */
  running: number;
  /** Until its last good answer came, milliseconds. */
  ms: number;
}

/** How peers have answered so far: whom to ask first. */
export class AnswerRecords {
  readonly #records = new Map<PeerId, AnswerRecord>();

  /**
   * The hinted peer first, and last those that did badly before: one that is silent costs a time-out each time. Among the
   * others first the one whose answer is to be expected soonest, so that several requests at once go to several peers, and
   * few to a slow one.
   */
  ordered(peers: readonly PeerId[], hint: PeerId | null): readonly PeerId[] {
    this.#forgetOthers(peers);
    const rank = (peer: PeerId): number => (this.#isPoor(peer) ? 2 : peer === hint ? 0 : 1);
    return peers.toSorted((a, b) => rank(a) - rank(b) || this.#expectedMs(a) - this.#expectedMs(b));
  }

  asked(peer: PeerId): void {
    this.#of(peer).running += 1;
  }

  answered(peer: PeerId, isGood: boolean, ms: number): void {
    const record = this.#of(peer);
    record.running -= 1;
    record.isPoor = !isGood;
    if (isGood) record.ms = ms;
  }

  #isPoor(peer: PeerId): boolean {
    return this.#records.get(peer)?.isPoor ?? false;
  }

  #expectedMs(peer: PeerId): number {
    const record = this.#records.get(peer);
    return record === undefined ? 0 : record.running * Math.max(1, record.ms) + record.ms;
  }

  #of(peer: PeerId): AnswerRecord {
    const known = this.#records.get(peer);
    if (known !== undefined) return known;
    const record = { isPoor: false, running: 0, ms: 0 };
    this.#records.set(peer, record);
    return record;
  }

  /** There are never many more than there are peers. */
  #forgetOthers(peers: readonly PeerId[]): void {
    if (this.#records.size <= peers.length) return;
    const connected = new Set(peers);
    for (const [peer, { running }] of this.#records) {
      if (running === 0 && !connected.has(peer)) this.#records.delete(peer);
    }
  }
}
