import { REGISTRY_ADDRESS } from '@heddle/contracts';
import { decodeWireMessage, encodeWireMessage } from '@heddle/network';
import type { Certificate, Hash, TupleCertificate } from '@heddle/types';
import { CHUNK_STREAM, CONSENSUS_STREAM } from '../../src/peers/protocols.ts';
import type { NetworkOptions, TestNetwork } from '../support/network.ts';
import { REGISTRY_GAS, registerCall, registerEntryCall, removeCall } from '../support/registry-calls.ts';
import { HONEST, type Tampering } from '../support/tampering.ts';
import { chaosOverEpochs } from './faults.ts';
import { EVERYONE, type Facts, type Scenario, scenarioOn, transfers, VALIDATORS } from './scenario.ts';

const OTHERS = [0, 1, 2];
const LAGGARD = 3;
/** Number of the node whose key is not in the genesis set. */
const SPARE = VALIDATORS;
const DISK_MS = 3;

function setting(shardCount: number, epochLength: bigint, spareCount = 0): NetworkOptions {
  return { validatorCount: VALIDATORS, shardCount, blockTimeMs: 0, epochLength, spareCount };
}

function onBoth(
  name: string,
  epochLength: bigint,
  spareCount: number,
  play: (network: TestNetwork) => Promise<Facts>,
): readonly Scenario[] {
  return [
    scenarioOn(`${name}, one shard`, setting(1, epochLength, spareCount), play),
    scenarioOn(`${name}, two shards`, setting(2, epochLength, spareCount), play),
  ];
}

/** Makes blocks up to `height`, everyone who runs having them in the end. */
async function reach(network: TestNetwork, height: bigint): Promise<void> {
  for (const node of network.running.values()) node.wantHeight(height);
  await network.until(`height ${height}`, () =>
    [...network.running.values()].every(({ chain }) => chain.tree.root.height >= height),
  );
}

function changeRegistry(network: TestNetwork, via: number, data: Uint8Array): Hash {
  const owner = network.accounts.find(({ address }) => address === network.genesis.registryOwner);
  if (owner === undefined) throw new Error('the owner of the registry is no test account');
  return network.submit(via, { from: owner, to: REGISTRY_ADDRESS, value: 0n, data, gasLimit: REGISTRY_GAS });
}

/** Validators of the epoch that a node is in. */
function setSize(network: TestNetwork, index: number): number {
  const { chain } = network.node(index);
  return chain.validatorSets.ofChildren(chain.tree.root).validators.length;
}

function epochAt(network: TestNetwork, index: number): number {
  const { epochs, tree } = network.node(index).chain;
  return Number(epochs.epochAbove(tree.root.height));
}

/** Every epoch that is over has the finalization of its last block in the store, and every header names the right set. */
function checkTransitions(network: TestNetwork, index: number): void {
  const { chain } = network.node(index);
  const { length } = chain.epochs;
  for (let height = 1n; height <= chain.tree.root.height; height++) {
    const named = chain.store.blockByNumber(height)?.header.parentBeaconBlockRoot;
    const { hash } = chain.validatorSets.ofChildren({ ...chain.tree.root, height });
    if (named !== hash) throw new Error(`block ${height} names the set ${named}, not ${hash}`);
    if (height % length !== 0n) continue;
    const epoch = height / length - 1n;
    const tuple = chain.store.finalizationOf(epoch)?.tuple;
    if (tuple?.epoch !== epoch || tuple.blockHash !== network.hashAt(height)) {
      throw new Error(`epoch ${epoch} of validator ${index} has no finalization of its last block`);
    }
  }
}

async function severalEpochs(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const target = 5n * network.genesis.epochLength + 2n;
  while (network.height < target) {
    await transfers(network, EVERYONE, 2);
    await reach(network, network.height + 1n);
  }
  await network.idle();
  for (const index of EVERYONE) checkTransitions(network, index);
  return { atLeastFive: epochAt(network, 0) >= 5, timers: network.time.pending() };
}

/** Nobody wants anything but the last block of an epoch: it becomes final, the next epoch begins, all rest. */
async function restAtTheBoundary(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await reach(network, network.genesis.epochLength);
  await network.idle();
  await network.pass(3_600_000);
  const epochs = EVERYONE.map((index) => epochAt(network, index)).join(' ');
  await transfers(network, EVERYONE, 1);
  await network.idle();
  return { epochs, height: Number(network.height) };
}

/** A fifth validator is registered in time for the next epoch; from then on a quorum of four needs it. */
async function joins(network: TestNetwork): Promise<Facts> {
  const { epochLength } = network.genesis;
  await network.startAll();
  await network.executed(changeRegistry(network, 0, registerCall(network.secretKey(SPARE))));
  const inTime = network.height <= epochLength - epochLength / 2n;
  const before = setSize(network, SPARE);
  await reach(network, epochLength + 1n);
  await network.idle();
  const after = setSize(network, SPARE);
  await network.stop(0);
  await transfers(network, [1, 2, SPARE], 2);
  await network.idle();
  await network.stop(SPARE);
  const { height } = network;
  for (const node of network.running.values()) node.wantHeight(height + 1n);
  await network.pass(20_000);
  const alone = Number(network.height - height);
  await network.start(SPARE);
  await network.until('a block with the fifth', () => network.height > height);
  await network.start(0);
  await network.idle();
  checkTransitions(network, SPARE);
  checkTransitions(network, 0);
  return { inTime, before, after, alone };
}

/** Registered after the state that names the next set: it has to wait for an epoch more. */
async function joinsTooLate(network: TestNetwork): Promise<Facts> {
  const { epochLength } = network.genesis;
  await network.startAll();
  await reach(network, epochLength / 2n);
  await network.executed(changeRegistry(network, 0, registerCall(network.secretKey(SPARE))));
  await reach(network, epochLength);
  await network.idle();
  const next = setSize(network, SPARE);
  await reach(network, 2n * epochLength);
  await network.idle();
  return { next, afterNext: setSize(network, SPARE) };
}

/** Somebody else's registration fails and changes nothing; the owner's goes through, bad entries or not. */
async function strangerAtTheRegistry(network: TestNetwork): Promise<Facts> {
  const { epochLength, registryOwner } = network.genesis;
  await network.startAll();
  const stranger = network.accounts.find(({ address }) => address !== registryOwner);
  if (stranger === undefined) throw new Error('everybody owns the registry');
  const data = registerCall(network.secretKey(SPARE));
  const terms = { from: stranger, to: REGISTRY_ADDRESS, value: 0n, gasLimit: REGISTRY_GAS };
  const refused = network.submit(0, { ...terms, data });
  await network.executed(refused);
  await reach(network, epochLength);
  const sizes = [setSize(network, 0)];
  // A proof that proves nothing is registered all the same, and skipped when the set is read.
  await network.executed(changeRegistry(network, 0, registerEntryCall(new Uint8Array(48).fill(1), new Uint8Array(96))));
  await reach(network, 2n * epochLength);
  sizes.push(setSize(network, 0));
  const taken = changeRegistry(network, 0, data);
  await network.executed(taken);
  await reach(network, 3n * epochLength);
  await network.idle();
  sizes.push(setSize(network, 0));
  const { store } = network.node(0).chain;
  const statuses = [refused, taken].map((hash) => {
    const location = store.transactionLocation(hash);
    if (location?.kind !== 'executed') throw new Error('it was executed');
    return Number(store.executions(location.height)[location.part]?.[location.index]?.receipt.status);
  });
  return { sizes: sizes.join(' '), statuses: statuses.join(' ') };
}

/** What one validator signs, counted by epoch as it goes out. */
function countingSignatures(counts: Map<bigint, number>): Tampering {
  const count = (epoch: bigint): void => {
    counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
  };
  return {
    ...HONEST,
    send: (_to, protocol, payload) => {
      if (protocol !== CONSENSUS_STREAM && protocol !== CHUNK_STREAM) return payload;
      const message = decodeWireMessage(payload);
      if (message.kind === 'proposal') count(message.proposal.tuple.epoch);
      if (message.kind === 'vote')
        count(message.vote.kind === 'nullify' ? message.vote.epoch : message.vote.tuple.epoch);
      return payload;
    },
  };
}

/** A validator is removed: it goes on following and never votes again; the others need nobody but themselves. */
async function leaves(network: TestNetwork): Promise<Facts> {
  const { epochLength } = network.genesis;
  const counts = new Map<bigint, number>();
  for (const index of OTHERS) await network.start(index);
  await network.start(LAGGARD, countingSignatures(counts));
  await network.executed(changeRegistry(network, LAGGARD, removeCall(LAGGARD)));
  await reach(network, epochLength);
  await network.idle();
  await transfers(network, EVERYONE, 3);
  await network.idle();
  const follows = network.node(LAGGARD).chain.tree.root.height === network.height;
  await network.stop(LAGGARD);
  await transfers(network, OTHERS, 2);
  await network.idle();
  await network.start(LAGGARD);
  await network.idle();
  checkTransitions(network, LAGGARD);
  const voted = (counts.get(0n) ?? 0) > 0;
  return { size: setSize(network, 0), voted, votedLater: counts.get(1n) ?? 0, follows };
}

/** Validator 3 misses three epochs, and then it is needed for a quorum. */
async function absentForEpochs(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await transfers(network, EVERYONE, 1);
  await network.stop(LAGGARD);
  await reach(network, 3n * network.genesis.epochLength + 2n);
  await network.idle();
  await network.start(LAGGARD);
  await network.idle();
  const caughtUp = network.node(LAGGARD).chain.tree.root.height === network.height;
  checkTransitions(network, LAGGARD);
  await network.stop(0);
  await transfers(network, [LAGGARD, 1, 2], 1);
  await network.idle();
  return { caughtUp, epoch: epochAt(network, LAGGARD) };
}

/** A new node with a key of no set follows from genesis over several epochs. */
async function observerFromGenesis(network: TestNetwork): Promise<Facts> {
  for (const index of EVERYONE) await network.start(index);
  await reach(network, 3n * network.genesis.epochLength + 1n);
  await network.idle();
  await network.start(SPARE);
  await network.idle();
  await transfers(network, EVERYONE, 2);
  await network.idle();
  checkTransitions(network, SPARE);
  return { epoch: epochAt(network, SPARE) };
}

/** All validators, or one, are killed ever later after the block before the last of an epoch. */
function killedAtTheBoundary(victims: readonly number[]): (network: TestNetwork) => Promise<Facts> {
  return async (network) => {
    const { epochLength } = network.genesis;
    network.diskMs = DISK_MS;
    await network.startAll();
    let kills = 0;
    for (let afterMs = 0; afterMs < 90; afterMs += 4) {
      const boundary = (network.height / epochLength + 1n) * epochLength;
      await reach(network, boundary - 1n);
      for (const node of network.running.values()) node.wantHeight(boundary + 1n);
      await network.time.advanceAsync(afterMs);
      for (const index of victims) await network.kill(index);
      for (const index of victims) await network.start(index);
      await reach(network, boundary + 1n);
      await network.idle();
      kills++;
    }
    for (const index of EVERYONE) checkTransitions(network, index);
    return { kills };
  };
}

/** Nothing that would finalize the view in which an epoch's last block is first proposed gets through. */
async function proposedAgain(network: TestNetwork): Promise<Facts> {
  const { epochLength } = network.genesis;
  let firstView: bigint | null = null;
  const isHeldBack = (item: { readonly kind: string; readonly tuple?: { readonly view: bigint } }): boolean =>
    item.kind === 'finalize' && item.tuple?.view === firstView;
  const tampering: Tampering = {
    ...HONEST,
    send: (_to, protocol, payload) => {
      if (protocol !== CONSENSUS_STREAM) return payload;
      const message = decodeWireMessage(payload);
      if (message.kind === 'proposal' && message.proposal.block.header.number === epochLength) {
        firstView ??= message.proposal.tuple.view;
      }
      if (message.kind === 'vote' && isHeldBack(message.vote)) return null;
      return message.kind === 'certificate' && isHeldBack(message.certificate) ? null : payload;
    },
  };
  for (const index of EVERYONE) await network.start(index, tampering);
  await reach(network, epochLength);
  await network.idle();
  const tuple = network.node(0).chain.store.finalizationOf(0n)?.tuple;
  const again =
    tuple !== undefined && tuple.parentHash === tuple.blockHash && tuple.blockHash === network.hashAt(epochLength);
  await transfers(network, EVERYONE, 2);
  await network.idle();
  return { again, laterView: (tuple?.view ?? 0n) > (firstView ?? 0n) };
}

/** A finalization that names the block and has the form of one, signed by nobody. */
function forgedFinalization(epoch: bigint, blockHash: Hash): TupleCertificate {
  const tuple = { epoch, view: 90n, parentView: 89n, parentHash: blockHash, blockHash, justificationRoot: blockHash };
  return { kind: 'finalize', tuple, bitmap: Uint8Array.of(0b1111), aggregate: new Uint8Array(96).fill(0xc0) };
}

/** An ex-validator and an outsider forge the end of this epoch, of the last one and of coming ones. */
async function forgedTransitions(network: TestNetwork): Promise<Facts> {
  const { epochLength, validators } = network.genesis;
  await network.startAll();
  await network.executed(changeRegistry(network, LAGGARD, removeCall(LAGGARD)));
  await reach(network, epochLength + 1n);
  await network.idle();
  const old = network.node(LAGGARD).chain.store.finalizationOf(0n);
  await network.stop(LAGGARD);
  const transport = network.impersonate(LAGGARD);
  await transport.start();
  const { height } = network;
  const forged = network.hashAt(1n);
  if (old === null || forged === undefined) throw new Error('the first epoch is over');
  const say = (certificate: Certificate, epoch: bigint): void => {
    const status = { epoch, currentView: 99n, bestFinalization: certificate.kind === 'finalize' ? certificate : null };
    for (const to of [0, 1, 2, SPARE].map((index) => network.peer(index))) {
      transport.send(to, CONSENSUS_STREAM, encodeWireMessage({ kind: 'certificate', certificate }));
      transport.send(to, CONSENSUS_STREAM, encodeWireMessage({ kind: 'status', status }));
      transport.send(to, CONSENSUS_STREAM, encodeWireMessage({ kind: 'certificateRequest', epoch, view: 1n }));
    }
  };
  for (let epoch = 0n; epoch < 4n; epoch++) {
    say(forgedFinalization(epoch, forged), epoch);
    // A genuine certificate of the ex-validators, dressed up as one of another epoch.
    say({ ...old, tuple: { ...old.tuple, epoch } }, epoch);
  }
  await network.pass(5_000);
  const moved = Number(network.height - height);
  await transport.stop();
  await transfers(network, [...OTHERS, SPARE], 2);
  await network.idle();
  for (const index of [...OTHERS, SPARE]) checkTransitions(network, index);
  return { moved, sizes: `${validators.length} ${setSize(network, SPARE)}` };
}

export const EPOCHS: readonly Scenario[] = [
  ...onBoth('several epochs', 4n, 0, severalEpochs),
  ...onBoth('rest at the boundary', 5n, 0, restAtTheBoundary),
  ...onBoth('a validator joins', 8n, 1, joins),
  ...onBoth('a validator joins too late', 6n, 1, joinsTooLate),
  ...onBoth('a stranger at the registry', 8n, 1, strangerAtTheRegistry),
  ...onBoth('a validator leaves', 8n, 0, leaves),
  ...onBoth('absent for three epochs', 4n, 0, absentForEpochs),
  ...onBoth('an observer from genesis', 4n, 1, observerFromGenesis),
  ...onBoth('all are killed around the boundary', 4n, 0, killedAtTheBoundary(EVERYONE)),
  ...onBoth('one is killed around the boundary', 4n, 0, killedAtTheBoundary([LAGGARD])),
  ...onBoth('the last block is proposed again', 4n, 0, proposedAgain),
  ...onBoth('forged transitions', 8n, 1, forgedTransitions),
  ...[1, 2, 3, 4, 5, 6].map(chaosOverEpochs),
];
