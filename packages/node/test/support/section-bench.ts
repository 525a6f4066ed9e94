import { producerOf, type SignatureScheme } from '@heddle/consensus';
import { BLS_SIGNATURE_BYTES, EMPTY_BYTES } from '@heddle/primitives';
import { type Clock, createVirtualTime } from '@heddle/runtime';
import { openValidatorStorage, type ValidatorStorage } from '@heddle/storage';
import {
  type Address,
  type Chunk,
  type EndorsementCertificate,
  type Genesis,
  type RecoveredTransaction,
  signTransaction,
  type TupleCertificate,
  ZERO_ADDRESS,
} from '@heddle/types';
import { assembleBlock, type CertifiedChunk } from '../../src/chain/block-execution.ts';
import { BlockService } from '../../src/chain/block-service.ts';
import { Chain } from '../../src/chain/chain.ts';
import { ChunkCache } from '../../src/chain/chunk-cache.ts';
import { ChunkExecution } from '../../src/chain/chunk-execution.ts';
import { ControlBlocks } from '../../src/chain/control-blocks.ts';
import { RUN_AT_ONCE } from '../../src/chain/control-runner.ts';
import type { ExecutedBlock, ExecutedChunk, ExecutedSection } from '../../src/chain/executed-block.ts';
import { ExecutionReports } from '../../src/chain/execution-reports.ts';
import { Finalizer } from '../../src/chain/finalizer.ts';
import { SectionExecution } from '../../src/chain/section-execution.ts';
import { ValidatorsByEpoch } from '../../src/epochs/epoch-validators.ts';
import { createDevnetGenesis, devnetFeeRecipients } from '../../src/genesis/devnet-genesis.ts';
import { buildGenesis } from '../../src/genesis/genesis-block.ts';
import { SILENT_LOGGER } from '../../src/logger.ts';
import { Fetcher } from '../../src/peers/fetcher.ts';
import { Routes } from '../../src/pool/routes.ts';
import { FakeLink } from './fake-link.ts';
import { type TestAccount, testAccounts } from './network.ts';
import { finalizationOf } from './short-chain.ts';
import { SlowExecutor } from './slow-executor.ts';

/** Takes every signature for good. */
export const TRUSTING: SignatureScheme = {
  verify: () => true,
  aggregate: () => null,
  verifyAggregate: () => true,
  verifyAll: () => true,
};

const FEES = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
const BALANCE_WEI = 10n ** 21n;
const TIMESTAMP = 1_700_000_000n;

/** What a block is made of: transactions of each shard's chunk, null where the shard is missing; then the section's. */
export interface BlockPlan {
  readonly chunks: readonly (readonly RecoveredTransaction[] | null)[];
  readonly section: readonly RecoveredTransaction[];
  readonly view: bigint;
}

/** What an account sends; the rest is filled in. */
export interface Order {
  readonly nonce: bigint;
  readonly to: Address | null;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
}

/** A devnet's genesis with four funded accounts on each of its shards, those of `testAccounts`. */
export function shardedGenesis(shardCount: number): Genesis {
  const accounts = testAccounts(shardCount).map(({ address }) => address);
  const terms = { chainId: 31_337n, validatorCount: 4, blockTimeMs: 0, balanceWei: BALANCE_WEI, timestamp: TIMESTAMP };
  return createDevnetGenesis({ ...terms, shardCount, accounts }).genesis;
}

/** Signed by `from`; a transfer of nothing to itself unless the order says otherwise. */
export function ordered(from: TestAccount, order: Partial<Order>): RecoveredTransaction {
  const usual = { nonce: 0n, to: from.address, value: 0n, data: EMPTY_BYTES, gasLimit: 100_000n };
  return signTransaction({ type: 2, chainId: 31_337n, accessList: [], ...FEES, ...usual, ...order }, from.privateKey);
}

/** One validator's chain of several shards, made by hand: everything is executed, nobody agrees on anything. */
export class SectionBench {
  readonly chain: Chain;
  readonly routes: Routes;
  readonly executor: SlowExecutor;
  readonly chunks: ChunkCache = new ChunkCache();
  readonly sections: SectionExecution;
  readonly blocks: BlockService;
  /** By the clock that executions are measured with; it stands still. */
  nowMs = 0;
  /** What every execution waits for. */
  wait: () => Promise<void> = () => Promise.resolve();
  readonly #storage: ValidatorStorage;
  readonly #execution: ChunkExecution;
  readonly #finalizer: Finalizer;
  readonly #coinbases: readonly Address[];
  readonly #validators: ValidatorsByEpoch;

  private constructor(storage: ValidatorStorage, chain: Chain) {
    const { shardCount, validators } = chain.genesis;
    this.#storage = storage;
    this.chain = chain;
    this.routes = new Routes(chain.genesis);
    this.executor = new SlowExecutor(() => this.wait());
    const executions = new ExecutionReports(SILENT_LOGGER);
    const clock: Clock = { wallMs: () => this.nowMs, monotonicMs: () => this.nowMs };
    const parts = { chain, executor: this.executor, executions, clock, routes: this.routes };
    this.#execution = new ChunkExecution(parts);
    this.sections = new SectionExecution(parts);
    this.#finalizer = new Finalizer({ chain, events: { blockFinal: () => {} } });
    this.#coinbases = devnetFeeRecipients(validators.length, shardCount)[0] ?? [];
    this.#validators = new ValidatorsByEpoch(chain, TRUSTING);
    const { scheduler } = createVirtualTime({ startWallMs: 0 });
    this.blocks = new BlockService({
      chain,
      chunks: this.chunks,
      fetcher: new Fetcher({ link: new FakeLink(), clock, scheduler, events: { blame: () => {} } }),
      validatorsByEpoch: this.#validators,
      execution: this.#execution,
      sections: this.sections,
      controlBlocks: new ControlBlocks({ chain, controlRunner: RUN_AT_ONCE }),
    });
  }

  /** `directory`: null keeps everything in memory. */
  static async open(genesis: Genesis, directory: string | null = null): Promise<SectionBench> {
    const built = buildGenesis(genesis);
    const storage = await openValidatorStorage({ directory, genesis: built.write });
    return new SectionBench(storage, new Chain(built, storage.chain, () => null));
  }

  get storage(): ValidatorStorage {
    return this.#storage;
  }

  /** New chunks on `parent`, each with a certificate that nobody made. Every transaction has to be included. */
  async certified(parent: ExecutedBlock, plan: BlockPlan['chunks']): Promise<readonly CertifiedChunk[]> {
    const certified: CertifiedChunk[] = [];
    for (const [shard, transactions] of plan.entries()) {
      certified.push(transactions === null ? null : await this.#chunk(parent, shard, transactions));
    }
    return certified;
  }

  async #chunk(
    parent: ExecutedBlock,
    shard: number,
    transactions: readonly RecoveredTransaction[],
  ): Promise<NonNullable<CertifiedChunk>> {
    const terms = { timestamp: parent.block.header.timestamp + 1n, coinbase: this.#coinbases[shard] ?? ZERO_ADDRESS };
    const producer = producerOf(this.#validators.ofChildren(parent).producers, shard, parent.height + 1n) ?? -1;
    const built = await this.#execution.build(parent, shard, terms, producer, transactions);
    if (built.outcome.included.length !== transactions.length) {
      throw new Error(`left out: ${built.outcome.rejected.map(({ reason }) => reason).join('; ')}`);
    }
    const body = { transactions: built.outcome.included.map(({ raw }) => raw), accessList: built.outcome.accessList };
    const chunk: Chunk = { header: built.header, body, signature: new Uint8Array(BLS_SIGNATURE_BYTES) };
    const executed = { ...built, chunk };
    this.chunks.remember(executed);
    return { executed, certificate: certificateFor(parent, executed) };
  }

  /** The section that a leader makes of these on `parent`, after the chunks. */
  section(
    parent: ExecutedBlock,
    certified: readonly CertifiedChunk[],
    candidates: readonly RecoveredTransaction[],
    skippedViews = 0,
  ): Promise<ExecutedSection | null> {
    const coinbase = this.#coinbases[0] ?? ZERO_ADDRESS;
    return this.sections.build(parent, executedOf(certified), { coinbase, skippedViews, candidates });
  }

  /** A block on `parent` that is not in the tree. */
  async make(parent: ExecutedBlock, { chunks, section, view }: BlockPlan): Promise<ExecutedBlock> {
    const certified = await this.certified(parent, chunks);
    const executed = await this.section(parent, certified, section);
    const terms = { view, leader: 0, randaoReveal: new Uint8Array(BLS_SIGNATURE_BYTES).fill(Number(view)) };
    return assembleBlock(this.chain, parent, terms, certified, executed);
  }

  /** The same in the tree. */
  async add(parent: ExecutedBlock, plan: Omit<BlockPlan, 'view'> & { readonly view?: bigint }): Promise<ExecutedBlock> {
    const block = await this.make(parent, { view: parent.height + 1n, ...plan });
    this.chain.tree.add(block);
    return block;
  }

  async finalize(block: ExecutedBlock): Promise<TupleCertificate> {
    const certificate = finalizationOf(block, this.chain.epochs.epochOf(block.height));
    await this.#finalizer.finalize(certificate);
    return certificate;
  }

  /** As another validator that gets the block with its chunks. */
  receive({ block, hash, shards }: ExecutedBlock): Promise<ExecutedBlock> {
    const chunks = shards.flatMap(({ executed }) => (executed?.chunk == null ? [] : [executed.chunk]));
    return this.blocks.executeFrom(block, hash, null, chunks);
  }

  close(): Promise<void> {
    return this.#storage.close();
  }
}

function certificateFor(parent: ExecutedBlock, chunk: NonNullable<CertifiedChunk>['executed']): EndorsementCertificate {
  const proof = { bitmap: Uint8Array.of(0b1111), aggregate: new Uint8Array(96) };
  return { shard: chunk.header.shard, parentBlockHash: parent.hash, chunkHash: chunk.hash, ...proof };
}

/** The chunks without their certificates. */
function executedOf(certified: readonly CertifiedChunk[]): readonly (ExecutedChunk | null)[] {
  return certified.map((entry) => entry?.executed ?? null);
}
