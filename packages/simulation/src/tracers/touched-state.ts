import { type AccountEntry, type Frame, type FrameObserver, NO_OBSERVER, type World } from '@heddle/execution';
import { EMPTY_BYTES } from '@heddle/primitives';
import { WHOLE_REPLICAS } from '@heddle/sharding';
import { type Address, EMPTY_CODE_HASH, type Hash } from '@heddle/types';
import type { TraceEnd } from './tracer.ts';

/** An account as tools see it. */
export interface AccountValues {
  readonly nonce: bigint;
  readonly balance: bigint;
  readonly codeHash: Hash;
  readonly code: Uint8Array;
}

export interface TouchedSlot {
  readonly slot: bigint;
  readonly before: bigint;
  readonly after: bigint;
}

/** An account that a transaction has touched, before and after it. */
export interface TouchedAccount {
  readonly address: Address;
  readonly before: AccountValues;
  readonly after: AccountValues;
  /** Sorted. */
  readonly slots: readonly TouchedSlot[];
}

/** EIP-161: as good as absent. */
export function isEmptyAccount({ nonce, balance, codeHash }: AccountValues): boolean {
  return nonce === 0n && balance === 0n && codeHash === EMPTY_CODE_HASH;
}

/**
 * Learns from a world what a transaction has touched. The accounts that only sharding knows (directory, messenger) are not
 * shown unless code called them: Ethereum has no such thing at the end of a creation.
 */
export class TouchedState {
  readonly frames: FrameObserver = { ...NO_OBSERVER, frameOpened: (frame) => this.#opened(frame) };
  readonly #called: Set<Address> = new Set();

  /** Sorted by address. To be asked before the world goes on to the next transaction. */
  accounts({ world, coinbase }: Pick<TraceEnd, 'world' | 'coinbase'>): readonly TouchedAccount[] {
    const byAddress = new Map<Address, AccountEntry[]>();
    for (const entry of world.touchedAccounts()) {
      if (WHOLE_REPLICAS.has(entry.address) && !this.#called.has(entry.address)) continue;
      const known = byAddress.get(entry.address);
      if (known === undefined) byAddress.set(entry.address, [entry]);
      else known.push(entry);
    }
    const touched = [...byAddress].map(([address, entries]) => describe(world, address, entries));
    if (coinbase !== null && !byAddress.has(coinbase)) touched.push(untouched(world, coinbase));
    return touched.sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  #opened(frame: Frame): void {
    if (WHOLE_REPLICAS.has(frame.codeAddress)) this.#called.add(frame.codeAddress);
  }
}

/** Of a replicated account there may be several entries: one that is the account, others that have its words on shards. */
function describe(world: World, address: Address, entries: readonly AccountEntry[]): TouchedAccount {
  const main = entries.find(({ key }) => key === address) ?? entries[0];
  const slots = entries
    .flatMap(({ touchedSlots }) => touchedSlots)
    .map(({ slot, recorded, value }) => ({ slot, before: recorded, after: value }))
    .sort((a, b) => (a.slot < b.slot ? -1 : 1));
  if (main === undefined) return { ...untouched(world, address), slots };
  const before = {
    nonce: main.recordedNonce,
    balance: main.recordedBalance,
    codeHash: main.recordedCodeHash,
    code: codeBehind(world, main.recordedCodeHash),
  };
  const { nonce, balance, codeHash } = main;
  return { address, before, after: { nonce, balance, codeHash, code: world.codeOf(main) }, slots };
}

/** geth lists the coinbase even where nothing was paid. */
function untouched(world: World, address: Address): TouchedAccount {
  const account = world.unrecorded.account(address);
  const codeHash = account?.codeHash ?? EMPTY_CODE_HASH;
  const values = {
    nonce: account?.nonce ?? 0n,
    balance: account?.balance ?? 0n,
    codeHash,
    code: codeBehind(world, codeHash),
  };
  return { address, before: values, after: values, slots: [] };
}

function codeBehind(world: World, codeHash: Hash): Uint8Array {
  return codeHash === EMPTY_CODE_HASH ? EMPTY_BYTES : world.unrecorded.code(codeHash);
}
