import { epochOf, viewOf } from '@heddle/consensus';
import type { WireMessage } from '@heddle/network';
import type { Vote } from '@heddle/types';
import { type Actor, type ActorTools, UNTOUCHED } from '../actor.ts';
import { nullify, voteMessage } from '../forge.ts';
import { watching } from '../over-the-wire.ts';
import { sayToAll } from './seeing-proposals.ts';

/**
 * Has left the validator set and goes on as if it had not: repeats every vote of the set that it hears of under its own
 * old number and under those of others, nullifies beside, endorses what others endorse. Its node only looks on by then.
 */
export const staleExValidator: Actor = {
  name: 'stale-ex-validator',
  description: 'votes and endorses in epochs in whose validator set it is not any more',
  proofs: [],
  start: (tools) =>
    watching(UNTOUCHED, (message) => {
      const said = echoOf(tools, message);
      if (said.length === 0) return;
      tools.misdeed(null);
      for (const echo of said) sayToAll(tools, echo);
    }),
};

function echoOf(tools: ActorTools, message: WireMessage): readonly WireMessage[] {
  if (message.kind === 'endorsement') {
    const { shard, parentBlockHash, chunkHash } = message.endorsement;
    const signature = tools.sign({ kind: 'endorse', shard, parentBlockHash, chunkHash, height: 0n });
    const endorsement = { shard, parentBlockHash, chunkHash, signer: tools.index, signature };
    return [{ kind: 'endorsement', endorsement }];
  }
  const vote = votedIn(message);
  // In the first epoch it is still a validator, and an honest one.
  if (vote === null || epochOf(vote) < 1n) return [];
  const own = ownOf(tools, vote);
  const borrowed: Vote = { ...own, signer: tools.dice.below(tools.validatorCount) };
  return [voteMessage(own), voteMessage(borrowed), voteMessage(nullify(tools, epochOf(vote), viewOf(vote)))];
}

/** What a message is a vote for, whoever cast it. */
function votedIn(message: WireMessage): Vote | null {
  if (message.kind === 'vote') return message.vote;
  return message.kind === 'proposal' ? message.proposal.leaderNotarize : null;
}

function ownOf(tools: ActorTools, vote: Vote): Vote {
  if (vote.kind === 'nullify') return nullify(tools, vote.epoch, vote.view);
  const { kind, tuple } = vote;
  return { kind, tuple, signer: tools.index, signature: tools.sign({ kind, tuple }) };
}
