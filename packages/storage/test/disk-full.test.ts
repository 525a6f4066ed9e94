import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSeededRandom } from '@heddle/runtime';
import {
  createMemoryMedium,
  DiskFullError,
  directoryMedium,
  isDiskFull,
  type Medium,
  openChainStore,
  openValidatorStorage,
} from '@heddle/storage';
import { TestChain } from '@heddle/storage/conformance';
import { expect, test } from '@jest/globals';
import { withDirectory } from './support/directory.ts';

const fullDisk = (code: string): Error => Object.assign(new Error(`${code}: write`), { code });

test.each(['ENOSPC', 'EDQUOT'])('%s is told as a full disk, and a start with room goes on', async (code) => {
  let isFull = false;
  const medium = createMemoryMedium(createSeededRandom(1), (step, apply) => {
    if (isFull && /^(?:write|batch)/.test(step.op)) return Promise.reject(fullDisk(code));
    return Promise.resolve(apply());
  });
  const chain = new TestChain(2);
  const storage = await openValidatorStorage({ medium, genesis: chain.genesis });
  await storage.chain.commit(chain.next());
  isFull = true;
  const lost = chain.next();
  const refused = await storage.chain.commit(lost).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(DiskFullError);
  expect(refused).toMatchObject({ code: 'DISK_FULL', message: expect.stringMatching(/the disk is full.*make room/) });
  expect(isDiskFull(new Error('the signer could not store', { cause: refused }))).toBe(true);
  expect(isDiskFull(fullDisk('EIO'))).toBe(false);
  medium.kill();
  isFull = false;
  const again = await openValidatorStorage({ medium, genesis: chain.genesis });
  expect(again.chain.head().block.header.number).toBe(1n);
  await again.chain.commit(lost);
  await again.close();
});

/** Commits until the disk is full; gives the height that stands. */
async function fill(medium: Medium, chain: TestChain): Promise<bigint> {
  const store = await openChainStore({ medium, genesis: chain.genesis });
  let height = 0n;
  try {
    for (; height < 20_000n; height++) await store.commit(chain.next());
  } catch (error) {
    expect(error).toBeInstanceOf(DiskFullError);
    return height;
  } finally {
    await store.close().catch(() => {});
  }
  throw new Error('the disk never became full');
}

/** A file system of 4 MB; false where this user may mount none, or the system has no such thing. */
function mountSmall(directory: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test(
  'a file system that is really full loses nothing',
  () =>
    withDirectory(async (directory) => {
      const place = join(directory, 'small');
      mkdirSync(place);
      // The test above says the same of a disk that only pretends.
      if (!mountSmall(place)) return;
      try {
        const filler = join(place, 'filler');
        writeFileSync(filler, new Uint8Array(3_500_000));
        const chain = new TestChain(1);
        const medium = directoryMedium(join(place, 'data'));
        const height = await fill(medium, chain);
        expect(height).toBeGreaterThan(0n);
        rmSync(filler);
        const store = await openChainStore({ medium, genesis: chain.genesis });
        expect(store.head().block.header.number).toBe(height);
        await store.close();
      } finally {
        execFileSync('umount', [place]);
      }
    }),
  60_000,
);
