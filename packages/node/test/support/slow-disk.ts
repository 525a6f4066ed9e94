import type { Journal } from '@heddle/consensus';
import type { Scheduler } from '@heddle/runtime';
import type { ValidatorStorage } from '@heddle/storage';

/** A validator's storage as one run of it uses it. */
export interface SlowDisk {
  readonly storage: ValidatorStorage;
  /** As if the process had been killed: what is under way is not written any more, or nobody hears of it. */
  cut(): void;
}

/** `storage`, each write taking `delayMs` before it is there and as much again until the writer knows. */
export function slowDisk(storage: ValidatorStorage, scheduler: Scheduler, delayMs: () => number): SlowDisk {
  let isCut = false;
  const wait = async (): Promise<void> => {
    const ms = delayMs();
    if (ms > 0) await new Promise<void>((resolve) => scheduler.after(ms, resolve));
    if (isCut) await new Promise<never>(() => {});
  };
  const write = async (run: () => Promise<void>): Promise<void> => {
    await wait();
    await run();
    await wait();
  };
  const { chain, signerStore } = storage;
  const slowJournal = (journal: Journal): Journal => ({
    append: (records) => write(() => journal.append(records)),
    replay: () => journal.replay(),
    close: () => journal.close(),
  });
  return {
    cut: () => {
      isCut = true;
    },
    storage: {
      chain: {
        head: () => chain.head(),
        bestFinalization: () => chain.bestFinalization(),
        finalizationOf: (epoch) => chain.finalizationOf(epoch),
        commit: (block, applied) => write(() => chain.commit(block, applied)),
        minted: () => chain.minted(),
        control: () => chain.control(),
        blockByNumber: (number) => chain.blockByNumber(number),
        blockHashByNumber: (number) => chain.blockHashByNumber(number),
        blockByHash: (hash) => chain.blockByHash(hash),
        executions: (number) => chain.executions(number),
        transactionLocation: (hash) => chain.transactionLocation(hash),
        accessLists: (number) => chain.accessLists(number),
        messagesOf: (hash) => chain.messagesOf(hash),
        messagesById: (id) => chain.messagesById(id),
        pendingMessages: (shard) => chain.pendingMessages(shard),
        burned: () => chain.burned(),
        state: (shard) => chain.state(shard),
        stateHistory: () => chain.stateHistory(),
        namedValidators: (epoch) => chain.namedValidators(epoch),
        chunk: (hash) => chain.chunk(hash),
        putChunk: (hash, chunk) => write(() => chain.putChunk(hash, chunk)),
        putBlock: (hash, block) => write(() => chain.putBlock(hash, block)),
        unfinalBlock: (hash) => chain.unfinalBlock(hash),
        unfinalBlocks: () => chain.unfinalBlocks(),
        rewindRecord: () => chain.rewindRecord(),
        holdCommits: () => chain.holdCommits(),
        onDamage: (listener) => chain.onDamage(listener),
        close: () => chain.close(),
      },
      openJournal: async (epoch) => {
        await wait();
        return slowJournal(await storage.openJournal(epoch));
      },
      pool: {
        load: () => storage.pool.load(),
        append: (raw, waiting) => write(() => storage.pool.append(raw, waiting)),
        close: () => storage.pool.close(),
      },
      newestEpoch: () => storage.newestEpoch(),
      rewind: (target, record) => write(() => storage.rewind(target, record)),
      removeJournalsBelow: (epoch) => write(() => storage.removeJournalsBelow(epoch)),
      signerStore: {
        silentBefore: () => signerStore.silentBefore(),
        load: () => signerStore.load(),
        append: (record) => write(() => signerStore.append(record)),
        close: () => signerStore.close(),
      },
      close: () => storage.close(),
    },
  };
}
