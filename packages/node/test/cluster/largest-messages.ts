import { MAX_TRANSACTION_BYTES } from '@heddle/mempool';
import {
  decodeChunkResponse,
  decodeRangeResponse,
  decodeWireMessage,
  encodeBlockResponse,
  encodeChunkResponse,
  encodeRangeResponse,
  encodeWireMessage,
  MAX_PROPOSAL_BYTES,
  MessageTooLargeError,
  type WireMessage,
} from '@heddle/network';
import {
  type Block,
  type BlockChunk,
  type Chunk,
  type Endorsement,
  encodeChunk,
  encodeProposal,
  MAX_CHUNK_BYTES,
  MAX_SECTION_BYTES,
  type NullifyCertificate,
  type Proposal,
  type ProposalTuple,
  type Section,
  type TupleCertificate,
  type TupleVote,
} from '@heddle/types';
import { emptyBlock, emptyChunkAt } from '../support/blocks.ts';
import type { Facts, Scenario } from './scenario.ts';

const U64 = 2n ** 64n - 1n;
const SHARDS = 64;
const VALIDATORS = 1_024;
/** Views that the engine remembers above the final one. */
const SKIPPED_VIEWS = 4_096;
const HASH = `0x${'ff'.repeat(32)}` as const;
const SIGNATURE = new Uint8Array(192).fill(0xff);
const BITMAP = new Uint8Array(VALIDATORS / 8).fill(0xff);
const AGGREGATE = new Uint8Array(96).fill(0xff);

const TUPLE: ProposalTuple = {
  epoch: U64,
  view: U64,
  parentView: U64,
  parentHash: HASH,
  blockHash: HASH,
  justificationRoot: HASH,
};
const VOTE: TupleVote = { kind: 'notarize', tuple: TUPLE, signer: VALIDATORS - 1, signature: SIGNATURE };
const FINALIZATION: TupleCertificate = { kind: 'finalize', tuple: TUPLE, bitmap: BITMAP, aggregate: AGGREGATE };

/** Every number as large as its field takes it. */
function largestChunkHeader(): Chunk['header'] {
  const { header } = emptyChunkAt(U64).chunk;
  return {
    ...header,
    shard: SHARDS - 1,
    gasUsed: U64,
    gasLimit: U64,
    baseFeePerGas: 2n ** 256n - 1n,
    timestamp: U64,
    tips: 2n ** 256n - 1n,
    inboundCursors: Array.from({ length: SHARDS }, () => U64),
    receiptGas: U64,
    queuedWeight: U64,
    coveredHeight: U64,
    producer: VALIDATORS - 1,
  };
}

function largestSection(): Section {
  const hashes = Array.from({ length: SHARDS }, () => HASH);
  const transactions = Array.from({ length: MAX_SECTION_BYTES / MAX_TRANSACTION_BYTES }, () =>
    new Uint8Array(MAX_TRANSACTION_BYTES).fill(0xff),
  );
  const header = {
    transactionCount: transactions.length,
    bodyRoot: HASH,
    transactionsRoot: HASH,
    receiptsRoot: HASH,
    accessListHashes: hashes,
    logsBloom: new Uint8Array(256).fill(0xff),
    gasUsed: U64,
    gasLimit: U64,
    baseFeePerGas: 2n ** 256n - 1n,
    stateRoots: hashes,
    outboxRoots: hashes,
  };
  return { header, control: null, transactions };
}

function largestBlock(): Block {
  const header = largestChunkHeader();
  const certificate = {
    shard: SHARDS - 1,
    parentBlockHash: HASH,
    chunkHash: HASH,
    bitmap: BITMAP,
    aggregate: AGGREGATE,
  };
  const chunk: BlockChunk = { header, certificate };
  const { block } = emptyBlock(null);
  const extraData = new Uint8Array(32);
  return {
    header: { ...block.header, number: U64, gasLimit: U64, gasUsed: U64, timestamp: U64, extraData },
    view: U64,
    leader: VALIDATORS - 1,
    randaoReveal: SIGNATURE,
    chunks: Array.from({ length: SHARDS }, () => chunk),
    section: largestSection(),
  };
}

function proposalOf(block: Block, skipCertificates: readonly NullifyCertificate[]): Proposal {
  return {
    tuple: TUPLE,
    block,
    parentCertificate: FINALIZATION,
    skipCertificates,
    leaderSignature: SIGNATURE,
    leaderNotarize: VOTE,
  };
}

function skips(count: number, bitmap: Uint8Array, number: bigint): readonly NullifyCertificate[] {
  const skip: NullifyCertificate = { kind: 'nullify', epoch: number, view: number, bitmap, aggregate: AGGREGATE };
  return Array.from({ length: count }, () => skip);
}

/** Of each kind the largest there is that has a fixed number of fields, and the largest transaction that the pool takes. */
function smallMessages(): readonly WireMessage[] {
  const endorsement: Endorsement = {
    shard: SHARDS - 1,
    parentBlockHash: HASH,
    chunkHash: HASH,
    signer: VALIDATORS - 1,
    signature: SIGNATURE,
  };
  return [
    { kind: 'vote', vote: VOTE },
    { kind: 'certificate', certificate: FINALIZATION },
    { kind: 'certificateRequest', epoch: U64, view: U64 },
    { kind: 'status', status: { epoch: U64, currentView: U64, bestFinalization: FINALIZATION } },
    { kind: 'endorsement', endorsement },
    { kind: 'transactions', transactions: [new Uint8Array(MAX_TRANSACTION_BYTES)] },
  ];
}

/** A peer takes what this node makes of it. */
function isMessage(message: WireMessage): boolean {
  return decodeWireMessage(encodeWireMessage(message)).kind === message.kind;
}

function isTooLarge(encode: () => Uint8Array): boolean {
  try {
    encode();
    return false;
  } catch (error) {
    return error instanceof MessageTooLargeError;
  }
}

async function proposals(): Promise<Facts> {
  const block = largestBlock();
  const proposal = proposalOf(block, skips(SKIPPED_VIEWS, BITMAP, U64));
  const { length } = encodeProposal(proposal);
  const range = { blocks: [{ block, chunks: [] }], bestFinalization: FINALIZATION };
  return {
    isMessage: isMessage({ kind: 'proposal', proposal }),
    moreThanHalf: length > MAX_PROPOSAL_BYTES / 2,
    blockIsAnswer: encodeBlockResponse(block).length > 0,
    rangeHoldsIt: decodeRangeResponse(encodeRangeResponse(range)).blocks.length,
  };
}

/** `bytes` long when it is encoded. */
function chunkOf(bytes: number): Chunk {
  const { chunk } = emptyChunkAt(1n);
  const fill = (length: number): Chunk => ({
    ...chunk,
    header: largestChunkHeader(),
    body: { transactions: [new Uint8Array(length)], accessList: [] },
  });
  const overhead = encodeChunk(fill(bytes - 100_000)).length - (bytes - 100_000);
  return fill(bytes - overhead);
}

async function chunks(): Promise<Facts> {
  const largest = chunkOf(MAX_CHUNK_BYTES);
  return {
    isOfTheLimit: encodeChunk(largest).length === MAX_CHUNK_BYTES,
    isMessage: isMessage({ kind: 'chunk', chunk: largest }),
    isAnswer: decodeChunkResponse(encodeChunkResponse(largest)) !== null,
    oneByteMore: isTooLarge(() => encodeWireMessage({ kind: 'chunk', chunk: chunkOf(MAX_CHUNK_BYTES + 1) })),
  };
}

/** A leader fills its proposal with certificates that justify nothing; everyone passes on the evidence. */
async function badJustification(bitmap: Uint8Array, number: bigint): Promise<Facts> {
  const { block } = emptyBlock(null);
  const lengthOf = (count: number): number => encodeProposal(proposalOf(block, skips(count, bitmap, number))).length;
  const each = (lengthOf(2_000) - lengthOf(1_000)) / 1_000;
  const count = Math.floor((MAX_PROPOSAL_BYTES - lengthOf(2_000)) / each) + 1_998;
  const proposal = proposalOf(block, skips(count, bitmap, number));
  const { parentCertificate, skipCertificates } = proposal;
  const bad = {
    kind: 'badJustification',
    culprit: VALIDATORS - 1,
    vote: VOTE,
    parentCertificate,
    skipCertificates,
  } as const;
  return {
    proposalIsMessage: isMessage({ kind: 'proposal', proposal }),
    proposalIsFull: encodeProposal(proposal).length > MAX_PROPOSAL_BYTES - 4 * each,
    evidenceIsMessage: isMessage({ kind: 'evidence', report: { epoch: U64, evidence: bad } }),
  };
}

/** What a node may ever have to say fits the limits of the wire. In plain Node: a test's VM is slow at it. */
export const LARGEST_MESSAGES: readonly Scenario[] = [
  { name: 'largest: small messages', run: async () => ({ fitting: smallMessages().filter(isMessage).length }) },
  { name: 'largest: proposal', run: proposals },
  { name: 'largest: chunk', run: chunks },
  { name: 'largest: evidence of short certificates', run: () => badJustification(Uint8Array.of(1), 0n) },
  { name: 'largest: evidence of long certificates', run: () => badJustification(BITMAP, U64) },
];
