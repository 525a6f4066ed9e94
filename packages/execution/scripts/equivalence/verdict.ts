import { bytesToHex } from '@heddle/primitives';
import { type BlockAccessList, encodeAccessList, encodeMessage, encodeReceipt } from '@heddle/types';
import { InvalidChunkError } from '../../src/index.ts';
import type { LaneRun } from './lane-paths.ts';

/** One thing that a path said of a block. */
export interface Fact {
  /** Where, in words. */
  readonly name: string;
  /** One encoding for equal values. */
  readonly value: string;
}

/** Everything that a path said of a block, in the order of the body. */
export type Verdict = readonly Fact[];

/** What `path` says of a block, thrown errors included. */
export async function verdictOf(path: () => Promise<LaneRun>): Promise<{ verdict: Verdict; run: LaneRun | null }> {
  try {
    const run = await path();
    return { verdict: factsOf(run), run };
  } catch (error) {
    return { verdict: [{ name: 'refusal', value: refusalOf(error) }], run: null };
  }
}

function refusalOf(error: unknown): string {
  if (!(error instanceof InvalidChunkError)) return String(error);
  const { shard, height, position, transactionHash, reason } = error.facts;
  return `shard ${shard}, height ${height}, position ${position} (${transactionHash}): ${reason}`;
}

/**
 * Transactions and receipts root are functions of what is listed here, so they are not hashed again; the state root is
 * what the path itself made.
 */
function factsOf({ outcome, layer }: LaneRun): Verdict {
  const facts: Fact[] = [];
  const add = (name: string, value: string | bigint | number | null): void => {
    facts.push({ name, value: String(value) });
  };
  add('accepted', 'yes');
  for (const [i, { transaction, reason, permanent, isRemote }] of outcome.rejected.entries()) {
    add(`rejected ${i}`, `${transaction.hash} ${permanent} ${isRemote} ${reason}`);
  }
  add('number of rejected', outcome.rejected.length);
  for (const [i, { hash }] of outcome.included.entries()) add(`body ${i}`, hash);
  add('number of transactions', outcome.included.length);
  for (const [i, entry] of outcome.executed.entries()) {
    const where = `executed ${i} (${entry.transaction.hash})`;
    add(`${where} transaction`, `${entry.transaction.sender} ${packed(entry.transaction.raw)}`);
    add(`${where} gas`, entry.gasUsed);
    add(`${where} receipt`, packed(encodeReceipt(entry.receipt)));
    add(`${where} price`, entry.effectiveGasPrice);
    add(`${where} created`, entry.contractAddress);
    add(`${where} delivered by`, entry.deliveredBy);
  }
  for (const [i, { hash }] of outcome.dispatched.entries()) add(`dispatched ${i}`, hash);
  for (const [i, message] of outcome.delivered.entries()) add(`delivered ${i}`, packed(encodeMessage(message)));
  for (const [i, message] of outcome.outbox.entries()) add(`outbox ${i}`, packed(encodeMessage(message)));
  add(
    'numbers of lists',
    [outcome.executed, outcome.dispatched, outcome.delivered, outcome.outbox].map(lengthOf).join(),
  );
  add('gas used', outcome.gasUsed);
  add('burned', outcome.burned);
  add('tips', outcome.tips);
  add('logs bloom', packed(outcome.logsBloom));
  add('inbound cursors', outcome.inboundCursors.join());
  add('queued weight', outcome.queuedWeight);
  add('covered height', outcome.coveredHeight);
  add('access list', packed(encodeAccessList(outcome.accessList)));
  add('state root', layer.root);
  return facts;
}

function lengthOf(list: readonly unknown[]): number {
  return list.length;
}

/** A byte a character: equal bytes give equal strings, and nothing is faster. */
function packed(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** The first fact on which two verdicts differ, in words; null when they are equal. */
export function firstDifference(expected: Verdict, actual: Verdict): string | null {
  for (let i = 0; i < expected.length || i < actual.length; i += 1) {
    const wanted = expected[i];
    const got = actual[i];
    if (wanted?.name === got?.name && wanted?.value === got?.value) continue;
    return `expected ${describe(wanted)}, got ${describe(got)}`;
  }
  return null;
}

const MOST_CHARACTERS = 200;

function describe(fact: Fact | undefined): string {
  if (fact === undefined) return 'nothing more';
  const isText = /^[\x20-\x7e]*$/.test(fact.value);
  const text = isText ? fact.value : bytesToHex(Buffer.from(fact.value, 'latin1'));
  return `${fact.name} = ${text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text}`;
}

/** The first account, and its entry, on which two access lists differ. */
export function accessListDifference(expected: BlockAccessList, actual: BlockAccessList): string {
  for (let i = 0; i < expected.length || i < actual.length; i += 1) {
    const [wanted, got] = [entryOf(expected, i), entryOf(actual, i)];
    if (wanted !== got) return `access list entry ${i}: expected ${wanted}, got ${got}`;
  }
  return 'access lists are equal';
}

function entryOf(list: BlockAccessList, i: number): string {
  const entry = list[i];
  return entry === undefined ? 'no account' : JSON.stringify(entry, (_, value) => printable(value));
}

function printable(value: unknown): unknown {
  if (typeof value === 'bigint') return `0x${value.toString(16)}`;
  return value instanceof Uint8Array ? bytesToHex(value) : value;
}
