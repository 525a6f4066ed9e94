import { secureRandom } from '@heddle/runtime';
import { createMemoryMedium, directoryMedium, openChainStore } from '@heddle/storage';
import { chainStoreSuite } from '@heddle/storage/conformance';
import { describe, test } from '@jest/globals';
import { withDirectory } from './support/directory.ts';

describe('ChainStore in memory', () => {
  for (const { name, run } of chainStoreSuite) {
    test(name, () => run((genesis) => openChainStore({ medium: createMemoryMedium(secureRandom), genesis })));
  }
});

describe('ChainStore on disk', () => {
  for (const { name, run } of chainStoreSuite) {
    test(name, () =>
      withDirectory((directory) => run((genesis) => openChainStore({ medium: directoryMedium(directory), genesis }))),
    );
  }
});
