import type { AddResult, TransactionPool } from '@heddle/mempool';
import type { PeerId } from '@heddle/network';
import type { Address, Hash, RecoveredTransaction } from '@heddle/types';
import type { Chain } from './chain/chain.ts';
import type { ExecutedBlock } from './chain/executed-block.ts';
import type { ExecutionReports } from './chain/execution-reports.ts';
import type { ControlSubmission } from './consensus/control-queue.ts';
import { isExecutionSetback, StoppedError } from './errors.ts';
import { guardedScheduler, guardedTransport } from './guarded.ts';
import { Listeners } from './listeners.ts';
import { composeValidator } from './parts/compose-validator.ts';
import type { ProvenEvidence, ValidatorEvents } from './parts/events.ts';
import type { Surroundings } from './parts/surroundings.ts';
import type { ValidatorParts } from './parts/validator-parts.ts';
import { Receiver } from './peers/receiver.ts';
import type { UnsentMessages } from './peers/unsent-messages.ts';
import type { Routes } from './pool/routes.ts';
import type { Syncing } from './sync/sync-progress.ts';

/** Everything that one validator is made from. */
export interface ValidatorNodeOptions extends Omit<Surroundings, 'events'> {
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

/** A peer that nothing more is read of in this epoch, and why. */
export interface BlockedPeer {
  readonly peer: PeerId;
  readonly reason: string;
}

/**
 * The life of one validator: start, stop, and what outsiders may ask and hear. Its parts (`parts/`) stay as long as it does;
 * what is bound to a validator set lives for an epoch (`epochs/`), as a member or as an observer.
 */
export class ValidatorNode {
  readonly #parts: ValidatorParts;
  readonly #receiver: Receiver;
  readonly #fatal: (error: unknown) => void;
  readonly #finalBlocks = new Listeners<ExecutedBlock>();
  readonly #proofs = new Listeners<ProvenEvidence>();
  readonly #blockedPeers = new Listeners<BlockedPeer>();
  readonly #pendingTransactions = new Listeners<RecoveredTransaction>();
  #poolFilled: Promise<void> = Promise.resolve();
  #stopped = false;
  #stopping: Promise<void> | null = null;

  constructor({ fatal, ...given }: ValidatorNodeOptions) {
    const events = this.#events();
    this.#fatal = fatal;
    // What runs on timers or is called by the network ends this validator when it throws, not its process.
    const scheduler = guardedScheduler(given.scheduler, events.fatal);
    const transport = guardedTransport(given.transport, events.fatal);
    this.#parts = composeValidator({ ...given, scheduler, transport, events });
    this.#receiver = new Receiver(this.#parts);
    // Whoever read: RPC must not go on where consensus would stop.
    given.storage.chain.onDamage(events.fatal);
  }

  get publicKey(): Uint8Array {
    return this.#parts.publicKey;
  }

  get chain(): Chain {
    return this.#parts.chain;
  }

  get pool(): TransactionPool {
    return this.#parts.pool;
  }

  /** How chunks were executed here. */
  get routes(): Routes {
    return this.#parts.routes;
  }

  get executions(): ExecutionReports {
    return this.#parts.executions;
  }

  /** Messages of this node that no peer would have taken. */
  get unsent(): UnsentMessages {
    return this.#parts.unsent;
  }

  /** Joins the network and takes part from where the journal ends. */
  async start(): Promise<void> {
    const { transport, storage, gossip, epochs, work } = this.#parts;
    // Before anyone can submit: what is submitted makes room in the journal for what still waits.
    gossip.restore();
    await epochs.open();
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
    epochs.start();
    work.refresh();
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
    const { epochs, finalizer, execution, sections, controlBlocks, work, gossip, responder, catchUp, transport } =
      this.#parts;
    this.#stopped = true;
    const written = [epochs.stop(), finalizer.stop()];
    // Before the stores are closed: what runs on other threads must not come back to them.
    execution.stop();
    sections.stop();
    controlBlocks.stop();
    work.stop();
    gossip.stop();
    responder.stop();
    catchUp.stop();
    await transport.stop();
    await Promise.all(written);
  }

  /** Offers a user's transaction to the pool and, when it is good, to the other validators. */
  submit(transaction: RecoveredTransaction): AddResult {
    return this.#parts.gossip.submit(transaction);
  }

  /** Resolves when what was submitted before is not lost if the process is killed (a power failure may take it). */
  submissionsKept(): Promise<void> {
    return this.#parts.gossip.kept();
  }

  /** The nonce of the account's next transaction: after those in the pool, or in the block to build on. */
  pendingNonce(address: Address): bigint {
    return this.pool.pendingNonce(address) ?? this.#parts.accounts.nonce(address);
  }

  /** What the owner of a devnet wants done, as all of its validators are told. */
  submitControl(submission: ControlSubmission): void {
    this.#parts.control.submit(submission);
    this.#parts.work.refresh();
    this.#parts.epochs.controlSubmitted();
  }

  /** The submission of this number is not to be proposed any more; a proposal that is out already may still become final. */
  withdrawControl(number: bigint): void {
    this.#parts.control.withdraw(number);
    this.#parts.work.refresh();
  }

  /** Whether transactions in the pool make a block come. They do unless a devnet's owner makes blocks himself. */
  get automine(): boolean {
    return this.#parts.work.automine;
  }

  set automine(isOn: boolean) {
    this.#parts.work.automine = isOn;
  }

  /** Pooled transactions that this validator forgets; others may give them to it again. */
  dropTransactions(hashes: Iterable<Hash>): void {
    for (const hash of hashes) this.pool.drop(hash);
    this.#parts.work.refresh();
  }

  /** Makes blocks up to `height` even when there is no work. */
  wantHeight(height: bigint): void {
    this.#parts.work.wantHeight(height);
  }

  get footprint(): NodeFootprint {
    const { epochs, chain, blocks, pool, chunks } = this.#parts;
    return {
      views: epochs.views,
      unfinalBlocks: chain.tree.size,
      blocksUnderway: blocks.underway,
      pooledTransactions: pool.size,
      heldBytes: chunks.heldBytes + epochs.heldBytes,
    };
  }

  /** It fetches final blocks that it does not have. */
  get isCatchingUp(): boolean {
    return this.#parts.catchUp.active;
  }

  /** How far it is with that; null while it has all that it knows to be final. */
  get syncing(): Syncing | null {
    return this.#parts.catchUp.syncing;
  }

  /** Peers that nothing is read of until the next epoch, each with the reason. */
  get blockedPeers(): ReadonlyMap<PeerId, string> {
    return this.#parts.blocked.blocked;
  }

  /** How often peers were blocked since the start, by reason. */
  get peerFaults(): ReadonlyMap<string, number> {
    return this.#parts.blocked.faults;
  }

  /** Everything proven against validators since the start, in the order in which it was found. */
  get evidence(): readonly ProvenEvidence[] {
    return this.#parts.evidence.entries;
  }

  /** Told of each block after it is final and readable, in height order. */
  onFinalBlock(listener: (block: ExecutedBlock) => void): void {
    this.#finalBlocks.add(listener);
  }

  /** Told of each new piece of evidence after it is verified, whoever found it. */
  onEvidence(listener: (evidence: ProvenEvidence) => void): void {
    this.#proofs.add(listener);
  }

  /** Told of each peer when it is blocked, once an epoch. */
  onPeerBlocked(listener: (blocked: BlockedPeer) => void): void {
    this.#blockedPeers.add(listener);
  }

  onPendingTransaction(listener: (transaction: RecoveredTransaction) => void): void {
    this.#pendingTransactions.add(listener);
  }

  /** What parts tell of, to whom it concerns: other parts, and listeners from outside. */
  #events(): ValidatorEvents {
    return {
      fatal: (error) => this.#fail(error),
      blame: (peer, reason) => this.#parts.epochs.blame(peer, reason),
      peerBlocked: (peer, reason) => this.#blockedPeers.tell({ peer, reason }),
      workChanged: (pending) => this.#parts.epochs.work(pending),
      blockFinal: (block) => this.#onFinal(block),
      transactionPooled: (transaction) => this.#pendingTransactions.tell(transaction),
      evidenceProven: (evidence) => this.#proofs.tell(evidence),
    };
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    void this.stop();
    this.#fatal(error);
  }

  #onFinal(block: ExecutedBlock): void {
    const { chain, chunks, pool, control, epochs, work } = this.#parts;
    chunks.prune(block.height);
    control.finalized(block.control);
    pool.onFinalized(changedAccounts(block));
    epochs.finalized(block.height);
    if (work.tip.height < block.height) work.moveTip(chain.tree.root);
    else work.refresh();
    this.#finalBlocks.tell(block);
  }

  /** Blocks that were notarized before a restart; one that can't be executed without the network comes back with it. */
  async #reExecute(hash: Hash): Promise<void> {
    try {
      await this.#parts.blocks.ensure(hash, null);
    } catch (error) {
      if (error instanceof StoppedError) return;
      if (!isExecutionSetback(error)) throw error;
      this.#parts.log.debug('block of the last run not executed', { hash, reason: error.message });
    }
  }

  /** What the others have pooled and this validator missed while it was down: one pool at a time, each may be large. */
  async #fillPool(): Promise<void> {
    const { link, gossip } = this.#parts;
    for (const peer of link.connected()) {
      const raws = await link.requestPool(peer).catch(() => []);
      if (this.#stopped) return;
      await gossip.receive(raws, peer);
    }
  }
}

/** Every account that the block changed, on any shard. */
function changedAccounts({ shards, section }: ExecutedBlock): readonly Address[] {
  const inChunks = shards.flatMap(({ executed }) => (executed === null ? [] : [executed.outcome.changes]));
  return [...inChunks, ...(section?.outcome.changes ?? [])].flatMap(({ accounts }) => [...accounts.keys()]);
}
