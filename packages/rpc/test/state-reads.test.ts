import { keccak256Hex } from '@heddle/primitives';
import { EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, ZERO_HASH } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { MAX_PROOF_KEYS } from '../src/limits.ts';
import { shardOf } from './support/fake-chain.ts';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const CONTRACT = '0x00000000000000000000000000000000000000c0';
const CODE = Uint8Array.of(0x60, 1);
const ZERO = `0x${'0'.repeat(64)}`;

function deploy(): void {
  harness().node.chain.setAccount(CONTRACT, { code: CODE, nonce: 1n, storage: new Map([[1n, 255n]]) });
}

describe('accounts as a whole', () => {
  test('eth_getAccount and eth_getAccountInfo', async () => {
    deploy();
    expect(await harness().call('eth_getAccount', CONTRACT, 'latest')).toEqual({
      nonce: '0x1',
      balance: '0x0',
      storageRoot: EMPTY_TRIE_ROOT,
      codeHash: keccak256Hex(CODE),
    });
    expect(await harness().call('eth_getAccountInfo', CONTRACT)).toEqual({
      nonce: '0x1',
      balance: '0x0',
      code: '0x6001',
    });
    expect(await harness().fail('eth_getAccount', CONTRACT, '0x9')).toMatchObject({ code: -32001 });
  });

  test('eth_getStorageValues reads slots of several accounts, under the names that it was given', async () => {
    deploy();
    const checksummed = '0x00000000000000000000000000000000000000C0';
    expect(await harness().call('eth_getStorageValues', { [checksummed]: ['0x1', '0x2'], [BOB]: [ZERO] })).toEqual({
      [checksummed]: [`0x${'ff'.padStart(64, '0')}`, ZERO],
      [BOB]: [ZERO],
    });
  });

  test.each([
    [{}, 'invalid argument 0: empty request: want at least one slot'],
    [[], 'invalid argument 0: want slots by address, got an array'],
    [
      { [ALICE]: ['0x1'], [ALICE.toUpperCase().replace('0X', '0x')]: ['0x1'] },
      `invalid argument 0: ${ALICE} is there twice`,
    ],
    [
      { [ALICE]: Array.from({ length: 1_000 }, () => '0x1'), [BOB]: Array.from({ length: 100 }, () => '0x1') },
      'invalid argument 0: too many slots: at most 1024 are read at once',
    ],
  ])('refuses %#', async (request, message) => {
    expect(await harness().fail('eth_getStorageValues', request)).toMatchObject({ code: -32602, message });
  });
});

describe('proofs', () => {
  test('eth_getProof has the public schema’s members, and the keys as they were written', async () => {
    deploy();
    expect(await harness().call('eth_getProof', CONTRACT, ['0x1', ZERO], 'latest')).toEqual({
      address: CONTRACT,
      accountProof: ['0xc0'],
      balance: '0x0',
      codeHash: keccak256Hex(CODE),
      nonce: '0x1',
      storageHash: EMPTY_TRIE_ROOT,
      storageProof: [
        { key: '0x1', value: '0xff', proof: ['0xc0'] },
        { key: ZERO, value: '0x0', proof: ['0xc0'] },
      ],
    });
  });

  test('shard_getProof adds what leads to the header', async () => {
    const { hash, block } = harness().node.mine();
    expect(await harness().call('shard_getProof', ALICE, [])).toMatchObject({
      address: ALICE,
      codeHash: EMPTY_CODE_HASH,
      shard: shardOf(ALICE),
      home: shardOf(ALICE),
      stateRoots: [EMPTY_TRIE_ROOT, ZERO_HASH],
      blockNumber: '0x1',
      blockHash: hash,
      stateRoot: block.header.stateRoot,
    });
  });

  test('of too many slots are refused', async () => {
    const keys = Array.from({ length: MAX_PROOF_KEYS + 1 }, () => '0x1');
    expect(await harness().fail('eth_getProof', ALICE, keys)).toMatchObject({ code: -32602 });
  });
});

describe('what a client asks about the node', () => {
  test('eth_config (EIP-7910)', async () => {
    expect(await harness().call('eth_config')).toMatchObject({
      current: {
        activationTime: 0,
        blobSchedule: { max: 0, target: 0 },
        chainId: '0x7a69',
        forkId: expect.stringMatching(/^0x[0-9a-f]{8}$/),
        precompiles: {
          ECREC: '0x0000000000000000000000000000000000000001',
          P256VERIFY: expect.stringMatching(/0100$/),
        },
        systemContracts: { HISTORY_STORAGE_ADDRESS: '0x0000f90827f1c53a10cb7a02335b175320002935' },
      },
      next: null,
      last: null,
    });
  });

  test('eth_capabilities', async () => {
    const { hash } = harness().node.mine();
    harness().node.oldestState = 1n;
    expect(await harness().call('eth_capabilities')).toMatchObject({
      head: { number: '0x1', hash },
      state: { disabled: false, oldestBlock: '0x1' },
      stateproofs: { oldestBlock: '0x1' },
      logs: { oldestBlock: '0x0' },
    });
  });
});
