import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FinalBlockWrite, openValidatorStorage } from '@heddle/storage';
import { checkFlatState, checkTrieAgainstFlat, TestChain } from '@heddle/storage/conformance';
import { expect, test } from '@jest/globals';
import { withDirectory } from './support/directory.ts';

const COMMITTER = fileURLToPath(new URL('./support/committer.ts', import.meta.url));
const KILLS = 20;

/** Runs the committer, kills it `delayMs` after it is open and returns the last height that it said to be committed. */
async function commitAndKill(root: string, delayMs: number): Promise<bigint> {
  const child = spawn(process.execPath, [COMMITTER, join(root, 'data')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: join(root, 'compiled') },
  });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), delayMs);
    output += text;
  });
  const [exitCode, signal] = await once(child, 'close');
  expect([exitCode, signal]).toEqual([null, 'SIGKILL']);
  const heights = [...output.matchAll(/(?:opened|committed) (\d+)\n/g)].map((match) => BigInt(match[1] ?? 0));
  return heights.at(-1) ?? 0n;
}

test(
  `a process killed ${KILLS} times while it commits leaves the last told final state or the next, whole`,
  () =>
    withDirectory(async (root) => {
      const chain = new TestChain(2);
      const writes: FinalBlockWrite[] = [];
      for (let kill = 0; kill < KILLS; kill++) {
        const told = await commitAndKill(root, (kill * 7) % 41);
        const {
          chain: store,
          openJournal,
          close,
        } = await openValidatorStorage({
          directory: join(root, 'data'),
          genesis: chain.genesis,
        });
        const journal = await openJournal(0n);
        const height = store.head().block.header.number;
        expect([told, told + 1n]).toContain(height);
        while (writes.length < Number(height)) writes.push(chain.next());
        expect(store.head().hash).toBe((writes.at(-1) ?? chain.genesis).blockHash);
        const votes = journal.replay().length;
        expect(votes).toBeGreaterThanOrEqual(Number(height));
        if (kill % 4 === 3) {
          checkFlatState(store, chain.genesis, writes);
          checkTrieAgainstFlat(store);
          expect(store.pendingMessages(1)).toEqual(chain.waiting());
        }
        await close();
      }
      expect(writes.length).toBeGreaterThan(2);
    }),
  60_000,
);
