import { ContradictorySignerRecordsError } from '../errors.ts';
import type { SignerRecord } from '../ports.ts';
import { SIGNER_WINDOW_EPOCHS, SIGNER_WINDOW_POSITIONS } from './limits.ts';
import { epochOfSlot, type SigningPlace, type ViewKind, viewSlot } from './place.ts';

/** Kinds that are only ever signed in the current view, so their views never go down. */
const CURRENT_VIEW_KINDS = ['propose', 'notarize', 'nullify'] as const;

interface SlotRecords {
  highest: bigint;
  readonly records: Map<string, SignerRecord>;
}

/** The signer's records in memory, by place. */
export class RecordIndex {
  private readonly slots = new Map<string, SlotRecords>();
  /** Kept because every signature asks for it. */
  private highestEpoch = 0n;

  /** Throws ContradictorySignerRecordsError. */
  constructor(records: readonly SignerRecord[]) {
    for (const record of records) this.add(record);
  }

  find({ slot, position, scope }: SigningPlace): SignerRecord | null {
    return this.slots.get(slot)?.records.get(keyInSlot(position, scope)) ?? null;
  }

  /** The digest signed in one of a view's slots; null if none. */
  digestInView(epoch: bigint, kind: ViewKind, view: bigint): string | null {
    return this.find({ slot: viewSlot(epoch, kind), position: view, scope: '' })?.digest ?? null;
  }

  /** Highest view in which this key proposed, notarized or nullified; 0 if none. */
  highestVotedView(epoch: bigint): bigint {
    return CURRENT_VIEW_KINDS.map((kind) => this.highestOf(viewSlot(epoch, kind))).reduce(greater, 0n);
  }

  /** Lowest epoch in which the records are complete: what was signed in one below it may have been forgotten. */
  lowestEpoch(): bigint {
    return greater(this.highestEpoch - SIGNER_WINDOW_EPOCHS, 0n);
  }

  /** Lowest position at which the slot's records are complete: what is signed below it may have been forgotten. */
  floorOf(slot: string): bigint {
    return greater(this.highestOf(slot) - SIGNER_WINDOW_POSITIONS, 0n);
  }

  /** Throws ContradictorySignerRecordsError. */
  add(record: SignerRecord): void {
    const known = this.find(record);
    if (known !== null && known.digest !== record.digest) {
      throw new ContradictorySignerRecordsError(record.slot, record.position, record.scope);
    }
    const entry = this.slots.get(record.slot) ?? this.openSlot(record.slot);
    entry.records.set(keyInSlot(record.position, record.scope), record);
    entry.highest = greater(entry.highest, record.position);
    if (entry.records.size > 2 * Number(SIGNER_WINDOW_POSITIONS)) this.forgetBelowFloor(record.slot, entry);
  }

  private openSlot(slot: string): SlotRecords {
    const entry: SlotRecords = { highest: 0n, records: new Map() };
    this.slots.set(slot, entry);
    this.highestEpoch = greater(this.highestEpoch, epochOfSlot(slot));
    return entry;
  }

  private highestOf(slot: string): bigint {
    return this.slots.get(slot)?.highest ?? 0n;
  }

  private forgetBelowFloor(slot: string, entry: SlotRecords): void {
    const floor = this.floorOf(slot);
    for (const [key, { position }] of entry.records) {
      if (position < floor) entry.records.delete(key);
    }
  }
}

/**
 * A chunk's height is not part of what is signed, its parent is: one chunk per parent, whatever height a request
 * claims. A vote's scope is empty, its view says where it belongs.
 */
export function keyInSlot(position: bigint, scope: string): string {
  return scope === '' ? String(position) : scope;
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
