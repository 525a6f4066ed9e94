import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { rpc, startDevnetProcess } from '../support/devnet-process.ts';

const PRINT_ACTORS = join(import.meta.dirname, '..', 'support', 'print-actors.mjs');

test('byzantine behaviours are loaded when somebody is corrupted, and not before', async () => {
  const devnet = await startDevnetProcess([], ['--import', PRINT_ACTORS]);
  const url = devnet.ready.urls.http;
  try {
    await rpc(url, 'evm_mine');
    await rpc(url, 'heddle_partition', [[[0], [1, 2, 3]]]);
    await rpc(url, 'heddle_heal');
    await rpc(url, 'heddle_corrupt', [0, null]);
    expect(devnet.log()).not.toContain('loaded ');
    await rpc(url, 'heddle_corrupt', [0, 'silent']);
    expect(devnet.log()).toContain('/packages/byzantine/src/index.ts');
  } finally {
    await devnet.stop();
  }
});
