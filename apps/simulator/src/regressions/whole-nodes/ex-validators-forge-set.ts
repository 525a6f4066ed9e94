import { encodeWireMessage, type WireMessage } from '@heddle/network';
import { CONSENSUS_STREAM } from '@heddle/node';
import {
  bitmapOf,
  type Hash,
  type ProposalTuple,
  type SigningDomain,
  type SigningRequest,
  signingMessage,
  type TupleCertificate,
} from '@heddle/types';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import { schemeOf } from '../../world/machine.ts';
import type { NodeWorld } from '../../world/world.ts';
import { atHeight, currentMembers, expectThat, nextBoundary, reach } from './steps.ts';

const ATTACK_MS = 1_500;
const EVERY_MS = 75;
/** Views that are forged at a time, from this one on. */
const VIEWS = 4n;

/**
 * All validators of genesis have left, others have their places. Then the ones that left put their old keys together and
 * sign for the epochs after them under their old indices: votes, a finalization of another block, the end of the epoch;
 * and, as only they can, another end of their own last epoch. Nobody who is past that epoch believes any of it.
 */
export const exValidatorsForgeSet: Scenario = {
  name: 'ex-validators-forge-set',
  description:
    'all validators of genesis have left; with their old keys they sign for later epochs; nobody believes it',
  prepare: UNPREPARED,
  play: async (world) => {
    const old = world.registry.members;
    const spares = world.machines.slice(world.plan.validators).map(({ index }) => index);
    for (const index of spares) world.registry.register(index);
    for (const index of old) world.registry.remove(index);
    await reach(world, 'execution of the changes', () => world.users.waitingCount === 0);
    for (let epoch = 0; epoch < 2; epoch++) await atHeight(world, nextBoundary(world));
    await atHeight(world, world.height + 1n);
    const isOver = currentMembers(world).every((index) => !old.includes(index));
    expectThat(isOver, `the set is ${currentMembers(world).join(' ')} by now`);
    await attack(world, old);
    world.wantBlocks(3n);
    const target = world.height + 3n;
    await reach(world, `block ${target}`, () => spares.every((index) => heightOf(world, index) >= target));
  },
};

/** The old validators' processes are gone; what is said in their names is forged here. */
async function attack(world: NodeWorld, old: readonly number[]): Promise<void> {
  for (const index of old) world.machine(index).kill();
  const transports = old.map((index) => world.network.hub.transport(world.machine(index).peer));
  for (const transport of transports) await transport.start();
  const targets = world.genesis.peers.filter((_, index) => !old.includes(index));
  world.wantBlocks(10n);
  for (let ms = 0; ms < ATTACK_MS; ms += EVERY_MS) {
    for (const message of forgeries(world, old)) {
      const payload = encodeWireMessage(message);
      for (const transport of transports) for (const to of targets) transport.send(to, CONSENSUS_STREAM, payload);
    }
    await world.pass(EVERY_MS);
  }
  for (const transport of transports) await transport.stop();
}

function forgeries(world: NodeWorld, old: readonly number[]): readonly WireMessage[] {
  const [live] = world.live();
  if (live === undefined) return [];
  const { chain } = live;
  const set = chain.validatorSets.ofChildren(chain.tree.root);
  const forged = chain.store.blockHashByNumber(1n) ?? chain.tree.root.hash;
  const genesisSet = world.genesis.built.validatorSet;
  const terms = { genesisHash: chain.genesisHash, chainId: chain.genesis.chainId };
  const messages: WireMessage[] = [];
  for (const { epoch, validatorSetHash } of [
    { epoch: set.epoch, validatorSetHash: set.hash },
    { epoch: set.epoch, validatorSetHash: genesisSet.hash },
    { epoch: set.epoch + 1n, validatorSetHash: set.hash },
    { epoch: 0n, validatorSetHash: genesisSet.hash },
  ]) {
    const domain: SigningDomain = { ...terms, epoch, validatorSetHash };
    const current = chain.store.finalizationOf(epoch)?.tuple.view ?? 0n;
    for (let view = current + 1n; view <= current + VIEWS; view++) {
      messages.push(...forgeriesAt(world, old, domain, { ...tupleOn(forged), epoch, view, parentView: view - 1n }));
    }
  }
  return messages;
}

function forgeriesAt(
  world: NodeWorld,
  old: readonly number[],
  domain: SigningDomain,
  tuple: ProposalTuple,
): readonly WireMessage[] {
  const certificates = (['notarize', 'finalize'] as const).map((kind) =>
    certificateBy(world, old, domain, kind, tuple),
  );
  const bestFinalization = certificates.find(({ kind }) => kind === 'finalize') ?? null;
  const votes = old.map((machine, signer): WireMessage => {
    const signature = signatureOf(world, machine, domain, { kind: 'finalize', tuple });
    return { kind: 'vote', vote: { kind: 'finalize', tuple, signer, signature } };
  });
  return [
    ...certificates.map((certificate): WireMessage => ({ kind: 'certificate', certificate })),
    { kind: 'status', status: { epoch: domain.epoch, currentView: tuple.view, bestFinalization } },
    ...votes,
  ];
}

/** Good under the old keys. */
function certificateBy(
  world: NodeWorld,
  old: readonly number[],
  domain: SigningDomain,
  kind: 'notarize' | 'finalize',
  tuple: ProposalTuple,
): TupleCertificate {
  const signatures = old.map((machine) => signatureOf(world, machine, domain, { kind, tuple }));
  const aggregate = schemeOf(world.plan).aggregate(signatures) ?? new Uint8Array();
  const bitmap = bitmapOf(
    old.map((_, signer) => signer),
    old.length,
  );
  return { kind, tuple, bitmap, aggregate };
}

function signatureOf(world: NodeWorld, machine: number, domain: SigningDomain, request: SigningRequest): Uint8Array {
  return world.machine(machine).signDigest(signingMessage(domain, request));
}

/** Proposed again, as the end of an epoch may be. */
function tupleOn(blockHash: Hash): Pick<ProposalTuple, 'parentHash' | 'blockHash' | 'justificationRoot'> {
  return { parentHash: blockHash, blockHash, justificationRoot: blockHash };
}

function heightOf(world: NodeWorld, index: number): bigint {
  return world.machine(index).node?.chain.tree.root.height ?? 0n;
}
