import { type BlockCraft, inEpoch, madeUpQuorum, type SpeakerTools } from '@heddle/byzantine/without-nodes';
import { type ConsensusMessage, requestOf } from '@heddle/consensus';
import { type HashSignatures, hashBlock, type SeededRandom } from '@heddle/consensus/testing';
import { bytesToBigint, utf8ToBytes } from '@heddle/primitives';
import type { ValidatorIndex } from '@heddle/types';
import type { EngineNode } from './node.ts';

/** Siblings are as valid as the block itself. */
const ENGINE_BLOCKS: BlockCraft = {
  hash: hashBlock,
  sibling: (block, mark) => {
    const gasLimit = block.header.gasLimit + bytesToBigint(utf8ToBytes(mark));
    return { ...block, header: { ...block.header, gasLimit } };
  },
};

export interface SpeakingWorld {
  readonly random: SeededRandom;
  readonly signatures: HashSignatures;
  sayLater(delayMs: number, to: ValidatorIndex, message: ConsensusMessage): void;
}

/** What a byzantine speaker has at hand in the world of engines, where anyone could write any signature. */
export function speakerTools({ config }: EngineNode, { random, signatures, sayLater }: SpeakingWorld): SpeakerTools {
  const { validatorIndex: index, validatorCount, deltaMs } = config;
  return {
    index,
    validatorCount,
    deltaMs,
    dice: random,
    blocks: ENGINE_BLOCKS,
    sign: (request) => signatures.sign(index, request),
    // Now signed by too few, well, now by everyone, badly.
    unfoundedSkip: (epoch, view) =>
      view % 2n === 0n
        ? signatures.certifySkip(epoch, view, [index])
        : { kind: 'nullify', epoch, view, ...madeUpQuorum(validatorCount) },
    movedTo: (epoch, certificate) =>
      signatures.certify(requestOf(inEpoch(epoch, certificate)), signatures.signersOf(certificate)),
    sayLater,
    // What is proven here is for the search of evidence to say.
    misdeed: () => {},
  };
}
