import type { PeerId } from '@heddle/network';

/** What came of a request: what was asked for; that the peer does not have it; or nothing, or nothing good. */
type AnswerKind = 'given' | 'absent' | 'poor';

interface AnswerRecord {
  /** Of its last answer. */
  kind: AnswerKind;
  /** What it is being asked now. */
  running: number;
  /** Until its last good answer came, milliseconds. */
  ms: number;
}

/** How peers have answered so far: whom to ask first. */
export class AnswerRecords {
  readonly #records = new Map<PeerId, AnswerRecord>();

  /**
   * The hinted peer first, and last those that did badly before: one that is silent costs a time-out each time. Before them
   * those that did not have what they were asked for, however fast they said so. Among the others first the one whose answer
   * is to be expected soonest, so that several requests at once go to several peers, and few to a slow one.
   */
  ordered(peers: readonly PeerId[], hint: PeerId | null): readonly PeerId[] {
    this.#forgetOthers(peers);
    const rank = (peer: PeerId): number => {
      const kind = this.#records.get(peer)?.kind ?? 'given';
      if (kind === 'poor') return 3;
      if (peer === hint) return 0;
      return kind === 'absent' ? 2 : 1;
    };
    return peers.toSorted((a, b) => rank(a) - rank(b) || this.#expectedMs(a) - this.#expectedMs(b));
  }

  asked(peer: PeerId): void {
    this.#of(peer).running += 1;
  }

  answered(peer: PeerId, kind: AnswerKind, ms: number): void {
    const record = this.#of(peer);
    record.running -= 1;
    record.kind = kind;
    if (kind === 'given') record.ms = ms;
  }

  #expectedMs(peer: PeerId): number {
    const record = this.#records.get(peer);
    return record === undefined ? 0 : record.running * Math.max(1, record.ms) + record.ms;
  }

  #of(peer: PeerId): AnswerRecord {
    const known = this.#records.get(peer);
    if (known !== undefined) return known;
    const record: AnswerRecord = { kind: 'given', running: 0, ms: 0 };
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
