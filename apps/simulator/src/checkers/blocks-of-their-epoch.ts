import { epochOf } from '@heddle/consensus';
import type { Hash } from '@heddle/types';
import { certificatesOf } from './certificates.ts';
import type { Invariant } from './checker.ts';
import { placeOf } from './places.ts';

/** A block is certified by the set of the epoch that its height lies in, and by no other. */
export const blocksOfTheirEpoch: Invariant = {
  name: 'blocks-of-their-epoch',
  create: (view, fail) => {
    const { epochLength } = view.genesis.genesis;
    const heights = new Map<Hash, bigint>();
    /** Where each block was certified, as the first certificates say. */
    const places = new Map<Hash, { readonly epoch: bigint; readonly place: string }>();
    const check = (hash: Hash): void => {
      const height = heights.get(hash);
      const certified = places.get(hash);
      if (height === undefined || certified === undefined) return;
      if ((height - 1n) / epochLength !== certified.epoch) fail(`block ${height} is certified in ${certified.place}`);
    };
    return {
      on: (event) => {
        if (event.kind === 'final') {
          heights.set(event.block.hash, event.block.height);
          check(event.block.hash);
        }
        for (const certificate of certificatesOf(event)) {
          if (certificate.kind === 'nullify') continue;
          const { blockHash } = certificate.tuple;
          const known = places.get(blockHash);
          if (known !== undefined && known.epoch !== epochOf(certificate))
            fail(`block ${blockHash} is certified in ${known.place} and ${placeOf(certificate)}`);
          places.set(blockHash, { epoch: epochOf(certificate), place: placeOf(certificate) });
          check(blockHash);
        }
      },
      finish: () => {},
    };
  },
};
