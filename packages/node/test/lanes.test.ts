import {
  type BuildRequest,
  type BuildSectionRequest,
  type ChunkExecutor,
  InlineExecutor,
  type LaneOutcome,
  type LanePool,
  LanePoolError,
  type SectionResult,
  type VerifyRequest,
  type VerifySectionRequest,
} from '@heddle/execution';
import { BLS_SIGNATURE_BYTES, privateKeyToAddress } from '@heddle/primitives';
import { systemClock } from '@heddle/runtime';
import {
  type Address,
  type Chunk,
  decodeChunk,
  encodeChunk,
  type Hash,
  type RecoveredTransaction,
  recoverTransaction,
  signTransaction,
  ZERO_ADDRESS,
} from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ChunkExecution } from '../src/chain/chunk-execution.ts';
import { ExecutionReports } from '../src/chain/execution-reports.ts';
import { openLanes } from '../src/lanes/open-lanes.ts';
import { WarmingExecutor } from '../src/lanes/warming-executor.ts';
import { SILENT_LOGGER } from '../src/logger.ts';
import { ShortChain, shortEpochs } from './support/short-chain.ts';
import { SlowExecutor } from './support/slow-executor.ts';

const KEY = new Uint8Array(32).fill(7);
const SENDER = privateKeyToAddress(KEY);
/** What each transaction counts for in an estimate of work is above this, and far below what follows. µs. */
const LITTLE = 1;
const MUCH = 1_000_000;
const TERMS = { timestamp: 5n, coinbase: ZERO_ADDRESS };
/** Of height 1 and shard 0 among four validators. */
const PRODUCER = 1;

const inLine = new InlineExecutor(() => 0);
let short: ShortChain;

beforeEach(async () => {
  short = await ShortChain.open(shortEpochs(100n, 4, [SENDER]));
});

afterEach(() => short.close());

function executionBy(executor: ChunkExecutor): {
  readonly execution: ChunkExecution;
  readonly reports: ExecutionReports;
} {
  const reports = new ExecutionReports(SILENT_LOGGER);
  return {
    reports,
    execution: new ChunkExecution({ chain: short.chain, executor, executions: reports, clock: systemClock }),
  };
}

/** `count` transfers of the funded account, with a limit high enough that workers are worth waking. */
function transfers(count: number): readonly RecoveredTransaction[] {
  const common = { type: 0, chainId: 31_337n, gasPrice: 10n ** 10n, gasLimit: 50_000n, value: 1n } as const;
  const to: Address = '0x00000000000000000000000000000000000000aa';
  return Array.from({ length: count }, (_, nonce) =>
    signTransaction({ ...common, nonce: BigInt(nonce), to, data: new Uint8Array() }, KEY),
  );
}

/** Everything that hangs on promises is done. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A chunk as it comes over the network: nobody has decoded or recovered any of it yet. */
async function received(count: number): Promise<{ readonly chunk: Chunk; readonly hash: Hash }> {
  const { root } = short.chain.tree;
  const built = await executionBy(inLine).execution.build(root, 0, TERMS, PRODUCER, transfers(count));
  const { header, hash, outcome } = built;
  expect(outcome.included).toHaveLength(count);
  const body = { transactions: outcome.included.map(({ raw }) => raw), accessList: outcome.accessList };
  const chunk = { header, body, signature: new Uint8Array(BLS_SIGNATURE_BYTES) };
  return { hash, chunk: decodeChunk(encodeChunk(chunk)) };
}

/** Recovers senders itself, as workers do; notes which ones it was given. */
class RecoveringExecutor implements ChunkExecutor {
  readonly disagreements = 0;
  readonly given: (Address | null)[][] = [];

  verify(request: VerifyRequest): Promise<LaneOutcome> {
    const { transactions } = request.body;
    this.given.push(transactions.map((transaction) => ('sender' in transaction ? transaction.sender : null)));
    const recovered = transactions.flatMap((transaction) => recoverTransaction(transaction) ?? []);
    return inLine.verify({ ...request, recovered: () => recovered });
  }

  build(request: BuildRequest): Promise<LaneOutcome> {
    return inLine.build(request);
  }

  verifySection(request: VerifySectionRequest): Promise<SectionResult> {
    return inLine.verifySection(request);
  }

  buildSection(request: BuildSectionRequest): Promise<SectionResult> {
    return inLine.buildSection(request);
  }
}

test('a sender that a worker has recovered is not recovered again by the next validator of the process', async () => {
  const { chunk, hash } = await received(3);
  const executor = new RecoveringExecutor();
  const { root } = short.chain.tree;
  await executionBy(executor).execution.check(root, chunk, hash);
  await executionBy(executor).execution.check(root, chunk, hash);
  expect(executor.given).toEqual([
    [null, null, null],
    [SENDER, SENDER, SENDER],
  ]);
});

describe('until threads are up', () => {
  let answer: PromiseWithResolvers<readonly (Address | null)[]>;
  let asked: number;
  let lanes: SlowExecutor;

  beforeEach(() => {
    answer = Promise.withResolvers();
    asked = 0;
    lanes = new SlowExecutor(() => Promise.resolve());
  });

  function warming(thresholdMicroseconds: number): ChunkExecution {
    const unused = (): never => {
      throw new Error('only recovery is asked for');
    };
    const recover: LanePool['recover'] = () => {
      asked += 1;
      return answer.promise;
    };
    const pool: LanePool = {
      workers: 2,
      recover,
      runDeclared: unused,
      runLanes: unused,
      close: () => Promise.resolve(),
    };
    return executionBy(new WarmingExecutor({ pool, inLine, inLanes: lanes, thresholdMicroseconds })).execution;
  }

  test('chunks are executed in line; the first one that is worth it has them started', async () => {
    const { chunk, hash } = await received(2);
    const { root } = short.chain.tree;
    const execution = warming(LITTLE);
    await execution.build(root, 0, TERMS, PRODUCER, []);
    expect(asked).toBe(0);
    await execution.check(root, chunk, hash);
    await execution.check(root, chunk, hash);
    expect([asked, lanes.verified]).toEqual([1, 0]);
    answer.resolve([SENDER]);
    await settled();
    await execution.check(root, chunk, hash);
    await execution.build(root, 0, TERMS, PRODUCER, transfers(1));
    expect([asked, lanes.verified, lanes.built]).toEqual([1, 1, 1]);
  });

  test('an own chunk has them started too', async () => {
    const { root } = short.chain.tree;
    await warming(LITTLE).build(root, 0, TERMS, PRODUCER, transfers(1));
    expect(asked).toBe(1);
  });

  test('chunks that are not worth it have none started', async () => {
    const { chunk, hash } = await received(2);
    const { root } = short.chain.tree;
    await warming(MUCH).check(root, chunk, hash);
    expect(asked).toBe(0);
  });

  test('a pool that fails is asked again for the next chunk', async () => {
    const { chunk, hash } = await received(2);
    const { root } = short.chain.tree;
    const execution = warming(LITTLE);
    answer.reject(new LanePoolError('died', 'a worker ended by itself'));
    await execution.check(root, chunk, hash);
    await settled();
    await execution.check(root, chunk, hash);
    expect([asked, lanes.verified]).toEqual([2, 0]);
  });
});

test('with real threads a chunk is the same, and its report says how it came about', async () => {
  const { chunk, hash } = await received(40);
  const { root } = short.chain.tree;
  const lanes = openLanes({ workers: 2, thresholdMicroseconds: 0, clock: systemClock });
  try {
    const { execution, reports } = executionBy(lanes.executor);
    for (let i = 0; i < 200 && reports.of(hash)?.path !== 'validator'; i++) {
      expect((await execution.check(root, chunk, hash)).hash).toBe(hash);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(reports.of(hash)).toMatchObject({ path: 'validator', lanes: [40], disagreement: null });
    expect((await execution.build(root, 0, TERMS, PRODUCER, transfers(40))).hash).toBe(hash);
    expect(reports.of(hash)?.path).toBe('producer');
    expect(reports.disagreements).toBe(0);
  } finally {
    await lanes.close();
  }
});

test('with no lanes everything is executed in line', async () => {
  const { chunk, hash } = await received(2);
  const { executor, close } = openLanes({ workers: 0, thresholdMicroseconds: 0, clock: systemClock });
  const { execution, reports } = executionBy(executor);
  await execution.check(short.chain.tree.root, chunk, hash);
  expect(reports.of(hash)?.path).toBe('sequential');
  await close();
});
