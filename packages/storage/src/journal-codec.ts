import type { JournalRecord } from '@heddle/consensus';
import { encodeRlp, encodeUint, hexToBytes } from '@heddle/primitives';
import {
  decodeCertificate,
  decodeProposal,
  decodeVote,
  encodeCertificate,
  encodeProposal,
  encodeVote,
  InvalidEncodingError,
} from '@heddle/types';
import { CorruptRecordError } from './errors.ts';
import type { LogRecord } from './frame.ts';
import { recordIn } from './record-fields.ts';

/** Types of the journal's log records. */
export const JOURNAL_TYPES = { firstProposal: 1, ownVote: 2, certificate: 3, floor: 4, epochSwitch: 5 } as const;

function encodePayload(record: JournalRecord): Uint8Array {
  switch (record.kind) {
    case 'firstProposal':
      return encodeProposal(record.proposal);
    case 'ownVote':
      return encodeVote(record.vote);
    case 'certificate':
    case 'floor':
      return encodeCertificate(record.certificate);
    case 'epochSwitch': {
      const { epoch, validatorSetHash, baseHash } = record;
      return encodeRlp([encodeUint(epoch), hexToBytes(validatorSetHash), hexToBytes(baseHash)]);
    }
  }
}

export function encodeJournalRecord(record: JournalRecord): LogRecord {
  return { type: JOURNAL_TYPES[record.kind], payload: encodePayload(record) };
}

function decodeEpochSwitch(payload: Uint8Array): JournalRecord {
  const reader = recordIn('journal record', payload, 3);
  return {
    kind: 'epochSwitch',
    epoch: reader.u64('epoch'),
    validatorSetHash: reader.hash('validatorSetHash'),
    baseHash: reader.hash('baseHash'),
  };
}

function decodePayload({ type, payload }: LogRecord): JournalRecord {
  if (type === JOURNAL_TYPES.firstProposal) return { kind: 'firstProposal', proposal: decodeProposal(payload) };
  if (type === JOURNAL_TYPES.ownVote) return { kind: 'ownVote', vote: decodeVote(payload) };
  if (type === JOURNAL_TYPES.epochSwitch) return decodeEpochSwitch(payload);
  const certificate = decodeCertificate(payload);
  if (type === JOURNAL_TYPES.certificate) return { kind: 'certificate', certificate };
  if (type !== JOURNAL_TYPES.floor || certificate.kind === 'nullify')
    throw new CorruptRecordError(`journal record of type ${type}`);
  return { kind: 'floor', certificate };
}

/** Throws `CorruptRecordError`. */
export function decodeJournalRecord(record: LogRecord): JournalRecord {
  try {
    return decodePayload(record);
  } catch (error) {
    if (error instanceof InvalidEncodingError) throw new CorruptRecordError(`journal record (${error.message})`);
    throw error;
  }
}
