import type { Effect } from '../effect.ts';
import type { Input } from '../input.ts';
import type { HashSignatures } from './signatures.ts';

/** Effects that ask for nothing but a look at signatures. */
export type CheckEffect = Extract<Effect, { readonly kind: 'verifyProposal' | 'verifyCertificate' | 'aggregate' }>;

/** What a driver with these signatures answers. */
export function answerCheck(signatures: HashSignatures, effect: CheckEffect): Input {
  const { requestId } = effect;
  switch (effect.kind) {
    case 'verifyProposal':
      if (!signatures.hasGoodLeaderSignatures(effect.proposal)) return { kind: 'verified', requestId, valid: false };
      if (!signatures.hasGoodJustification(effect.proposal)) return { kind: 'badJustification', requestId };
      return { kind: 'verified', requestId, valid: true };
    case 'verifyCertificate':
      return { kind: 'verified', requestId, valid: signatures.isGoodCertificate(effect.certificate) };
    case 'aggregate': {
      const { votes } = effect;
      const badSigners = votes.filter((vote) => !signatures.isGoodVote(vote)).map(({ signer }) => signer);
      const [first] = votes;
      if (badSigners.length > 0 || first === undefined) {
        return { kind: 'aggregated', requestId, result: { ok: false, badSigners } };
      }
      const certificate = signatures.certify(
        first,
        votes.map(({ signer }) => signer),
      );
      return { kind: 'aggregated', requestId, result: { ok: true, certificate } };
    }
  }
}
