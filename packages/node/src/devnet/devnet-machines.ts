import { createMemoryHub, MAX_RANGE_BYTES, type MemoryHub, peerOf } from '@heddle/network';
import { assert, blsSign } from '@heddle/primitives';
import { type Clock, type Scheduler, secureRandom } from '@heddle/runtime';
import {
  type ChainStore,
  createMemoryMedium,
  directoryMedium,
  type HeldChain,
  HISTORY_BLOCKS,
  hasSignerFile,
  type MarkedRewind,
  type Medium,
  NO_REWINDS,
  openValidatorStorage,
  type RewindRecord,
  type RewindTarget,
  readChainImage,
  readRewindMark,
  removeRewindMark,
  STATE_CACHE_BYTES,
  type ValidatorStorage,
  writeRewindMark,
} from '@heddle/storage';
import type { Address, ValidatorIndex } from '@heddle/types';
import { type BuiltGenesis, buildGenesis } from '../genesis/genesis-block.ts';
import type { OpenValidator } from '../open-validator.ts';
import { openProcess, type ProcessParts } from '../process-parts.ts';
import { Corruption } from './corruption.ts';
import { type DevnetOptions, validatorDirectory } from './devnet-options.ts';
import { NetworkFaults } from './network-faults.ts';

/** A validator of the devnet can't go on after an error. */
type Lost = (index: ValidatorIndex, error: unknown) => void;

/** Where a devnet and each of its validators keep everything: outlives their runs. */
export interface DevnetMedia {
  /** For what concerns all validators. */
  readonly devnet: Medium;
  readonly validators: readonly Medium[];
}

export function openMedia({ dataDir, genesis }: Pick<DevnetOptions, 'dataDir' | 'genesis'>): DevnetMedia {
  const inMemory = (): Medium => createMemoryMedium(secureRandom);
  return {
    devnet: dataDir === null ? inMemory() : directoryMedium(dataDir),
    validators: genesis.validators.map((_, index) =>
      dataDir === null ? inMemory() : directoryMedium(validatorDirectory(dataDir, index)),
    ),
  };
}

/** What the validators of a devnet run on: a network and threads for all, and for each a medium. */
export class DevnetMachines {
  readonly genesis: BuiltGenesis;
  readonly network: NetworkFaults;
  readonly corruption: Corruption;
  readonly #options: DevnetOptions;
  readonly #lost: Lost;
  readonly #process: ProcessParts;
  readonly #hub: MemoryHub;
  readonly #media: DevnetMedia;
  /** By validator, then shard. Their validators look at them for each block. */
  readonly #feeRecipients: readonly Address[][];
  /** The newest that anybody here has: that of all validators. */
  #record: RewindRecord = NO_REWINDS;

  /** `clock`: of all validators. */
  constructor(options: DevnetOptions, media: DevnetMedia, clock: Clock, lost: Lost) {
    const { genesis } = options;
    this.#options = options;
    this.#lost = lost;
    this.genesis = buildGenesis(genesis);
    this.#process = { ...openProcess(options), clock };
    this.#hub = createMemoryHub({ scheduler: this.#process.scheduler });
    const peers = genesis.validators.map(({ publicKey }) => peerOf(publicKey));
    this.network = new NetworkFaults(this.#hub, peers, secureRandom);
    this.corruption = new Corruption(options.loadActors);
    this.#feeRecipients = genesis.validators.map((_, index) => [...(options.feeRecipients[index] ?? [])]);
    this.#media = media;
  }

  get scheduler(): Scheduler {
    return this.#process.scheduler;
  }

  get indices(): readonly ValidatorIndex[] {
    return [...this.#media.validators.keys()];
  }

  get record(): RewindRecord {
    return this.#record;
  }

  /** In order. A rewind that a kill has broken off is done first, so that all are at the same place. */
  async openAll(): Promise<readonly OpenValidator[]> {
    const storages = await this.#openStorages();
    try {
      const pending = await readRewindMark(this.#media.devnet);
      if (pending !== null) await this.#rewindAll(storages, await this.#rewindOf(pending));
      const records = storages.map(({ chain }) => chain.rewindRecord());
      this.#record = records.reduce((newest, each) => (each.revision > newest.revision ? each : newest), NO_REWINDS);
      for (const storage of storages) await this.#bringInLine(storage);
      return await Promise.all(storages.map((storage, index) => this.openNode(index, storage)));
    } catch (error) {
      for (const storage of storages) await storage.close();
      throw error;
    }
  }

  /** `ranInEpoch`: the newest epoch that anybody knows of, if the validator has run before. */
  async open(index: ValidatorIndex, ranInEpoch: bigint | null): Promise<OpenValidator> {
    return this.openNode(index, await this.openStorage(index, ranInEpoch));
  }

  /** Of one that nobody has open; with the record of all others. */
  async openStorage(index: ValidatorIndex, ranInEpoch: bigint | null): Promise<ValidatorStorage> {
    const storage = await this.#openStorage(index, ranInEpoch);
    try {
      await this.#bringInLine(storage);
      return storage;
    } catch (error) {
      await storage.close();
      throw error;
    }
  }

  /** A validator on a storage that is open; not started yet. */
  openNode(index: ValidatorIndex, storage: ValidatorStorage): Promise<OpenValidator> {
    const { genesis, validatorSecretKeys, log } = this.#options;
    const secretKey = validatorSecretKeys[index];
    const publicKey = genesis.validators[index]?.publicKey;
    assert(secretKey !== undefined && publicKey !== undefined, `validator ${index} has a key`);
    return this.corruption.open(index, {
      ...this.#process,
      publicKey,
      signDigest: (digest) => {
        const signature = blsSign(secretKey, digest);
        this.#process.signatureScheme.signed(publicKey, digest, signature);
        return signature;
      },
      genesis: this.genesis,
      openStorage: () => Promise.resolve(storage),
      transport: this.#hub.transport(peerOf(publicKey)),
      feeRecipients: this.#feeRecipients[index] ?? [],
      maxRangeBytes: MAX_RANGE_BYTES,
      log: log.child(`validator-${index}`),
      fatal: (error) => this.#lost(index, error),
    });
  }

  /** Whoever leads or makes a chunk from now on, it is COINBASE of all that is made. */
  setCoinbase(coinbase: Address): void {
    for (const ofValidator of this.#feeRecipients) ofValidator.fill(coinbase);
  }

  /** Says so to the chains, of all validators, which do not move meanwhile. */
  async keepRecord(chains: readonly HeldChain[], record: RewindRecord): Promise<void> {
    for (const chain of chains) await chain.setRewindRecord(record);
    this.#record = record;
  }

  /**
   * Takes the chains of all validators elsewhere; no node runs on them. A kill leaves a mark, by which the next start does it
   * again. Throws what storage throws: then no validator may go on.
   */
  async rewind(storages: readonly ValidatorStorage[], rewind: MarkedRewind): Promise<void> {
    await writeRewindMark(this.#media.devnet, rewind);
    await this.#rewindAll(storages, await this.#rewindOf(rewind));
    this.#record = rewind.record;
  }

  /** When no validator is open any more. */
  close(): Promise<void> {
    return this.#process.close();
  }

  async #rewindAll(
    storages: readonly ValidatorStorage[],
    { target, record }: { readonly target: RewindTarget; readonly record: RewindRecord },
  ): Promise<void> {
    await Promise.all(storages.map((storage) => storage.rewind(target, record)));
    await removeRewindMark(this.#media.devnet);
  }

  async #rewindOf({
    target,
    record,
  }: MarkedRewind): Promise<{ readonly target: RewindTarget; readonly record: RewindRecord }> {
    if (target.kind !== 'image') return { target, record };
    return { target: { kind: 'image', image: await readChainImage(target.dump, this.genesis.write) }, record };
  }

  /** In order. What has been lost is opened last, when the others have told which epoch it is. */
  async #openStorages(): Promise<readonly ValidatorStorage[]> {
    const opened = new Map<ValidatorIndex, ValidatorStorage>();
    try {
      const lost: ValidatorIndex[] = [];
      for (const index of this.indices) {
        if (await this.#hasLostRecords(index)) lost.push(index);
        else opened.set(index, await this.#openStorage(index, null));
      }
      const epoch = newestEpoch([...opened.values()]);
      for (const index of lost) opened.set(index, await this.#openStorage(index, epoch));
    } catch (error) {
      for (const storage of opened.values()) await storage.close();
      throw error;
    }
    return [...opened].sort(([a], [b]) => a - b).map(([, storage]) => storage);
  }

  #openStorage(index: ValidatorIndex, ranInEpoch: bigint | null): Promise<ValidatorStorage> {
    const { cacheBytes, archive } = this.#options;
    return openValidatorStorage(
      { medium: this.#medium(index), genesis: this.genesis.write },
      cacheBytes ?? STATE_CACHE_BYTES,
      ranInEpoch,
      archive ? null : HISTORY_BLOCKS,
    );
  }

  /** One that has missed a rewind, for its chain was removed or could not be read, may be on a branch that is gone: it begins anew. */
  async #bringInLine(storage: ValidatorStorage): Promise<void> {
    const own = storage.chain.rewindRecord();
    if (own.revision === this.#record.revision) return;
    if (!hasSameBranches(own, this.#record)) return storage.rewind({ kind: 'genesis' }, this.#record);
    const held = await storage.chain.holdCommits();
    try {
      await held.setRewindRecord(this.#record);
    } finally {
      held.release();
    }
  }

  #medium(index: ValidatorIndex): Medium {
    const medium = this.#media.validators[index];
    assert(medium !== undefined, `there is a validator ${index}`);
    return medium;
  }

  async #hasLostRecords(index: ValidatorIndex): Promise<boolean> {
    const { dataDir, hasBlocks } = this.#options;
    if (dataDir === null || !hasBlocks) return false;
    return !(await hasSignerFile(this.#medium(index)));
  }
}

function hasSameBranches(one: RewindRecord, other: RewindRecord): boolean {
  if (one.branches.length !== other.branches.length) return false;
  return one.branches.every(({ height, epoch }, index) => {
    const same = other.branches[index];
    return same?.height === height && same.epoch === epoch;
  });
}

/** The newest epoch that any of them knows of: one that a rewind has begun may have no final block yet. */
export function newestEpoch(
  storages: readonly { readonly chain: Pick<ChainStore, 'bestFinalization' | 'rewindRecord'> }[],
): bigint {
  const epochs = storages.flatMap(({ chain }) => [
    chain.bestFinalization()?.tuple.epoch ?? 0n,
    chain.rewindRecord().branches.at(-1)?.epoch ?? 0n,
  ]);
  return epochs.reduce((latest, epoch) => (epoch > latest ? epoch : latest), 0n);
}
