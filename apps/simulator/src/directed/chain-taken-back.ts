import { blsScheme, epochOfSlot } from '@heddle/consensus';
import { InlineExecutor } from '@heddle/execution';
import { createMemoryHub, MAX_RANGE_BYTES, peerOf } from '@heddle/network';
import {
  buildGenesis,
  createDevnetGenesis,
  devnetFeeRecipients,
  type OpenValidator,
  openValidator,
  RUN_AT_ONCE,
  SILENT_LOGGER,
} from '@heddle/node';
import { blsSign, ImpossibleStateError } from '@heddle/primitives';
import { createSeededRandom, createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { createMemoryMedium, NO_REWINDS, openValidatorStorage, type ValidatorStorage } from '@heddle/storage';
import type { DirectedScenario } from '../engine/scenario.ts';
import { expectThat } from '../engine/violation.ts';

const EPOCH_BLOCKS = 4n;
const PATIENCE_MS = 60_000;

/** A devnet of one validator: it is a quorum, so that each of its votes decides. */
const { genesis: usual, validatorSecretKeys } = createDevnetGenesis({
  chainId: 31_337n,
  shardCount: 1,
  validatorCount: 1,
  accounts: [],
  balanceWei: 0n,
  blockTimeMs: 0,
  timestamp: 0n,
});
const built = buildGenesis({ ...usual, epochLength: EPOCH_BLOCKS });

/**
 * When the chain is taken back, no vote from before can count for a block after it (storage/README, Going back): what is
 * final then is final by votes of an epoch that nobody had signed in, on the same validators.
 */
export const chainTakenBack: DirectedScenario = {
  name: 'chain-taken-back',
  run: async (seed) => {
    const [kept, lost] = [1n + BigInt(seed % 6), 1n + BigInt(seed % 4)];
    const storage = await openValidatorStorage({
      medium: createMemoryMedium(createSeededRandom(seed)),
      genesis: built.write,
    });
    await growTo(storage, kept);
    const { block, hash } = storage.chain.head();
    const snapshot = { id: 1n, height: block.header.number, hash, finalization: storage.chain.bestFinalization() };
    const held = await storage.chain.holdCommits();
    await held.setRewindRecord({ ...NO_REWINDS, revision: 1n, lastSnapshot: 1n, snapshots: [snapshot] });
    held.release();
    await growTo(storage, kept + lost);
    const signed = storage.signerStore.load().map(({ slot }) => epochOfSlot(slot));
    const epoch = (await storage.newestEpoch()) + 1n;
    const record = { revision: 2n, lastSnapshot: 1n, snapshots: [], branches: [{ height: kept, epoch }] };
    await storage.rewind({ kind: 'block', block: snapshot }, record);
    expectThat(storage.chain.head().hash === hash, 'the chain ends where it was taken');
    await growTo(storage, kept + lost);
    const final = storage.chain.bestFinalization();
    expectThat(final !== null && !signed.includes(final.tuple.epoch), 'a vote from before the rewind counts after it');
    const old = storage.chain.finalizationOf(snapshot.finalization?.tuple.epoch ?? 0n);
    expectThat(old?.tuple.blockHash === hash, 'the old epoch ends with the block that the chain was taken to');
    await storage.close();
  },
};

/** A life of the validator in which it makes blocks up to `height`. */
async function growTo(storage: ValidatorStorage, height: bigint): Promise<void> {
  const time = createVirtualTime({ startWallMs: 1_000_000 });
  const failures: unknown[] = [];
  const { node } = await validatorOn(storage, time, (error) => failures.push(error));
  await node.start();
  node.wantHeight(height);
  const isThere = await time.runUntilAsync(
    () => failures.length > 0 || node.chain.tree.root.height >= height,
    PATIENCE_MS,
  );
  await node.stop();
  expectThat(isThere && failures.length === 0, `the chain goes on after a rewind: ${failures.join(' ')}`);
}

function validatorOn(
  storage: ValidatorStorage,
  time: VirtualTime,
  fatal: (error: unknown) => void,
): Promise<OpenValidator> {
  const [secretKey] = validatorSecretKeys;
  const [validator] = built.genesis.validators;
  if (secretKey === undefined || validator === undefined) throw new ImpossibleStateError('there is one validator');
  const { publicKey } = validator;
  return openValidator({
    publicKey,
    signDigest: (digest) => blsSign(secretKey, digest),
    genesis: built,
    signatureScheme: blsScheme,
    executor: new InlineExecutor(() => time.clock.monotonicMs()),
    controlRunner: RUN_AT_ONCE,
    openStorage: () => Promise.resolve(storage),
    transport: createMemoryHub({ scheduler: time.scheduler }).transport(peerOf(publicKey)),
    clock: time.clock,
    scheduler: time.scheduler,
    feeRecipients: devnetFeeRecipients(1, 1)[0] ?? [],
    maxRangeBytes: MAX_RANGE_BYTES,
    log: SILENT_LOGGER,
    fatal,
  });
}
