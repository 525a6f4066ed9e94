import type { Random } from '@heddle/runtime';
import { DataDirectoryLockedError } from '../errors.ts';
import type { Disk, KeyValueStore, Medium } from '../medium.ts';
import { MemoryDisk } from './disk.ts';
import { MemoryKeyValue, MemoryTable } from './key-value.ts';
import { Life, type Perform, performAtOnce } from './life.ts';
import { MemoryNames } from './names.ts';

/** A medium in memory, which can be killed. It keeps apart what is synced and what is not. */
export interface MemoryMedium extends Medium {
  /**
   * The disk of the process that runs now. One who has taken it keeps it: after a kill it does nothing any more, and
   * the next process takes its own.
   */
  readonly disk: Disk;
  /** The process is gone: what it has open does and hears nothing any more, what was applied stays. */
  kill(): void;
  /** The same, and of what was not synced a part is lost: file bytes, names, the last unsynced batches. */
  powerFailure(random: Random): void;
  /** One bit of one stored value of the key-value store turns over, whoever has it open. */
  flipBit(name: string, random: Random): void;
}

/**
 * `random` makes the salts of files: seeded for a simulation. `perform` decides about every durable step; without one
 * each happens at once.
 */
export function createMemoryMedium(random: Pick<Random, 'bytes'>, perform: Perform = performAtOnce): MemoryMedium {
  const names = new MemoryNames();
  const tables = new Map<string, MemoryTable>();
  const open = new Set<string>();
  let life = new Life(perform);
  let disk = new MemoryDisk(names, life);
  const kill = (): void => {
    life.end();
    open.clear();
    life = new Life(perform);
    disk = new MemoryDisk(names, life);
  };
  return {
    name: 'memory',
    get disk(): Disk {
      return disk;
    },
    randomBytes: (length) => random.bytes(length),
    openKeyValue: (name) => {
      if (open.has(name)) return Promise.reject(new DataDirectoryLockedError(name, {}));
      open.add(name);
      const table = tables.get(name) ?? new MemoryTable();
      tables.set(name, table);
      // As LevelDB does: it writes what it finds in its log to a table, and syncs that.
      table.sync();
      const own = life;
      const closed = (): void => {
        if (own === life) open.delete(name);
      };
      const store: KeyValueStore = new MemoryKeyValue(name, table, life, closed);
      return Promise.resolve(store);
    },
    kill,
    flipBit: (name, dice) => tables.get(name)?.flipBit(dice),
    powerFailure: (dice) => {
      kill();
      names.losePower(dice);
      for (const table of tables.values()) table.losePower(dice);
    },
  };
}
