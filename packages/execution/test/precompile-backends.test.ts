import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('../scripts/precompile-outcomes.ts', import.meta.url));

/** In a process of its own: only there can WebAssembly be taken away, and inside jest it would take very long. */
function outcomes(...args: readonly string[]): {
  readonly backends: readonly string[];
  readonly outcomes: Readonly<Record<string, readonly string[]>>;
} {
  const { stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (stdout === '') throw new Error(`precompile-outcomes.ts printed nothing: ${stderr}`);
  return JSON.parse(stdout);
}

describe('precompiles with and without WebAssembly and native code', () => {
  const seed = String(Date.now() % 1_000_000);
  const fast = outcomes('--seed', seed, '--inputs', '12');
  const pure = outcomes('--seed', seed, '--inputs', '12', '--pure');

  test('are not the same implementation', () => {
    expect(fast.backends).toEqual([expect.any(String), 'wasm', 'wasm', 'wasm']);
    expect(pure.backends).toEqual(['noble', 'noble', 'noble', 'noble']);
  });

  test.each(Object.keys(fast.outcomes))('agree on precompile %s', (number) => {
    expect({ seed, outcomes: pure.outcomes[number] }).toEqual({ seed, outcomes: fast.outcomes[number] });
    expect(new Set(fast.outcomes[number]).size).toBeGreaterThan(1);
  });

  test('the edge inputs of those that can fail do both', () => {
    for (const number of [6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17]) {
      const failed = fast.outcomes[number]?.filter((outcome) => outcome.endsWith('failed')).length ?? 0;
      expect([number, failed > 0, failed < (fast.outcomes[number]?.length ?? 0)]).toEqual([number, true, true]);
    }
  });
});
