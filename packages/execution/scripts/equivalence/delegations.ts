import { type Address, type Authorization, ZERO_ADDRESS } from '@heddle/types';
import type { Wallet } from './arena.ts';
import type { Draft, Kind, Scene } from './draft.ts';
import { PROGRAM_NAMES } from './programs.ts';

/** EIP-7702: accounts whose code changes from one transaction to the next, while others read and call it. */
export const DELEGATIONS: Readonly<Record<Kind, (scene: Scene) => Draft>> = {
  delegationSet: (scene) => delegate(scene, 'delegationSet', scene.anyone(), [[scene.someHot(), target(scene)]]),
  delegationCleared: (scene) => delegate(scene, 'delegationCleared', scene.anyone(), [[scene.someHot(), ZERO_ADDRESS]]),
  /** Code of a delegated account is not followed a second time. */
  delegationChain: (scene) =>
    delegate(scene, 'delegationChain', scene.anyone(), [
      [scene.someHot(), target(scene)],
      [scene.someHot(), scene.someHot().address],
    ]),
  delegationToPrecompile: (scene) =>
    delegate(scene, 'delegationToPrecompile', scene.anyone(), [
      [scene.someHot(), '0x0000000000000000000000000000000000000002'],
    ]),
  delegationOfSender: (scene) => {
    const wallet = scene.someHot();
    return delegate(scene, 'delegationOfSender', wallet, [[wallet, target(scene)]]);
  },
  /** The last one holds. */
  delegationTwice: (scene) => {
    const authority = scene.someHot();
    return delegate(scene, 'delegationTwice', scene.anyone(), [
      [authority, target(scene)],
      [authority, target(scene)],
    ]);
  },
  delegationBad: (scene) => {
    const authority = scene.someHot();
    return scene.delegate('delegationBad', scene.anyone(), authority.address, () => [
      scene.authorize(authority, target(scene), false),
    ]);
  },
};

/** Only with several shards. */
export const REMOTE_DELEGATIONS: Readonly<Record<Kind, (scene: Scene) => Draft>> = {
  /** The authority lives elsewhere. */
  delegationAbroad: (scene) =>
    delegate(scene, 'delegationAbroad', scene.anyone(), [
      [scene.someHot(), target(scene)],
      [scene.random.pick(scene.arena.foreigners), target(scene)],
    ]),
  /** The code does, and is loaded at once. */
  delegationToAbroad: (scene) =>
    delegate(scene, 'delegationToAbroad', scene.anyone(), [
      [scene.someHot(), scene.random.pick(scene.arena.remoteContracts)],
    ]),
  /** The code does, and nobody loads it. */
  delegationUnused: (scene) =>
    scene.delegate('delegationUnused', scene.anyone(), scene.program('counter'), () => [
      scene.authorize(scene.someHot(), scene.random.pick(scene.arena.remoteContracts), true),
    ]),
};

/** Calls the first authority, so that the code that it has just got runs. */
function delegate(
  scene: Scene,
  kind: Kind,
  wallet: Wallet,
  pairs: readonly (readonly [authority: Wallet, target: Address])[],
): Draft {
  const to = pairs[0]?.[0].address ?? wallet.address;
  const authorize = (): readonly Authorization[] =>
    pairs.map(([authority, address]) => scene.authorize(authority, address, true));
  return scene.delegate(kind, wallet, to, authorize);
}

function target(scene: Scene): Address {
  const { random } = scene;
  if (random.chance(15)) return random.pick(scene.arena.randomPrograms);
  return scene.program(random.pick(PROGRAM_NAMES));
}
