import { encodeRlp, writeU64 } from '@heddle/primitives';
import {
  type Certificate,
  type Chunk,
  decodeCertificate,
  decodeChunk,
  decodeEndorsement,
  decodeEvidence,
  decodeProposal,
  decodeStatus,
  decodeVote,
  type Endorsement,
  type EvidenceReport,
  encodeCertificate,
  encodeChunk,
  encodeEndorsement,
  encodeEvidence,
  encodeProposal,
  encodeStatus,
  encodeVote,
  MAX_CHUNK_BYTES,
  type Proposal,
  type Status,
  type Vote,
} from '@heddle/types';
import { decodeEnvelope, encodeEnvelope } from './envelope.ts';
import {
  MAX_EVIDENCE_BYTES,
  MAX_PROPOSAL_BYTES,
  MAX_REQUEST_BYTES,
  MAX_TRANSACTIONS_BYTES,
  MAX_TRANSACTIONS_PER_MESSAGE,
  MAX_VOTE_BYTES,
} from './limits.ts';
import { decodePayload, fieldsIn } from './payload.ts';
import { countFitting, decodeTransactions, encodeTransactions } from './transactions-payload.ts';

/** What a message of each kind carries. */
interface MessageContents {
  readonly proposal: { readonly proposal: Proposal };
  readonly vote: { readonly vote: Vote };
  readonly certificate: { readonly certificate: Certificate };
  readonly certificateRequest: { readonly epoch: bigint; readonly view: bigint };
  readonly status: { readonly status: Status };
  readonly chunk: { readonly chunk: Chunk };
  readonly endorsement: { readonly endorsement: Endorsement };
  readonly evidence: { readonly report: EvidenceReport };
  /** Canonical encodings, not decoded. */
  readonly transactions: { readonly transactions: readonly Uint8Array[] };
}

type MessageKind = keyof MessageContents;

/** What is sent without expecting an answer, directly or by gossip. */
export type WireMessage<K extends MessageKind = MessageKind> = {
  [P in K]: { readonly kind: P } & MessageContents[P];
}[K];

/** How messages of one kind are written. */
interface MessageFormat<K extends MessageKind> {
  /** Largest payload, in bytes. */
  readonly limit: number;
  encode(contents: MessageContents[K]): Uint8Array;
  /** May throw anything. */
  decode(payload: Uint8Array): WireMessage<K>;
}

/** All there is to a kind on the wire. */
const FORMATS: { readonly [K in MessageKind]: MessageFormat<K> } = {
  proposal: {
    limit: MAX_PROPOSAL_BYTES,
    encode: ({ proposal }) => encodeProposal(proposal),
    decode: (payload) => ({ kind: 'proposal', proposal: decodeProposal(payload) }),
  },
  vote: {
    limit: MAX_VOTE_BYTES,
    encode: ({ vote }) => encodeVote(vote),
    decode: (payload) => ({ kind: 'vote', vote: decodeVote(payload) }),
  },
  certificate: {
    limit: MAX_VOTE_BYTES,
    encode: ({ certificate }) => encodeCertificate(certificate),
    decode: (payload) => ({ kind: 'certificate', certificate: decodeCertificate(payload) }),
  },
  certificateRequest: {
    limit: MAX_REQUEST_BYTES,
    encode: ({ epoch, view }) => encodeRlp([writeU64(epoch), writeU64(view)]),
    decode: (payload) => {
      const kind = 'certificateRequest';
      const reader = fieldsIn(kind, payload, 2);
      return { kind, epoch: reader.u64('epoch'), view: reader.u64('view') };
    },
  },
  status: {
    limit: MAX_VOTE_BYTES,
    encode: ({ status }) => encodeStatus(status),
    decode: (payload) => ({ kind: 'status', status: decodeStatus(payload) }),
  },
  chunk: {
    limit: MAX_CHUNK_BYTES,
    encode: ({ chunk }) => encodeChunk(chunk),
    decode: (payload) => ({ kind: 'chunk', chunk: decodeChunk(payload) }),
  },
  endorsement: {
    limit: MAX_VOTE_BYTES,
    encode: ({ endorsement }) => encodeEndorsement(endorsement),
    decode: (payload) => ({ kind: 'endorsement', endorsement: decodeEndorsement(payload) }),
  },
  evidence: {
    limit: MAX_EVIDENCE_BYTES,
    encode: ({ report }) => encodeEvidence(report),
    decode: (payload) => ({ kind: 'evidence', report: decodeEvidence(payload) }),
  },
  transactions: {
    limit: MAX_TRANSACTIONS_BYTES,
    encode: ({ transactions }) => encodeTransactions(transactions),
    decode: (payload) => {
      const kind = 'transactions';
      return { kind, transactions: decodeTransactions(kind, payload, MAX_TRANSACTIONS_PER_MESSAGE) };
    },
  },
};

/** Throws MessageTooLargeError. */
export function encodeWireMessage<K extends MessageKind>(message: WireMessage<K>): Uint8Array {
  const kind: K = message.kind;
  return encodeEnvelope(kind, FORMATS[kind].encode(message), FORMATS[kind].limit);
}

/** Checks form only, no signature. Throws InvalidWireMessageError, and nothing else whatever the bytes are. */
export function decodeWireMessage(bytes: Uint8Array): WireMessage {
  const { kind, payload } = decodeEnvelope(FORMATS, bytes);
  return decodePayload(kind, payload, (own) => FORMATS[kind].decode(own));
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
    const count = Math.max(1, countFitting(transactions, start, maxCount, MAX_TRANSACTIONS_BYTES));
    runs.push(transactions.slice(start, start + count));
    start += count;
  }
  return runs;
}
