import { utf8ToBytes } from '@heddle/primitives';
import { hashBlockHeader, type Proposal, type ProposalTuple } from '@heddle/types';
import type { Actor, ActorTools } from './actor.ts';
import { forging } from './outgoing.ts';

/** As a leader it signs two proposals in its view and shows each to half of the others (E1). */
export const equivocator: Actor = {
  name: 'equivocator',
  description: 'as leader proposes two blocks, each to half of the others',
  start: (tools) =>
    forging('proposal', (message, to) => {
      const isVictim = to % 2 === tools.index % 2;
      return isVictim ? [{ kind: 'proposal', proposal: second(tools, message.proposal) }] : [message];
    }),
};

/** Another block of the same leader on the same parent: well signed, its header not what its chunks give. */
function second({ sign }: ActorTools, first: Proposal): Proposal {
  const block = { ...first.block, header: { ...first.block.header, extraData: utf8ToBytes('second') } };
  const tuple: ProposalTuple = { ...first.tuple, blockHash: hashBlockHeader(block.header) };
  return {
    ...first,
    tuple,
    block,
    leaderSignature: sign({ kind: 'propose', tuple }),
    leaderNotarize: { ...first.leaderNotarize, tuple, signature: sign({ kind: 'notarize', tuple }) },
  };
}
