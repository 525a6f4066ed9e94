import { bytesToHex } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import { TypedDataEncoder } from 'ethers';
import fc from 'fast-check';
import { hashTypedData, recoverTypedDataAddress } from 'viem';
import { parseTypedData } from '../src/parse/typed-data.ts';
import { typedDataDigest } from '../src/typed-data/digest.ts';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const digest = (data: unknown): string => bytesToHex(typedDataDigest(parseTypedData(data)));

const DOMAIN = { name: 'Ether Mail', version: '1', chainId: 31337, verifyingContract: BOB } as const;
const DOMAIN_TYPE = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const;
const TYPES = {
  Person: [
    { name: 'name', type: 'string' },
    { name: 'wallets', type: 'address[]' },
  ],
  Group: [
    { name: 'members', type: 'Person[]' },
    { name: 'grid', type: 'int16[2][]' },
    { name: 'tag', type: 'bytes4' },
    { name: 'blob', type: 'bytes' },
    { name: 'open', type: 'bool' },
    { name: 'owner', type: 'Person' },
  ],
} as const;
const ANN = { name: 'Ann', wallets: [ALICE, BOB] } as const;
const MESSAGE = {
  members: [ANN, { name: '', wallets: [] }],
  grid: [
    [1, -2],
    [-32768, 32767],
  ],
  tag: '0x01020304',
  blob: '0x00ff',
  open: true,
  owner: ANN,
} as const;
const DATA = { types: { EIP712Domain: DOMAIN_TYPE, ...TYPES }, primaryType: 'Group', domain: DOMAIN, message: MESSAGE };

describe('EIP-712 digests', () => {
  test("the EIP's own example", () => {
    const person = [
      { name: 'name', type: 'string' },
      { name: 'wallet', type: 'address' },
    ];
    const data = {
      types: {
        EIP712Domain: DOMAIN_TYPE,
        Person: person,
        Mail: [
          { name: 'from', type: 'Person' },
          { name: 'to', type: 'Person' },
          { name: 'contents', type: 'string' },
        ],
      },
      primaryType: 'Mail',
      domain: {
        name: 'Ether Mail',
        version: '1',
        chainId: 1,
        verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC',
      },
      message: {
        from: { name: 'Cow', wallet: '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826' },
        to: { name: 'Bob', wallet: '0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB' },
        contents: 'Hello, Bob!',
      },
    };
    expect(digest(data)).toBe('0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2');
    expect(digest(JSON.stringify(data))).toBe(digest(data));
  });

  test('structs, arrays of arrays, negative numbers: as viem and ethers', () => {
    const { Person, Group } = TYPES;
    expect(digest(DATA)).toBe(hashTypedData({ domain: DOMAIN, types: TYPES, primaryType: 'Group', message: MESSAGE }));
    expect(digest(DATA)).toBe(TypedDataEncoder.hash(DOMAIN, { Person: [...Person], Group: [...Group] }, MESSAGE));
  });

  test('without EIP712Domain the domain says what it is', () => {
    expect(digest({ ...DATA, types: TYPES })).toBe(digest(DATA));
    expect(digest({ ...DATA, types: TYPES, domain: {} })).toBe(
      hashTypedData({ domain: {}, types: TYPES, primaryType: 'Group', message: MESSAGE }),
    );
  });

  test('the domain itself as the message', () => {
    const types = { EIP712Domain: DOMAIN_TYPE };
    expect(digest({ types, primaryType: 'EIP712Domain', domain: DOMAIN })).toBe(
      hashTypedData({ domain: { ...DOMAIN, chainId: 31337n }, types, primaryType: 'EIP712Domain' }),
    );
  });

  test('a recursive struct ends with one that is not there', () => {
    const types = {
      EIP712Domain: [],
      Node: [
        { name: 'value', type: 'uint8' },
        { name: 'next', type: 'Node' },
      ],
    };
    const shape = (message: unknown): string => digest({ types, primaryType: 'Node', domain: {}, message });
    expect(shape({ value: 1, next: { value: 2 } })).toBe(shape({ value: 1, next: { value: 2, next: null } }));
    expect(shape({ value: 1 })).not.toBe(shape({ value: 1, next: { value: 0 } }));
  });

  test('integers of every width as ethers encodes them', () => {
    const widths = fc.integer({ min: 1, max: 32 }).map((bytes) => bytes * 8);
    fc.assert(
      fc.property(widths, fc.boolean(), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (bits, signed, random) => {
        const value = signed ? BigInt.asIntN(bits, random) : BigInt.asUintN(bits, random);
        const types = { T: [{ name: 'v', type: `${signed ? '' : 'u'}int${bits}` }] };
        const data = { types, primaryType: 'T', domain: DOMAIN, message: { v: value.toString() } };
        expect(digest(data)).toBe(TypedDataEncoder.hash(DOMAIN, types, { v: value }));
      }),
      { numRuns: 50 },
    );
  });
});

describe('what can not be signed says where', () => {
  const one = (type: string, value: unknown): unknown => ({
    types: { T: [{ name: 'v', type }] },
    primaryType: 'T',
    domain: {},
    message: { v: value },
  });
  test.each([
    ['nonsense', 'want typed data as an object or as JSON text'],
    [{}, 'missing field domain'],
    [{ types: {}, domain: {} }, 'missing field primaryType'],
    [{ types: {}, domain: {}, primaryType: 'T' }, 'primaryType: T is not in types'],
    [{ types: { 'a b': [] }, domain: {}, primaryType: 'T' }, 'types: a b is not a name'],
    [one('uint8', 256), 'message: v: 256 does not fit uint8'],
    [one('int8', '-129'), 'message: v: -129 does not fit int8'],
    [one('uint8', -1), 'message: v: -1 does not fit uint8'],
    [one('uint256', 2 ** 60), 'message: v: want a whole number; send those above 2^53 as strings'],
    [one('uint256', 'ten'), 'message: v: want an integer, got another string'],
    [one('uint7', 1), 'types: T.v: unknown type uint7'],
    [one('Missing[]', []), 'types: T.v: unknown type Missing[]'],
    [one('uint8[', []), 'types: T.v: unknown type uint8['],
    [one('bytes4', '0x010203'), 'message: v: want 4 bytes, got 3'],
    [one('uint8[2]', [1]), 'message: v: want 2 items, got 1'],
    [one('uint8[]', [1, 300]), 'message: v: [1]: 300 does not fit uint8'],
    [one('bool', 1), 'message: v: want true or false, got a number'],
    [one('address', '0x12'), 'message: v: hex string has length 2, want 40 for an address'],
    [one('string', undefined), 'message: v: want a string, got nothing'],
  ])('%j', async (data, message) => {
    expect(() => digest(data)).toThrow(message);
    expect(await harness().fail('eth_signTypedData_v4', ALICE, data)).toMatchObject({
      code: -32602,
      message: expect.stringContaining(message),
    });
  });

  test('nesting has a limit that the stack does not reach', () => {
    const types = { Node: [{ name: 'next', type: 'Node' }] };
    let message: object = {};
    for (let i = 0; i < 10_000; i++) message = { next: message };
    expect(() => digest({ types, primaryType: 'Node', domain: {}, message })).toThrow('nested deeper than 64 levels');
  });
});

test('eth_signTypedData_v4 signs what viem recovers', async () => {
  const signature = await harness().call('eth_signTypedData_v4', ALICE, DATA);
  expect(await harness().call('eth_signTypedData_v4', ALICE, JSON.stringify(DATA))).toBe(signature);
  const recovered = await recoverTypedDataAddress({
    domain: DOMAIN,
    types: TYPES,
    primaryType: 'Group',
    message: MESSAGE,
    signature: `0x${String(signature).slice(2)}`,
  });
  expect(recovered.toLowerCase()).toBe(ALICE);
});
