import {
  type AnyEvidence,
  createChunkProtocol,
  createSigner,
  type EngineConfig,
  journalHead,
  leaderOf,
  recoverEngine,
  type SignatureScheme,
  type Signer,
  seededPermutation,
  statusOf,
} from '@heddle/consensus';
import { home } from '@heddle/cross-shard';
import { type AddResult, createMempool, type TransactionPool } from '@heddle/mempool';
import type { Transport } from '@heddle/network';
import { hexToBytes } from '@heddle/primitives';
import type { Clock, Scheduler } from '@heddle/runtime';
import type { ValidatorStorage } from '@heddle/storage';
import {
  type Address,
  type Genesis,
  type Hash,
  type RecoveredTransaction,
  type SigningDomain,
  type TupleCertificate,
  type ValidatorIndex,
  type ValidatorSet,
  ZERO_ADDRESS,
} from '@heddle/types';
import { BlockService } from './chain/block-service.ts';
import { Chain } from './chain/chain.ts';
import { ChunkCache } from './chain/chunk-cache.ts';
import type { ExecutedBlock } from './chain/executed-block.ts';
import { Finalizer } from './chain/finalizer.ts';
import { ChunkDriver } from './consensus/chunk-driver.ts';
import { type CommitteeVerifier, createCommitteeVerifier } from './consensus/committee-verifier.ts';
import { DropCounter } from './consensus/drop-counter.ts';
import { EffectPerformer } from './consensus/effect-performer.ts';
import { InputQueue } from './consensus/input-queue.ts';
import { Proposer } from './consensus/proposer.ts';
import { ViewTimers } from './consensus/timers.ts';
import { ViewDriver } from './consensus/view-driver.ts';
import { WorkMonitor } from './consensus/work-monitor.ts';
import { InvalidBlockError, UnavailableError } from './errors.ts';
import { VIEW_TIMEOUT_CAP_MS } from './limits.ts';
import type { Logger } from './logger.ts';
import { EvidencePool, type ProvenEvidence } from './peers/evidence-pool.ts';
import { Fetcher } from './peers/fetcher.ts';
import type { PeerLink } from './peers/peer-link.ts';
import { Receiver } from './peers/receiver.ts';
import { answerRequest } from './peers/responder.ts';
import { TransactionGossip } from './peers/transaction-gossip.ts';
import { createTransportLink } from './peers/transport-link.ts';
import { TipAccounts } from './pool/tip-accounts.ts';
import { CatchUp } from './sync/catch-up.ts';

/** Everything that one validator is made from. */
export interface ValidatorNodeOptions {
  readonly index: ValidatorIndex;
  /** Signs a 32-byte digest with the validator's key; 192 bytes. Deterministic. Only the signer calls it. */
  readonly signDigest: (digest: Uint8Array) => Uint8Array;
  readonly genesis: Genesis;
  readonly genesisHash: Hash;
  readonly validatorSet: ValidatorSet;
  /** Checks the others' signatures; the validators of one process may share one that remembers. */
  readonly signatureScheme: SignatureScheme;
  readonly storage: ValidatorStorage;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** COINBASE of the chunks that this validator builds, by shard. */
  readonly feeRecipients: readonly Address[];
  readonly log: Logger;
  /** An error that this validator can't go on after; called once. */
  fatal(error: unknown): void;
}

/** How much a validator keeps in memory that could grow: each count has a bound, whatever the others do. */
export interface NodeFootprint {
  /** Views that the engine remembers. */
  readonly views: number;
  /** Executed blocks that are not final yet. */
  readonly unfinalBlocks: number;
  readonly pooledTransactions: number;
}

/**
 * One validator: wires the engine, the chunk protocol, execution, storage and the network together, by hand.
 * The way of a block: InputQueue → step → EffectPerformer → (ViewDriver, ChunkDriver, Proposer, BlockService) → Finalizer.
 */
export class ValidatorNode {
  readonly index: ValidatorIndex;
  readonly chain: Chain;
  readonly pool: TransactionPool;
  readonly #options: ValidatorNodeOptions;
  readonly #accounts: TipAccounts;
  readonly #link: PeerLink;
  readonly #fetcher: Fetcher;
  readonly #chunks = new ChunkCache();
  readonly #domain: SigningDomain;
  /** Leader of view v = leaders[v mod n]. */
  readonly #leaders: readonly ValidatorIndex[];
  readonly #signer: Signer;
  readonly #verifier: CommitteeVerifier;
  readonly #blocks: BlockService;
  readonly #finalizer: Finalizer;
  readonly #catchUp: CatchUp;
  readonly #work: WorkMonitor;
  readonly #timers: ViewTimers;
  readonly #queue: InputQueue;
  readonly #proposer: Proposer;
  readonly #chunkDriver: ChunkDriver;
  readonly #views: ViewDriver;
  readonly #gossip: TransactionGossip;
  readonly #evidence: EvidencePool;
  readonly #receiver: Receiver;
  readonly #blockListeners: ((block: ExecutedBlock) => void)[] = [];
  readonly #evidenceListeners: ((evidence: ProvenEvidence) => void)[] = [];
  readonly #transactionListeners: ((transaction: RecoveredTransaction) => void)[] = [];
  #poolFilled: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: ValidatorNodeOptions) {
    const { index, genesis, genesisHash, validatorSet, storage, transport, scheduler } = options;
    this.index = index;
    this.#options = options;
    this.#domain = {
      genesisHash,
      chainId: genesis.chainId,
      epoch: validatorSet.epoch,
      validatorSetHash: validatorSet.hash,
    };
    const known = (hash: Hash): RecoveredTransaction | null => this.pool.get(hash) ?? null;
    this.chain = new Chain(genesis, genesisHash, validatorSet, storage.chain, known);
    this.#accounts = new TipAccounts(this.chain, () => this.#work.tip);
    this.pool = createMempool(this.#accounts.poolRules(), this.#accounts);
    this.#link = createTransportLink(transport, validatorSet.validators.length);
    this.#leaders = seededPermutation(hexToBytes(genesisHash), validatorSet.validators.length);
    this.#verifier = createCommitteeVerifier(options.signatureScheme, this.#domain, validatorSet, genesisHash);
    this.#signer = this.#createSigner();
    this.#fetcher = new Fetcher(this.#link, scheduler);
    this.#blocks = this.#createBlockService();
    this.#finalizer = new Finalizer(this.chain, (block) => this.#onFinal(block));
    this.#catchUp = this.#createCatchUp();
    this.#work = this.#createWorkMonitor();
    this.#timers = new ViewTimers(scheduler, (timer, view) => this.#queue.push({ kind: 'timer', timer, view }));
    this.#proposer = this.#createProposer();
    this.#chunkDriver = this.#createChunkDriver();
    this.#views = this.#createViewDriver();
    this.#queue = this.#createInputQueue();
    this.#gossip = this.#createGossip();
    this.#evidence = this.#createEvidencePool();
    this.#receiver = this.#createReceiver();
  }

  /** Joins the network and takes part from where the journal ends. */
  async start(): Promise<void> {
    const { transport, storage } = this.#options;
    this.#receiver.listen();
    await transport.start();
    await this.#beginJournal();
    for (const { hash } of storage.chain.unfinalBlocks()) await this.#reExecute(hash);
    if (this.#stopped) return;
    this.#queue.start();
    const best = this.#queue.state.finalization;
    if (best !== null) this.#finalize(best);
    this.#work.refresh();
    this.#poolFilled = this.#fillPool();
  }

  /** Resolves when the peers of the start have told what they have pooled: until then a stop of theirs may lose it. */
  poolFilled(): Promise<void> {
    return this.#poolFilled;
  }

  /** Leaves the network; resolves when nothing is being written any more. The stores stay open: their owner closes them. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    const written = [this.#queue.stop(), this.#finalizer.stop()];
    this.#chunkDriver.stop();
    this.#views.stop();
    this.#timers.cancelAll();
    this.#work.stop();
    this.#gossip.stop();
    this.#catchUp.stop();
    await this.#options.transport.stop();
    await Promise.all(written);
  }

  /** Offers a user's transaction to the pool and, when it is good, to the other validators. */
  submit(transaction: RecoveredTransaction): AddResult {
    return this.#gossip.submit(transaction);
  }

  /** The nonce of the account's next transaction: after those in the pool, or in the block to build on. */
  pendingNonce(address: Address): bigint {
    return this.pool.pendingNonce(address) ?? this.#accounts.nonce(address);
  }

  /** Makes blocks up to `height` even when there is no work. */
  wantHeight(height: bigint): void {
    this.#work.wantHeight(height);
  }

  get footprint(): NodeFootprint {
    return {
      views: this.#queue.state.views.size,
      unfinalBlocks: this.chain.tree.size,
      pooledTransactions: this.pool.size,
    };
  }

  /** Told of each block after it is final and readable, in height order. */
  onFinalBlock(listener: (block: ExecutedBlock) => void): void {
    this.#blockListeners.push(listener);
  }

  /** Everything proven against validators since the start, in the order in which it was found. */
  get evidence(): readonly ProvenEvidence[] {
    return this.#evidence.entries;
  }

  /** Told of each new piece of evidence after it is verified, whoever found it. */
  onEvidence(listener: (evidence: ProvenEvidence) => void): void {
    this.#evidenceListeners.push(listener);
  }

  onPendingTransaction(listener: (transaction: RecoveredTransaction) => void): void {
    this.#transactionListeners.push(listener);
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    void this.stop();
    this.#options.fatal(error);
  }

  #finalize(certificate: TupleCertificate): void {
    const settle = async (): Promise<void> => {
      if (!(await this.#finalizer.finalize(certificate))) await this.#catchUp.to(certificate);
    };
    settle().catch((error: unknown) => this.#fail(error));
  }

  #onFinal(block: ExecutedBlock): void {
    this.#chunks.prune(block.height);
    this.pool.onFinalized(changedAccounts(block));
    this.#chunkDriver.push({ kind: 'finalized', height: block.height });
    if (this.#work.tip.height < block.height) this.#work.moveTip(this.chain.tree.root);
    else this.#work.refresh();
    for (const listener of this.#blockListeners) listener(block);
  }

  /** A fresh journal says first whose it is, so that no other epoch or chain takes it for its own. */
  async #beginJournal(): Promise<void> {
    const { storage, validatorSet } = this.#options;
    if (storage.journal.replay().length > 0) return;
    await storage.journal.append([journalHead(this.#engineConfig(), validatorSet.hash)]);
  }

  /** Blocks that were notarized before a restart; one that can't be executed without the network comes back with it. */
  async #reExecute(hash: Hash): Promise<void> {
    try {
      await this.#blocks.ensure(hash, null);
    } catch (error) {
      if (!(error instanceof UnavailableError) && !(error instanceof InvalidBlockError)) throw error;
      this.#options.log.debug('block of the last run not executed', { hash, reason: error.message });
    }
  }

  /** What the others have pooled and this validator missed while it was down. */
  async #fillPool(): Promise<void> {
    const ask = async (peer: ValidatorIndex): Promise<void> => {
      const raws = await this.#link.requestPool(peer).catch(() => []);
      if (!this.#stopped) this.#gossip.receive(raws);
    };
    await Promise.all(this.#link.connected().map(ask));
  }

  #createSigner(): Signer {
    const { storage, signDigest } = this.#options;
    return createSigner({ store: storage.signerStore, domain: this.#domain, signDigest });
  }

  #createBlockService(): BlockService {
    return new BlockService({
      chain: this.chain,
      chunks: this.#chunks,
      fetcher: this.#fetcher,
      verifier: this.#verifier,
      leaderOf: (view) => leaderOf(this.#leaders, view),
    });
  }

  #createCatchUp(): CatchUp {
    const { scheduler, log } = this.#options;
    return new CatchUp({
      chain: this.chain,
      chunks: this.#chunks,
      blocks: this.#blocks,
      fetcher: this.#fetcher,
      finalizer: this.#finalizer,
      scheduler,
      log: log.child('catch-up'),
    });
  }

  #createWorkMonitor(): WorkMonitor {
    const { genesis, clock, scheduler } = this.#options;
    return new WorkMonitor(this.chain.tree.root, {
      pool: this.pool,
      clock,
      scheduler,
      blockTimeMs: genesis.blockTimeMs,
      notify: (pending) => {
        this.#queue.push({ kind: 'work', pending });
        this.#chunkDriver.push({ kind: 'work', pending });
      },
    });
  }

  #createProposer(): Proposer {
    const { index, validatorSet, log } = this.#options;
    return new Proposer({
      self: index,
      epoch: validatorSet.epoch,
      chain: this.chain,
      chunks: this.#chunks,
      signer: this.#signer,
      log: log.child('proposer'),
      pushChunk: (input) => this.#chunkDriver.push(input),
      push: (input) => this.#queue.push(input),
      fatal: (error) => this.#fail(error),
    });
  }

  #createChunkDriver(): ChunkDriver {
    const { index, genesis, validatorSet, feeRecipients, clock, scheduler, log } = this.#options;
    const protocol = createChunkProtocol({
      validatorIndex: index,
      validatorCount: validatorSet.validators.length,
      shardCount: genesis.shardCount,
      chunkDeadlineMs: genesis.chunkDeadlineMs,
    });
    return new ChunkDriver(protocol, {
      self: index,
      chain: this.chain,
      chunks: this.#chunks,
      blocks: this.#blocks,
      pool: this.pool,
      signer: this.#signer,
      verifier: this.#verifier,
      link: this.#link,
      fetcher: this.#fetcher,
      clock,
      scheduler,
      log: log.child('chunks'),
      homeOf: (address) => home(address, genesis.shardCount),
      feeRecipient: (shard) => feeRecipients[shard] ?? ZERO_ADDRESS,
      chunksReady: (view, parentHash, certificates) => this.#proposer.chunksReady(view, parentHash, certificates),
      evidence: (evidence) => this.#foundEvidence(evidence),
      fatal: (error) => this.#fail(error),
    });
  }

  #createViewDriver(): ViewDriver {
    const { scheduler, log } = this.#options;
    return new ViewDriver({
      blocks: this.#blocks,
      scheduler,
      log: log.child('views'),
      work: this.#work,
      chunkDeadlineMs: this.#options.genesis.chunkDeadlineMs,
      executed: (hash) => this.chain.tree.get(hash),
      pushChunk: (input) => this.#chunkDriver.push(input),
      fatal: (error) => this.#fail(error),
    });
  }

  #createInputQueue(): InputQueue {
    const { storage, scheduler, log } = this.#options;
    const performer = new EffectPerformer({
      link: this.#link,
      signer: this.#signer,
      verifier: this.#verifier,
      timers: this.#timers,
      blocks: this.#blocks,
      scheduler,
      log: log.child('consensus'),
      push: (input) => this.#queue.push(input),
      buildBlock: (view, parentHash) => this.#proposer.want(view, parentHash),
      enterView: (entered) => this.#views.enter(entered),
      timeoutExtensionMs: () => this.#views.extensionMs,
      finalized: (certificate) => this.#finalize(certificate),
      evidence: (evidence) => this.#foundEvidence(evidence),
      blockPeer: (peer, reason) => log.warn('peer blocked', { peer, reason }),
      fatal: (error) => this.#fail(error),
    });
    const drops = new DropCounter(log.child('inputs'));
    const records = storage.journal.replay();
    return new InputQueue(recoverEngine(this.#engineConfig(), records, storage.chain.bestFinalization()), {
      journal: storage.journal,
      perform: (effect) => performer.perform(effect),
      dropped: (peer, lane) => drops.count(peer, lane),
      fatal: (error) => this.#fail(error),
    });
  }

  #engineConfig(): EngineConfig {
    const { index, genesis, genesisHash, validatorSet } = this.#options;
    const n = validatorSet.validators.length;
    return {
      validatorIndex: index,
      validatorCount: n,
      epoch: validatorSet.epoch,
      leaders: this.#leaders,
      deltaMs: genesis.deltaMs,
      capMs: Math.max(VIEW_TIMEOUT_CAP_MS, genesis.deltaMs),
      maxIdleMs: genesis.maxIdleMs,
      genesisHash,
    };
  }

  #createGossip(): TransactionGossip {
    const { scheduler } = this.#options;
    return new TransactionGossip({
      pool: this.pool,
      link: this.#link,
      scheduler,
      changed: () => this.#work.refresh(),
      added: (transaction) => {
        for (const listener of this.#transactionListeners) listener(transaction);
      },
    });
  }

  #foundEvidence(evidence: AnyEvidence): void {
    this.#evidence.found({ epoch: this.#domain.epoch, evidence });
  }

  #createEvidencePool(): EvidencePool {
    return new EvidencePool({
      link: this.#link,
      log: this.#options.log.child('evidence'),
      judge: ({ epoch, evidence }) => (epoch === this.#domain.epoch ? this.#verifier.verifyEvidence(evidence) : null),
      refuse: (peer, reason) => this.#queue.push({ kind: 'peerFault', peer, reason }),
      proven: (evidence) => {
        for (const listener of this.#evidenceListeners) listener(evidence);
      },
    });
  }

  #createReceiver(): Receiver {
    const { transport, validatorSet, log } = this.#options;
    return new Receiver({
      transport,
      validatorCount: validatorSet.validators.length,
      chunks: this.#chunks,
      gossip: this.#gossip,
      evidence: this.#evidence,
      log: log.child('receiver'),
      push: (input) => this.#queue.push(input),
      pushChunk: (input) => this.#chunkDriver.push(input),
      answer: (request) => answerRequest({ chain: this.chain, chunks: this.#chunks, pool: this.pool }, request),
      connected: (peer) => this.#link.send(peer, { kind: 'status', status: statusOf(this.#queue.state) }),
    });
  }
}

/** Every account that the block changed, on any shard. */
function changedAccounts(block: ExecutedBlock): readonly Address[] {
  return block.shards.flatMap((tip) =>
    tip.executed === null ? [] : [...tip.executed.outcome.changes.accounts.keys()],
  );
}
