export type { AccountAccess, BlockAccessList, StorageChange } from './access-list.ts';
export { decodeAccessList, encodeAccessList, hashAccessList } from './access-list-codec.ts';
export { bitmapOf, quorum, signersOf } from './bitmap.ts';
export type {
  Block,
  BlockChunk,
  BlockHeader,
  Chunk,
  ChunkAnnouncement,
  ChunkBody,
  ChunkHeader,
  Endorsement,
  EndorsementCertificate,
} from './block.ts';
export { blockExtraData, decodeBlock, encodeBlock } from './block-codec.ts';
export { bloomContains, logsBloom, mergeBlooms } from './bloom.ts';
export { decodeCertificate, encodeCertificate, hashCertificate, justificationRoot } from './certificate-codec.ts';
export {
  decodeChunk,
  decodeChunkHeader,
  encodeChunk,
  encodeChunkHeader,
  hashBodyTransactions,
  hashChunkHeader,
} from './chunk-codec.ts';
export type {
  Certificate,
  NullifyCertificate,
  NullifyVote,
  Proposal,
  ProposalTuple,
  SignedTuple,
  SigningDomain,
  SigningRequest,
  Status,
  TupleCertificate,
  TupleVote,
  Validator,
  ValidatorSet,
  Vote,
} from './consensus.ts';
export {
  BLOB_BASE_FEE,
  BLOOM_BYTES,
  EMPTY_BLOOM,
  EMPTY_CODE_HASH,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  ZERO_ADDRESS,
  ZERO_HASH,
} from './constants.ts';
export { blockMatchesHeader, bodyMatchesHeader, decidedParentOf, stateRootsOf } from './contents.ts';
export type { ControlOperation, ControlPart, ControlState, MineOperation } from './control.ts';
export { NO_CONTROL, runOf } from './control.ts';
export { decodeControlState, encodeControlState } from './control-codec.ts';
export { delegationCode, delegationTarget, isContractCode } from './delegation.ts';
export {
  DERIVED_EXTRA_DATA,
  type DerivedRun,
  derivedAt,
  derivedBlock,
  derivedHeader,
  derivedTimestamp,
  deriveRun,
  deriveRunInSteps,
  isDerived,
  lastDerived,
  type RunTerms,
} from './derived-run.ts';
export {
  decodeEndorsement,
  decodeEndorsementCertificate,
  encodeEndorsement,
  encodeEndorsementCertificate,
} from './endorsement-codec.ts';
export {
  InvalidBitmapError,
  InvalidEncodingError,
  InvalidGenesisError,
  InvalidTransactionEncodingError,
} from './errors.ts';
export type { AnyEvidence, ChunkEvidence, Evidence, EvidenceReport } from './evidence.ts';
export { decodeEvidence, encodeEvidence } from './evidence-codec.ts';
export { functionSelector } from './function-selector.ts';
export type { Genesis, GenesisAccount } from './genesis.ts';
export {
  DEFAULT_CHUNK_DEADLINE_MS,
  DEFAULT_DELTA_MS,
  DEFAULT_DEVNET_EPOCH_LENGTH,
  DEFAULT_EPOCH_LENGTH,
  DEFAULT_MAX_IDLE_MS,
} from './genesis-defaults.ts';
export { genesisToJson } from './genesis-json.ts';
export { parseGenesis } from './genesis-parse.ts';
export { decodeBlockHeader, encodeBlockHeader, hashBlockHeader } from './header-codec.ts';
export type { Address, Hash, ShardId, ValidatorIndex } from './ids.ts';
export {
  CHUNK_BYTES_PER_GAS_DENOMINATOR,
  CHUNK_BYTES_PER_GAS_NUMERATOR,
  MAX_CHUNK_BYTES,
  MAX_CHUNK_COUNT,
  MAX_CHUNK_GAS_LIMIT,
  MAX_CONTROL_CODE_BYTES,
  MAX_CONTROL_OPERATIONS,
  MAX_GLOBAL_GAS_LIMIT,
  MAX_MISSED_HEIGHTS,
  MAX_RUN_BLOCKS,
  MAX_SECTION_BYTES,
  MAX_SECTION_TRANSACTIONS,
  MAX_SHARDS,
  MAX_TOPICS,
  MAX_TRANSACTION_GAS,
  MAX_UNPAID_CHUNK_BYTES,
  MAX_VALIDATORS,
} from './limits.ts';
export {
  type CallMessage,
  type CreditMessage,
  type FeeTerms,
  MESSAGE_KINDS,
  type Message,
  type UnsequencedMessage,
} from './message.ts';
export { decodeMessage, encodeMessage } from './message-codec.ts';
export {
  decodeProposal,
  decodeSignedTuple,
  decodeStatus,
  encodeProposal,
  encodeSignedTuple,
  encodeStatus,
} from './proposal-codec.ts';
export type { Log, Receipt } from './receipt.ts';
export { decodeReceipt, encodeReceipt } from './receipt-codec.ts';
export { revertReason } from './revert-reason.ts';
export type { Section, SectionHeader } from './section.ts';
export {
  decodeSection,
  decodeSectionHeader,
  encodeSection,
  encodeSectionHeader,
  hashSectionBody,
  hashSectionHeader,
} from './section-codec.ts';
export { proposalId, signingMessage } from './signing.ts';
export {
  BEACON_ROOTS_ADDRESS,
  DIRECTORY_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  MESSENGER_ADDRESS,
  PRECOMPILE_ADDRESSES,
  type PrecompileAddress,
} from './system-addresses.ts';
export type {
  AccessList,
  AccessListItem,
  AccessListTransaction,
  Authorization,
  BlobTransaction,
  FeeMarketTransaction,
  Impersonation,
  LegacyTransaction,
  RecoveredTransaction,
  SetCodeTransaction,
  SignedTransaction,
  TransactionSignature,
  UnsignedTransaction,
} from './transaction.ts';
export {
  decodeTransaction,
  encodeImpersonated,
  encodeTransaction,
  encodeUnsigned,
  IMPERSONATED_TYPE,
  signingPayload,
} from './transaction-codec.ts';
export {
  accessListOf,
  authorizationsOf,
  impersonatedSender,
  isImpersonated,
  maxFeePerGas,
  maxPriorityFeePerGas,
} from './transaction-fields.ts';
export {
  authorizationDigest,
  recoverAuthority,
  recoverTransaction,
  signingDigest,
  signTransaction,
} from './transaction-signature.ts';
export { hashValidators } from './validator-set.ts';
export { decodeVote, encodeVote } from './vote-codec.ts';
