import type { JournalRecord } from '@heddle/consensus';
import type { Certificate } from '@heddle/types';
import type { WorldEvent } from '../world/events.ts';

/** Every certificate that a machine has verified and written down. */
export function certificatesOf(event: WorldEvent): readonly Certificate[] {
  return event.kind === 'journaled' ? event.records.flatMap(certificatesIn) : [];
}

function certificatesIn(record: JournalRecord): readonly Certificate[] {
  if (record.kind === 'certificate' || record.kind === 'floor') return [record.certificate];
  return [];
}
