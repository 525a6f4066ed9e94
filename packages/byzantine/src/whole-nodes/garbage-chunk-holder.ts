import type { WireMessage } from '@heddle/network';
import { BLS_SIGNATURE_BYTES } from '@heddle/primitives';
import { type ChunkHeader, hashBlockHeader, type Proposal } from '@heddle/types';
import type { Actor, ActorTools } from '../actor.ts';
import { sayToAll, seeingProposals } from './seeing-proposals.ts';

/** As far ahead as a chunk may be to be held at all, seconds. */
const AHEAD_SECONDS = 8n;
/** A second set takes the places that the first one leaves. */
const WAVES_MS = [0, 7_000];

/**
 * For every block that it hears of: chunks on it of every shard in the name of every validator, whoever is to make them,
 * with a signature that is none and a time to wait for. Whoever holds them unchecked has no place for the real ones.
 */
export const garbageChunkHolder: Actor = {
  name: 'garbage-chunk-holder',
  description: 'sends unsigned chunks of every shard in every name, dated 8 s ahead, before theirs come',
  proofs: [],
  start: (tools) =>
    seeingProposals((proposal) => {
      for (const [wave, delayMs] of WAVES_MS.entries()) {
        tools.after(delayMs, () => {
          tools.misdeed(null);
          for (const message of garbageOn(tools, proposal, BigInt(wave))) sayToAll(tools, message);
        });
      }
    }),
};

function garbageOn(tools: ActorTools, { block }: Proposal, gasUsed: bigint): readonly WireMessage[] {
  const timestamp = BigInt(Math.floor(tools.wallMs() / 1_000)) + AHEAD_SECONDS;
  const child = { height: block.header.number + 1n, parentBlockHash: hashBlockHeader(block.header) };
  const producers = Array.from({ length: tools.validatorCount }, (_, producer) => producer);
  return producers.flatMap((producer) =>
    block.chunks.map(({ header }) => unsigned({ ...header, ...child, producer, gasUsed, timestamp })),
  );
}

function unsigned(header: ChunkHeader): WireMessage {
  const body = { transactions: [], accessList: [] };
  return { kind: 'chunk', chunk: { header, body, signature: new Uint8Array(BLS_SIGNATURE_BYTES) } };
}
