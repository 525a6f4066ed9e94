import {
  type Certificate,
  type Chunk,
  decodeCertificate,
  decodeChunk,
  decodeProposal,
  decodeStatus,
  decodeVote,
  encodeCertificate,
  encodeChunk,
  encodeProposal,
  encodeStatus,
  encodeVote,
  MAX_CHUNK_BYTES,
  type Proposal,
  type Status,
  type Vote,
} from '@heddle/types';
import { decodeEnvelope, encodeEnvelope, type PayloadLimits } from './envelope.ts';
import {
  MAX_EVIDENCE_BYTES,
  MAX_PROPOSAL_BYTES,
  MAX_REQUEST_BYTES,
  MAX_TRANSACTIONS_BYTES,
  MAX_TRANSACTIONS_PER_MESSAGE,
  MAX_VOTE_BYTES,
} from './limits.ts';
import { decodePayload, readFields, readU64, writeList, writeU64 } from './payload.ts';
import { countFitting, decodeTransactions, encodeTransactions } from './transactions-payload.ts';

/** What is sent without expecting an answer, directly or by gossip. */
export type WireMessage =
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  | { readonly kind: 'vote'; readonly vote: Vote }
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  | { readonly kind: 'certificateRequest'; readonly epoch: bigint; readonly view: bigint }
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  /** The consensus package's encoding of an endorsement; opaque here. */
  | { readonly kind: 'endorsement'; readonly endorsement: Uint8Array }
  /** The consensus package's encoding of evidence with its epoch; opaque here. */
  | { readonly kind: 'evidence'; readonly evidence: Uint8Array }
  /** Canonical encodings, not decoded. */
  | { readonly kind: 'transactions'; readonly transactions: readonly Uint8Array[] };

const LIMITS: PayloadLimits<WireMessage['kind']> = {
  proposal: MAX_PROPOSAL_BYTES,
  vote: MAX_VOTE_BYTES,
  certificate: MAX_VOTE_BYTES,
  certificateRequest: MAX_REQUEST_BYTES,
  status: MAX_VOTE_BYTES,
  chunk: MAX_CHUNK_BYTES,
  endorsement: MAX_VOTE_BYTES,
  evidence: MAX_EVIDENCE_BYTES,
  transactions: MAX_TRANSACTIONS_BYTES,
};

/** Throws MessageTooLargeError. */
export function encodeWireMessage(message: WireMessage): Uint8Array {
  return encodeEnvelope(LIMITS, message.kind, encodePayload(message));
}

/**
 * Cuts transactions into runs that each fit one message, of `maxCount` at most. One that no message holds makes a run of
 * its own, which can't be encoded.
 */
export function transactionRuns(
  transactions: readonly Uint8Array[],
  maxCount: number,
): readonly (readonly Uint8Array[])[] {
  const runs: (readonly Uint8Array[])[] = [];
  for (let start = 0; start < transactions.length; ) {
    const count = Math.max(1, countFitting(transactions, start, maxCount, LIMITS.transactions));
    runs.push(transactions.slice(start, start + count));
    start += count;
  }
  return runs;
}

/** Checks form only, no signature. Throws InvalidWireMessageError, and nothing else whatever the bytes are. */
export function decodeWireMessage(bytes: Uint8Array): WireMessage {
  const { kind, payload } = decodeEnvelope(LIMITS, bytes);
  return decodePayload(kind, payload, () => decodeKind(kind, payload));
}

function encodePayload(message: WireMessage): Uint8Array {
  switch (message.kind) {
    case 'proposal':
      return encodeProposal(message.proposal);
    case 'vote':
      return encodeVote(message.vote);
    case 'certificate':
      return encodeCertificate(message.certificate);
    case 'certificateRequest':
      return writeList([writeU64(message.epoch), writeU64(message.view)]);
    case 'status':
      return encodeStatus(message.status);
    case 'chunk':
      return encodeChunk(message.chunk);
    case 'endorsement':
      return message.endorsement;
    case 'evidence':
      return message.evidence;
    case 'transactions':
      return encodeTransactions(message.transactions);
  }
}

function decodeKind(kind: WireMessage['kind'], payload: Uint8Array): WireMessage {
  switch (kind) {
    case 'proposal':
      return { kind, proposal: decodeProposal(payload) };
    case 'vote':
      return { kind, vote: decodeVote(payload) };
    case 'certificate':
      return { kind, certificate: decodeCertificate(payload) };
    case 'certificateRequest': {
      const [epoch, view] = readFields(kind, payload, 2);
      return { kind, epoch: readU64(kind, epoch), view: readU64(kind, view) };
    }
    case 'status':
      return { kind, status: decodeStatus(payload) };
    case 'chunk':
      return { kind, chunk: decodeChunk(payload) };
    case 'endorsement':
      return { kind, endorsement: new Uint8Array(payload) };
    case 'evidence':
      return { kind, evidence: new Uint8Array(payload) };
    case 'transactions':
      return { kind, transactions: decodeTransactions(kind, payload, MAX_TRANSACTIONS_PER_MESSAGE) };
  }
}
