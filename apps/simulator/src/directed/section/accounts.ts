import { createAddress, type SectionOutcome } from '@heddle/execution';
import { hexToBytes } from '@heddle/primitives';
import { decodeDirectoryWord, directorySlot, home } from '@heddle/sharding';
import { type Address, DIRECTORY_ADDRESS, type ShardId } from '@heddle/types';
import type { DirectedScenario } from '../../engine/scenario.ts';
import { expectThat } from '../../engine/violation.ts';
import { COUNTER_INIT_CODE, type UserAccount } from '../../world/genesis.ts';
import { defined, SectionBench, SHARDS } from './bench.ts';

/** Where accounts are read and written in a section: at their residence, and contracts get there. */
export const sectionAccounts: DirectedScenario = {
  name: 'section/accounts',
  run: () => {
    const bench = new SectionBench();
    residences(bench);
    creations(bench);
    ownDirectories(bench);
  },
};

/** Contracts of the genesis reside where it says, at home or not. */
function residences(bench: SectionBench): void {
  for (const [shard, relay] of bench.genesis.relays.entries()) {
    const target = bench.user(0).address;
    const pay = bench.sign(bench.user(1), { to: relay, data: hexToBytes(target), value: 5n });
    const outcome = bench.execute([pay]);
    expectThat(outcome.executed[0]?.receipt.status === 1, `the relay of shard ${shard} is found`);
    expectThat(balanceAfter(bench, outcome, 0, target) - balanceBefore(bench, 0, target) === 5n, 'and pays');
  }
}

/** A contract comes to life with its creator: what waited at home comes along, and both directories say so. */
function creations(bench: SectionBench): void {
  const { from, nonce, at } = creationAway(bench);
  const [atHome, residence] = [home(at, SHARDS), from.shard];
  const before = Array.from({ length: Number(nonce) }, (_, each) =>
    bench.sign(from, { nonce: BigInt(each), to: at, value: 1n }),
  );
  const create = bench.sign(from, { to: null, data: COUNTER_INIT_CODE, nonce, gasLimit: 200_000n });
  const states = bench.after(bench.execute(before));
  const outcome = bench.execute([create], {}, states);
  const made = outcome.changes[residence]?.accounts.get(at) ?? null;
  expectThat(made !== null && made.balance === nonce, 'what waited at home is at the residence');
  expectThat(outcome.changes[atHome]?.accounts.get(at) === null, 'and not at home any more');
  for (const shard of [atHome, residence]) {
    expectThat(listedIn(outcome, shard, at) === residence, `the directory of shard ${shard} lists it`);
  }
}

/** Of what every shard has of its own each sees its own. */
function ownDirectories(bench: SectionBench): void {
  for (let shard = 0; shard < SHARDS; shard++) {
    const { accessLists } = bench.execute([bench.sign(bench.user(shard), { to: DIRECTORY_ADDRESS })]);
    const listed = accessLists.map((list) => list.some(({ address }) => address === DIRECTORY_ADDRESS));
    expectThat(
      listed.every((is, of) => is === (of === shard)),
      `a sender of shard ${shard} sees its directory`,
    );
  }
}

/** Somebody, and the nonce at which what it creates has another home than it has itself; at least one transaction before it. */
function creationAway(bench: SectionBench): {
  readonly from: UserAccount;
  readonly nonce: bigint;
  readonly at: Address;
} {
  const from = bench.user(0);
  for (let nonce = 1n; ; nonce++) {
    const at = createAddress(from.address, nonce);
    if (home(at, SHARDS) !== from.shard) return { from, nonce, at };
  }
}

function balanceBefore({ states }: SectionBench, shard: ShardId, address: Address): bigint {
  return states[shard]?.account(address)?.balance ?? 0n;
}

function balanceAfter(bench: SectionBench, { changes }: SectionOutcome, shard: ShardId, address: Address): bigint {
  const changed = defined(changes[shard]).accounts.get(address);
  return changed === undefined ? balanceBefore(bench, shard, address) : (changed?.balance ?? 0n);
}

function listedIn({ changes }: SectionOutcome, shard: ShardId, address: Address): ShardId | null {
  const word = changes[shard]?.storage.get(DIRECTORY_ADDRESS)?.get(directorySlot(address)) ?? 0n;
  return decodeDirectoryWord(word, SHARDS);
}
