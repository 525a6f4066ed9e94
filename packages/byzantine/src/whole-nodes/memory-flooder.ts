import type { WireMessage } from '@heddle/network';
import { BLS_SIGNATURE_BYTES } from '@heddle/primitives';
import { type Chunk, justificationRoot, type NullifyCertificate, type Proposal, type TupleVote } from '@heddle/types';
import type { Actor, ActorTools } from '../actor.ts';
import { claimOf, madeUpQuorum, proposalMessage, signChunk, signProposal, voteMessage } from '../forge.ts';
import { sayToAll, seeingProposals } from './seeing-proposals.ts';

/** Far above any height, view and epoch of a run. */
const FAR = 2n ** 40n;
/** What one chunk of the flood carries. Large enough that what is held of one sender's would show within a seed. */
const BODY_BYTES = 128 * 1_024;
/** Certificates of some 110 bytes in one proposal or piece of evidence. */
const CERTIFICATES = 256;
const VOTES = 16;
/** More than any message takes on a good network. */
const AHEAD_MS = 100;

/**
 * With every block that it hears of: chunks of far heights, unsigned and in its own name, on parents that nobody has;
 * proposals of the next epoch; evidence that fills a message; votes for views that never come. All of it large.
 */
export const memoryFlooder: Actor = {
  name: 'memory-flooder',
  description: 'fills the memory of others: large chunks, proposals, evidence and votes of far heights and epochs',
  proofs: ['badJustification'],
  start: (tools) => {
    let count = 0n;
    return seeingProposals((proposal) => {
      count += 1n;
      const nth = count;
      // The evidence proves it guilty to everyone who takes it: ahead of the chunks, for which it is blocked.
      for (let to = 0; to < tools.validatorCount; to++) if (to !== tools.index) tools.misdeed(to);
      sayToAll(tools, evidence(tools, proposal));
      tools.after(AHEAD_MS, () => {
        for (const message of floodLike(tools, proposal, nth)) sayToAll(tools, message);
      });
    });
  },
};

function floodLike(tools: ActorTools, model: Proposal, count: bigint): readonly WireMessage[] {
  const votes = Array.from({ length: VOTES }, (_, at) => farVote(tools, model, count * BigInt(VOTES) + BigInt(at)));
  return [...farChunks(tools, model, count), ...nextEpoch(tools, model, count), ...votes];
}

function farChunks(tools: ActorTools, { block, tuple }: Proposal, count: bigint): readonly WireMessage[] {
  const [first] = block.chunks;
  if (first === undefined) return [];
  const { index, validatorCount } = tools;
  const body = { transactions: [new Uint8Array(BODY_BYTES)], accessList: [] };
  const signature = new Uint8Array(BLS_SIGNATURE_BYTES);
  const like = (height: bigint, producer: number): Chunk => ({
    header: { ...first.header, height, parentBlockHash: tuple.parentHash, gasUsed: count, producer },
    body,
    signature,
  });
  const next = block.header.number + 1n;
  const chunks = [
    like(FAR + count, (index + 1) % validatorCount),
    signChunk(tools, like(FAR + count, index)),
    // Of a height that comes, on a parent that does not.
    signChunk(tools, {
      ...like(next, index),
      header: { ...like(next, index).header, parentBlockHash: tuple.blockHash },
    }),
    signChunk(tools, like(next + 1n, index)),
  ];
  return chunks.map((chunk) => ({ kind: 'chunk', chunk }));
}

function nextEpoch(tools: ActorTools, model: Proposal, count: bigint): readonly WireMessage[] {
  const claim = claimOf(model);
  const epoch = claim.epoch + 1n;
  const skipCertificates = nullifications(tools, epoch);
  return [count, FAR + count].map((view) =>
    proposalMessage(signProposal(tools, { ...claim, epoch, view, skipCertificates })),
  );
}

function nullifications({ validatorCount }: ActorTools, epoch: bigint): readonly NullifyCertificate[] {
  return Array.from({ length: CERTIFICATES }, (_, at) => ({
    kind: 'nullify',
    epoch,
    view: BigInt(at + 1),
    ...madeUpQuorum(validatorCount),
  }));
}

function farVote(tools: ActorTools, { tuple: { epoch } }: Proposal, count: bigint): WireMessage {
  const view = FAR + count;
  const signature = tools.sign({ kind: 'nullify', epoch, view });
  return voteMessage({ kind: 'nullify', epoch, view, signer: tools.index, signature });
}

/** It votes for a proposal whose justification nobody signed: a fault of its own, on as many bytes as it likes. */
function evidence(tools: ActorTools, { tuple: model, parentCertificate }: Proposal): WireMessage {
  const skipCertificates = nullifications(tools, model.epoch);
  const tuple = { ...model, justificationRoot: justificationRoot(parentCertificate, skipCertificates) };
  const signature = tools.sign({ kind: 'notarize', tuple });
  const vote: TupleVote = { kind: 'notarize', tuple, signer: tools.index, signature };
  const found = { kind: 'badJustification', culprit: tools.index, vote, parentCertificate, skipCertificates } as const;
  return { kind: 'evidence', report: { epoch: model.epoch, evidence: found } };
}
