/**
 * The encodings, hashes and signatures of test-fixtures/golden, pinned: a change in one is a change of the protocol
 * and has to be made on purpose.
 *
 *     node_modules/.bin/node scripts/golden-vectors.ts           writes the files
 *     node_modules/.bin/node scripts/golden-vectors.ts --check   prints what differs, exits 1
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { given, readCommandLine } from '@heddle/command-line';
import {
  bigintToBytes,
  blsAggregate,
  blsProvePossession,
  blsPublicKey,
  blsSecretKeyFromSeed,
  blsSign,
  bytesToHex,
  type Hex,
  hexToBytes,
  keccak256,
  keccak256Hex,
} from '@heddle/primitives';
import * as types from '@heddle/types';

const FOLDER = new URL('../test-fixtures/golden/', import.meta.url);

/** Account 0 of the mnemonic `test … junk`. */
const PRIVATE_KEY = hexToBytes('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
const SECRET_KEYS = [1, 2, 3, 4].map((byte) => blsSecretKeyFromSeed(new Uint8Array(32).fill(byte)));
const SECRET_KEY = SECRET_KEYS[0] ?? new Uint8Array(32);

/** Distinct and recognizable: no two fields of one length can change places unseen. */
function filled(byte: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(byte);
}

function hash(byte: number): types.Hash {
  return bytesToHex(filled(byte, 32));
}

function address(byte: number): types.Address {
  return bytesToHex(filled(byte, 20));
}

interface Vector {
  readonly name: string;
  /** bigint as decimal text, bytes as hex. */
  readonly value: unknown;
  readonly encoding: Hex;
  readonly hash?: Hex;
}

function vector(name: string, value: unknown, encoding: Uint8Array): Vector {
  return { name, value, encoding: bytesToHex(encoding), hash: keccak256Hex(encoding) };
}

const LOG: types.Log = { address: address(0x11), topics: [hash(0x12), hash(0x13)], data: filled(0x14, 40) };

function unsignedTransactions(): readonly (readonly [string, types.UnsignedTransaction])[] {
  const to = address(0x70);
  const common = { nonce: 7n, gasLimit: 100_000n, to, value: 10n ** 18n, data: filled(0xda, 5) };
  const accessList = [{ address: address(0x21), storageKeys: [hash(0x22), hash(0x23)] }];
  const priced = { chainId: 31337n, gasPrice: 2_000_000_000n };
  const fees = { chainId: 31337n, maxPriorityFeePerGas: 1n, maxFeePerGas: 2_000_000_000n };
  const authorization = { chainId: 0n, address: address(0x31), nonce: 1n, yParity: 1, r: 2n, s: 3n };
  return [
    ['legacy without chain ID', { type: 0, ...common, chainId: null, gasPrice: 1n }],
    ['legacy', { type: 0, ...common, ...priced }],
    ['legacy create', { type: 0, ...common, ...priced, to: null }],
    ['access list', { type: 1, ...common, ...priced, accessList }],
    ['fee market', { type: 2, ...common, ...fees, accessList }],
    ['set code', { type: 4, ...common, ...fees, accessList, authorizationList: [authorization] }],
  ];
}

function transactions(): readonly Vector[] {
  return unsignedTransactions().map(([name, fields]) => {
    const { raw, signature, sender } = types.signTransaction(fields, PRIVATE_KEY);
    return vector(name, { fields, signature, sender, signingDigest: types.signingDigest(fields) }, raw);
  });
}

function receipts(): readonly Vector[] {
  const kinds = [0, 1, 2, 4] as const;
  return kinds.map((type) => {
    const logs = type === 0 ? [] : [LOG];
    const status = type === 0 ? 0 : 1;
    const receipt = { type, status, cumulativeGasUsed: 21_000n, logsBloom: types.logsBloom(logs), logs } as const;
    return vector(`type ${type}`, receipt, types.encodeReceipt(receipt));
  });
}

const BLOCK_HEADER: types.BlockHeader = {
  parentHash: hash(0x01),
  ommersHash: types.EMPTY_OMMERS_HASH,
  coinbase: address(0x02),
  stateRoot: hash(0x03),
  transactionsRoot: hash(0x04),
  receiptsRoot: hash(0x05),
  logsBloom: types.logsBloom([LOG]),
  difficulty: 0n,
  number: 300n,
  gasLimit: 60_000_000n,
  gasUsed: 42_000n,
  timestamp: 1_700_000_000n,
  extraData: filled(0x06, 32),
  mixHash: hash(0x07),
  nonce: new Uint8Array(8),
  baseFeePerGas: 1_000_000_000n,
  withdrawalsRoot: types.EMPTY_TRIE_ROOT,
  blobGasUsed: 0n,
  excessBlobGas: 0n,
  parentBeaconBlockRoot: hash(0x08),
  requestsHash: types.EMPTY_REQUESTS_HASH,
};

const CHUNK_HEADER: types.ChunkHeader = {
  shard: 1,
  height: 300n,
  parentChunkHash: hash(0x41),
  parentBlockHash: hash(0x42),
  stateRoot: hash(0x43),
  transactionsRoot: hash(0x44),
  dispatchedRoot: hash(0x45),
  receiptsRoot: hash(0x46),
  logsBloom: types.logsBloom([LOG]),
  gasUsed: 21_000n,
  gasLimit: 30_000_000n,
  baseFeePerGas: 1_000_000_000n,
  timestamp: 1_700_000_000n,
  coinbase: address(0x47),
  tips: 1_000_000n,
  accessListHash: hash(0x48),
  bodyRoot: hash(0x4b),
  outboxRoot: hash(0x49),
  inboundCursors: [0n, 5n],
  queuedWeight: 10_016n,
  executedCount: 2,
  logCount: 1,
  receiptGas: 20_000n,
  coveredHeight: 300n,
  producer: 3,
};

const ACCESS_LIST: types.BlockAccessList = [
  {
    address: address(0x51),
    storageChanges: [
      {
        slot: 0n,
        changes: [
          { index: 1, value: 0n },
          { index: 70_000, value: 2n ** 256n - 1n },
        ],
      },
    ],
    storageReads: [1n, 2n],
    balanceChanges: [{ index: 1, balance: 10n ** 18n }],
    nonceChanges: [{ index: 1, nonce: 8n }],
    codeChanges: [{ index: 2, code: filled(0x52, 3) }],
  },
  {
    address: address(0x53),
    storageChanges: [],
    storageReads: [],
    balanceChanges: [],
    nonceChanges: [],
    codeChanges: [],
  },
];

const ENDORSEMENT: types.EndorsementCertificate = {
  shard: 1,
  parentBlockHash: hash(0x42),
  chunkHash: types.hashChunkHeader(CHUNK_HEADER),
  bitmap: types.bitmapOf([0, 1, 3], 4),
  aggregate: filled(0x63, 96),
};

const TRANSACTION_BYTES = unsignedTransactions().map(([, fields]) => types.signTransaction(fields, PRIVATE_KEY).raw);

const SECTION: types.Section = {
  header: {
    transactionCount: TRANSACTION_BYTES.length,
    bodyRoot: types.hashSectionBody({ control: null, transactions: TRANSACTION_BYTES }),
    transactionsRoot: hash(0xa1),
    receiptsRoot: hash(0xa2),
    accessListHashes: [hash(0xa3), hash(0xa4)],
    logsBloom: types.logsBloom([LOG]),
    gasUsed: 126_000n,
    gasLimit: 30_000_001n,
    baseFeePerGas: 1_000_000_001n,
    stateRoots: [hash(0xa5), hash(0xa6)],
    outboxRoots: [hash(0xa7), hash(0xa8)],
  },
  control: null,
  transactions: TRANSACTION_BYTES,
};

const BLOCK: types.Block = {
  header: BLOCK_HEADER,
  view: 310n,
  leader: 2,
  randaoReveal: filled(0x64, 192),
  chunks: [
    { header: { ...CHUNK_HEADER, shard: 0, height: 299n }, certificate: null },
    { header: CHUNK_HEADER, certificate: ENDORSEMENT },
  ],
  section: SECTION,
};

const BLOCK_OF_ONE_SHARD: types.Block = { ...BLOCK, chunks: BLOCK.chunks.slice(0, 1), section: null };

function blocks(): readonly Vector[] {
  const chunk: types.Chunk = {
    header: CHUNK_HEADER,
    body: { transactions: TRANSACTION_BYTES, accessList: ACCESS_LIST },
    signature: filled(0x65, 192),
  };
  return [
    vector('block header', BLOCK_HEADER, types.encodeBlockHeader(BLOCK_HEADER)),
    vector('chunk header', CHUNK_HEADER, types.encodeChunkHeader(CHUNK_HEADER)),
    vector('chunk', chunk, types.encodeChunk(chunk)),
    vector('endorsement certificate', ENDORSEMENT, types.encodeEndorsementCertificate(ENDORSEMENT)),
    vector('block', BLOCK, types.encodeBlock(BLOCK)),
    extraDataOf(BLOCK),
    vector('block of one shard', BLOCK_OF_ONE_SHARD, types.encodeBlock(BLOCK_OF_ONE_SHARD)),
    extraDataOf(BLOCK_OF_ONE_SHARD),
    vector('section header', SECTION.header, types.encodeSectionHeader(SECTION.header)),
    vector('section', SECTION, types.encodeSection(SECTION)),
    vector('block access list', ACCESS_LIST, types.encodeAccessList(ACCESS_LIST)),
    vector('empty block access list', [], types.encodeAccessList([])),
  ];
}

function extraDataOf({ view, leader, randaoReveal, chunks, section }: types.Block): Vector {
  const extraData = types.blockExtraData(view, leader, randaoReveal, chunks, section?.header ?? null);
  return { name: 'extraData of that block', value: null, encoding: bytesToHex(extraData) };
}

function messages(): readonly Vector[] {
  const fields = {
    id: hash(0x71),
    source: 0,
    destination: 1,
    sourceHeight: 299n,
    sequence: 4n,
    originTx: hash(0x72),
    target: address(0x73),
    value: 10n ** 18n,
  };
  const [, [, unsigned] = []] = unsignedTransactions();
  if (unsigned === undefined) throw new Error('there is a second transaction');
  const transaction = types.signTransaction(unsigned, PRIVATE_KEY);
  const list: readonly types.Message[] = [
    {
      kind: 'call',
      ...fields,
      sender: transaction.sender,
      transaction,
      feeTerms: { baseFeePerGas: 10n ** 9n, effectiveGasPrice: 2n * 10n ** 9n },
      sourceGasUsed: 21_080n,
      calldataFloorGas: 21_200n,
    },
    { kind: 'credit', ...fields, sender: address(0x74) },
  ];
  return list.map((message) => vector(message.kind, message, types.encodeMessage(message)));
}

const TUPLE: types.ProposalTuple = {
  epoch: 1n,
  view: 310n,
  parentView: 308n,
  parentHash: hash(0x01),
  blockHash: types.hashBlockHeader(BLOCK_HEADER),
  justificationRoot: hash(0x81),
};

const DOMAIN: types.SigningDomain = {
  genesisHash: hash(0x82),
  chainId: 31337n,
  epoch: 1n,
  validatorSetHash: types.hashValidators(validators()),
};

function validators(): readonly types.Validator[] {
  return SECRET_KEYS.map((secretKey) => ({
    publicKey: blsPublicKey(secretKey),
    proofOfPossession: blsProvePossession(secretKey),
  }));
}

function signingRequests(): readonly types.SigningRequest[] {
  const place = { shard: 1, parentBlockHash: hash(0x42), chunkHash: ENDORSEMENT.chunkHash, height: 300n };
  return [
    { kind: 'propose', tuple: TUPLE },
    { kind: 'notarize', tuple: TUPLE },
    { kind: 'nullify', epoch: 1n, view: 310n },
    { kind: 'finalize', tuple: TUPLE },
    { kind: 'endorse', ...place },
    { kind: 'produce', ...place },
    { kind: 'randao', epoch: 1n, view: 310n },
  ];
}

function signatures(): readonly unknown[] {
  return signingRequests().map((request) => {
    const message = types.signingMessage(DOMAIN, request);
    const made = SECRET_KEYS.map((secretKey) => blsSign(secretKey, message));
    return { request, message, signature: made[0], aggregateOfAllFour: blsAggregate(made) };
  });
}

function consensusVectors(): readonly Vector[] {
  const signature = filled(0x91, 192);
  const aggregate = filled(0x91, 96);
  const bitmap = types.bitmapOf([0, 2, 3], 4);
  const certified = { tuple: TUPLE, bitmap, aggregate };
  const skip = { kind: 'nullify', epoch: 1n, view: 309n, bitmap, aggregate } as const;
  const leaderNotarize = { kind: 'notarize', tuple: TUPLE, signer: 2, signature } as const;
  const proposal: types.Proposal = {
    tuple: TUPLE,
    block: BLOCK,
    parentCertificate: { kind: 'notarize', ...certified },
    skipCertificates: [skip],
    leaderSignature: filled(0x92, 192),
    leaderNotarize,
  };
  const votes: readonly types.Vote[] = [
    leaderNotarize,
    { kind: 'nullify', epoch: 1n, view: 310n, signer: 2, signature },
    { ...leaderNotarize, kind: 'finalize' },
  ];
  const certificates: readonly types.Certificate[] = [
    { kind: 'notarize', ...certified },
    skip,
    { kind: 'finalize', ...certified },
  ];
  const statuses: readonly types.Status[] = [
    { epoch: 1n, currentView: 1n, bestFinalization: null },
    { epoch: 1n, currentView: 311n, bestFinalization: { kind: 'finalize', ...certified } },
  ];
  const root = types.justificationRoot(proposal.parentCertificate, proposal.skipCertificates);
  return [
    ...votes.map((vote) => vector(`${vote.kind} vote`, vote, types.encodeVote(vote))),
    ...certificates.map((certificate) => ({
      ...vector(`${certificate.kind} certificate`, certificate, types.encodeCertificate(certificate)),
      // SHA-256, unlike the others.
      hash: types.hashCertificate(certificate),
    })),
    vector('proposal', proposal, types.encodeProposal(proposal)),
    { name: 'justification root of that proposal', value: null, encoding: root },
    { name: 'proposal ID of its tuple', value: TUPLE, encoding: bytesToHex(types.proposalId(TUPLE)) },
    ...statuses.map((status, index) => vector(`status ${index}`, status, types.encodeStatus(status))),
  ];
}

function keys(): unknown {
  return {
    accounts: [PRIVATE_KEY, keccak256(PRIVATE_KEY), bigintToBytes(1n, 32)].map((privateKey) => {
      const [, , , , [, fields] = []] = unsignedTransactions();
      if (fields === undefined) throw new Error('there is a fifth transaction');
      return { privateKey, address: types.signTransaction(fields, privateKey).sender };
    }),
    validators: validators().map((validator, index) => ({ secretKey: SECRET_KEYS[index], ...validator })),
    validatorSetHash: types.hashValidators(validators()),
    message: filled(0x07, 32),
    signature: blsSign(SECRET_KEY, filled(0x07, 32)),
  };
}

function genesis(): string {
  const emptyAccount = { nonce: 0n, code: new Uint8Array(0), storage: new Map<bigint, bigint>(), shard: null };
  return types.genesisToJson({
    chainId: 31337n,
    timestamp: 1_700_000_000n,
    extraData: filled(0x0e, 4),
    mixHash: hash(0x0f),
    coinbase: types.ZERO_ADDRESS,
    baseFeePerGas: 1_000_000_000n,
    chunkGasLimit: 30_000_000n,
    globalGasLimit: 40_000_000n,
    dispatch: true,
    shardCount: 2,
    validators: validators(),
    epochLength: 7_200n,
    registryOwner: address(0x0d),
    deltaMs: 500,
    chunkDeadlineMs: 100,
    maxIdleMs: null,
    blockTimeMs: 0,
    devnet: true,
    alloc: new Map([
      ['0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266', { ...emptyAccount, balance: 10n ** 22n }],
      [address(0x0c), { balance: 0n, nonce: 1n, code: filled(0x60, 2), storage: new Map([[1n, 2n]]), shard: 1 }],
    ]),
  });
}

function files(): ReadonlyMap<string, string> {
  const json = (value: unknown): string => `${JSON.stringify(value, replacer, 2)}\n`;
  return new Map([
    ['transactions.json', json(transactions())],
    ['receipts.json', json(receipts())],
    ['blocks.json', json(blocks())],
    ['messages.json', json(messages())],
    ['consensus.json', json(consensusVectors())],
    ['signatures.json', json({ domain: DOMAIN, signatures: signatures() })],
    ['keys.json', json(keys())],
    ['genesis.json', genesis()],
  ]);
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? bytesToHex(value) : value;
}

/** What differs from the files that are there, as lines. */
function differences(expected: ReadonlyMap<string, string>): string[] {
  const lines: string[] = [];
  for (const [name, text] of expected) {
    const file = new URL(name, FOLDER);
    if (existsSync(file)) lines.push(...lineDifferences(name, readFileSync(file, 'utf8'), text));
    else lines.push(`${name}: is missing`);
  }
  const present = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
  for (const name of present) if (!expected.has(name)) lines.push(`${name}: no vector is made for this file`);
  return lines;
}

function lineDifferences(name: string, stored: string, made: string): string[] {
  const before = stored.split('\n');
  const after = made.split('\n');
  const lines: string[] = [];
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    if (before[i] === after[i]) continue;
    lines.push(`${name}:${i + 1}`, `- ${before[i] ?? '(no line)'}`, `+ ${after[i] ?? '(no line)'}`);
  }
  return lines;
}

async function main(): Promise<number> {
  const { flags } = await readCommandLine({
    runs: 'npm run golden --',
    about: 'Writes the golden vectors',
    words: '',
    flags: { check: { typed: '--check', help: 'write nothing, say what differs', kind: given, usual: false } },
  });
  const made = files();
  const lines = differences(made);
  if (flags.check) {
    for (const line of lines) process.stdout.write(`${line}\n`);
    process.stdout.write(lines.length === 0 ? `${made.size} golden files are as they should be\n` : '');
    return lines.length === 0 ? 0 : 1;
  }
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of made) writeFileSync(new URL(name, FOLDER), text);
  process.stdout.write(`${made.size} golden files written, ${lines.length === 0 ? 'none' : 'some'} changed\n`);
  return 0;
}

process.exitCode = await main();
