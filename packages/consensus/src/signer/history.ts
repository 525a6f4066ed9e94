import { ContradictorySignerRecordsError } from '../errors.ts';
import type { SignerHistory, SignerRecord } from '../ports.ts';
import { keyInSlot } from './record-index.ts';

/**
 * What a database knows after an import: everything that either side has signed. The highest position of a slot is then
 * the higher one of both, and with it the watermark below which nothing is signed. Whoever made the file answers for
 * its being complete, so a silence of the database ends, unless the file's own database was silent too.
 * Throws ContradictorySignerRecordsError.
 */
export function mergeHistories(own: SignerHistory, imported: SignerHistory): SignerHistory {
  const merged = new Map<string, SignerRecord>();
  for (const record of [...own.records, ...imported.records]) {
    const key = `${record.slot} ${keyInSlot(record.position, record.scope)}`;
    const known = merged.get(key);
    if (known !== undefined && known.digest !== record.digest) contradiction(record);
    if (known === undefined || known.position < record.position) merged.set(key, record);
  }
  for (const record of merged.values()) refuseNullifyWithFinalize(merged, record);
  return { silentBefore: imported.silentBefore, records: [...merged.values()] };
}

/** E4: no signer signs both in one view, whichever comes first. */
function refuseNullifyWithFinalize(records: ReadonlyMap<string, SignerRecord>, record: SignerRecord): void {
  const [epoch, kind] = record.slot.split('/');
  if (kind === 'finalize' && records.has(`${epoch}/nullify ${record.position}`)) contradiction(record);
}

function contradiction({ slot, position, scope }: SignerRecord): never {
  throw new ContradictorySignerRecordsError(slot, position, scope);
}

/**
 * The first epoch in which a key may sign again whose records were found missing in `epoch`: it stays silent for the
 * rest of that epoch and one full epoch more (consensus.md, Durability). Where there are no epochs, for ever.
 */
export function silenceAfterLoss(epoch: bigint): bigint {
  return epoch + 2n;
}
