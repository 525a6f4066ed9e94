import { UNWATCHED } from '@heddle/execution';
import { bytesToHex } from '@heddle/primitives';
import { type Replay, type ReplayedPart, replayPart, runJob, type StateSource } from '@heddle/simulation';
import type { StoredExecution } from '@heddle/storage';
import type { Hash, Log } from '@heddle/types';
import { NodeGroup } from '../../src/rpc-backend/node-group.ts';
import { replayedParts } from '../../src/rpc-backend/replayed-parts.ts';
import { createStateSource } from '../../src/rpc-backend/state-source.ts';
import type { ValidatorNode } from '../../src/validator-node.ts';

export interface ReplayReport {
  readonly replayed: number;
  /** Those of them that came from another shard. */
  readonly delivered: number;
  /** Empty in a good run. */
  readonly differences: readonly string[];
}

const CALL_TRACER = { kind: 'call', onlyTopCall: false, withLog: true } as const;

/** Executes every transaction of every final block once more, as traces do, and compares with what was stored. */
export async function replayAll(node: ValidatorNode): Promise<ReplayReport> {
  const { store, genesis, tree } = node.chain;
  const group = new NodeGroup(tree.root.height);
  group.add(0, node);
  const source = createStateSource(group);
  const differences: string[] = [];
  let replayed = 0;
  let delivered = 0;
  for (let number = 1n; number <= tree.root.height; number += 1n) {
    const stored = store.executions(number).flat();
    const parts = await replayedParts(store, genesis, number, null);
    const outcomes = replayedIn(parts, source);
    replayed += outcomes.size;
    delivered += parts.flatMap(({ transactions }) => transactions).filter(({ message }) => message !== null).length;
    for (const execution of stored) {
      const { hash } = execution.transaction;
      // Alone as well, which executes no other one in a chunk, and those before it in a section.
      const alone = replayedIn(await replayedParts(store, genesis, number, new Set([hash])), source);
      for (const outcome of [outcomes.get(hash), alone.get(hash)]) {
        if (outcome !== expectedOf(execution)) differences.push(`${hash}: ${outcome}, not ${expectedOf(execution)}`);
      }
    }
    differences.push(...traceDifferences(parts, source, stored));
  }
  return { replayed, delivered, differences };
}

function replayedIn(parts: readonly ReplayedPart[], source: StateSource): ReadonlyMap<Hash, string> {
  const outcomes = new Map<Hash, string>();
  for (const part of parts) {
    replayPart(part, source, {
      watch: () => UNWATCHED,
      done: (replay) => outcomes.set(replay.replayed.transaction.hash, describe(replay)),
    });
  }
  return outcomes;
}

/** What a delivery is charged beside its execution is no matter of the EVM. */
function describe({ replayed, outcome: { status, logs, gasUsed, createdAddress } }: Replay): string {
  const gas = replayed.message === null ? BigInt(gasUsed) : replayed.gasUsed;
  return describeFacts(status, gas, logs, status === 1 ? createdAddress : null);
}

function expectedOf({ receipt, gasUsed, contractAddress }: StoredExecution): string {
  return describeFacts(receipt.status, gasUsed, receipt.logs, contractAddress);
}

function describeFacts(status: number, gas: bigint, logs: readonly Log[], created: string | null): string {
  const texts = logs.map(({ address, topics, data }) => `${address} ${topics.join()} ${bytesToHex(data)}`);
  return `status ${status}, gas ${gas}, created ${created}, logs [${texts.join('; ')}]`;
}

/** A trace has to be JSON, and to say what the receipt says. */
function traceDifferences(
  parts: readonly ReplayedPart[],
  source: StateSource,
  stored: readonly StoredExecution[],
): readonly string[] {
  const { text } = runJob('traceTransactions', { parts, form: { kind: 'named', tracer: CALL_TRACER } }, source);
  const traced: unknown = JSON.parse(text);
  const told = JSON.stringify(
    Array.isArray(traced)
      ? traced.map(({ txHash, result }) => [txHash, result.gasUsed, result.error === undefined, countLogs(result)])
      : traced,
  );
  const expected = JSON.stringify(
    stored.map(({ transaction, receipt, gasUsed }) => [
      transaction.hash,
      `0x${gasUsed.toString(16)}`,
      receipt.status === 1,
      receipt.logs.length,
    ]),
  );
  return told === expected ? [] : [`traces ${told} where receipts say ${expected}`];
}

function countLogs(call: unknown): number {
  if (typeof call !== 'object' || call === null) return 0;
  const own = 'logs' in call && Array.isArray(call.logs) ? call.logs.length : 0;
  const calls: readonly unknown[] = 'calls' in call && Array.isArray(call.calls) ? call.calls : [];
  return calls.reduce((sum: number, inner) => sum + countLogs(inner), own);
}
