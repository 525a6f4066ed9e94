import { describe, expect, test } from '@jest/globals';
import { FakeNode } from './support/fake-node.ts';
import { Harness, useServer } from './support/harness.ts';

const FAULTS = ['heddle_partition', 'heddle_heal', 'heddle_setLatency', 'heddle_corrupt', 'heddle_stopValidator'];

describe('faults of a devnet', () => {
  const harness = useServer();

  test('a partition begins, shows and ends', async () => {
    const groups = [[0, 1], [2], [3]];
    expect(await harness().call('heddle_partition', groups)).toBe(true);
    expect(await harness().call('shard_topology')).toMatchObject({ faults: { stopped: [2], partition: groups } });
    expect(await harness().call('heddle_heal')).toBe(true);
    expect(await harness().call('heddle_heal')).toBe(false);
    expect(await harness().call('shard_topology')).toMatchObject({ faults: { partition: null } });
  });

  test('latency is of all links, with jitter, or of some', async () => {
    expect(await harness().call('heddle_setLatency', 100)).toBe(true);
    expect(harness().node.faults.latency).toEqual({ ms: 100, jitterMs: 0, links: [] });
    await harness().call('heddle_setLatency', 0, '0x5', [{ from: 0, to: 3, ms: 900, jitter: 50 }]);
    const links = [{ from: 0, to: 3, ms: 900, jitter: 50 }];
    expect(await harness().call('shard_topology')).toMatchObject({
      faults: { latency: { ms: 0, jitter: 5, links } },
    });
  });

  test('a validator is corrupted, and honest again', async () => {
    expect(await harness().call('heddle_corrupt', 1, 'equivocator')).toBe(true);
    const corrupted = [{ validator: 1, actor: 'equivocator', misdeeds: 3 }];
    expect(await harness().call('shard_topology')).toMatchObject({ faults: { corrupted } });
    expect(await harness().call('heddle_corrupt', 1, null)).toBe(true);
    expect(await harness().call('heddle_corrupt', 1)).toBe(false);
  });

  test.each<readonly [string, readonly unknown[], string]>([
    ['heddle_partition', [[[0, 1], [2]]], 'validator 3 is in no group'],
    [
      'heddle_partition',
      [
        [
          [0, 1, 2],
          [2, 3],
        ],
      ],
      'validator 2 is named 2 times',
    ],
    [
      'heddle_partition',
      [
        [
          [0, 1, 2],
          [3, 4],
        ],
      ],
      '[1]: [1]: there is no validator 4; want 0 to 3',
    ],
    ['heddle_partition', [[[0, 1, 2, 3]]], 'want two groups or more'],
    ['heddle_partition', [[[0, 1, 2, 3], []]], 'a group is empty'],
    ['heddle_partition', [], 'missing value'],
    ['heddle_setLatency', [-1], 'want a whole number'],
    ['heddle_setLatency', [1, 0, [{ from: 0, to: 4, ms: 1 }]], '[0]: to: there is no validator 4'],
    ['heddle_setLatency', [1, 0, [{ from: 0, to: 0, ms: 1 }]], '[0]: from and to are both 0'],
    ['heddle_corrupt', [4, 'equivocator'], 'there is no validator 4; want 0 to 3'],
    ['heddle_corrupt', [1, 7], 'want a string'],
  ])('%s %j is −32602', async (method, params, message) => {
    expect(await harness().fail(method, ...params)).toMatchObject({
      code: -32602,
      message: expect.stringContaining(message),
    });
    expect(harness().node.faults.partitioned).toBeNull();
  });
});

test('another network refuses them with the reason, and shows none', async () => {
  const harness = new Harness({ backend: new FakeNode().backend(false) });
  await harness.start();
  for (const method of FAULTS) {
    const message = `${method} is for devnets: the genesis of this network does not say heddle.devnet`;
    expect(await harness.fail(method, 0)).toMatchObject({ code: -32601, message });
  }
  expect(await harness.call('shard_topology')).toMatchObject({ faults: null });
  await harness.server.stop();
});
