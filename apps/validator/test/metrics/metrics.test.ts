import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeStatus } from '@heddle/node';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MAX_METRIC_CHANNELS } from '../../src/limits.ts';
import { type Metrics, openMetrics } from '../../src/metrics/open-metrics.ts';
import { unreadiness } from '../../src/metrics/readiness.ts';
import type { MetricsServer } from '../../src/metrics/serve-metrics.ts';

const STATUS: NodeStatus = {
  head: 41n,
  headTimestamp: 1_700_000_000n,
  view: 45n,
  epoch: 2n,
  peers: 3,
  validators: 4,
  reachedValidators: 4,
  quorum: 3,
  role: 'validator',
  isCatchingUp: false,
  pooledTransactions: 7,
  unfinalBlocks: 1,
  heldBytes: 100,
  blockedPeers: 0,
  evidence: 0,
  laneDisagreements: 0,
  clockAheadMs: 0,
  shards: [
    { shard: 0, gasUsed: 21_000n, gasLimit: 30_000_000n, queuedMessages: 0, missedBlocks: 0 },
    { shard: 1, gasUsed: 0n, gasLimit: 30_000_000n, queuedMessages: 5, missedBlocks: 2 },
  ],
};

let status: NodeStatus | null;
let metrics: Metrics;
let server: MetricsServer;

beforeEach(async () => {
  status = STATUS;
  const opened = openMetrics({
    host: '127.0.0.1',
    port: 0,
    version: '9.9.9',
    directory: tmpdir(),
    wallMs: () => 1_700_000_001_000,
  });
  metrics = opened;
  server = await opened.serve(() => status);
});

afterEach(() => server.stop());

async function ask(path: string, method = 'GET'): Promise<{ readonly code: number; readonly text: string }> {
  const answer = await fetch(`${server.url}${path}`, { method });
  return { code: answer.status, text: await answer.text() };
}

/** The lines of what is counted, without those that explain. */
async function lines(): Promise<readonly string[]> {
  const { text } = await ask('/metrics');
  return text.split('\n').filter((line) => line.startsWith('heddle_'));
}

test('what the node is like is read when it is asked for', async () => {
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'heddle_head_height 41',
      'heddle_view 45',
      'heddle_validators_reached 4',
      'heddle_pool_transactions 7',
      'heddle_shard_queued_messages{shard="1"} 5',
      'heddle_shard_missed_blocks{shard="1"} 2',
      'heddle_role{role="validator"} 1',
      'heddle_role{role="watching"} 0',
      'heddle_info{version="9.9.9"} 1',
      expect.stringMatching(/^heddle_disk_free_bytes [1-9]/),
    ]),
  );
  status = { ...STATUS, head: 42n };
  expect(await lines()).toContain('heddle_head_height 42');
  // Between two runs there is nothing to ask.
  status = null;
  expect(await lines()).toContain('heddle_head_height 42');
});

test('blocks, votes, requests and messages are counted', async () => {
  const block = { height: 1n, timestamp: 1_700_000_000n, transactions: 3, sectionGas: 5n, epoch: 2n };
  const report = {
    conflicts: 0,
    handedBack: 0,
    disagreement: null,
    microseconds: { prepare: 1_000, run: 3_000, finish: 0 },
  };
  const inLine = { ...report, path: 'sequential', lanes: [3], reexecutions: 0 } as const;
  const inLanes = { ...report, path: 'producer', lanes: [4, 2], reexecutions: 2 } as const;
  metrics.node.blockFinal({ ...block, view: 5n, executions: [inLine], shardGas: [21_000n, null], isSigned: true });
  metrics.node.blockFinal({ ...block, view: 9n, executions: [inLanes], shardGas: [42_000n, 1n], isSigned: false });
  metrics.node.blockFinal({ ...block, view: 1n, epoch: 3n, executions: [], shardGas: [0n, 0n], isSigned: null });
  metrics.node.rpc.requestDone?.('eth_call', null, 3);
  metrics.node.rpc.requestDone?.('eth_call', -32_602, 3);
  metrics.network.sent('peer', 'direct:consensus', 100);
  metrics.network.dropped('peer', 'direct:consensus', 'queueFull');
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'heddle_final_blocks_total 3',
      'heddle_final_transactions_total 9',
      'heddle_section_gas_total 15',
      'heddle_shard_gas_total{shard="0"} 63000',
      'heddle_shard_missing_total{shard="1"} 1',
      'heddle_votes_total{result="signed"} 1',
      'heddle_votes_total{result="missed"} 1',
      'heddle_finality_delay_seconds_bucket{le="1"} 3',
      'heddle_rpc_requests_total{method="eth_call",code="0"} 1',
      'heddle_rpc_requests_total{method="eth_call",code="-32602"} 1',
      'heddle_rpc_request_seconds_count{method="eth_call"} 2',
      'heddle_views_skipped_total 3',
      'heddle_chunks_executed_total{path="sequential"} 1',
      'heddle_chunk_execution_seconds_bucket{le="0.005",path="sequential"} 1',
      'heddle_lane_occupancy_bucket{le="0.75"} 1',
      'heddle_lane_occupancy_bucket{le="0.5"} 0',
      'heddle_lane_reexecutions_total 2',
      'heddle_network_sent_bytes_total{channel="direct:consensus"} 100',
      'heddle_network_dropped_messages_total{channel="direct:consensus",reason="queueFull"} 1',
    ]),
  );
});

test('names that peers make up do not grow the metrics without end', async () => {
  for (let i = 0; i < 10 * MAX_METRIC_CHANNELS; i++) metrics.network.dropped('peer', `direct:${i}`, 'noHandler');
  const dropped = (await lines()).filter((line) => line.startsWith('heddle_network_dropped'));
  expect(dropped).toHaveLength(MAX_METRIC_CHANNELS + 1);
  expect(dropped).toContain(
    `heddle_network_dropped_messages_total{channel="other",reason="noHandler"} ${9 * MAX_METRIC_CHANNELS}`,
  );
});

test('health and readiness', async () => {
  expect(await ask('/health')).toEqual({ code: 200, text: '{"status":"ok"}\n' });
  expect(await ask('/ready')).toEqual({ code: 200, text: '{"ready":true}\n' });
  status = { ...STATUS, reachedValidators: 2 };
  expect(await ask('/ready?x')).toEqual({
    code: 503,
    text: '{"ready":false,"reason":"2 of 4 validators are within reach, 3 are needed"}\n',
  });
  expect(await ask('/health')).toMatchObject({ code: 200 });
  expect(await ask('/')).toMatchObject({ code: 404 });
  expect(await ask('/metrics', 'POST')).toMatchObject({ code: 405 });
});

test('a reading that fails ends the request, not the process', async () => {
  const opened = openMetrics({ host: '127.0.0.1', port: 0, version: 'x', directory: tmpdir(), wallMs: () => 0 });
  const failing = await opened.serve(() => {
    throw new Error('the store is closed');
  });
  await expect(fetch(`${failing.url}/metrics`)).rejects.toThrow();
  await expect(fetch(`${failing.url}/ready`)).rejects.toThrow();
  expect((await fetch(`${failing.url}/health`)).status).toBe(200);
  await failing.stop();
});

test.each<[string | null, NodeStatus | null]>([
  [null, STATUS],
  [null, { ...STATUS, role: 'follower' }],
  ["this machine's clock is 600 s behind those of the validators", { ...STATUS, clockAheadMs: -600_000 }],
  ["this machine's clock is 9 s ahead of those of the validators", { ...STATUS, clockAheadMs: 9_000 }],
  ['it starts or stops', null],
  ['it fetches blocks that are final already', { ...STATUS, isCatchingUp: true }],
  ['it signs nothing until it is clear that its key is used nowhere else', { ...STATUS, role: 'watching' }],
])('why a node is not ready: %s', (reason, of) => {
  expect(unreadiness(of)).toBe(reason);
});

test('docs/operate.md names each metric, and none that there is not', async () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'operate.md'), 'utf8');
  const { text } = await ask('/metrics');
  const shown = [...text.matchAll(/^# TYPE (heddle_\w+) /gm)].map(([, name]) => name);
  const written = [...page.matchAll(/^\| `(heddle_\w+)/gm)].map(([, name]) => name);
  expect(written.toSorted()).toEqual(shown.toSorted());
});
