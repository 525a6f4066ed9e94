import { accusedBy, evidencePlaceOf } from '@heddle/consensus';
import type { PeerId } from '@heddle/network';
import { type EvidenceReport, encodeEvidence, type ValidatorIndex } from '@heddle/types';
import type { ValidatorsByEpoch } from '../epochs/epoch-validators.ts';
import { MAX_EVIDENCE_PER_CULPRIT, MAX_EVIDENCE_POOL_BYTES } from '../limits.ts';
import type { Logger } from '../logger.ts';
import type { ProvenEvidence, Telling } from '../parts/events.ts';
import type { Foundation } from '../parts/foundation.ts';

type Parts = Pick<Foundation, 'link' | 'log'> &
  Telling<'blame' | 'evidenceProven'> & {
    readonly validatorsByEpoch: Pick<ValidatorsByEpoch, 'judge'>;
  };

/** What happened to evidence from peers, counted. */
export interface EvidenceCounts {
  readonly kept: number;
  /** Known already, of another epoch, or beyond the bounds. */
  readonly ignored: number;
  readonly refused: number;
}

/**
 * Evidence of the engine, of the chunk protocol and of the peers. Whatever proves something is kept, logged, passed on to
 * everyone once, and stays for export. Everybody verifies before passing on, so a peer that sends evidence which proves
 * nothing is at fault itself. It travels on direct streams, whose other end is known for certain.
 */
export class EvidencePool {
  readonly #parts: Parts;
  readonly #log: Logger;
  readonly #entries: ProvenEvidence[] = [];
  /** `epoch:kind:place:culprit` of what is kept. */
  readonly #known = new Set<string>();
  /** Pieces kept against a validator of an epoch, by `epoch:culprit`. */
  readonly #load = new Map<string, number>();
  #bytes = 0;
  #counts: EvidenceCounts = { kept: 0, ignored: 0, refused: 0 };

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#log = parts.log.child('evidence');
  }

  /** Everything kept, in the order in which it was found. */
  get entries(): readonly ProvenEvidence[] {
    return this.#entries;
  }

  get counts(): EvidenceCounts {
    return this.#counts;
  }

  /** From a protocol of this node, which has compared contents only: what does not verify is forgotten. */
  found(report: EvidenceReport): void {
    if (!this.#isWanted(report)) return;
    const culprits = this.#parts.validatorsByEpoch.judge(report);
    if (culprits !== null && culprits.length > 0) this.#keep({ ...report, culprits }, null);
  }

  receive(report: EvidenceReport, from: PeerId): void {
    const culprits = this.#isWanted(report) ? this.#parts.validatorsByEpoch.judge(report) : null;
    if (culprits === null) {
      this.#counts = { ...this.#counts, ignored: this.#counts.ignored + 1 };
      return;
    }
    if (culprits.length > 0) {
      this.#keep({ ...report, culprits }, from);
      return;
    }
    this.#counts = { ...this.#counts, refused: this.#counts.refused + 1 };
    this.#parts.events.blame(from, `evidence: ${report.evidence.kind} that proves nothing`);
  }

  /** Judged before any signature is looked at: repetition costs nothing. */
  #isWanted(report: EvidenceReport): boolean {
    return accusedBy(report.evidence).some((culprit) => this.#hasRoomFor(report, culprit));
  }

  #hasRoomFor(report: EvidenceReport, culprit: ValidatorIndex): boolean {
    if (this.#known.has(keyOf(report, culprit))) return false;
    const load = this.#load.get(loadKeyOf(report, culprit)) ?? 0;
    if (load >= MAX_EVIDENCE_PER_CULPRIT) return false;
    return this.#bytes < (load === 0 ? MAX_EVIDENCE_POOL_BYTES : MAX_EVIDENCE_POOL_BYTES / 2);
  }

  #keep(proven: ProvenEvidence, from: PeerId | null): void {
    const { link, events } = this.#parts;
    const { evidence, epoch, culprits } = proven;
    // What the evidence claims and what it proves may differ; only who is proven guilty counts from here on.
    if (!culprits.some((culprit) => this.#hasRoomFor(proven, culprit))) return;
    this.#entries.push(proven);
    this.#bytes += encodeEvidence(proven).length;
    this.#counts = { ...this.#counts, kept: this.#counts.kept + 1 };
    for (const culprit of culprits) {
      this.#known.add(keyOf(proven, culprit));
      const key = loadKeyOf(proven, culprit);
      this.#load.set(key, (this.#load.get(key) ?? 0) + 1);
    }
    this.#log.warn('evidence', { proof: evidence.kind, epoch: `${epoch}`, culprits: culprits.join(' ') });
    for (const peer of link.connected()) if (peer !== from) link.sendEvidence(peer, { epoch, evidence });
    events.evidenceProven(proven);
  }
}

function keyOf({ epoch, evidence }: EvidenceReport, culprit: ValidatorIndex): string {
  return `${epoch}:${evidence.kind}:${evidencePlaceOf(evidence)}:${culprit}`;
}

function loadKeyOf({ epoch }: EvidenceReport, culprit: ValidatorIndex): string {
  return `${epoch}:${culprit}`;
}
