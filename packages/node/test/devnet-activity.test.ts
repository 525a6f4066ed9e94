import { ExecutionAbortedError } from '@heddle/rpc';
import type { TransactionConsole } from '@heddle/simulation';
import type { Hash } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import type { ConsoleCall, TransactionReport } from '../src/devnet/activity.ts';
import { MAX_INSIGHT_TRANSACTIONS } from '../src/limits.ts';
import { Listeners } from '../src/listeners.ts';
import { createDevnetActivity } from '../src/rpc-backend/devnet-activity.ts';
import { NodeGroup } from '../src/rpc-backend/node-group.ts';

const SENDER = '0x00000000000000000000000000000000000000aa';

function hashOf(id: number): Hash {
  return `0x${id.toString(16).padStart(64, '0')}`;
}

function report(id: number, status: 0 | 1, blockTransactionCount = 3): TransactionReport {
  const hash = hashOf(id);
  const fields = { type: 0, nonce: 0n, gasLimit: 1n, to: SENDER, value: 0n, data: new Uint8Array() } as const;
  return {
    blockNumber: 5n,
    blockTransactionCount,
    gasUsed: 1n,
    effectiveGasPrice: 1n,
    contractAddress: null,
    way: 'local',
    executedShard: 0,
    receipt: { type: 0, status, cumulativeGasUsed: 1n, logsBloom: new Uint8Array(256), logs: [] },
    transaction: {
      fields: { ...fields, chainId: 1n, gasPrice: 1n },
      signature: { yParity: 0, r: 1n, s: 1n },
      raw: new Uint8Array(),
      hash,
      sender: SENDER,
    },
  };
}

/** Executes nothing: what it is asked for is kept, and each answer is `output`. */
class FakeReplays {
  readonly asked: (readonly Hash[])[] = [];
  readonly speakers: readonly Hash[];
  readonly failure: string | null;
  readonly output: Uint8Array;

  constructor(speakers: readonly number[], failure: string | null = null, output: Uint8Array = new Uint8Array()) {
    this.speakers = speakers.map(hashOf);
    this.failure = failure;
    this.output = output;
  }

  consoleUsers(number: bigint): readonly Hash[] {
    if (number !== 5n) throw new Error(`block ${number}`);
    return this.speakers;
  }

  async console(_number: bigint, hashes: readonly Hash[]): Promise<readonly TransactionConsole[]> {
    this.asked.push(hashes);
    const { failure, output } = this;
    return hashes.map((transactionHash) => ({ transactionHash, inputs: [new Uint8Array([1])], output, failure }));
  }
}

function insights(replays: FakeReplays, ...reports: readonly TransactionReport[]) {
  return createDevnetActivity(new NodeGroup(0n), replays, new Listeners<ConsoleCall>(), 2).insights(reports);
}

const NOTHING = { failure: null, console: [] };

describe('what is found out of transactions', () => {
  test('only those that failed or may have said something are executed again, and all at once', async () => {
    const replays = new FakeReplays([2, 9]);
    const said = { failure: null, console: [new Uint8Array([1])] };
    expect(await insights(replays, report(1, 0), report(2, 1), report(3, 1))).toEqual([said, said, NOTHING]);
    expect(replays.asked).toEqual([[hashOf(1), hashOf(2)]]);
    expect(await insights(replays, report(3, 1))).toEqual([NOTHING]);
    expect(replays.asked.length).toBe(1);
  });

  test('tells a revert from other failures', async () => {
    const output = new Uint8Array([1, 2, 3, 4]);
    const [reverted] = await insights(new FakeReplays([], 'execution reverted', output), report(1, 0));
    expect(reverted?.failure).toEqual({ kind: 'revert', reason: null, data: output });
    const [halted] = await insights(new FakeReplays([], 'out of gas'), report(1, 0));
    expect(halted?.failure).toEqual({ kind: 'halt', reason: 'out of gas' });
  });

  test('large blocks are not searched for what they say, but failures are explained', async () => {
    const replays = new FakeReplays([1, 2]);
    await insights(replays, report(1, 0, MAX_INSIGHT_TRANSACTIONS + 1), report(2, 1, MAX_INSIGHT_TRANSACTIONS + 1));
    expect(replays.asked).toEqual([[hashOf(1)]]);
  });

  test('nothing is told where that cannot be done', async () => {
    const replays = new FakeReplays([]);
    replays.console = () => Promise.reject(new ExecutionAbortedError('busy'));
    expect(await insights(replays, report(1, 0), report(2, 1))).toEqual([NOTHING, NOTHING]);
    expect(await insights(replays)).toEqual([]);
    replays.console = () => Promise.reject(new Error('a bug'));
    await expect(insights(replays, report(1, 0))).rejects.toThrow('a bug');
  });
});

test('those who listen to what calls say can stop', () => {
  const calls = new Listeners<ConsoleCall>();
  const activity = createDevnetActivity(new NodeGroup(0n), new FakeReplays([]), calls, 2);
  const heard: ConsoleCall[] = [];
  const stop = activity.onConsole((call) => heard.push(call));
  const call = { method: 'eth_call', from: SENDER, to: null, data: new Uint8Array(), console: [] } as const;
  calls.tell(call);
  stop();
  calls.tell(call);
  expect(heard).toEqual([call]);
});
