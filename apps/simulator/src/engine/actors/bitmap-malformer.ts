import type { Certificate } from '@heddle/types';
import { type Actor, type ActorKit, atOnce } from '../actor.ts';

/** Sends certificates whose bitmaps are too long, too short, have stray bits, too few signers or others than signed. */
export const bitmapMalformer: Actor = {
  name: 'bitmap-malformer',
  create: (kit) => (message) => {
    if (message.kind !== 'certificate') return atOnce(message);
    return atOnce({ kind: 'certificate', certificate: malformed(kit, message.certificate) }, message);
  },
};

function malformed(kit: ActorKit, certificate: Certificate): Certificate {
  const { bitmap } = certificate;
  switch (kit.random.below(5)) {
    case 0:
      return { ...certificate, bitmap: Uint8Array.of(...bitmap, 0) };
    case 1:
      return { ...certificate, bitmap: bitmap.slice(1) };
    case 2:
      return { ...certificate, bitmap: bitmap.map((byte, at) => (at === bitmap.length - 1 ? byte | 0x80 : byte)) };
    case 3:
      return { ...certificate, bitmap: bitmap.map((byte) => byte & (byte - 1)) }; // one signer less in each byte
    default:
      return { ...certificate, bitmap: bitmap.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) };
  }
}
