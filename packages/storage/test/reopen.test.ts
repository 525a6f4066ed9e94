import { join } from 'node:path';
import {
  directoryMedium,
  FORMAT_VERSION,
  type GenesisWrite,
  openChainStore,
  openValidatorStorage,
} from '@heddle/storage';
import { checkFlatState, checkTrieAgainstFlat, TestChain, testUnfinal } from '@heddle/storage/conformance';
import { hashChunkHeader } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { Level } from 'level';
import { metaKey } from '../src/keys.ts';
import { withDirectory } from './support/directory.ts';
import { nullify } from './support/records.ts';

const code = (value: string): unknown => expect.objectContaining({ code: value });

describe('a data directory opened again', () => {
  test('has the same head, state, queues and unfinal blocks, and goes on', () =>
    withDirectory(async (directory) => {
      const medium = directoryMedium(directory);
      const chain = new TestChain(2);
      const writes = [];
      const unfinal = testUnfinal(50n, 'unfinal');
      for (let round = 0; round < 4; round++) {
        const store = await openChainStore({ medium, genesis: chain.genesis });
        const last = writes.at(-1) ?? chain.genesis;
        expect(store.head()).toMatchObject({ hash: last.blockHash, block: last.block });
        expect(store.pendingMessages(1)).toEqual(chain.waiting());
        expect(store.burned()).toBe(BigInt(writes.length) * 63_000n);
        expect(store.bestFinalization()).toEqual(writes.at(-1)?.finalization ?? null);
        checkFlatState(store, chain.genesis, writes);
        checkTrieAgainstFlat(store);
        if (round === 0) await store.putBlock(unfinal.block.header.stateRoot, unfinal.block);
        if (round === 0) await store.putChunk(hashChunkHeader(unfinal.chunk.header), unfinal.chunk);
        expect(store.unfinalBlock(unfinal.block.header.stateRoot)).toEqual(unfinal.block);
        expect(store.chunk(hashChunkHeader(unfinal.chunk.header))).toEqual(unfinal.chunk);
        for (let i = 0; i < 2; i++) {
          const write = chain.next();
          writes.push(write);
          await store.commit(write);
        }
        await store.close();
      }
    }));

  test('of another genesis is refused, naming what differs and --reset', () =>
    withDirectory(async (directory) => {
      const medium = directoryMedium(directory);
      const { genesis } = new TestChain(2);
      await (await openChainStore({ medium, genesis })).close();
      const other: GenesisWrite = { ...genesis, genesisJson: genesis.genesisJson.replace('31337', '1') };
      const opening = openChainStore({ medium, genesis: other });
      await expect(opening).rejects.toEqual(code('DATA_DIRECTORY_MISMATCH'));
      await expect(opening).rejects.toThrow(/config\.chainId is 31337 there and 1 here.*--reset/);
      const shards = new TestChain(1).genesis;
      await expect(openChainStore({ medium, genesis: shards })).rejects.toThrow(/config\.heddle\.shards is 2 there/);
      const sameJson = { ...shards, genesisJson: genesis.genesisJson };
      await expect(openChainStore({ medium, genesis: sameJson })).rejects.toThrow(shards.blockHash);
      await (await openChainStore({ medium, genesis })).close();
    }));

  test('of another format, or with something else in it, is refused', () =>
    withDirectory(async (directory) => {
      const medium = directoryMedium(directory);
      const { genesis } = new TestChain(1);
      await (await openChainStore({ medium, genesis })).close();
      const level = new Level<Uint8Array, Uint8Array>(join(directory, 'chain'), {
        keyEncoding: 'view',
        valueEncoding: 'view',
      });
      await level.put(metaKey('format'), Uint8Array.of(0xc1, 0x09));
      await level.close();
      const opening = openChainStore({ medium, genesis });
      await expect(opening).rejects.toMatchObject({
        code: 'DATA_DIRECTORY_VERSION',
        facts: { found: 9n, expected: FORMAT_VERSION },
      });
      await level.open();
      await level.put(metaKey('format'), Uint8Array.of(0xc1, 0x03));
      await level.close();
      const older = openValidatorStorage({ directory, genesis });
      await expect(older).rejects.toMatchObject({ code: 'DATA_DIRECTORY_VERSION', facts: { found: 3n, expected: 6n } });
      await expect(older).rejects.toThrow(
        /format 3, written by an older version.*format 6; use the version .* --reset/,
      );
      await level.open();
      expect(await level.get(metaKey('format'))).toEqual(Uint8Array.of(0xc1, 0x03));
      await level.del(metaKey('format'));
      await level.close();
      await expect(openChainStore({ medium, genesis })).rejects.toMatchObject({ facts: { found: null } });
    }));

  test('that is open already is refused, and free again once closed', () =>
    withDirectory(async (directory) => {
      const { genesis } = new TestChain(1);
      const first = await openValidatorStorage({ directory, genesis });
      await (await first.openJournal(0n)).append([nullify(4n)]);
      await expect(openValidatorStorage({ directory, genesis })).rejects.toEqual(code('DATA_DIRECTORY_LOCKED'));
      await first.close();
      const second = await openValidatorStorage({ directory, genesis });
      expect((await second.openJournal(0n)).replay()).toEqual([nullify(4n)]);
      await second.close();
    }));

  test('that cannot be made is a storage failure', async () => {
    const { genesis } = new TestChain(1);
    const opening = openChainStore({ medium: directoryMedium('/dev/null'), genesis });
    await expect(opening).rejects.toEqual(code('STORAGE_FAILURE'));
  });
});
