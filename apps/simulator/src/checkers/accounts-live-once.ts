import { CODE_REPLICAS, decodeDirectoryWord, directorySlot, home, WHOLE_REPLICAS } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import { type Address, DIRECTORY_ADDRESS, type ShardId } from '@heddle/types';
import type { Invariant } from './checker.ts';
import { KnownAccounts } from './known-accounts.ts';

/**
 * After every final block each account is on one shard: at home, or where a contract was created, and then the directories
 * of both name that and nobody else's names anything. What is replicated has its balance at home alone.
 */
export const accountsLiveOnce: Invariant = {
  name: 'accounts-live-once',
  create: (view, fail) => {
    const known = new KnownAccounts(view.genesis);
    let checked = 0n;
    return {
      on: (event) => {
        if (event.kind !== 'final' || event.block.height <= checked) return;
        checked = event.block.height;
        known.add(event.block);
        if (view.plan.shards === 1) return;
        const states = event.chain.tree.root.shards.map(({ state }) => state);
        for (const address of known.all()) {
          const wrong = WHOLE_REPLICAS.has(address) ? null : wrongPlaceOf(address, states);
          if (wrong !== null) fail(`block ${checked}: ${address} ${wrong}`);
        }
      },
      finish: () => {},
    };
  },
};

/** Null: it is where it belongs, and listed where it has to be. */
function wrongPlaceOf(address: Address, states: readonly StateReader[]): string | null {
  const atHome = home(address, states.length);
  const places = states.flatMap((state, shard) => (isThere(address, state) ? [shard] : []));
  if (places.length > 1) return `is on shards ${places.join(' and ')}`;
  const [place = null] = places;
  if (CODE_REPLICAS.has(address)) return place === null || place === atHome ? null : `has a balance on shard ${place}`;
  const words = states.map((state) => wordOf(address, state, states.length));
  // A contract that was listed and has gone without a trace may still be: the next life of its address is there too.
  if (place === null) return null;
  const wanted = words.map((_, shard): ShardId | null =>
    place !== atHome && (shard === atHome || shard === place) ? place : null,
  );
  const isListed = words.every((word, shard) => word === wanted[shard]);
  return isListed ? null : `is on shard ${place}, its home is ${atHome}, and directories say ${words.join(', ')}`;
}

function isThere(address: Address, state: StateReader): boolean {
  const account = state.account(address);
  return CODE_REPLICAS.has(address) ? (account?.balance ?? 0n) > 0n : account !== null;
}

function wordOf(address: Address, state: StateReader, shardCount: number): ShardId | null {
  return decodeDirectoryWord(state.storage(DIRECTORY_ADDRESS, directorySlot(address)), shardCount);
}
