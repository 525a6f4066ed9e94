import { bytesToHex } from '@heddle/primitives';
import {
  encodeBlockHeader,
  encodeChunkHeader,
  encodeEndorsementCertificate,
  encodeSectionHeader,
  signersOf,
  stateRootsOf,
} from '@heddle/types';
import { findBlock } from '../chain/resolve.ts';
import { quantity } from '../format/quantity.ts';
import type { JsonObject } from '../json.ts';
import { parseBlockId } from '../parse/block-id.ts';
import type { BlockCertificate, ChainReader, FinalBlock, ShardReader } from '../ports.ts';
import type { MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/** What leads from an answer of this node to signatures of the validators, for who believes nobody. */
export function shardProofMethods(chain: ChainReader, shards: ShardReader): MethodTable {
  return {
    shard_getCertificate: method(1, async (params) => {
      const block = await findBlock(chain, params.required(0, parseBlockId));
      const found = block === null ? null : shards.certificate(block.block.header.number);
      return block === null || found === null ? null : formatCertificate(block, found);
    }),
    shard_getBlockProof: method(1, async (params) => {
      const block = await findBlock(chain, params.required(0, parseBlockId));
      return block === null ? null : formatBlockProof(block);
    }),
  };
}

/** Of an older block it is that of a descendant: parentHash leads there, header by header. */
function formatCertificate(block: FinalBlock, found: BlockCertificate): JsonObject {
  const { certificate, certifiedNumber, validators, message } = found;
  const { tuple, bitmap, aggregate } = certificate;
  return {
    blockNumber: quantity(block.block.header.number),
    blockHash: block.hash,
    certifiedNumber: quantity(certifiedNumber),
    certifiedHash: tuple.blockHash,
    kind: certificate.kind,
    tuple: {
      epoch: quantity(tuple.epoch),
      view: quantity(tuple.view),
      parentView: quantity(tuple.parentView),
      parentHash: tuple.parentHash,
      blockHash: tuple.blockHash,
      justificationRoot: tuple.justificationRoot,
    },
    signers: signersOf(bitmap, validators.validators.length),
    bitmap: bytesToHex(bitmap),
    aggregate: bytesToHex(aggregate),
    signedMessage: bytesToHex(message),
    validatorSetHash: validators.hash,
    validators: validators.validators.map(({ publicKey }) => bytesToHex(publicKey)),
  };
}

/**
 * What the header's stateRoot and extraData are hashes of: keccak256 of the joined state roots (the one root, with one
 * shard), and `blockExtraData`. The header is what the certificate's tuple names by its hash.
 */
function formatBlockProof({ block, hash }: FinalBlock): JsonObject {
  const { header, view, leader, randaoReveal, chunks, section } = block;
  return {
    blockNumber: quantity(header.number),
    blockHash: hash,
    header: bytesToHex(encodeBlockHeader(header)),
    stateRoots: stateRootsOf(block),
    view: quantity(view),
    leader,
    randaoReveal: bytesToHex(randaoReveal),
    chunks: chunks.map(({ header: chunk, certificate }) => ({
      header: bytesToHex(encodeChunkHeader(chunk)),
      certificate: certificate === null ? null : bytesToHex(encodeEndorsementCertificate(certificate)),
    })),
    section: section === null ? null : bytesToHex(encodeSectionHeader(section.header)),
  };
}
