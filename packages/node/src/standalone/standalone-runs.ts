import { MAX_RANGE_BYTES, peerOf, type Transport } from '@heddle/network';
import { blsPublicKey, blsSecretKeyFromSeed, blsSign } from '@heddle/primitives';
import { secureRandom } from '@heddle/runtime';
import { directoryMedium, HISTORY_BLOCKS, openValidatorStorage } from '@heddle/storage';
import { signersOf, type Validator } from '@heddle/types';
import { type OpenValidator, openValidator } from '../open-validator.ts';
import type { ProvenEvidence } from '../parts/events.ts';
import type { ProcessParts } from '../process-parts.ts';
import { NodeGroup } from '../rpc-backend/node-group.ts';
import { RequestGate } from '../rpc-backend/request-gate.ts';
import type { ValidatorNode } from '../validator-node.ts';
import { ClockWatch, clockProblem } from './clock-watch.ts';
import { KeyWatch, type WatchVerdict } from './key-watch.ts';
import { isNamed, type NodeStatus, reachedOf, readNodeStatus } from './node-status.ts';
import { PeerClocks, type PeerClocksPorts } from './peer-clocks.ts';
import { finalBlockFacts } from './standalone-observer.ts';
import type { Signing, StandaloneOptions, ValidatorKey } from './standalone-options.ts';

/** The one of this process. */
const INDEX = 0;

const SEED_BYTES = 48;

interface Run extends OpenValidator {
  readonly transport: Transport;
  readonly clocks: PeerClocks;
  /** What it signs with; null where it only follows. */
  readonly signingKey: Uint8Array | null;
}

/**
 * The runs of one node on its folder, one after the other. One that has nothing to sign with follows under a key of nobody's.
 * A validator does so first, where its key might be used elsewhere; then it runs as the validator. What a node is, it is from
 * its start on: an engine that was refused every signature would have given up its views.
 */
export class StandaloneRuns {
  /** RPC's requests wait between two runs. */
  readonly gate: RequestGate;
  readonly #options: StandaloneOptions;
  readonly #process: ProcessParts;
  #run: Run | null = null;
  #group: NodeGroup | null = null;
  readonly #clockWatch: ClockWatch;
  /** Whether the clock has been compared since the start. */
  #isClockCompared = false;
  #watch: KeyWatch | null = null;
  #changing: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: StandaloneOptions, process: ProcessParts) {
    this.#options = options;
    this.#process = process;
    this.gate = new RequestGate(process.scheduler);
    this.#clockWatch = new ClockWatch(options.log);
  }

  /** Resolves when the first run is started. */
  async start(): Promise<NodeGroup> {
    const { signing, log } = this.#options;
    if (signing === null) return this.#begin(await this.#open(keyOfNobody(), false));
    if (!signing.watchesKey) return this.#validate(signing);
    log.warn('signs nothing until it is clear that its key runs nowhere else: ten blocks of others, a minute at most');
    const run = await this.#open(keyOfNobody(), false);
    const { publicKey } = signing.key;
    const watch = new KeyWatch({ ...this.#process, publicKey }, (verdict) => this.#watchEnded(signing, verdict));
    this.#watch = watch;
    run.transport.onPeerChange((peer, isConnected) => {
      if (isConnected) watch.peerConnected(peer);
    });
    run.node.onFinalBlock(({ height, block }) =>
      watch.blockFinal({ height, timestamp: block.header.timestamp, signers: finalSigners(run.node) }),
    );
    watch.start();
    return this.#begin(run);
  }

  /** The transport of the run that there is; null between two. */
  get transport(): Transport | null {
    return this.#run?.transport ?? null;
  }

  /** Null between two runs. */
  status(): NodeStatus | null {
    const run = this.#run;
    if (run === null) return null;
    const hasKey = this.#options.signing !== null;
    return readNodeStatus({ ...run, hasKey, clockAheadMs: this.#clockWatch.aheadMs });
  }

  /** Of the set that makes the next block: those whom this node is connected to, and itself as far as it signs. */
  reached(): readonly Uint8Array[] {
    const run = this.#run;
    return run === null ? [] : reachedOf(this.#validators(), run.transport, run.signingKey);
  }

  async close(): Promise<void> {
    this.#isStopped = true;
    this.#watch?.stop();
    await this.#changing;
    await this.#end();
    await this.#process.close();
  }

  #watchEnded(signing: Signing, verdict: WatchVerdict): void {
    if (verdict.kind === 'active') return signing.keyActive(verdict.proof);
    this.#options.log.info('its key runs nowhere else, as far as can be told: it takes part from now on');
    this.#changing = this.gate
      .closedFor(() => this.#change(signing))
      .catch((error: unknown) => this.#options.fatal(error));
  }

  async #change(signing: Signing): Promise<void> {
    await this.#end();
    if (!this.#isStopped) await this.#validate(signing);
  }

  async #validate(signing: Signing): Promise<NodeGroup> {
    const run = await this.#open(signing.key, true);
    run.node.onEvidence((evidence) => judge(signing, run, evidence));
    const group = await this.#begin(run);
    signing.validating();
    return group;
  }

  async #open(key: ValidatorKey, isValidating: boolean): Promise<Run> {
    const { genesis, directory, cacheBytes, archive, feeRecipient, log, fatal } = this.#options;
    const transport = await this.#options.createTransport(key, (publicKey) => this.#isValidator(publicKey));
    const opened = await openValidator({
      ...this.#process,
      publicKey: key.publicKey,
      signDigest: (digest) => key.sign(digest),
      genesis,
      openStorage: () =>
        openValidatorStorage(
          { medium: directoryMedium(directory), genesis: genesis.write },
          cacheBytes,
          null,
          archive ? null : HISTORY_BLOCKS,
        ),
      transport,
      feeRecipients: genesis.write.shards.map(() => feeRecipient),
      maxRangeBytes: MAX_RANGE_BYTES,
      log,
      fatal,
    });
    const clocks = new PeerClocks({
      ...this.#process,
      transport,
      validators: () => this.#clockValidators(key.publicKey),
      compared: (aheadMs) => this.#clockCompared(aheadMs),
    });
    const run = { ...opened, transport, clocks, signingKey: isValidating ? key.publicKey : null };
    this.#run = run;
    return run;
  }

  #clockValidators(ownKey: Uint8Array): ReturnType<PeerClocksPorts['validators']> {
    const names = this.#validators().map(({ publicKey }) => peerOf(publicKey));
    return { others: names.filter((name) => name !== peerOf(ownKey)), count: names.length };
  }

  #clockCompared(aheadMs: number): void {
    const isFirst = !this.#isClockCompared;
    this.#isClockCompared = true;
    this.#clockWatch.peersSay(aheadMs);
    if (isFirst && aheadMs !== 0) this.#options.clockWrong(clockProblem(aheadMs));
  }

  /** Of the set that makes the next block. */
  #validators(): readonly Validator[] {
    const chain = this.#run?.node.chain;
    return (chain?.validatorSets.ofChildren(chain.tree.root) ?? this.#options.genesis.genesis).validators;
  }

  #isValidator(publicKey: Uint8Array): boolean {
    return isNamed(this.#validators(), publicKey);
  }

  async #begin({ node }: Run): Promise<NodeGroup> {
    const group = this.#group ?? new NodeGroup(node.chain.tree.root.height);
    this.#group = group;
    group.add(INDEX, node);
    node.onFinalBlock(({ block }) => this.#clockWatch.blockFinal(block.header.timestamp, this.#process.clock.wallMs()));
    const { observer, signing } = this.#options;
    const ownKey = signing?.key.publicKey ?? null;
    if (observer !== null) node.onFinalBlock((block) => observer.blockFinal(finalBlockFacts(node, block, ownKey)));
    await node.start();
    return group;
  }

  async #end(): Promise<void> {
    this.#group?.remove(INDEX);
    const run = this.#run;
    // Nobody reads of its stores any more.
    this.#run = null;
    run?.clocks.stop();
    await run?.close();
  }
}

/** Who is convicted by its own key has signed what this process did not: its record would have refused. */
function judge({ key, keyActive }: Signing, { node }: Run, { epoch, culprits }: ProvenEvidence): void {
  const { validators } = node.chain.validatorSets.ofEpoch(epoch);
  const isOwn = isNamed(
    culprits.flatMap((culprit) => validators[culprit] ?? []),
    key.publicKey,
  );
  if (isOwn) keyActive('there is proof that it has signed two contradicting messages');
}

/** Whose signatures are in the newest finalization: the block that is told of is final by it. */
function finalSigners({ chain }: ValidatorNode): readonly Uint8Array[] {
  const best = chain.store.bestFinalization();
  if (best === null) return [];
  const { validators } = chain.validatorSets.ofEpoch(best.tuple.epoch);
  return signersOf(best.bitmap, validators.length).flatMap((signer) => validators[signer]?.publicKey ?? []);
}

/** A key that is in no validator set: its node is an observer, whom the others tell what is final. */
function keyOfNobody(): ValidatorKey {
  const secretKey = blsSecretKeyFromSeed(secureRandom.bytes(SEED_BYTES));
  return { publicKey: blsPublicKey(secretKey), sign: (digest) => blsSign(secretKey, digest) };
}
