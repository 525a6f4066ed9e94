import { createSigner, type SignatureScheme } from '@heddle/consensus';
import type { ChunkExecutor } from '@heddle/execution';
import { type AddResult, createMempool, type TransactionPool } from '@heddle/mempool';
import type { PeerId, Transport } from '@heddle/network';
import type { Clock, Scheduler } from '@heddle/runtime';
import type { ValidatorStorage } from '@heddle/storage';
import type {
  Address,
  AnyEvidence,
  Genesis,
  Hash,
  RecoveredTransaction,
  TupleCertificate,
  ValidatorIndex,
  ValidatorSet,
} from '@heddle/types';
import { BlockService } from './chain/block-service.ts';
import { Chain } from './chain/chain.ts';
import { ChunkCache } from './chain/chunk-cache.ts';
import { ChunkExecution } from './chain/chunk-execution.ts';
import type { ExecutedBlock } from './chain/executed-block.ts';
import { ExecutionReports } from './chain/execution-reports.ts';
import { Finalizer } from './chain/finalizer.ts';
import { ChunkIntake } from './consensus/chunk-intake.ts';
import { WorkMonitor } from './consensus/work-monitor.ts';
import type { EpochRuntime } from './epochs/epoch-runtime.ts';
import { type EpochValidators, ValidatorsByEpoch } from './epochs/epoch-validators.ts';
import { Epochs } from './epochs/epochs.ts';
import { epochBase } from './epochs/leaders.ts';
import { Member } from './epochs/member.ts';
import { Observer } from './epochs/observer.ts';
import { isExecutionSetback, StoppedError } from './errors.ts';
import { guardedScheduler, guardedTransport } from './guarded.ts';
import type { Logger } from './logger.ts';
import { BlockList } from './peers/block-list.ts';
import { blockingLink } from './peers/blocking-link.ts';
import { EvidencePool, type ProvenEvidence } from './peers/evidence-pool.ts';
import { Fetcher } from './peers/fetcher.ts';
import type { PeerLink } from './peers/peer-link.ts';
import { peerOf } from './peers/peer-names.ts';
import { Receiver } from './peers/receiver.ts';
import { Responder } from './peers/responder.ts';
import { TransactionGossip } from './peers/transaction-gossip.ts';
import { createTransportLink } from './peers/transport-link.ts';
import { UnsentMessages } from './peers/unsent-messages.ts';
import { TipAccounts } from './pool/tip-accounts.ts';
import { CatchUp } from './sync/catch-up.ts';

/** Everything that one validator is made from. */
export interface ValidatorNodeOptions {
  /** BLS public key, 48 bytes. It takes part in the epochs whose set has it and follows the others. */
  readonly publicKey: Uint8Array;
  /** Signs a 32-byte digest with the validator's key; 192 bytes. Deterministic. Only the signer calls it. */
  readonly signDigest: (digest: Uint8Array) => Uint8Array;
  readonly genesis: Genesis;
  readonly genesisHash: Hash;
  /** The set of epoch 0. */
  readonly validatorSet: ValidatorSet;
  /** Checks the others' signatures; the validators of one process may share one that remembers. */
  readonly signatureScheme: SignatureScheme;
  /** Executes chunks; the validators of one process may share one that has threads. */
  readonly executor: ChunkExecutor;
  readonly storage: ValidatorStorage;
  /** Its identity is that of the public key (`peerOf`). */
  readonly transport: Transport;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** COINBASE of the chunks that this validator builds, by shard. */
  readonly feeRecipients: readonly Address[];
  /** Payload of an answer with blocks and chunks, bytes at most: `MAX_RANGE_BYTES` of the network, or less. */
  readonly maxRangeBytes: number;
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
  /** Blocks that are being executed, or fetched for it. */
  readonly blocksUnderway: number;
  readonly pooledTransactions: number;
  /** Bytes of messages that wait for something: chunks for their parent, proposals for the engine, those of the next epoch. */
  readonly heldBytes: number;
}

/**
 * One validator: what lives as long as the process, wired by hand. Chain, pool, network and storage stay; what is bound
 * to a validator set lives for an epoch (`epochs/`), as a member or as an observer.
 */
export class ValidatorNode {
  readonly publicKey: Uint8Array;
  readonly chain: Chain;
  readonly pool: TransactionPool;
  /** How chunks were executed here. */
  readonly executions: ExecutionReports;
  /** Messages of this node that no peer would have taken. */
  readonly unsent: UnsentMessages;
  readonly #options: ValidatorNodeOptions;
  readonly #accounts: TipAccounts;
  readonly #blockList: BlockList;
  readonly #link: PeerLink;
  readonly #fetcher: Fetcher;
  readonly #chunks = new ChunkCache();
  readonly #validatorsByEpoch: ValidatorsByEpoch;
  readonly #execution: ChunkExecution;
  readonly #blocks: BlockService;
  readonly #finalizer: Finalizer;
  readonly #catchUp: CatchUp;
  readonly #work: WorkMonitor;
  readonly #epochs: Epochs;
  readonly #gossip: TransactionGossip;
  readonly #evidence: EvidencePool;
  readonly #responder: Responder;
  readonly #receiver: Receiver;
  readonly #blockListeners: ((block: ExecutedBlock) => void)[] = [];
  readonly #evidenceListeners: ((evidence: ProvenEvidence) => void)[] = [];
  readonly #transactionListeners: ((transaction: RecoveredTransaction) => void)[] = [];
  #poolFilled: Promise<void> = Promise.resolve();
  #stopped = false;
  #stopping: Promise<void> | null = null;

  constructor(given: ValidatorNodeOptions) {
    const options = this.#guarded(given);
    const { publicKey, genesis, genesisHash, validatorSet, storage, transport, scheduler } = options;
    this.publicKey = publicKey;
    this.#options = options;
    const known = (hash: Hash): RecoveredTransaction | null => this.pool.get(hash) ?? null;
    this.chain = new Chain(genesis, genesisHash, validatorSet, storage.chain, known);
    this.#accounts = new TipAccounts(this.chain, () => this.#work.tip);
    this.pool = createMempool(this.#accounts.poolRules(), this.#accounts);
    this.#blockList = new BlockList(options.log.child('peers'));
    this.unsent = new UnsentMessages(options.log.child('link'));
    this.#link = blockingLink(createTransportLink(transport, this.unsent), this.#blockList);
    this.#fetcher = new Fetcher(this.#link, scheduler, (peer, reason) => this.#epochs.blame(peer, reason));
    this.#validatorsByEpoch = new ValidatorsByEpoch(this.chain, options.signatureScheme);
    this.executions = new ExecutionReports(options.log.child('execution'));
    this.#execution = new ChunkExecution({
      chain: this.chain,
      executor: options.executor,
      reports: this.executions,
      clock: options.clock,
    });
    this.#blocks = this.#createBlockService();
    this.#finalizer = new Finalizer(this.chain, (block) => this.#onFinal(block));
    this.#catchUp = this.#createCatchUp();
    this.#work = this.#createWorkMonitor();
    this.#epochs = this.#createEpochs();
    this.#gossip = this.#createGossip();
    this.#evidence = this.#createEvidencePool();
    this.#responder = this.#createResponder();
    this.#receiver = this.#createReceiver();
    // Whoever read: RPC must not go on where consensus would stop.
    storage.chain.onDamage((error) => this.#fail(error));
  }

  /** Joins the network and takes part from where the journal ends. */
  async start(): Promise<void> {
    const { transport, storage } = this.#options;
    // Before anyone can submit: what is submitted makes room in the journal for what still waits.
    this.#gossip.restore(storage.pool.load());
    await this.#epochs.open();
    // A stop may come at any wait: it has left the network already, and nobody would leave it again.
    if (this.#stopped) return;
    this.#receiver.listen();
    await transport.start();
    if (this.#stopped) return transport.stop();
    // Parents first: none of them has missing ancestors then.
    const blocks = storage.chain
      .unfinalBlocks()
      .toSorted((a, b) => (a.block.header.number < b.block.header.number ? -1 : 1));
    for (const { hash } of blocks) await this.#reExecute(hash);
    if (this.#stopped) return;
    this.#epochs.start();
    this.#work.refresh();
    this.#poolFilled = this.#fillPool();
  }

  /** Resolves when the peers of the start have told what they have pooled: until then a stop of theirs may lose it. */
  poolFilled(): Promise<void> {
    return this.#poolFilled;
  }

  /** Leaves the network; resolves when nothing is being written any more. The stores stay open: their owner closes them. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#stopped = true;
    const written = [this.#epochs.stop(), this.#finalizer.stop()];
    // Before the stores are closed: what runs on other threads must not come back to them.
    this.#execution.stop();
    this.#work.stop();
    this.#gossip.stop();
    this.#responder.stop();
    this.#catchUp.stop();
    await this.#options.transport.stop();
    await Promise.all(written);
  }

  /** Offers a user's transaction to the pool and, when it is good, to the other validators. */
  submit(transaction: RecoveredTransaction): AddResult {
    return this.#gossip.submit(transaction);
  }

  /** Resolves when what was submitted before is not lost if the process is killed (a power failure may take it). */
  submissionsKept(): Promise<void> {
    return this.#gossip.kept();
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
      views: this.#epochs.views,
      unfinalBlocks: this.chain.tree.size,
      blocksUnderway: this.#blocks.underway,
      pooledTransactions: this.pool.size,
      heldBytes: this.#chunks.heldBytes + this.#epochs.heldBytes,
    };
  }

  /** Peers that nothing is read of until the next epoch, each with the reason. */
  get blockedPeers(): ReadonlyMap<PeerId, string> {
    return this.#blockList.blocked;
  }

  /** How often peers were blocked since the start, by reason. */
  get peerFaults(): ReadonlyMap<string, number> {
    return this.#blockList.faults;
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

  /** What runs on timers or is called by the network ends this validator when it throws, not its process. */
  #guarded(options: ValidatorNodeOptions): ValidatorNodeOptions {
    const fail = (error: unknown): void => this.#fail(error);
    const { scheduler, transport } = options;
    return {
      ...options,
      scheduler: guardedScheduler(scheduler, fail),
      transport: guardedTransport(transport, fail),
    };
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
    this.#epochs.finalized(block.height);
    if (this.#work.tip.height < block.height) this.#work.moveTip(this.chain.tree.root);
    else this.#work.refresh();
    for (const listener of this.#blockListeners) listener(block);
  }

  /** Blocks that were notarized before a restart; one that can't be executed without the network comes back with it. */
  async #reExecute(hash: Hash): Promise<void> {
    try {
      await this.#blocks.ensure(hash, null);
    } catch (error) {
      if (error instanceof StoppedError) return;
      if (!isExecutionSetback(error)) throw error;
      this.#options.log.debug('block of the last run not executed', { hash, reason: error.message });
    }
  }

  /** What the others have pooled and this validator missed while it was down: one pool at a time, each may be large. */
  async #fillPool(): Promise<void> {
    for (const peer of this.#link.connected()) {
      const raws = await this.#link.requestPool(peer).catch(() => []);
      if (this.#stopped) return;
      await this.#gossip.receive(raws, peer);
    }
  }

  #createBlockService(): BlockService {
    return new BlockService({
      chain: this.chain,
      chunks: this.#chunks,
      fetcher: this.#fetcher,
      validatorsByEpoch: this.#validatorsByEpoch,
      execution: this.#execution,
    });
  }

  #createCatchUp(): CatchUp {
    const { scheduler, log } = this.#options;
    return new CatchUp({
      chain: this.chain,
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
      notify: (pending) => this.#epochs.work(pending),
    });
  }

  #createEpochs(): Epochs {
    const { storage, clock, log } = this.#options;
    return new Epochs({
      chain: this.chain,
      link: this.#link,
      clock,
      log: log.child('epochs'),
      openRuntime: () => this.#openRuntime(),
      epochChanged: () => this.#blockList.clear(),
      forgetBelow: (epoch) => storage.removeJournalsBelow(epoch),
      fatal: (error) => this.#fail(error),
    });
  }

  /** The part that this node has in the epoch above the final head. */
  async #openRuntime(): Promise<EpochRuntime> {
    const { scheduler } = this.#options;
    const validators = this.#validatorsByEpoch.ofChildren(this.chain.tree.root);
    const self = validators.indexOf(peerOf(this.publicKey));
    const log = this.#options.log.child(`epoch-${validators.epoch}`);
    log.debug(self === null ? 'observes the epoch' : 'takes part in the epoch', { validators: validators.size });
    const finalize = (certificate: TupleCertificate): void => this.#finalize(certificate);
    if (self !== null) return this.#openMember(self, validators, log);
    const best = this.chain.store.finalizationOf(validators.epoch);
    const intake = this.#createIntake(validators);
    const blockPeer = (peer: PeerId, reason: string): void => this.#blockList.add(peer, reason);
    return new Observer({ validators, best, link: this.#link, scheduler, intake, blockPeer, finalize });
  }

  #createIntake(validators: EpochValidators): ChunkIntake {
    return new ChunkIntake({
      validators,
      chain: this.chain,
      chunks: this.#chunks,
      blame: (peer, reason) => this.#epochs.blame(peer, reason),
    });
  }

  async #openMember(self: ValidatorIndex, validators: EpochValidators, log: Logger): Promise<Member> {
    const { storage, signDigest, clock, scheduler, feeRecipients } = this.#options;
    const { domain } = validators;
    const journal = await storage.openJournal(validators.epoch);
    const signer = createSigner({ store: storage.signerStore, domain, journaled: journal.replay(), signDigest });
    if (signer.silence !== null) log.error('this validator signs nothing', { reason: signer.silence });
    return Member.open({
      self,
      validators,
      base: epochBase(this.chain, validators.epoch),
      journal,
      signer,
      chain: this.chain,
      chunks: this.#chunks,
      intake: this.#createIntake(validators),
      blocks: this.#blocks,
      execution: this.#execution,
      fetcher: this.#fetcher,
      pool: this.pool,
      link: this.#link,
      work: this.#work,
      clock,
      scheduler,
      feeRecipients,
      log,
      finalize: (certificate) => this.#finalize(certificate),
      isCatchingUp: () => this.#catchUp.active,
      evidence: (evidence: AnyEvidence) => this.#evidence.found({ epoch: validators.epoch, evidence }),
      blockPeer: (peer, reason) => this.#blockList.add(peer, reason),
      fatal: (error) => this.#fail(error),
    });
  }

  #createGossip(): TransactionGossip {
    const { scheduler, storage, log } = this.#options;
    return new TransactionGossip({
      pool: this.pool,
      link: this.#link,
      scheduler,
      log: log.child('gossip'),
      keep: (raw, waiting) => {
        const kept = storage.pool.append(raw, waiting);
        kept.catch((error: unknown) => this.#fail(error));
        return kept;
      },
      changed: () => this.#work.refresh(),
      added: (transaction) => {
        for (const listener of this.#transactionListeners) listener(transaction);
      },
    });
  }

  #createEvidencePool(): EvidencePool {
    return new EvidencePool({
      link: this.#link,
      log: this.#options.log.child('evidence'),
      judge: ({ epoch, evidence }) => this.#validatorsByEpoch.ofEpoch(epoch)?.verifier.verifyEvidence(evidence) ?? null,
      refuse: (peer, reason) => this.#epochs.blame(peer, reason),
      proven: (evidence) => {
        for (const listener of this.#evidenceListeners) listener(evidence);
      },
    });
  }

  #createResponder(): Responder {
    const { scheduler, maxRangeBytes } = this.#options;
    return new Responder({
      chain: this.chain,
      chunks: this.#chunks,
      pool: this.pool,
      scheduler,
      metrics: this.unsent,
      maxRangeBytes,
      fatal: (error) => this.#fail(error),
    });
  }

  #createReceiver(): Receiver {
    const { transport } = this.#options;
    return new Receiver({
      transport,
      blocked: this.#blockList,
      gossip: this.#gossip,
      evidence: this.#evidence,
      makesChunks: (peer) => this.#epochs.makesChunks(peer),
      consensus: (from, message, bytes) => this.#epochs.receive(from, message, bytes),
      chunk: (from, chunk, bytes) => this.#epochs.receiveChunk(from, chunk, bytes),
      endorsement: (from, endorsement, bytes) => this.#epochs.receiveEndorsement(from, endorsement, bytes),
      blame: (peer, reason) => this.#epochs.blame(peer, reason),
      answer: (from, request) => this.#responder.answer(from, request),
      connected: (peer) => this.#link.send(peer, { kind: 'status', status: this.#epochs.status() }),
    });
  }
}

/** Every account that the block changed, on any shard. */
function changedAccounts(block: ExecutedBlock): readonly Address[] {
  return block.shards.flatMap((tip) =>
    tip.executed === null ? [] : [...tip.executed.outcome.changes.accounts.keys()],
  );
}
