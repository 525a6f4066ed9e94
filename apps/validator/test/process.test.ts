import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';

const script = join(import.meta.dirname, 'support/fake-main.ts');
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

/** The command line as its own process; `ended` gives exit code and what it wrote. */
function heddle(stopMs: string, startMs: string, ...words: readonly string[]) {
  const child = spawn(process.execPath, [script, stopMs, startMs, ...words], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const written = { output: '', errors: '' };
  child.stdout.on('data', (chunk) => (written.output += chunk));
  child.stderr.on('data', (chunk) => (written.errors += chunk));
  const ended = new Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>(
    (resolve) => child.once('close', (code) => resolve({ code, ...written })),
  );
  const ready = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  return { child, ended, ready };
}

describe('heddle as a process', () => {
  test('SIGTERM ends it in order, the ready line is all of stdout', async () => {
    const { child, ready, ended } = heddle('50', '0', 'devnet', '--json', '--port', '0');
    await ready;
    child.kill('SIGTERM');
    const { code, output, errors } = await ended;
    expect(code).toBe(0);
    expect(output.match(/^\{.*\}$/gm)?.length).toBe(1);
    expect(output.split('\n').length).toBe(2);
    expect(errors).toContain('SIGTERM, stopping');
  });

  test('a second SIGINT at once is the same one, a later one ends it', async () => {
    const { child, ready, ended } = heddle('never', '0', 'devnet', '--json', '--port', '0');
    await ready;
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGINT'), 150);
    setTimeout(() => child.kill('SIGINT'), 800);
    const startedMs = performance.now();
    expect((await ended).code).toBe(130);
    expect(performance.now() - startedMs).toBeGreaterThan(600);
  });

  test.each([
    [['devnet', '--shard', '2'], 2, '(Did you mean --shards?)'],
    [['devnett'], 2, '(Did you mean devnet?)'],
    [['devnet', '--port', '99999'], 2, 'Give a whole number from 0 to 65535.'],
    [['devnet', '--mnemonic', 'x'], 2, '--mnemonic: these are not'],
    [['devnet', '--host', '203.0.113.7'], 3, 'is not an address of this machine'],
  ])('%j ends with %d', async (words, expected, message) => {
    const { code, output, errors } = await heddle('0', '0', ...words).ended;
    expect([code, output]).toEqual([expected, '']);
    expect(errors).toContain(message);
    expect(errors).not.toContain('    at ');
  });
});
