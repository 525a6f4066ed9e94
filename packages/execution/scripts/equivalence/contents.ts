import { CODE_REPLICAS } from '@heddle/sharding';
import type { Address, Hash } from '@heddle/types';
import { creationAddress, initCodeOf } from '../../test/support/chunk-programs.ts';
import {
  addressWord,
  approveData,
  balanceSlot,
  swapData,
  transferData,
  transferFromData,
  word,
} from '../../test/support/workload/calls.ts';
import { randomProgram } from '../random-program.ts';
import { DELEGATIONS, REMOTE_DELEGATIONS } from './delegations.ts';
import type { Draft, Kind, Scene, Wish } from './draft.ts';
import { INIT_DESTROY, PROGRAMS, type ProgramName, saltedAddress } from './programs.ts';

/** Draws one transaction. */
export type Content = (scene: Scene) => Draft;
type Maker = (scene: Scene) => Wish;

const ETHER = 10n ** 18n;
const NO_DATA = new Uint8Array(0);

/** Calls a small contract with an address as its argument. */
function callWith(scene: Scene, name: ProgramName, argument: Address, value = 0n): Wish {
  return { to: scene.program(name), data: addressWord(argument), value };
}

function small(scene: Scene): bigint {
  return BigInt(scene.random.below(1_000_000));
}

/** One of the few slots that the contracts with a slot as argument are called for. */
function hotSlot(scene: Scene): Uint8Array {
  return word(BigInt(scene.random.below(3)));
}

const ether: Readonly<Record<Kind, Maker>> = {
  etherToStranger: (scene) => ({ to: scene.stranger(), value: small(scene), gasLimit: 21_000n }),
  etherAmongHot: (scene) => ({ to: scene.someHot().address, value: small(scene), wallet: scene.someHot() }),
  etherToSelf: (scene) => {
    const wallet = scene.anyone();
    return { to: wallet.address, value: small(scene), wallet };
  },
  etherNothing: (scene) => ({ to: scene.random.chance(50) ? scene.stranger() : scene.anyone().address }),
  etherAll: (scene) => ({ to: scene.anyone().address, value: 700n * ETHER, wallet: scene.someHot() }),
  nonceChain: (scene) => ({ to: scene.stranger(), value: 1n, wallet: scene.hot[0] ?? scene.anyone() }),
  fromThePoor: (scene) => ({
    to: scene.anyone().address,
    value: 10n ** 13n * BigInt(scene.random.below(8)),
    gasLimit: 21_000n,
    wallet: scene.arena.wallets.at(-1) ?? scene.anyone(),
  }),
};

const tokens: Readonly<Record<Kind, Maker>> = {
  tokenTransfer: (scene) => ({
    to: scene.arena.tokens[0],
    data: transferData(scene.stranger(), 1n + small(scene)),
    gasLimit: 100_000n,
  }),
  tokenAmongHot: (scene) => ({
    to: scene.arena.tokens[0],
    data: transferData(scene.someHot().address, small(scene)),
    wallet: scene.someHot(),
    gasLimit: 100_000n,
  }),
  tokenToSelf: (scene) => {
    const wallet = scene.anyone();
    return { to: scene.random.pick(scene.arena.tokens), data: transferData(wallet.address, small(scene)), wallet };
  },
  tokenTooMuch: (scene) => ({ to: scene.arena.tokens[1], data: transferData(scene.anyone().address, 10n ** 12n * 2n) }),
  tokenApprove: (scene) => ({
    to: scene.arena.tokens[0],
    data: approveData(scene.someHot().address, BigInt(scene.random.below(3)) * 1_000n),
    wallet: scene.someHot(),
  }),
  tokenTransferFrom: (scene) => ({
    to: scene.arena.tokens[0],
    data: transferFromData(scene.someHot().address, scene.stranger(), BigInt(scene.random.below(2_500))),
    wallet: scene.someHot(),
  }),
  swap: (scene) => ({ to: scene.arena.pair, data: swapData(scene.random.chance(50), 1_000n + small(scene)) }),
};

/** Init code of the contracts that `createSalted` makes, each at an address that is known before. */
const SALTED: readonly Uint8Array[] = [PROGRAMS.counter, PROGRAMS.destroyer, PROGRAMS.keeper, PROGRAMS.edge].map(
  initCodeOf,
);

function newborn(scene: Scene): Address {
  if (scene.random.chance(50)) return creationAddress(scene.program('factory'), 1n + BigInt(scene.random.below(6)));
  return saltedAddress(scene.program('saltedFactory'), scene.random.pick(SALTED));
}

const births: Readonly<Record<Kind, Maker>> = {
  create: (scene) => ({ to: null, data: initCodeOf(PROGRAMS.counter), value: BigInt(scene.random.below(2)) * 7n }),
  createRandom: (scene) => {
    const addresses = [...scene.arena.programs.values(), ...scene.arena.randomPrograms];
    return { to: null, data: randomProgram(scene.random, { addresses }), gasLimit: 200_000n };
  },
  createByContract: (scene) => ({
    to: scene.program('factory'),
    data: initCodeOf(scene.random.pick([PROGRAMS.counter, PROGRAMS.destroyer, PROGRAMS.observer])),
    value: BigInt(scene.random.below(2)) * 9n,
  }),
  createSalted: (scene) => ({
    to: scene.program('saltedFactory'),
    data: scene.random.pick(SALTED),
  }),
  /** The same CREATE2 again and again: each time the contract destroys itself while it is created. */
  createRevived: (scene) => ({
    to: scene.program('saltedFactory'),
    data: scene.random.pick(INIT_DESTROY),
    value: BigInt(scene.random.below(3)),
  }),
  createPhoenix: (scene) => ({
    to: scene.program('phoenix'),
    data: initCodeOf(PROGRAMS.destroyer),
    value: BigInt(scene.random.below(3)),
  }),
  /** Perhaps not born yet, perhaps in this block: with several shards that decides where the call goes. */
  toNewborn: (scene) => ({ to: newborn(scene), value: small(scene) }),
  toNewbornByContract: (scene) => callWith(scene, 'forwarder', newborn(scene), small(scene)),
  createDestroyed: (scene) => ({ to: null, data: scene.random.pick(INIT_DESTROY), value: small(scene) }),
};

const ends: Readonly<Record<Kind, Maker>> = {
  destroyToOther: (scene) => callWith(scene, 'destroyer', scene.anyone().address, small(scene)),
  destroyToSelf: (scene) => callWith(scene, 'destroyer', scene.program('destroyer'), small(scene)),
  destroyToCoinbase: (scene) => callWith(scene, 'destroyer', scene.coinbase, small(scene)),
  revert: (scene) => ({ to: scene.program('reverter'), value: small(scene) }),
  spin: (scene) => ({ to: scene.program('spinner'), gasLimit: 22_000n + BigInt(scene.random.below(8_000)) }),
  edge: (scene) => ({
    to: scene.program('edge'),
    data: addressWord(scene.random.chance(50) ? scene.stranger() : scene.someHot().address),
    gasLimit: 21_400n + BigInt(scene.random.below(8_000)),
  }),
};

const feeRecipient: Readonly<Record<Kind, Maker>> = {
  coinbaseRead: (scene) => ({ to: scene.program('coinbaseReader') }),
  coinbaseReadByAddress: (scene) => callWith(scene, 'observer', scene.coinbase),
  coinbasePaid: (scene) => ({ to: scene.coinbase, value: small(scene) }),
  coinbasePaidByContract: (scene) => ({ to: scene.program('coinbasePayer'), value: small(scene) }),
  coinbaseSends: (scene) => {
    const own = scene.arena.wallets.find(({ address }) => address === scene.coinbase);
    return { to: scene.anyone().address, value: small(scene), wallet: own ?? scene.anyone() };
  },
  coinbaseGetsTokens: (scene) => ({ to: scene.arena.tokens[0], data: transferData(scene.coinbase, small(scene)) }),
};

const storage: Readonly<Record<Kind, Maker>> = {
  counter: (scene) => ({ to: scene.program('counter') }),
  writeTheSame: (scene) => ({ to: scene.program('keeper'), data: hotSlot(scene) }),
  writeAndRestore: (scene) => ({ to: scene.program('restorer'), data: hotSlot(scene) }),
  transient: (scene) => ({ to: scene.program('transient') }),
  blockHash: (scene) => ({ to: scene.program('blockHasher'), data: word(BigInt(scene.random.below(7))) }),
  codeRead: (scene) => callWith(scene, 'codeReader', scene.someHot().address),
  listed: (scene) => {
    const keys = Array.from({ length: scene.random.below(3) }, (_, i) => slotKey(BigInt(i)));
    const holder = slotKey(balanceSlot(scene.someHot().address));
    return {
      to: scene.arena.tokens[0],
      data: transferData(scene.someHot().address, 1n),
      accessList: [
        { address: scene.arena.tokens[0], storageKeys: [...keys, holder] },
        { address: scene.random.chance(50) ? scene.coinbase : scene.program('counter'), storageKeys: keys },
      ],
    };
  },
};

const calls: Readonly<Record<Kind, Maker>> = {
  forward: (scene) => callWith(scene, 'forwarder', scene.random.pick(scene.hot).address, small(scene)),
  refund: (scene) => ({ to: scene.program('refunder'), value: small(scene) }),
  observe: (scene) => callWith(scene, 'observer', scene.random.pick(scene.arena.randomPrograms)),
  delegateCall: (scene) =>
    callWith(scene, 'delegator', scene.program(scene.random.chance(50) ? 'counter' : 'destroyer')),
  callHot: (scene) => ({ to: scene.someHot().address, data: hotSlot(scene), value: small(scene) }),
  precompile: (scene) => ({
    to: `0x${scene.random.pick([1, 2, 3, 4, 5, 9, 0x100]).toString(16).padStart(40, '0')}`,
    data: scene.random.bytes(scene.random.below(200)),
    value: BigInt(scene.random.below(2)),
  }),
  precompileByContract: (scene) => callWith(scene, 'forwarder', '0x0000000000000000000000000000000000000002'),
  randomProgram: (scene) => ({
    to: scene.random.pick(scene.arena.randomPrograms),
    data: scene.random.chance(40) ? NO_DATA : scene.random.bytes(scene.random.below(100)),
    value: BigInt(scene.random.below(2)) * BigInt(scene.random.below(3_000)),
    gasLimit: 60_000n + BigInt(scene.random.below(500_000)),
  }),
};

function foreigner(scene: Scene): Address {
  return scene.random.pick(scene.arena.foreigners).address;
}

/** Code and storage everywhere, balance and nonce at home, which may be here. */
function replica(scene: Scene): Address {
  return scene.random.pick([...CODE_REPLICAS]);
}

/** Only with several shards. */
const remote: Readonly<Record<Kind, Maker>> = {
  sendAbroad: (scene) => ({ to: scene.random.pick(scene.arena.foreigners).address, value: small(scene) }),
  callAbroad: (scene) => ({ to: scene.random.pick(scene.arena.remoteContracts), gasLimit: 90_000n }),
  payAbroadByContract: (scene) => callWith(scene, 'forwarder', foreigner(scene), 1n + small(scene)),
  /** A call without value, too, looks at what it calls. */
  callAbroadByContract: (scene) => callWith(scene, 'forwarder', foreigner(scene)),
  observeAbroad: (scene) => callWith(scene, 'observer', foreigner(scene)),
  codeReadAbroad: (scene) => callWith(scene, 'codeReader', scene.random.pick(scene.arena.remoteContracts)),
  delegateCallAbroad: (scene) => callWith(scene, 'delegator', scene.random.pick(scene.arena.remoteContracts)),
  edgeAbroad: (scene) => ({
    ...callWith(scene, 'edge', foreigner(scene)),
    gasLimit: 21_400n + BigInt(scene.random.below(8_000)),
  }),
  burnThenAbroad: (scene) => ({ ...callWith(scene, 'burner', foreigner(scene)), gasLimit: 2_000_000n }),
  valueToReplica: (scene) => callWith(scene, 'forwarder', replica(scene), 1n),
  codeHashOfReplica: (scene) => callWith(scene, 'codeReader', replica(scene)),
  /** Warming touches nothing. */
  warmAbroad: (scene) => ({
    to: scene.program('counter'),
    accessList: [{ address: foreigner(scene), storageKeys: [slotKey(1n)] }],
  }),
  callRemoteContract: (scene) => callWith(scene, 'forwarder', scene.random.pick(scene.arena.remoteContracts), 5n),
  destroyAbroad: (scene) =>
    callWith(scene, 'destroyer', scene.random.pick(scene.arena.foreigners).address, small(scene)),
  payKeyless: (scene) => ({ to: scene.random.pick(scene.arena.keyless), value: small(scene) }),
};

/** Not valid, whatever the state: the producer leaves them out. */
const refused: Readonly<Record<Kind, Maker>> = {
  refusedLittleGas: () => ({ to: '0x0000000000000000000000000000000000000004', gasLimit: 20_999n, isRefused: true }),
  refusedMuchGas: () => ({ to: '0x0000000000000000000000000000000000000004', gasLimit: 17_000_000n, isRefused: true }),
};

/** Contents that any shard can have. */
export const LOCAL_CONTENTS: Readonly<Record<Kind, Content>> = {
  ...drawn({ ...ether, ...tokens, ...births, ...ends, ...feeRecipient, ...storage, ...calls, ...refused }),
  ...DELEGATIONS,
};

/** Contents that need another shard. */
export const REMOTE_CONTENTS: Readonly<Record<Kind, Content>> = { ...drawn(remote), ...REMOTE_DELEGATIONS };

function drawn(makers: Readonly<Record<Kind, Maker>>): Readonly<Record<Kind, Content>> {
  return Object.fromEntries(
    Object.entries(makers).map(([kind, maker]) => [kind, (scene: Scene) => scene.draft(kind, maker(scene))]),
  );
}

function slotKey(slot: bigint): Hash {
  return `0x${slot.toString(16).padStart(64, '0')}`;
}
