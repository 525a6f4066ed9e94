import { blsProvePossession, blsPublicKey, blsSecretKeyFromSeed, bytesToHex } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import { genesisToJson, parseGenesis } from '../src/index.ts';

const validators = [1, 2, 3, 4].map((byte) => {
  const secretKey = blsSecretKeyFromSeed(new Uint8Array(32).fill(byte));
  return {
    publicKey: bytesToHex(blsPublicKey(secretKey)),
    proofOfPossession: bytesToHex(blsProvePossession(secretKey)),
  };
});

type Json = Record<string, unknown>;

/** As geth writes one. */
function file(changes: Json = {}, heddle: Json = {}, config: Json = {}): Json {
  return {
    config: {
      chainId: 31337,
      homesteadBlock: 0,
      terminalTotalDifficulty: 0,
      shanghaiTime: 0,
      ...config,
      heddle: { shards: 2, validators, ...heddle },
    },
    nonce: '0x42',
    timestamp: '0x66000000',
    extraData: '0x1234',
    difficulty: '0x400000000',
    mixHash: `0x${'01'.repeat(32)}`,
    coinbase: '0x00000000000000000000000000000000000000C0',
    baseFeePerGas: '0x3b9aca00',
    alloc: {
      f39Fd6e51aad88F6F4ce6aB8827279cffFb92266: { balance: '10000000000000000000000' },
      '0x0000000000000000000000000000000000000002': {
        balance: '0x1',
        nonce: '0x01',
        code: '0x6001',
        storage: { '0x02': '0x0a', [`0x${'00'.repeat(31)}01`]: '0x0b', '0x3': '0x00' },
      },
    },
    ...changes,
  };
}

describe('parseGenesis', () => {
  test('a file of geth’s', () => {
    const genesis = parseGenesis(file({}, { residence: { '0x0000000000000000000000000000000000000002': 1 } }));
    expect(genesis).toEqual({
      chainId: 31337n,
      timestamp: 0x66000000n,
      extraData: Uint8Array.of(0x12, 0x34),
      mixHash: `0x${'01'.repeat(32)}`,
      coinbase: '0x00000000000000000000000000000000000000c0',
      baseFeePerGas: 1_000_000_000n,
      chunkGasLimit: 30_000_000n,
      globalGasLimit: 30_000_000n,
      dispatch: false,
      shardCount: 2,
      validators: validators.map(() => ({
        publicKey: expect.any(Uint8Array),
        proofOfPossession: expect.any(Uint8Array),
      })),
      epochLength: 7_200n,
      registryOwner: '0x0000000000000000000000000000000000000000',
      deltaMs: 500,
      chunkDeadlineMs: 400,
      maxIdleMs: 5000,
      blockTimeMs: 0,
      devnet: false,
      alloc: new Map([
        [
          '0x0000000000000000000000000000000000000002',
          {
            balance: 1n,
            nonce: 1n,
            code: Uint8Array.of(0x60, 0x01),
            storage: new Map([
              [1n, 11n],
              [2n, 10n],
            ]),
            shard: 1,
          },
        ],
        [
          '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
          { balance: 10n ** 22n, nonce: 0n, code: new Uint8Array(0), storage: new Map(), shard: null },
        ],
      ]),
    });
    expect([...genesis.alloc.keys()]).toEqual([...genesis.alloc.keys()].sort());
  });

  test('what is left out', () => {
    const least = parseGenesis({ config: { chainId: '0x1', heddle: { validators } } });
    expect(least).toMatchObject({ chainId: 1n, timestamp: 0n, shardCount: 1, devnet: false, alloc: new Map() });
    const devnet = parseGenesis({ config: { chainId: 1, heddle: { validators, devnet: true } } });
    expect(devnet).toMatchObject({ chunkDeadlineMs: 100, maxIdleMs: null, devnet: true });
    const waiting = parseGenesis(file({}, { maxIdleMs: null }));
    expect(waiting.maxIdleMs).toBeNull();
  });

  test('gasLimit is the block’s', () => {
    expect(parseGenesis(file({ gasLimit: '0x3938700' })).chunkGasLimit).toBe(30_000_000n);
    expect(parseGenesis(file({ gasLimit: 20 }, { chunkGasLimit: 10 })).chunkGasLimit).toBe(10n);
    expect(parseGenesis(file({}, { chunkGasLimit: '0xa' })).chunkGasLimit).toBe(10n);
    for (const [gasLimit, heddle] of [
      [21, {}],
      [0, {}],
      [10, { chunkGasLimit: 10 }],
    ] as const) {
      expect(() => parseGenesis(file({ gasLimit }, heddle))).toThrow(
        expect.objectContaining({ facts: expect.objectContaining({ key: 'gasLimit' }) }),
      );
    }
  });

  test('globalGasLimit is the section’s: no less than a transaction may ask for, unless there is one shard', () => {
    expect(parseGenesis(file({}, { globalGasLimit: '0x1000000' })).globalGasLimit).toBe(2n ** 24n);
    expect(parseGenesis(file({}, { chunkGasLimit: 10 })).globalGasLimit).toBe(2n ** 24n);
    expect(parseGenesis(file({}, { chunkGasLimit: 2 ** 24 + 1 })).globalGasLimit).toBe(2n ** 24n + 1n);
    expect(parseGenesis(file({}, { shards: 1, globalGasLimit: 5 })).globalGasLimit).toBe(5n);
    expect(parseGenesis(file({ gasLimit: 60_000_000 }, { globalGasLimit: 20_000_000 }))).toMatchObject({
      chunkGasLimit: 30_000_000n,
      globalGasLimit: 20_000_000n,
    });
  });

  const [first, second] = validators;
  test.each<[unknown, string, string]>([
    [null, 'the file', 'an object is expected, not null'],
    [[], 'the file', 'an object is expected'],
    [{}, 'config', 'an object is expected, not nothing'],
    [{ config: {} }, 'config.chainId', 'a number'],
    [file({}, {}, { chainId: 0 }), 'config.chainId', 'at least 1'],
    [file({}, {}, { chainId: '0xffffffffffffffff' }), 'config.chainId', 'is above'],
    [{ config: { chainId: 1 } }, 'config.heddle', 'an object is expected'],
    [file({}, { shard: 2 }), 'config.heddle.shard', 'did you mean shards?'],
    [file({}, { quantumLeap: 2 }), 'config.heddle.quantumLeap', 'known keys: shards'],
    [file({}, { epochLength: 3 }), 'config.heddle.epochLength', 'from 4 to'],
    [file({}, { registryOwner: '0x01' }), 'config.heddle.registryOwner', '40 hexadecimal digits'],
    [file({}, { shards: 65 }), 'config.heddle.shards', 'from 1 to 64'],
    [file({}, { shards: '2' }), 'config.heddle.shards', 'not "2"'],
    [file({}, { validators: [] }), 'config.heddle.validators', '1 to 1024'],
    [file({}, { validators: [first, first] }), 'config.heddle.validators[1].publicKey', 'listed twice'],
    [
      file({}, { validators: [{ ...first, proofOfPossession: second?.proofOfPossession }] }),
      'config.heddle.validators[0].proofOfPossession',
      'does not prove',
    ],
    [
      file({}, { validators: [{ ...first, publicKey: '0x00' }] }),
      'config.heddle.validators[0].publicKey',
      '1 bytes, not 48',
    ],
    [
      file({}, { validators: [{ ...first, pubkey: '0x00' }] }),
      'config.heddle.validators[0].pubkey',
      'did you mean publicKey?',
    ],
    [file({}, { deltaMs: 0 }), 'config.heddle.deltaMs', 'from 1 to'],
    [file({}, { deltaMs: 1.5 }), 'config.heddle.deltaMs', 'a whole number'],
    [file({}, { devnet: 'yes' }), 'config.heddle.devnet', 'true or false'],
    [
      file({
        alloc: {
          ['0x01'.padEnd(42, '0')]: { balance: `0x${'f'.repeat(64)}` },
          ['0x02'.padEnd(42, '0')]: { balance: 1 },
        },
      }),
      'alloc',
      'all balances together',
    ],
    [file({}, { chunkGasLimit: 0 }), 'config.heddle.chunkGasLimit', 'at least 1'],
    // A full chunk could not be sent.
    [file({}, { chunkGasLimit: 80_000_001 }), 'config.heddle.chunkGasLimit', 'is above 80000000'],
    [file({}, { globalGasLimit: 2 ** 24 - 1 }), 'config.heddle.globalGasLimit', '16777215 is below 16777216'],
    [file({}, { globalGasLimit: 80_000_001 }), 'config.heddle.globalGasLimit', 'is above 80000000'],
    [file({}, { dispatch: 1 }), 'config.heddle.dispatch', 'true or false'],
    [file({ gasLimit: 160_000_001 }), 'gasLimit', 'is above 160000000'],
    [
      file({}, { residence: { '0x0000000000000000000000000000000000000002': 2 } }),
      'config.heddle.residence.0x0000000000000000000000000000000000000002',
      'from 0 to 1',
    ],
    [
      file({}, { residence: { '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266': 1 } }),
      'config.heddle.residence.0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
      'no contract at this address',
    ],
    [file({ baseFeePerGass: 1 }), 'baseFeePerGass', 'did you mean baseFeePerGas?'],
    [file({ number: '0x1' }), 'number', 'is above 0'],
    [file({ extraData: `0x${'00'.repeat(33)}` }), 'extraData', 'at most 32'],
    [file({ extraData: '0x0' }), 'extraData', 'odd'],
    [file({ timestamp: -1 }), 'timestamp', 'not a whole number'],
    [file({ timestamp: '12 s' }), 'timestamp', 'a number'],
    [file({ mixHash: '0x00' }), 'mixHash', '1 bytes, not 32'],
    [file({ alloc: { '0x01': {} } }), 'alloc.0x01', '40 hexadecimal digits'],
    [
      file({ alloc: { ['0'.repeat(40)]: {}, [`0x${'0'.repeat(40)}`]: {} } }),
      `alloc.0x${'0'.repeat(40)}`,
      'listed twice',
    ],
    [file({ alloc: { ['0'.repeat(40)]: { balanse: 1 } } }), `alloc.${'0'.repeat(40)}.balanse`, 'did you mean balance?'],
    [file({ alloc: { ['0'.repeat(40)]: { balance: 1e22 } } }), `alloc.${'0'.repeat(40)}.balance`, 'as a string'],
    [
      file({ alloc: { ['0'.repeat(40)]: { storage: { '0x1': '0x1', '0x01': '0x2' } } } }),
      `alloc.${'0'.repeat(40)}.storage.0x01`,
      'listed twice',
    ],
    [
      file({ alloc: { ['0'.repeat(40)]: { storage: { '1': '0x1' } } } }),
      `alloc.${'0'.repeat(40)}.storage.1`,
      'at most 64 digits',
    ],
  ])('%#: refused at %s', (json, key, reason) => {
    expect(() => parseGenesis(json)).toThrow(
      expect.objectContaining({
        code: 'INVALID_GENESIS',
        facts: expect.objectContaining({ key, reason: expect.stringContaining(reason) }),
      }),
    );
  });
});

describe('genesisToJson', () => {
  test('parses back to the same, and is the same text for the same genesis', () => {
    const residence = { '0x0000000000000000000000000000000000000002': 1 };
    const genesis = parseGenesis(file({}, { residence, globalGasLimit: 40_000_000, dispatch: true }));
    expect(genesis).toMatchObject({ globalGasLimit: 40_000_000n, dispatch: true });
    const text = genesisToJson(genesis);
    expect(parseGenesis(JSON.parse(text))).toEqual(genesis);
    expect(genesisToJson(parseGenesis(JSON.parse(text)))).toBe(text);
    const shuffled = { ...genesis, alloc: new Map([...genesis.alloc].reverse()) };
    expect(genesisToJson(shuffled)).toBe(text);
  });

  test('quantities beyond 2^53 survive', () => {
    const genesis = parseGenesis(file({ timestamp: (2n ** 60n).toString() }, {}, { chainId: '9007199254740993' }));
    expect(parseGenesis(JSON.parse(genesisToJson(genesis)))).toEqual(genesis);
  });
});
