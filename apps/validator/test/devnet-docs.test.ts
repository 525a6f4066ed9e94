import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { ANVIL_ALIASES, ANVIL_FLAGS } from '../src/flags/anvil-flags.ts';
import { startDevnetProcess } from './support/devnet-process.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'devnet.md'), 'utf8');

test('docs/devnet.md has a row for each foreign flag, and names the other spellings', () => {
  const rows = ANVIL_FLAGS.map(({ typed, agrees, why }) =>
    `| \`${typed}\` | ${agrees.map((value) => value ?? 'yes').join(', ')} | ${why} |`.replaceAll('  ', ' '),
  );
  expect(page.endsWith(`|---|---|---|\n${rows.join('\n')}\n`)).toBe(true);
  for (const typed of Object.keys(ANVIL_ALIASES)) expect(page).toContain(`\`${typed.split(' ', 1).join()}\``);
});

test.each([
  ['viem', 'import ', 'success 2n true\n'],
  ['a bad validator', 'const heddle ', 'sender-censor 50 null\n'],
])("the page's recipe for %s runs", async (_, start, output) => {
  const recipe = page
    .split('```')
    .find((block) => block.startsWith(`ts\n${start}`))
    ?.slice('ts\n'.length);
  const devnet = await startDevnetProcess([]);
  try {
    const node = join(ROOT, 'node_modules', '.bin', 'node');
    const run = promisify(execFile)(node, ['--input-type=module-typescript', '--eval', recipe ?? ''], {
      cwd: join(ROOT, 'apps', 'validator'),
      env: { ...process.env, NODE_OPTIONS: '', HTTP: devnet.ready.urls.http },
    });
    expect((await run).stdout).toBe(output);
  } finally {
    await devnet.stop();
  }
});
