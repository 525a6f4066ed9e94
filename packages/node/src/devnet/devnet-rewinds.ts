import { assert } from '@heddle/primitives';
import {
  type BranchStart,
  ChainImageError,
  type ChainSnapshot,
  type ChainStore,
  type HeldChain,
  MAX_SNAPSHOTS,
  type MarkedRewind,
  type RewindRecord,
  readChainImage,
  type ValidatorStorage,
} from '@heddle/storage';
import type { TupleCertificate } from '@heddle/types';
import { branchesFit, EpochSchedule } from '../epochs/schedule.ts';
import { NoRunningValidatorError, UncertifiedHeadError } from '../errors.ts';
import { CERTIFIED_HEAD_TURNS } from '../limits.ts';
import type { DevnetMachines } from './devnet-machines.ts';

/** The chains of a devnet's validators, for what concerns all of them at once. */
export interface DevnetChains {
  /** Those of the validators that run: what users see. */
  running(): readonly ValidatorStorage[];
  /** Gives the storages of all validators, stopped ones too, and puts things back as they were. Nothing else is done meanwhile. */
  withAll<Result>(use: (storages: readonly ValidatorStorage[]) => Promise<Result>): Promise<Result>;
  /**
   * As `withAll`, with no node on any of them and no request inside: `take` moves their chains, and those that ran run again
   * on what is there then.
   */
  whileAllStand(take: (storages: readonly ValidatorStorage[]) => Promise<void>): Promise<void>;
}

/** The final head of the running validators, with the finalization of exactly that block; null for genesis. */
interface CertifiedHead {
  readonly chain: number;
  readonly height: bigint;
  readonly hash: ChainSnapshot['hash'];
  readonly finalization: TupleCertificate | null;
}

/**
 * Takes the chain of all validators back, or elsewhere. Above the block where a chain is taken, a new epoch begins that no
 * signer, journal or finalization of any of them knows: no old vote can count.
 */
export class DevnetRewinds {
  readonly #chains: DevnetChains;
  readonly #machines: DevnetMachines;

  constructor(chains: DevnetChains, machines: DevnetMachines) {
    this.#chains = chains;
    this.#machines = machines;
  }

  /**
   * Makes it possible to come back to the final head; gives the snapshot's id: 1, 2, 3 … Beyond `MAX_SNAPSHOTS` the oldest is
   * forgotten. Throws `NoRunningValidatorError`, `UncertifiedHeadError`.
   */
  snapshot(): Promise<bigint> {
    return this.#chains.withAll((storages) =>
      this.#atCertifiedHead(storages, async ({ height, hash, finalization }, held) => {
        const { revision, lastSnapshot, snapshots, branches } = this.#machines.record;
        const id = lastSnapshot + 1n;
        const kept = [...snapshots, { id, height, hash, finalization }].slice(-MAX_SNAPSHOTS);
        const record = { revision: revision + 1n, lastSnapshot: id, snapshots: kept, branches };
        await this.#machines.keepRecord(held, record);
        return id;
      }),
    );
  }

  /** Back to a snapshot, which is gone then, with all later ones. False if there is no such snapshot. */
  async revert(id: bigint): Promise<boolean> {
    if (!this.#machines.record.snapshots.some((each) => each.id === id)) return false;
    let isDone = false;
    await this.#chains.whileAllStand(async (storages) => {
      const { record } = this.#machines;
      const snapshot = record.snapshots.find((each) => each.id === id);
      if (snapshot === undefined || !storages.some(({ chain }) => hasBlock(chain, snapshot))) return;
      const snapshots = record.snapshots.filter((each) => each.id < id);
      const target = { kind: 'block', block: snapshot } as const;
      await this.#rewind(storages, target, { ...record, snapshots }, snapshot.height, 0n);
      isDone = true;
    });
    return isDone;
  }

  /** To genesis. Snapshots are gone; their ids are not given again. */
  reset(): Promise<void> {
    return this.#chains.whileAllStand((storages) => {
      const record = { ...this.#machines.record, snapshots: [], branches: [] };
      return this.#rewind(storages, { kind: 'genesis' }, record, 0n, 0n);
    });
  }

  /** All that is final. Throws as `snapshot`, `ChainTooLargeError`. */
  dumpState(): Promise<Uint8Array> {
    return this.#chains.withAll((storages) =>
      this.#atCertifiedHead(storages, ({ chain }, held) => {
        const own = held[chain];
        assert(own !== undefined, 'every chain is held');
        return own.dump();
      }),
    );
  }

  /** To what `dumpState` gave, here or on another network of this genesis. Throws `ChainImageError`: nothing has changed then. */
  async loadState(dump: Uint8Array): Promise<void> {
    const { genesis, write } = this.#machines.genesis;
    const image = await readChainImage(dump, write);
    if (!branchesFit(genesis.epochLength, image.branches)) {
      throw new ChainImageError('its epochs are out of order', 'make it again on the network that it comes from');
    }
    const above = new EpochSchedule(genesis.epochLength, image.branches).epochAbove(image.height);
    const used = above > image.epoch ? above : image.epoch;
    await this.#chains.whileAllStand((storages) => {
      const record = { ...this.#machines.record, snapshots: [], branches: image.branches };
      return this.#rewind(storages, { kind: 'image', dump }, record, image.height, used);
    });
  }

  /** `usedEpoch`: the newest that the target itself knows of. */
  async #rewind(
    storages: readonly ValidatorStorage[],
    target: MarkedRewind['target'],
    record: RewindRecord,
    height: bigint,
    usedEpoch: bigint,
  ): Promise<void> {
    const epochs = await Promise.all(storages.map((storage) => storage.newestEpoch()));
    const newest = epochs.reduce((latest, epoch) => (epoch > latest ? epoch : latest), usedEpoch);
    const branches = withBranch(record.branches, { height, epoch: newest + 1n });
    const next = { ...record, branches, revision: this.#machines.record.revision + 1n };
    await this.#machines.rewind(storages, { target, record: next });
  }

  /**
   * Holds all chains at a head that has its own finalization: others may have to be told that it is final. A path of blocks
   * has one at its end, so where it is missing it comes in a moment.
   */
  async #atCertifiedHead<Result>(
    storages: readonly ValidatorStorage[],
    use: (head: CertifiedHead, held: readonly HeldChain[]) => Promise<Result>,
  ): Promise<Result> {
    for (let turn = 0; turn < CERTIFIED_HEAD_TURNS; turn++) {
      const held = await Promise.all(storages.map(({ chain }) => chain.holdCommits()));
      try {
        const head = certifiedHead(storages, this.#chains.running());
        if (head !== null) return await use(head, held);
      } finally {
        for (const chain of held) chain.release();
      }
      await new Promise<void>((resolve) => this.#machines.scheduler.soon(resolve));
    }
    throw new UncertifiedHeadError();
  }
}

/** Null while the newest block of the running ones has no finalization of its own. Throws `NoRunningValidatorError`. */
function certifiedHead(
  storages: readonly ValidatorStorage[],
  running: readonly ValidatorStorage[],
): CertifiedHead | null {
  const heads = running.map(({ chain }) => chain.head().block.header.number);
  if (heads.length === 0) throw new NoRunningValidatorError();
  const height = heads.reduce((most, head) => (head > most ? head : most));
  for (const storage of running) {
    const { block, hash } = storage.chain.head();
    if (block.header.number !== height) continue;
    const best = storage.chain.bestFinalization();
    const chain = storages.indexOf(storage);
    if (height === 0n) return { chain, height, hash, finalization: null };
    if (best?.tuple.blockHash === hash) return { chain, height, hash, finalization: best };
  }
  return null;
}

function hasBlock(chain: ChainStore, { height, hash }: ChainSnapshot): boolean {
  return chain.blockHashByNumber(height) === hash;
}

/** Branches above the new one, or at the same block, are of a chain that is gone. */
function withBranch(branches: readonly BranchStart[], start: BranchStart): readonly BranchStart[] {
  return [...branches.filter(({ height }) => height < start.height), start];
}
