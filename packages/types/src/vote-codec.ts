import {
  BLS_SIGNATURE_BYTES,
  encodeRlp,
  encodeUint,
  equalBytes,
  type FieldReader,
  type RlpItem,
  writeFixed,
  writeHash,
  writeIndex,
  writeU64,
} from '@heddle/primitives';
import type { ProposalTuple, Vote } from './consensus.ts';
import { InvalidEncodingError } from './errors.ts';
import { fieldsOf, itemIn, itemsOf } from './fields.ts';
import { MAX_VALIDATORS } from './limits.ts';
import { KIND_TAGS, type VoteKind } from './signing.ts';

const SUBJECT = 'vote';
const TUPLE_FIELD_COUNT = 6;

/** rlp([tag, tuple, signer, signature]), for nullify rlp([tag, epoch, view, signer, signature]). */
export function encodeVote(vote: Vote): Uint8Array {
  return encodeRlp(voteItem(vote));
}

/** Strict inverse of `encodeVote`. Does not verify the signature. Throws InvalidEncodingError. */
export function decodeVote(bytes: Uint8Array): Vote {
  return readVote(itemIn(SUBJECT, bytes));
}

export function voteItem(vote: Vote): RlpItem {
  const subject = vote.kind === 'nullify' ? [writeU64(vote.epoch), writeU64(vote.view)] : [tupleItem(vote.tuple)];
  return [
    encodeUint(KIND_TAGS[vote.kind]),
    ...subject,
    writeIndex(vote.signer, MAX_VALIDATORS - 1),
    writeFixed(vote.signature, BLS_SIGNATURE_BYTES),
  ];
}

export function readVote(item: RlpItem): Vote {
  const reader = fieldsOf(SUBJECT, item, null);
  const kind = readKind(SUBJECT, reader);
  if (kind === 'nullify') {
    reader.expectCount(5);
    return { kind, epoch: reader.u64('epoch'), view: reader.u64('view'), ...readSignature(reader) };
  }
  reader.expectCount(4);
  return { kind, tuple: readTuple(reader.item('tuple')), ...readSignature(reader) };
}

function readSignature(reader: FieldReader): Pick<Vote, 'signer' | 'signature'> {
  return {
    signer: reader.index('signer', MAX_VALIDATORS - 1),
    signature: reader.fixed('signature', BLS_SIGNATURE_BYTES),
  };
}

/** The kind that the tag, the first field of a vote or certificate, names. */
export function readKind(subject: string, reader: FieldReader): VoteKind {
  const tag = reader.index('tag', 255);
  if (tag === KIND_TAGS.notarize) return 'notarize';
  if (tag === KIND_TAGS.nullify) return 'nullify';
  if (tag === KIND_TAGS.finalize) return 'finalize';
  throw new InvalidEncodingError(subject, `tag ${tag} is neither notarize (2), nullify (3) nor finalize (4)`);
}

export function tupleItem(tuple: ProposalTuple): RlpItem {
  return [
    writeU64(tuple.epoch),
    writeU64(tuple.view),
    writeU64(tuple.parentView),
    writeHash(tuple.parentHash),
    writeHash(tuple.blockHash),
    writeHash(tuple.justificationRoot),
  ];
}

/**
 * The tuple read last. In a committee of hundreds nearly every message of a view is about one tuple: it is read once and
 * then shared, which makes comparing tuples as cheap.
 */
let lastTuple: { readonly fields: readonly RlpItem[]; readonly tuple: ProposalTuple } | null = null;

export function readTuple(item: RlpItem): ProposalTuple {
  const fields = itemsOf('proposal tuple', item);
  if (lastTuple !== null && isEqualStrings(lastTuple.fields, fields)) return lastTuple.tuple;
  const tuple = readTupleFields(item);
  lastTuple = { fields, tuple };
  return tuple;
}

/** Whether two lists hold the same strings and nothing else. */
function isEqualStrings(a: readonly RlpItem[], b: readonly RlpItem[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((first, index) => {
    const second = b[index];
    return first instanceof Uint8Array && second instanceof Uint8Array && equalBytes(first, second);
  });
}

function readTupleFields(item: RlpItem): ProposalTuple {
  const reader = fieldsOf('proposal tuple', item, TUPLE_FIELD_COUNT);
  return {
    epoch: reader.u64('epoch'),
    view: reader.u64('view'),
    parentView: reader.u64('parentView'),
    parentHash: reader.hash('parentHash'),
    blockHash: reader.hash('blockHash'),
    justificationRoot: reader.hash('justificationRoot'),
  };
}
