import { createMemoryHub, MAX_RANGE_BYTES, peerOf } from '@heddle/network';
import { assert, blsSign } from '@heddle/primitives';
import { type Clock, secureRandom } from '@heddle/runtime';
import {
  createMemoryMedium,
  directoryMedium,
  HISTORY_BLOCKS,
  hasSignerFile,
  type Medium,
  openValidatorStorage,
  STATE_CACHE_BYTES,
} from '@heddle/storage';
import type { Address, ValidatorIndex } from '@heddle/types';
import { type BuiltGenesis, buildGenesis } from '../genesis/genesis-block.ts';
import { type OpenValidator, openValidator } from '../open-validator.ts';
import { openProcess, type ProcessParts } from '../process-parts.ts';
import { type DevnetOptions, validatorDirectory } from './devnet-options.ts';

/** A validator of the devnet can't go on after an error. */
type Lost = (index: ValidatorIndex, error: unknown) => void;

/** What the validators of a devnet run on: a network and threads for all, and for each a medium that outlives its runs. */
export class DevnetMachines {
  readonly #options: DevnetOptions;
  readonly #lost: Lost;
  readonly #genesis: BuiltGenesis;
  readonly #process: ProcessParts;
  readonly #hub: ReturnType<typeof createMemoryHub>;
  readonly #media: readonly Medium[];
  /** By validator, then shard. Their validators look at them for each block. */
  readonly #feeRecipients: readonly Address[][];

  /** `clock`: of all validators. */
  constructor(options: DevnetOptions, clock: Clock, lost: Lost) {
    const { dataDir, genesis } = options;
    this.#options = options;
    this.#lost = lost;
    this.#genesis = buildGenesis(genesis);
    this.#process = { ...openProcess(options), clock };
    this.#hub = createMemoryHub({ scheduler: this.#process.scheduler });
    this.#feeRecipients = genesis.validators.map((_, index) => [...(options.feeRecipients[index] ?? [])]);
    this.#media = genesis.validators.map((_, index) =>
      dataDir === null ? createMemoryMedium(secureRandom) : directoryMedium(validatorDirectory(dataDir, index)),
    );
  }

  /** In order. What has been lost is opened last, when the others have told which epoch it is. */
  async openAll(): Promise<readonly OpenValidator[]> {
    const opened = new Map<ValidatorIndex, OpenValidator>();
    try {
      const lost: ValidatorIndex[] = [];
      for (const index of this.#media.keys()) {
        if (await this.#hasLostRecords(index)) lost.push(index);
        else opened.set(index, await this.open(index, null));
      }
      const epoch = newestEpoch([...opened.values()]);
      for (const index of lost) opened.set(index, await this.open(index, epoch));
    } catch (error) {
      for (const validator of opened.values()) await validator.close();
      throw error;
    }
    return [...opened].sort(([a], [b]) => a - b).map(([, validator]) => validator);
  }

  /** `ranInEpoch`: the newest epoch that anybody knows of, if the validator has run before. */
  open(index: ValidatorIndex, ranInEpoch: bigint | null): Promise<OpenValidator> {
    const { genesis, validatorSecretKeys, cacheBytes, archive, log } = this.#options;
    const medium = this.#medium(index);
    const secretKey = validatorSecretKeys[index];
    const publicKey = genesis.validators[index]?.publicKey;
    assert(secretKey !== undefined && publicKey !== undefined, `validator ${index} has a key`);
    return openValidator({
      ...this.#process,
      publicKey,
      signDigest: (digest) => blsSign(secretKey, digest),
      genesis: this.#genesis,
      openStorage: () =>
        openValidatorStorage(
          { medium, genesis: this.#genesis.write },
          cacheBytes ?? STATE_CACHE_BYTES,
          ranInEpoch,
          archive ? null : HISTORY_BLOCKS,
        ),
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

  /** When no validator is open any more. */
  close(): Promise<void> {
    return this.#process.close();
  }

  #medium(index: ValidatorIndex): Medium {
    const medium = this.#media[index];
    assert(medium !== undefined, `there is a validator ${index}`);
    return medium;
  }

  async #hasLostRecords(index: ValidatorIndex): Promise<boolean> {
    const { dataDir, hasBlocks } = this.#options;
    if (dataDir === null || !hasBlocks) return false;
    return !(await hasSignerFile(this.#medium(index)));
  }
}

/** The newest epoch that any of them knows of. */
export function newestEpoch(validators: readonly Pick<OpenValidator, 'node'>[]): bigint {
  const epochs = validators.map(({ node }) => node.chain.store.bestFinalization()?.tuple.epoch ?? 0n);
  return epochs.reduce((latest, epoch) => (epoch > latest ? epoch : latest), 0n);
}
