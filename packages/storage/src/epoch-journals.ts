import type { Journal } from '@heddle/consensus';
import { assert } from '@heddle/primitives';
import { storageFailure } from './errors.ts';
import { openJournal } from './journal.ts';
import type { Medium } from './medium.ts';

const DIRECTORY = 'journal';
const FILE_NAME = /^epoch-(0|[1-9]\d{0,19})\.log$/;

const pathOf = (epoch: bigint): string => `${DIRECTORY}/epoch-${epoch}.log`;

/** One journal file an epoch. */
export class EpochJournals {
  readonly #medium: Pick<Medium, 'name' | 'disk' | 'randomBytes'>;
  /** Open or being opened; a file is never open twice. */
  readonly #open = new Map<bigint, Promise<Journal>>();

  constructor(medium: Pick<Medium, 'name' | 'disk' | 'randomBytes'>) {
    this.#medium = medium;
  }

  /** Epochs that have a journal, in order. Throws `StorageFailureError`. */
  async epochs(): Promise<readonly bigint[]> {
    try {
      const names = await this.#medium.disk.list(DIRECTORY);
      const epochs = names.flatMap((name) => FILE_NAME.exec(name)?.slice(1).map(BigInt) ?? []);
      return epochs.sort((a, b) => (a < b ? -1 : 1));
    } catch (cause) {
      throw storageFailure(`list ${DIRECTORY}`, { cause });
    }
  }

  /** The journal of an epoch, created if missing; the same one every time. Throws what `openJournal` throws. */
  open(epoch: bigint): Promise<Journal> {
    assert(epoch >= 0n, 'epochs begin at 0');
    const known = this.#open.get(epoch);
    if (known !== undefined) return known;
    const opening = openJournal(this.#medium, pathOf(epoch));
    this.#open.set(epoch, opening);
    return opening;
  }

  /** Removes the journals of all epochs before this one. Throws `StorageFailureError`. */
  async removeBelow(epoch: bigint): Promise<void> {
    const old = (await this.epochs()).filter((each) => each < epoch);
    if (old.length === 0) return;
    try {
      for (const each of old) {
        const journal = this.#open.get(each);
        this.#open.delete(each);
        if (journal !== undefined) await (await journal).close();
        await this.#medium.disk.remove(pathOf(each));
      }
      await this.#medium.disk.syncDirectory(DIRECTORY);
    } catch (cause) {
      throw storageFailure(`remove the journals before epoch ${epoch}`, { cause });
    }
  }

  async close(): Promise<void> {
    const journals = await Promise.allSettled(this.#open.values());
    for (const journal of journals) if (journal.status === 'fulfilled') await journal.value.close();
  }
}
