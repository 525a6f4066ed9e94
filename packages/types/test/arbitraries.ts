import { bytesToHex, SECP256K1_HALF_ORDER, SECP256K1_ORDER } from '@heddle/primitives';
import fc from 'fast-check';
import type {
  AccessList,
  AccountAccess,
  AnyEvidence,
  Authorization,
  Block,
  BlockAccessList,
  BlockHeader,
  Certificate,
  Chunk,
  ChunkAnnouncement,
  ChunkHeader,
  ControlOperation,
  ControlPart,
  ControlState,
  Endorsement,
  EndorsementCertificate,
  EvidenceReport,
  FeeMarketTransaction,
  Message,
  NullifyCertificate,
  Proposal,
  ProposalTuple,
  Receipt,
  RecoveredTransaction,
  Section,
  SectionHeader,
  SignedTransaction,
  SignedTuple,
  Status,
  StorageChange,
  TransactionSignature,
  TupleCertificate,
  TupleVote,
  UnsignedTransaction,
  Vote,
} from '../src/index.ts';
import { encodeImpersonated, encodeTransaction, hashChunkHeader } from '../src/index.ts';

/** Values of every type that has a codec, for properties. Numbers lean toward their ends. */
const bytesOf = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const hexOf = (length: number): fc.Arbitrary<`0x${string}`> => bytesOf(length).map(bytesToHex);
const uint = (bits: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(fc.constantFrom(0n, 1n, 127n, 128n, 2n ** bits - 1n), fc.bigInt({ min: 0n, max: 2n ** bits - 1n }));

export const address: fc.Arbitrary<`0x${string}`> = hexOf(20);
export const hash: fc.Arbitrary<`0x${string}`> = hexOf(32);
const u64 = uint(64n);
const u256 = uint(256n);
const bloom = bytesOf(256);
const signature = bytesOf(192);
const aggregate = bytesOf(96);
const data = fc.uint8Array({ maxLength: 70 });
const bitmap = fc.uint8Array({ maxLength: 128 });
const shard = fc.integer({ min: 0, max: 63 });
const validator = fc.integer({ min: 0, max: 1023 });
const few = { maxLength: 3 };

const accessList: fc.Arbitrary<AccessList> = fc.array(fc.record({ address, storageKeys: fc.array(hash, few) }), few);
const authorization: fc.Arbitrary<Authorization> = fc.record({
  chainId: u256,
  address,
  nonce: u64,
  yParity: fc.integer({ min: 0, max: 255 }),
  r: u256,
  s: u256,
});
const nonce = fc.oneof(fc.constant(2n ** 64n - 2n), fc.bigInt({ min: 0n, max: 2n ** 64n - 2n }));
const common = { nonce, gasLimit: u64, value: u256, data };
const to = fc.option(address, { nil: null });
const fees = { maxPriorityFeePerGas: u256, maxFeePerGas: u256 };
const legacyChainId = fc.option(fc.bigInt({ min: 0n, max: 2n ** 255n - 19n }), { nil: null });

const feeMarketFields: fc.Arbitrary<FeeMarketTransaction> = fc.record({
  type: fc.constant(2 as const),
  ...common,
  to,
  chainId: u256,
  ...fees,
  accessList,
});

export const transactionFields: fc.Arbitrary<UnsignedTransaction> = fc.oneof(
  fc.record({ type: fc.constant(0 as const), ...common, to, chainId: legacyChainId, gasPrice: u256 }),
  fc.record({ type: fc.constant(1 as const), ...common, to, chainId: u256, gasPrice: u256, accessList }),
  feeMarketFields,
  fc.record({
    type: fc.constant(3 as const),
    ...common,
    to: address,
    chainId: u256,
    ...fees,
    accessList,
    maxFeePerBlobGas: u256,
    blobVersionedHashes: fc.array(hash, few),
  }),
  fc.record({
    type: fc.constant(4 as const),
    ...common,
    to: address,
    chainId: u256,
    ...fees,
    accessList,
    authorizationList: fc.array(authorization, { minLength: 1, maxLength: 3 }),
  }),
);

const transactionSignature: fc.Arbitrary<TransactionSignature> = fc.record({
  yParity: fc.constantFrom(0 as const, 1 as const),
  r: fc.oneof(fc.constantFrom(1n, SECP256K1_ORDER - 1n), fc.bigInt({ min: 1n, max: SECP256K1_ORDER - 1n })),
  s: fc.oneof(fc.constantFrom(1n, SECP256K1_HALF_ORDER), fc.bigInt({ min: 1n, max: SECP256K1_HALF_ORDER })),
});

export const signedTransaction: fc.Arbitrary<SignedTransaction> = fc
  .tuple(transactionFields, transactionSignature)
  .map(([fields, made]) => encodeTransaction(fields, made));

export const impersonatedTransaction: fc.Arbitrary<SignedTransaction> = fc
  .tuple(feeMarketFields, address)
  .map(([fields, sender]) => {
    const { sender: _, ...signed } = encodeImpersonated(fields, sender);
    return signed;
  });

const log = fc.record({ address, topics: fc.array(hash, { maxLength: 4 }), data });

export const receipt: fc.Arbitrary<Receipt> = fc.record({
  type: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const, 4 as const),
  status: fc.constantFrom(0 as const, 1 as const),
  cumulativeGasUsed: u64,
  logsBloom: bloom,
  logs: fc.array(log, few),
});

export const blockHeader: fc.Arbitrary<BlockHeader> = fc.record({
  parentHash: hash,
  ommersHash: hash,
  coinbase: address,
  stateRoot: hash,
  transactionsRoot: hash,
  receiptsRoot: hash,
  logsBloom: bloom,
  difficulty: u256,
  number: u64,
  gasLimit: u64,
  gasUsed: u64,
  timestamp: u64,
  extraData: fc.uint8Array({ maxLength: 32 }),
  mixHash: hash,
  nonce: bytesOf(8),
  baseFeePerGas: u256,
  withdrawalsRoot: hash,
  blobGasUsed: u64,
  excessBlobGas: u64,
  parentBeaconBlockRoot: hash,
  requestsHash: hash,
});

export const chunkHeader: fc.Arbitrary<ChunkHeader> = fc.record({
  shard,
  height: u64,
  parentChunkHash: hash,
  parentBlockHash: hash,
  stateRoot: hash,
  transactionsRoot: hash,
  dispatchedRoot: hash,
  receiptsRoot: hash,
  logsBloom: bloom,
  gasUsed: u64,
  gasLimit: u64,
  baseFeePerGas: u256,
  timestamp: u64,
  coinbase: address,
  tips: u256,
  accessListHash: hash,
  bodyRoot: hash,
  outboxRoot: hash,
  inboundCursors: fc.array(u64, { maxLength: 64 }),
  queuedWeight: u64,
  executedCount: fc.integer({ min: 0, max: 0xffffffff }),
  logCount: fc.integer({ min: 0, max: 0xffffffff }),
  receiptGas: u64,
  coveredHeight: u64,
  producer: validator,
});

const accessIndex = fc.integer({ min: 0, max: 0xffffffff });

/** Sorted by `key`, one of each. */
function sorted<Entry>(
  entry: fc.Arbitrary<Entry>,
  key: (entry: Entry) => string | bigint | number,
): fc.Arbitrary<Entry[]> {
  return fc
    .uniqueArray(entry, { maxLength: 4, selector: key })
    .map((entries) => entries.sort((a, b) => (key(a) < key(b) ? -1 : 1)));
}

const storageChange: fc.Arbitrary<StorageChange> = fc.record({
  slot: u256,
  changes: sorted(fc.record({ index: accessIndex, value: u256 }), ({ index }) => index).filter(
    (list) => list.length > 0,
  ),
});

const accountAccess: fc.Arbitrary<AccountAccess> = fc
  .record({
    address,
    storageChanges: sorted(storageChange, ({ slot }) => slot),
    storageReads: sorted(u256, (slot) => slot),
    balanceChanges: sorted(fc.record({ index: accessIndex, balance: u256 }), ({ index }) => index),
    nonceChanges: sorted(fc.record({ index: accessIndex, nonce: u64 }), ({ index }) => index),
    codeChanges: sorted(fc.record({ index: accessIndex, code: data }), ({ index }) => index),
  })
  .map((account) => ({
    ...account,
    storageReads: account.storageReads.filter((slot) => account.storageChanges.every((change) => change.slot !== slot)),
  }));

export const blockAccessList: fc.Arbitrary<BlockAccessList> = sorted(accountAccess, (account) => account.address);

export const chunk: fc.Arbitrary<Chunk> = fc.record({
  header: chunkHeader,
  body: fc.record({ transactions: fc.array(data, few), accessList: blockAccessList }),
  signature,
});

export const endorsement: fc.Arbitrary<Endorsement> = fc.record({
  shard,
  parentBlockHash: hash,
  chunkHash: hash,
  signer: validator,
  signature,
});

export const endorsementCertificate: fc.Arbitrary<EndorsementCertificate> = fc.record({
  shard,
  parentBlockHash: hash,
  chunkHash: hash,
  bitmap,
  aggregate,
});

function sectionHeaderOf(shardCount: number): fc.Arbitrary<SectionHeader> {
  const oneEach = fc.array(hash, { minLength: shardCount, maxLength: shardCount });
  return fc.record({
    transactionCount: fc.integer({ min: 0, max: 104_857 }),
    bodyRoot: hash,
    transactionsRoot: hash,
    receiptsRoot: hash,
    accessListHashes: oneEach,
    logsBloom: bloom,
    gasUsed: u64,
    gasLimit: u64,
    baseFeePerGas: u256,
    stateRoots: oneEach,
    outboxRoots: oneEach,
  });
}

const operation: fc.Arbitrary<ControlOperation> = fc.oneof(
  fc.record({ kind: fc.constant('balance' as const), address, value: u256 }),
  fc.record({ kind: fc.constant('code' as const), address, code: data }),
  fc.record({ kind: fc.constant('nonce' as const), address, value: u64 }),
  fc.record({ kind: fc.constant('storage' as const), address, slot: u256, value: u256 }),
  fc.record({ kind: fc.constant('nextBaseFee' as const), value: u256 }),
  fc.record({ kind: fc.constant('nextPrevRandao' as const), value: hash }),
  fc.record({ kind: fc.constant('gasLimit' as const), value: u64 }),
);
const run: fc.Arbitrary<ControlOperation> = fc.record({
  kind: fc.constant('mine' as const),
  count: fc.bigInt({ min: 1n, max: 65_536n }),
  firstTimestamp: u64,
  interval: u64,
});
const operations = fc.oneof(
  fc.array(operation, { minLength: 1, maxLength: 3 }),
  fc.tuple(fc.array(operation, few), run).map(([before, last]) => [...before, last]),
);

const control: fc.Arbitrary<ControlPart> = fc.record({ number: u64, parentHash: hash, operations });

export const controlState: fc.Arbitrary<ControlState> = fc.record({
  nextNumber: u64,
  gasLimit: fc.option(u64, { nil: null }),
  nextBaseFee: fc.option(u256, { nil: null }),
  nextPrevRandao: fc.option(hash, { nil: null }),
});

function controlSectionOf(shardCount: number): fc.Arbitrary<Section> {
  return fc.record({ header: sectionHeaderOf(shardCount), control, transactions: fc.constant([]) });
}

/** With one shard only a control block has one. */
function sectionOf(shardCount: number): fc.Arbitrary<Section> {
  const header = sectionHeaderOf(shardCount);
  const plain = fc.record({ header, control: fc.constant(null), transactions: fc.array(data, few) });
  return fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: controlSectionOf(shardCount) });
}

export const sectionHeader: fc.Arbitrary<SectionHeader> = fc
  .oneof(fc.constant(64), fc.nat({ max: 4 }))
  .chain(sectionHeaderOf);

export const section: fc.Arbitrary<Section> = fc.nat({ max: 4 }).chain(sectionOf);

function sectionOfBlock(shardCount: number): fc.Arbitrary<Section | null> {
  if (shardCount > 1) return sectionOf(shardCount);
  return shardCount === 0 ? fc.constant(null) : fc.option(controlSectionOf(1), { nil: null });
}

export const block: fc.Arbitrary<Block> = fc.nat({ max: 3 }).chain((shardCount) =>
  fc.record({
    header: blockHeader,
    view: u64,
    leader: validator,
    randaoReveal: signature,
    chunks: fc.array(
      fc.record({ header: chunkHeader, certificate: fc.option(endorsementCertificate, { nil: null }) }),
      { minLength: shardCount, maxLength: shardCount },
    ),
    section: sectionOfBlock(shardCount),
  }),
);

const messageFields = {
  id: hash,
  source: shard,
  destination: shard,
  sourceHeight: u64,
  sequence: u64,
  originTx: hash,
  sender: address,
  target: address,
  value: u256,
};

const recovered: fc.Arbitrary<RecoveredTransaction> = fc
  .tuple(signedTransaction, address)
  .map(([signed, sender]) => ({ ...signed, sender }));

const sent: fc.Arbitrary<RecoveredTransaction> = fc.oneof(
  recovered,
  fc.tuple(feeMarketFields, address).map(([fields, sender]) => encodeImpersonated(fields, sender)),
);

export const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ kind: fc.constant('credit' as const), ...messageFields }),
  fc
    .record({
      kind: fc.constant('call' as const),
      ...messageFields,
      transaction: sent,
      feeTerms: fc.record({ baseFeePerGas: u256, effectiveGasPrice: u256 }),
      sourceGasUsed: u64,
      calldataFloorGas: u64,
    })
    .map((call) => ({ ...call, sender: call.transaction.sender })),
);

export const tuple: fc.Arbitrary<ProposalTuple> = fc.record({
  epoch: u64,
  view: u64,
  parentView: u64,
  parentHash: hash,
  blockHash: hash,
  justificationRoot: hash,
});

const tupleKind = fc.constantFrom('notarize' as const, 'finalize' as const);
const tupleVote: fc.Arbitrary<TupleVote> = fc.record({ kind: tupleKind, tuple, signer: validator, signature });

export const vote: fc.Arbitrary<Vote> = fc.oneof(
  tupleVote,
  fc.record({ kind: fc.constant('nullify' as const), epoch: u64, view: u64, signer: validator, signature }),
);

export const tupleCertificate: fc.Arbitrary<TupleCertificate> = fc.record({
  kind: tupleKind,
  tuple,
  bitmap,
  aggregate,
});

export const nullifyCertificate: fc.Arbitrary<NullifyCertificate> = fc.record({
  kind: fc.constant('nullify' as const),
  epoch: u64,
  view: u64,
  bitmap,
  aggregate,
});

export const certificate: fc.Arbitrary<Certificate> = fc.oneof(tupleCertificate, nullifyCertificate);

export const proposal: fc.Arbitrary<Proposal> = fc.record({
  tuple,
  block,
  parentCertificate: fc.option(tupleCertificate, { nil: null }),
  skipCertificates: fc.array(nullifyCertificate, few),
  leaderSignature: signature,
  leaderNotarize: tupleVote.map((made) => ({ ...made, kind: 'notarize' as const })),
});

export const signedTuple: fc.Arbitrary<SignedTuple> = fc.record({ tuple, leader: validator, signature });

export const status: fc.Arbitrary<Status> = fc.record({
  epoch: u64,
  currentView: u64,
  bestFinalization: fc.option(
    tupleCertificate.map((made) => ({ ...made, kind: 'finalize' as const })),
    { nil: null },
  ),
});

/** Two things of one signer. */
const pairOf = <Signed>(one: fc.Arbitrary<Signed>): fc.Arbitrary<{ readonly first: Signed; readonly second: Signed }> =>
  fc.record({ first: one, second: one });

function announcementOf(header: ChunkHeader, producerSignature: Uint8Array): ChunkAnnouncement {
  return { header, chunkHash: hashChunkHeader(header), signature: producerSignature };
}

const contradictionKind = fc.constantFrom(
  'doubleVote' as const,
  'notarizeAndFinalize' as const,
  'nullifyAndFinalize' as const,
);

const evidence: fc.Arbitrary<AnyEvidence> = validator.chain((culprit) =>
  fc.oneof(
    pairOf(signedTuple.map((signed) => ({ ...signed, leader: culprit }))).map(
      (pair): AnyEvidence => ({ kind: 'doublePropose', culprit, ...pair }),
    ),
    fc
      .tuple(contradictionKind, pairOf(vote.map((made) => ({ ...made, signer: culprit }))))
      .map(([kind, pair]): AnyEvidence => ({ kind, culprit, ...pair })),
    fc.record({
      kind: fc.constant('badJustification' as const),
      culprit: fc.constant(culprit),
      vote: tupleVote.map((made) => ({ ...made, kind: 'notarize' as const, signer: culprit })),
      parentCertificate: fc.option(tupleCertificate, { nil: null }),
      skipCertificates: fc.array(nullifyCertificate, few),
    }),
    pairOf(
      fc.tuple(chunkHeader, signature).map(([header, made]) => announcementOf({ ...header, producer: culprit }, made)),
    ).map((pair): AnyEvidence => ({ kind: 'doubleProduce', culprit, ...pair })),
    pairOf(endorsement.map((made) => ({ ...made, signer: culprit }))).map(
      (pair): AnyEvidence => ({ kind: 'doubleEndorse', culprit, ...pair }),
    ),
    // Bit 3 and no other is in both.
    pairOf(certificate).map(
      ({ first, second }): AnyEvidence => ({
        kind: 'conflictingCertificates',
        culprits: [3],
        first: { ...first, bitmap: Uint8Array.of(0b1010) },
        second: { ...second, bitmap: Uint8Array.of(0b1100) },
      }),
    ),
  ),
);

export const evidenceReport: fc.Arbitrary<EvidenceReport> = fc.record({ epoch: u64, evidence });
