export { isPatientHeight, proposalDeadlineMs, shardDeadlineMs } from './chunks/deadline.ts';
export { arrivalOf, type ChunkArrival, type ChunkWindow } from './chunks/first-hand.ts';
export { type Producers, producerOf, producersOf } from './chunks/producers.ts';
export { type ChunkProtocolConfig, type ChunkProtocolState, createChunkProtocol } from './chunks/state.ts';
export { type ChunkStep, stepChunks } from './chunks/step.ts';
export type { ChunkEffect, ChunkInput, ChunkVerdict } from './chunks/types.ts';
export type { ConsensusMessage, Effect, JournalRecord } from './effect.ts';
export { type WalkBack, walkBack } from './engine/ancestry.ts';
export type { EngineConfig } from './engine/config.ts';
export { createEngine } from './engine/create.ts';
export { leaderOf, seededPermutation } from './engine/leaders.ts';
export { hasQuorum } from './engine/quorum.ts';
export { journalHead, recoverEngine } from './engine/recover.ts';
export type { ClockMode, EngineState, ViewRecord } from './engine/state.ts';
export { epochOf, sameSubject, sameTuple, viewOf } from './engine/subjects.ts';
export type { Step } from './engine/transition.ts';
export { InvalidEngineConfigError, InvalidJournalError, type JournalFault } from './errors.ts';
export { forkCulprits } from './evidence/fork.ts';
export { accusedBy, placeOf } from './evidence/place.ts';
export type { Input, TimerKind } from './input.ts';
export type { Journal, SignerHistory, SignerRecord, SignerStore } from './ports.ts';
export { statusOf } from './rules/rebroadcast.ts';
export { timeoutMs } from './rules/timers.ts';
export { ContradictorySignerRecordsError, InvalidInterchangeError, SignerStoreError } from './signer/errors.ts';
export {
  encodeInterchange,
  historyIn,
  type InterchangeKey,
  parseInterchange,
  type SignerInterchange,
} from './signer/interchange.ts';
export { type Judgement, SignerJudge } from './signer/judge.ts';
export { SIGNER_WINDOW_EPOCHS, SIGNER_WINDOW_POSITIONS } from './signer/limits.ts';
export { mergeHistories } from './signer/merge.ts';
export { epochOfSlot } from './signer/place.ts';
export { createSigner, type Signer, type SignerOptions, type SignResult } from './signer/signer.ts';
export { silenceAfterLoss } from './signer/silence.ts';
export { step } from './step.ts';
export { aggregateVotes, type VoteAggregation, verifyCertificate, verifyVote } from './verification/certificate.ts';
export {
  aggregateEndorsements,
  type EndorsementAggregation,
  verifyChunkEvidence,
  verifyEndorsement,
  verifyEndorsementCertificate,
  verifyProducerSignature,
} from './verification/chunk.ts';
export { createVerificationContext, type EpochContext, type VerificationContext } from './verification/context.ts';
export { verifyEvidence } from './verification/evidence.ts';
export { type ProposalVerdict, verifyProposal, verifyRandaoReveal } from './verification/proposal.ts';
export { blsScheme, type SignatureCheck, type SignatureScheme, verifyEach } from './verification/scheme.ts';
