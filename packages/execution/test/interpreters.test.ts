import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

// In a process of its own: inside jest it would take twenty times as long.
test('2,000 random codes do by blocks, and with their work bounded, what they do by single steps', () => {
  const script = fileURLToPath(new URL('../scripts/interpreters.ts', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [script, '--programs', '2000', '--seed', '1'], {
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (stdout === '') throw new Error(`the script printed nothing: ${stderr}`);
  const report: { doneWithin: number } = JSON.parse(stdout);
  expect(report.doneWithin).toBeGreaterThan(1_000);
  expect(report).toMatchObject({
    programs: 2000,
    differences: [],
    // Else it would not have seen much.
    endings: { returned: expect.any(Number), 'out of gas': expect.any(Number), 'stack underflow': expect.any(Number) },
  });
});
