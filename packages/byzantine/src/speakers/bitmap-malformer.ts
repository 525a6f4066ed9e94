import type { BlockChunk, Certificate } from '@heddle/types';
import { forgingAll, type Speaker, type SpeakerTools } from '../speaker.ts';

/** A malformed certificate ends what its sender is listened to: rare enough to try them all over many seeds. */
const SHARE = 0.2;

/** Sends certificates whose bitmaps have stray bits, a wrong length, too few signers, one twice, or others than signed. */
export const bitmapMalformer: Speaker = {
  name: 'bitmap-malformer',
  description: 'malforms the bitmaps of certificates, in messages, in its status and in its blocks',
  proofs: [],
  start: (tools) =>
    forgingAll((message) => {
      if (!tools.dice.chance(SHARE)) return [message];
      if (message.kind === 'certificate') {
        tools.misdeed(null);
        return [{ kind: 'certificate', certificate: malformed(tools, message.certificate) }, message];
      }
      if (message.kind === 'status' && message.status.bestFinalization !== null) {
        tools.misdeed(null);
        const bestFinalization = malformed(tools, message.status.bestFinalization);
        return [{ kind: 'status', status: { ...message.status, bestFinalization } }];
      }
      if (message.kind !== 'proposal') return [message];
      tools.misdeed(null);
      const { proposal } = message;
      const chunks = proposal.block.chunks.map((chunk) => withMalformed(tools, chunk));
      return [{ kind: 'proposal', proposal: { ...proposal, block: { ...proposal.block, chunks } } }];
    }),
};

function withMalformed(tools: SpeakerTools, chunk: BlockChunk): BlockChunk {
  return chunk.certificate === null ? chunk : { ...chunk, certificate: malformed(tools, chunk.certificate) };
}

type WithBitmap = Pick<Certificate, 'bitmap' | 'aggregate'>;

function malformed<C extends WithBitmap>({ dice }: SpeakerTools, certificate: C): C {
  const { bitmap, aggregate } = certificate;
  switch (dice.below(6)) {
    case 0:
      return { ...certificate, bitmap: Uint8Array.of(...bitmap, 0) };
    case 1:
      return { ...certificate, bitmap: bitmap.slice(1) };
    case 2:
      return { ...certificate, bitmap: bitmap.map((byte, at) => (at === bitmap.length - 1 ? byte | 0x80 : byte)) };
    case 3: // one signer less in each byte
      return { ...certificate, bitmap: bitmap.map((byte) => byte & (byte - 1)) };
    case 4: // another signer than the one that signed
      return { ...certificate, bitmap: bitmap.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) };
    default: // the whole bitmap a second time, as if everyone had signed twice
      return { ...certificate, bitmap: Uint8Array.of(...bitmap, ...bitmap), aggregate };
  }
}
