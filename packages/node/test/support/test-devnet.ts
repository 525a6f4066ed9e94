import { keccak256, privateKeyToAddress, utf8ToBytes } from '@heddle/primitives';
import { type Address, type Hash, type RecoveredTransaction, signTransaction } from '@heddle/types';
import { type DevnetMedia, openMedia } from '../../src/devnet/devnet-machines.ts';
import type { DevnetOptions } from '../../src/devnet/devnet-options.ts';
import { DevnetValidators } from '../../src/devnet/devnet-validators.ts';
import { createDevnetGenesis, devnetFeeRecipients, devnetValidatorKeys } from '../../src/genesis/devnet-genesis.ts';
import { SILENT_LOGGER } from '../../src/logger.ts';
import type { ValidatorNode } from '../../src/validator-node.ts';

const SECRET_KEY = keccak256(utf8ToBytes('an account of a devnet'));
const OWNER: Address = privateKeyToAddress(SECRET_KEY);
const RECEIVER: Address = '0x1111111111111111111111111111111111111111';

export interface DevnetTerms {
  readonly shards: number;
  readonly validators: number;
  readonly epochLength: bigint;
  /** Null for memory. */
  readonly dataDir: string | null;
}

export function devnetOptions({ shards, validators, epochLength, dataDir }: DevnetTerms): DevnetOptions {
  const { genesis } = createDevnetGenesis({
    chainId: 31_337n,
    shardCount: shards,
    validatorCount: validators,
    accounts: [OWNER],
    balanceWei: 10n ** 21n,
    blockTimeMs: 0,
    timestamp: 1_700_000_000n,
  });
  return {
    genesis: { ...genesis, epochLength },
    validatorSecretKeys: devnetValidatorKeys(validators),
    accounts: [],
    host: '127.0.0.1',
    port: 0,
    access: { allowedHosts: [], corsOrigins: [], allowControl: false },
    dataDir,
    hasBlocks: false,
    firstBlock: () => {},
    lanes: 0,
    laneThresholdMicroseconds: null,
    cacheBytes: 4 * 1024 * 1024,
    archive: false,
    feeRecipients: devnetFeeRecipients(validators, shards),
    beginning: { image: null, mining: { kind: 'auto' }, autoImpersonate: false },
    log: SILENT_LOGGER,
    fatal: (error) => {
      throw error;
    },
  };
}

/** The validators of a devnet without its RPC server, and one user. */
export class TestDevnet {
  readonly validators: DevnetValidators;

  private constructor(validators: DevnetValidators) {
    this.validators = validators;
  }

  static async start(options: DevnetOptions, media: DevnetMedia = openMedia(options)): Promise<TestDevnet> {
    const validators = await DevnetValidators.open(options, media);
    await validators.startAll();
    return new TestDevnet(validators);
  }

  get rewinds(): DevnetValidators['rewinds'] {
    return this.validators.rewinds;
  }

  get primary(): ValidatorNode {
    return this.validators.group.primary();
  }

  get head(): bigint {
    return this.primary.chain.tree.root.height;
  }

  /** Empty blocks. */
  mine(count: number): Promise<void> {
    const { group } = this.validators;
    const target = this.head + BigInt(count);
    const done = new Promise<void>((resolve) => {
      const end = (): void => {
        offBlock();
        offRewind();
        resolve();
      };
      const offBlock = group.onBlock(({ block }) => {
        if (block.header.number >= target) end();
      });
      // Nobody makes those blocks any more.
      const offRewind = group.onRewind(end);
    });
    for (const node of group.running.values()) node.wantHeight(target);
    return done;
  }

  /** A transfer of so much, executed. Gives its hash. */
  async pay(wei: bigint): Promise<Hash> {
    const transaction = this.sign(wei);
    const { group } = this.validators;
    const executed = new Promise<void>((resolve) => {
      const off = group.onBlock((block) => {
        if (!block.executed.some((entry) => entry.transaction.hash === transaction.hash)) return;
        off();
        resolve();
      });
    });
    const added = this.primary.submit(transaction);
    if (!added.ok) throw new Error(`a transaction was refused: ${added.reason}`);
    await executed;
    return transaction.hash;
  }

  sign(wei: bigint): RecoveredTransaction {
    const fields = { type: 2, chainId: 31_337n, nonce: this.primary.pendingNonce(OWNER), gasLimit: 21_000n } as const;
    const rest = { to: RECEIVER, value: wei, data: new Uint8Array(0), accessList: [] };
    const fees = { maxPriorityFeePerGas: 1_000_000_000n, maxFeePerGas: 100_000_000_000n };
    return signTransaction({ ...fields, ...rest, ...fees }, SECRET_KEY);
  }

  /** What was paid, as the newest final block has it. */
  get paid(): bigint {
    const { chain } = this.primary;
    return chain.tree.root.shards.reduce((sum, { state }) => sum + (state.account(RECEIVER)?.balance ?? 0n), 0n);
  }

  /** All running validators have the same head. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 2_000; turn++) {
      const hashes = new Set([...this.validators.group.running.values()].map(({ chain }) => chain.tree.root.hash));
      if (hashes.size === 1) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('the validators do not come to the same block');
  }

  close(): Promise<void> {
    return this.validators.close();
  }
}
