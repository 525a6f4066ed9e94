import { type Address, type Hash, MAX_TOPICS } from '@heddle/types';
import { BadValueError } from '../errors.ts';
import type { UncheckedObject } from '../json.ts';
import { isUncheckedObject } from '../json.ts';
import { MAX_ALTERNATIVES } from '../limits.ts';
import type { LogCriteria } from '../logs/criteria.ts';
import { describeType, parseAt } from './bad-value.ts';
import type { BlockId } from './block-id.ts';
import { LATEST, parseBlockNumberOrTag } from './block-id.ts';
import { optionalField, parseList } from './fields.ts';
import { parseAddress, parseHash } from './hex.ts';

/** Where to look for logs. */
type LogScope =
  | { readonly kind: 'block'; readonly hash: Hash }
  | { readonly kind: 'range'; readonly from: BlockId; readonly to: BlockId };

export interface LogFilter {
  readonly scope: LogScope;
  readonly criteria: LogCriteria;
}

/** The filter object of eth_getLogs and eth_newFilter. Throws BadValueError. */
export function parseLogFilter(value: unknown): LogFilter {
  if (!isUncheckedObject(value)) throw new BadValueError(`want a filter object, got ${describeType(value)}`);
  return { scope: parseScope(value), criteria: parseLogCriteria(value) };
}

function parseScope(value: UncheckedObject): LogScope {
  const hash = optionalField(value, 'blockHash', parseHash, null);
  const from = optionalField(value, 'fromBlock', parseBlockNumberOrTag, null);
  const to = optionalField(value, 'toBlock', parseBlockNumberOrTag, null);
  if (hash === null) return { kind: 'range', from: from ?? LATEST, to: to ?? LATEST };
  if (from !== null || to !== null) {
    throw new BadValueError('cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other');
  }
  return { kind: 'block', hash };
}

/** `address` and `topics`, which eth_subscribe takes alone. */
export function parseLogCriteria(value: unknown): LogCriteria {
  if (!isUncheckedObject(value)) throw new BadValueError(`want a filter object, got ${describeType(value)}`);
  return {
    addresses: optionalField(value, 'address', parseAddresses, null),
    topics: optionalField(value, 'topics', parseTopics, []),
  };
}

function parseAddresses(value: unknown): ReadonlySet<Address> | null {
  const addresses = Array.isArray(value) ? parseList(value, MAX_ALTERNATIVES, parseAddress) : [parseAddress(value)];
  return addresses.length === 0 ? null : new Set(addresses);
}

function parseTopics(value: unknown): readonly (ReadonlySet<Hash> | null)[] {
  if (!Array.isArray(value)) throw new BadValueError(`want an array, got ${describeType(value)}`);
  if (value.length > MAX_TOPICS) throw new BadValueError(`exceed max topics: ${value.length}, at most ${MAX_TOPICS}`);
  return value.map((alternatives, position) => parseAt(`[${position}]`, alternatives, parseAlternatives));
}

/** null, one topic, or several of which one has to match; a null among them, or none at all, matches everything. */
function parseAlternatives(value: unknown): ReadonlySet<Hash> | null {
  if (value === null) return null;
  if (!Array.isArray(value)) return new Set([parseHash(value)]);
  const topics = parseList(value, MAX_ALTERNATIVES, (topic) => (topic === null ? null : parseHash(topic)));
  const present = topics.filter((topic) => topic !== null);
  return present.length === 0 || present.length < topics.length ? null : new Set(present);
}
