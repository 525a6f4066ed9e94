import type { StateReader } from '@heddle/state';
import type { Address } from '@heddle/types';
import type { ChunkTask } from '../chunk/chunk-run.ts';
import { RecordingReader } from './accesses.ts';
import type { WantedKeys } from './snapshot-build.ts';

/**
 * What the rules read of the state, outside of the EVM and unlisted, to say where these accounts and the coinbase live: of
 * what is empty here its directory word. With one shard they read nothing.
 */
export function readKeys(
  { context, rules }: ChunkTask,
  state: StateReader,
  addresses: Iterable<Address>,
): readonly WantedKeys[] {
  if (rules.shardCount === 1) return [];
  const recorder = new RecordingReader(state);
  for (const address of new Set([context.coinbase, ...addresses])) rules.residence(recorder, address);
  const wanted = new Map<Address, readonly bigint[]>();
  for (const address of recorder.accounts.keys()) wanted.set(address, []);
  for (const [address, slots] of recorder.slots)
    wanted.set(
      address,
      slots.values().map(({ slot }) => slot),
    );
  return [...wanted].map(([address, slots]) => ({ address, slots }));
}
