import { type PlaceOf, rememberPlaces } from '@heddle/sharding';
import type { Address } from '@heddle/types';
import type { JobKind, Tasks } from '../engine/job.ts';
import type { StatePoint } from '../types.ts';
import type { ShardRoot } from './protocol.ts';

/** Accounts that a job will ask for in any case. */
export interface Foresight {
  /** With the place where each is looked for first: its home. */
  readonly addresses: ReadonlyMap<Address, ShardRoot>;
  /** Every shard's state. */
  readonly all: readonly ShardRoot[];
}

const NOTHING: Foresight = { addresses: new Map(), all: [] };

/** Looks ahead for one shard count at a time. */
export class Foreseer {
  #shardCount = 0;
  #placeOf: PlaceOf = rememberPlaces(1);

  of(task: Tasks[JobKind]): Foresight {
    if (!('message' in task && 'point' in task)) return NOTHING;
    const { from, to } = task.message;
    return this.#at(task.point, to === null ? [from] : [from, to]);
  }

  #at({ roots }: StatePoint, addresses: readonly Address[]): Foresight {
    const all = roots.map((root, shard) => ({ shard, root }));
    const places = new Map<Address, ShardRoot>();
    for (const address of addresses) {
      const at = all[this.#home(address, roots.length)];
      if (at !== undefined) places.set(address, at);
    }
    return { addresses: places, all };
  }

  #home(address: Address, shardCount: number): number {
    if (shardCount === 1) return 0;
    if (this.#shardCount !== shardCount) {
      this.#shardCount = shardCount;
      this.#placeOf = rememberPlaces(shardCount);
    }
    return this.#placeOf(address).home;
  }
}
