import { BoundedCache, bigintToBytes, concatBytes, hexToBytes, rememberedBy, sha256 } from '@heddle/primitives';
import type { ProposalTuple, SigningDomain, SigningRequest } from './consensus.ts';
import { REMEMBERED_SIGNING_MESSAGES } from './limits.ts';

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
 * blockHash (32) ‖ justificationRoot (32). Read only: computed once a tuple.
 */
export const proposalId: (tuple: ProposalTuple) => Uint8Array = rememberedBy((tuple) =>
  sha256(
    concatBytes(
      bigintToBytes(tuple.epoch, U64_BYTES),
      bigintToBytes(tuple.view, U64_BYTES),
      bigintToBytes(tuple.parentView, U64_BYTES),
      hexToBytes(tuple.parentHash),
      hexToBytes(tuple.blockHash),
      hexToBytes(tuple.justificationRoot),
    ),
  ),
);

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
 * domain's otherwise. `height` of a chunk is not part of the message. Read only: remembered by what it says.
 */
export function signingMessage(domain: SigningDomain, request: SigningRequest): Uint8Array {
  const name = `${domainName(domain)}/${epochOf(domain, request)}/${requestName(request)}`;
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const message = hashMessage(domain, request);
  remembered.set(name, message);
  return message;
}

const remembered = new BoundedCache<Uint8Array>(REMEMBERED_SIGNING_MESSAGES);

/** Two domains, and two requests, have one name only if all that the message takes of them is the same. */
const domainName: (domain: SigningDomain) => string = rememberedBy(
  ({ genesisHash, chainId, validatorSetHash }) => `${genesisHash}/${chainId}/${validatorSetHash}`,
);

function requestName(request: SigningRequest): string {
  switch (request.kind) {
    case 'propose':
    case 'notarize':
    case 'finalize': {
      const { view, parentView, parentHash, blockHash, justificationRoot } = request.tuple;
      return `${request.kind}/${view}/${parentView}/${parentHash}/${blockHash}/${justificationRoot}`;
    }
    case 'nullify':
    case 'randao':
      return `${request.kind}/${request.view}`;
    case 'endorse':
    case 'produce':
      return `${request.kind}/${request.shard}/${request.parentBlockHash}/${request.chunkHash}`;
  }
}

function hashMessage(domain: SigningDomain, request: SigningRequest): Uint8Array {
  const { chain, validatorSet } = domainFields(domain);
  return sha256(
    concatBytes(
      Uint8Array.of(KIND_TAGS[request.kind]),
      chain,
      bigintToBytes(epochOf(domain, request), U64_BYTES),
      validatorSet,
      ...requestFields(request),
    ),
  );
}

/** What is the same in all messages of a domain: the fields before the epoch and those after it. */
const domainFields: (domain: SigningDomain) => { readonly chain: Uint8Array; readonly validatorSet: Uint8Array } =
  rememberedBy(({ genesisHash, chainId, validatorSetHash }) => ({
    chain: concatBytes(hexToBytes(genesisHash), bigintToBytes(chainId, U256_BYTES)),
    validatorSet: hexToBytes(validatorSetHash),
  }));

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
