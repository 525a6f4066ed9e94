export type { Aggregation } from './aggregation.ts';
export type { ChunkEffect } from './chunks/effect.ts';
export type { ChunkInput, ChunkVerdict } from './chunks/input.ts';
export { isPatientHeight, proposalDeadlineMs } from './chunks/rules/deadline.ts';
export { arrivalOf, type ChunkArrival } from './chunks/rules/first-hand.ts';
export { type Producers, producerOf, producersOf } from './chunks/rules/producers.ts';
export { type ChunkProtocolState, createChunkProtocol } from './chunks/state.ts';
export { stepChunks } from './chunks/step.ts';
export type { ConsensusMessage, Effect, JournalRecord } from './effect.ts';
export type { EngineConfig } from './engine/config.ts';
export { leaderOf, seededPermutation } from './engine/leaders.ts';
export { journalHead, recoverEngine } from './engine/recover.ts';
export type { EngineState } from './engine/state.ts';
export { createEngine } from './engine/state.ts';
export { epochOf, requestOf, sameSubject, sameTuple, type VoteRequest, viewOf } from './engine/subjects.ts';
export type { EngineStep } from './engine/transition.ts';
export {
  ContradictorySignerRecordsError,
  InvalidEngineConfigError,
  InvalidInterchangeError,
  InvalidJournalError,
  SignerStoreError,
} from './errors.ts';
export { forkCulprits } from './evidence/fork.ts';
export { accusedBy, evidencePlaceOf } from './evidence/place.ts';
export type { Input, TimerKind } from './input.ts';
export type { Journal, SignerHistory, SignerRecord, SignerStore } from './ports.ts';
export { statusOf } from './rules/rebroadcast.ts';
export { mergeHistories, silenceAfterLoss } from './signer/history.ts';
export { encodeInterchange, historyIn, parseInterchange } from './signer/interchange.ts';
export { SignerJudge } from './signer/judge.ts';
export { SIGNER_WINDOW_EPOCHS, SIGNER_WINDOW_POSITIONS } from './signer/limits.ts';
export { epochOfSlot } from './signer/place.ts';
export { createSigner, type Signer, type SignResult } from './signer/signer.ts';
export { step } from './step.ts';
export { aggregateVotes, verifyCertificate, verifyVote } from './verification/certificate.ts';
export { aggregateEndorsements, verifyEndorsementCertificate, verifyProducerSignature } from './verification/chunk.ts';
export { createVerificationContext, type EpochContext } from './verification/context.ts';
export { verifyEvidence } from './verification/evidence.ts';
export { type ProposalVerdict, verifyProposal, verifyRandaoReveal } from './verification/proposal.ts';
export { blsScheme, type SignatureCheck, type SignatureScheme, verifyEach } from './verification/scheme.ts';
