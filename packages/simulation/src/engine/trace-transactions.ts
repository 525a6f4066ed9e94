import { unreachable } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { MAX_TRACE_CHARACTERS } from '../limits.ts';
import type { CallNode } from '../tracers/call-tree.ts';
import { createTracer, type TracerSpec } from '../tracers/create-tracer.ts';
import { JsonText } from '../tracers/json-text.ts';
import { ParityTracer } from '../tracers/parity-tracer.ts';
import { type TracedMessage, type TraceEnd, type Tracer, watchOf } from '../tracers/tracer.ts';
import type { StateSource } from '../types.ts';
import { type Replay, replayPart } from './replay.ts';
import type { ReplayedPart, ReplayedTransaction } from './replayed-part.ts';

/** How the traces of several transactions are put together. */
export type TraceForm =
  /** The only one's, as it is. */
  | { readonly kind: 'single'; readonly tracer: TracerSpec }
  /** A list with one entry for each. */
  | { readonly kind: 'list'; readonly tracer: TracerSpec }
  /** geth's for a block: `[{"txHash": …, "result": …}, …]`. */
  | { readonly kind: 'named'; readonly tracer: TracerSpec }
  /** parity's calls of all of them in one list. */
  | ({ readonly kind: 'calls' } & CallSelection);

/** Which calls: parity's trace_filter and trace_get. */
export interface CallSelection {
  /** Empty: all. */
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  /** Both `from` and `to` have to fit, not one of them. */
  readonly both: boolean;
  /** Only the one with this trace address; null = all. */
  readonly at: readonly number[] | null;
  /** Of those that fit, how many are left out first, and how many come at most. */
  readonly after: number;
  readonly count: number;
}

export interface TraceTransactionsTask {
  /** In block order. */
  readonly parts: readonly ReplayedPart[];
  readonly form: TraceForm;
}

export interface TraceResult {
  /** JSON. */
  readonly text: string;
  /** Of 'calls': how many fit, those left out included. */
  readonly matched: number;
}

/** Traces of transactions of a final block, executed once more. */
export function runTraceTransactions({ parts, form }: TraceTransactionsTask, source: StateSource): TraceResult {
  const out = new JsonText(MAX_TRACE_CHARACTERS);
  if (form.kind === 'calls') return traceCalls(parts, form, source, out);
  let count = 0;
  if (form.kind !== 'single') out.write('[');
  traceEach(
    parts,
    source,
    (message) => createTracer(form.tracer, message, MAX_TRACE_CHARACTERS),
    (tracer, replay) => {
      if (count++ > 0) out.write(',');
      writeTrace(tracer, replay, form.kind, out);
    },
  );
  if (form.kind !== 'single') out.write(']');
  return { text: out.toString(), matched: count };
}

function writeTrace(tracer: Tracer, replay: Replay, kind: 'single' | 'list' | 'named', out: JsonText): void {
  switch (kind) {
    case 'single':
    case 'list':
      tracer.finish(endOf(replay), out);
      return;
    case 'named':
      out.write(`{"txHash":"${replay.replayed.transaction.hash}","result":`);
      tracer.finish(endOf(replay), out);
      out.write('}');
      return;
    default:
      unreachable(kind, 'form of traces');
  }
}

function traceCalls(
  parts: readonly ReplayedPart[],
  selection: CallSelection,
  source: StateSource,
  out: JsonText,
): TraceResult {
  let matched = 0;
  let separator = '[';
  const fits = selectionOf(selection);
  traceEach(
    parts,
    source,
    (message) => new ParityTracer(message, MAX_TRACE_CHARACTERS),
    (tracer, replay) => {
      for (const entry of tracer.entries(endOf(replay))) {
        if (!fits(entry.call, entry.address)) continue;
        const position = matched++;
        if (position < selection.after || position >= selection.after + selection.count) continue;
        out.write(separator);
        separator = ',';
        tracer.writeEntry(entry, out);
      }
    },
  );
  out.write(separator === '[' ? '[]' : ']');
  return { text: out.toString(), matched };
}

function selectionOf({ from, to, both, at }: CallSelection): (call: CallNode, address: readonly number[]) => boolean {
  const senders = new Set(from);
  const targets = new Set(to);
  return (call, address) => {
    if (at !== null) return address.join() === at.join();
    if (senders.size === 0 && targets.size === 0) return true;
    const isFrom = senders.has(call.from);
    const isTo = targets.has(call.to);
    if (senders.size === 0) return isTo;
    if (targets.size === 0) return isFrom;
    return both ? isFrom && isTo : isFrom || isTo;
  };
}

function traceEach<T extends Pick<Tracer, 'frames' | 'steps'>>(
  parts: readonly ReplayedPart[],
  source: StateSource,
  create: (message: TracedMessage) => T,
  done: (tracer: T, replay: Replay) => void,
): void {
  let current: T | null = null;
  for (const part of parts) {
    replayPart(part, source, {
      watch: (replayed) => {
        current = create(messageOf(replayed));
        return watchOf(current);
      },
      done: (replay) => {
        if (current !== null) done(current, replay);
      },
    });
  }
}

function messageOf({ transaction: { sender, fields }, place }: ReplayedTransaction): TracedMessage {
  const { to, value, data, gasLimit } = fields;
  return { from: sender, to, value, input: data, gasLimit: Number(gasLimit), place };
}

function endOf({ replayed, outcome, world, coinbase }: Replay): TraceEnd {
  return { gasUsed: Number(replayed.gasUsed), failure: outcome.failure, output: outcome.returnData, world, coinbase };
}
