import { bigintToBytes, concatBytes, hexToBytes, sha256 } from '@heddle/primitives';
import type { ProposalTuple, SigningDomain, SigningRequest } from './consensus.ts';

/** consensus.md, Signatures. The tag keeps a signature for one purpose from serving another. */
export const KIND_TAGS = {
  propose: 1,
  notarize: 2,
  nullify: 3,
  finalize: 4,
  endorse: 5,
  produce: 6,
  randao: 7,
} as const;

export type VoteKind = 'notarize' | 'nullify' | 'finalize';

const U32_BYTES = 4;
const U64_BYTES = 8;
const U256_BYTES = 32;

/**
 * SHA-256 over 120 bytes, all numbers big-endian: epoch (8) ‖ view (8) ‖ parentView (8) ‖ parentHash (32) ‖
 * blockHash (32) ‖ justificationRoot (32).
 */
export function proposalId(tuple: ProposalTuple): Uint8Array {
  return sha256(
    concatBytes(
      bigintToBytes(tuple.epoch, U64_BYTES),
      bigintToBytes(tuple.view, U64_BYTES),
      bigintToBytes(tuple.parentView, U64_BYTES),
      hexToBytes(tuple.parentHash),
      hexToBytes(tuple.blockHash),
      hexToBytes(tuple.justificationRoot),
    ),
  );
}

/**
 * The 32 bytes that a validator's BLS key signs: SHA-256 over fixed-width fields, all numbers big-endian:
 *
 * ```
 * offset  0  tag               1
 *         1  genesisHash      32
 *        33  chainId          32
 *        65  epoch             8
 *        73  validatorSetHash 32
 * tags 1, 2, 4 (propose, notarize, finalize), 145 bytes in all
 *       105  view              8
 *       113  proposalId       32
 * tags 3, 7 (nullify, randao), 113 bytes
 *       105  view              8
 * tags 5, 6 (endorse, produce), 173 bytes
 *       105  shard             4
 *       109  parentBlockHash  32
 *       141  chunkHash        32
 * ```
 *
 * The epoch is the request's where it names one (so that a vote that claims another epoch does not verify), the
 * domain's otherwise. `height` of a chunk is not part of the message.
 */
export function signingMessage(domain: SigningDomain, request: SigningRequest): Uint8Array {
  return sha256(concatBytes(...domainFields(domain, request), ...requestFields(request)));
}

function domainFields(domain: SigningDomain, request: SigningRequest): Uint8Array[] {
  return [
    Uint8Array.of(KIND_TAGS[request.kind]),
    hexToBytes(domain.genesisHash),
    bigintToBytes(domain.chainId, U256_BYTES),
    bigintToBytes(epochOf(domain, request), U64_BYTES),
    hexToBytes(domain.validatorSetHash),
  ];
}

function epochOf(domain: SigningDomain, request: SigningRequest): bigint {
  if ('tuple' in request) return request.tuple.epoch;
  return 'epoch' in request ? request.epoch : domain.epoch;
}

function requestFields(request: SigningRequest): Uint8Array[] {
  switch (request.kind) {
    case 'propose':
    case 'notarize':
    case 'finalize':
      return [bigintToBytes(request.tuple.view, U64_BYTES), proposalId(request.tuple)];
    case 'nullify':
    case 'randao':
      return [bigintToBytes(request.view, U64_BYTES)];
    case 'endorse':
    case 'produce':
      return [
        bigintToBytes(BigInt(request.shard), U32_BYTES),
        hexToBytes(request.parentBlockHash),
        hexToBytes(request.chunkHash),
      ];
  }
}
