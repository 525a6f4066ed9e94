import type { Hash } from '@heddle/types';
import { BadValueError } from '../errors.ts';
import type { UncheckedObject } from '../json.ts';
import { isUncheckedObject, ownMember } from '../json.ts';
import { describeType, parseAt } from './bad-value.ts';
import { parseHash, parseUint64 } from './hex.ts';
import { parseBoolean } from './scalars.ts';

/** How a client names a block. `pending` is the head, except for what the pool knows better (the next nonce). */
export type BlockId =
  | { readonly kind: 'latest' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'number'; readonly number: bigint }
  | { readonly kind: 'hash'; readonly hash: Hash };

export const LATEST: BlockId = { kind: 'latest' };

const TAGS: ReadonlyMap<string, BlockId> = new Map<string, BlockId>([
  ['latest', LATEST],
  // Only final blocks are shown: the three are one.
  ['safe', LATEST],
  ['finalized', LATEST],
  ['pending', { kind: 'pending' }],
  ['earliest', { kind: 'number', number: 0n }],
]);

/** A number or a tag. */
export function parseBlockNumberOrTag(value: unknown): BlockId {
  if (typeof value !== 'string') {
    throw new BadValueError(`want a block number such as "0x10" or a tag, got ${describeType(value)}`);
  }
  const tag = TAGS.get(value);
  if (tag !== undefined) return tag;
  if (/^[a-z]+$/i.test(value)) {
    throw new BadValueError(`unknown block tag "${value.slice(0, 40)}", want one of ${[...TAGS.keys()].join(', ')}`);
  }
  return { kind: 'number', number: parseUint64(value) };
}

/** A number, a tag, a hash, or EIP-1898's {blockNumber} or {blockHash, requireCanonical}. */
export function parseBlockId(value: unknown): BlockId {
  if (isUncheckedObject(value)) return parseBlockObject(value);
  // 32 bytes can't be meant as a number: that would have leading zeros or more than 64 bits.
  if (typeof value === 'string' && value.length === 66) return { kind: 'hash', hash: parseHash(value) };
  return parseBlockNumberOrTag(value);
}

function parseBlockObject(value: UncheckedObject): BlockId {
  const number = ownMember(value, 'blockNumber') ?? null;
  const hash = ownMember(value, 'blockHash') ?? null;
  if (number !== null && hash !== null) {
    throw new BadValueError('cannot specify both blockHash and blockNumber, choose one or the other');
  }
  const canonical = ownMember(value, 'requireCanonical') ?? false;
  // Every block that this node shows is canonical: the flag changes nothing, but it has to be one.
  parseAt('requireCanonical', canonical, parseBoolean);
  if (hash !== null) return { kind: 'hash', hash: parseAt('blockHash', hash, parseHash) };
  if (number !== null) return parseAt('blockNumber', number, parseBlockNumberOrTag);
  throw new BadValueError('want blockNumber or blockHash');
}
