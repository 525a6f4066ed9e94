/** LevelDB's manifest: changes of the set of files that make up the database. */
import { ByteReader } from './byte-reader.ts';

/** Files that LevelDB reads when it opens. */
export interface LiveFiles {
  /** Length in bytes by number. */
  readonly tables: ReadonlyMap<number, number>;
  /** Journals from this number on count, and `previousLog`. */
  readonly log: number;
  readonly previousLog: number;
}

const TAGS = {
  comparator: 1,
  log: 2,
  nextFile: 3,
  lastSequence: 4,
  compactPointer: 5,
  deletedFile: 6,
  newFile: 7,
  previousLog: 9,
} as const;

/** Null when a record is not one of LevelDB's. */
export function readManifest(records: readonly Uint8Array[]): LiveFiles | null {
  const tables = new Map<number, number>();
  const logs = { log: 0, previousLog: 0 };
  for (const record of records) if (!applyEdit(new ByteReader(record), tables, logs)) return null;
  return { tables, ...logs };
}

/** A table that moves to another level is deleted and new in one edit: deletions come first, as LevelDB applies them. */
function applyEdit(
  reader: ByteReader,
  tables: Map<number, number>,
  logs: { log: number; previousLog: number },
): boolean {
  const added: (readonly [number, number])[] = [];
  while (!reader.isAtEnd) {
    switch (reader.varint()) {
      case TAGS.comparator:
        if (reader.string() === null) return false;
        break;
      case TAGS.log:
        logs.log = reader.varint() ?? -1;
        break;
      case TAGS.previousLog:
        logs.previousLog = reader.varint() ?? -1;
        break;
      case TAGS.nextFile:
      case TAGS.lastSequence:
        reader.varint();
        break;
      case TAGS.compactPointer:
        reader.varint();
        reader.string();
        break;
      case TAGS.deletedFile:
        reader.varint();
        tables.delete(reader.varint() ?? -1);
        break;
      case TAGS.newFile: {
        reader.varint();
        const [number, length] = [reader.varint(), reader.varint()];
        reader.string();
        reader.string();
        if (number === null || length === null) return false;
        added.push([number, length]);
        break;
      }
      default:
        return false;
    }
  }
  for (const [number, length] of added) tables.set(number, length);
  return true;
}
