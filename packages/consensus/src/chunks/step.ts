/**
 * The chunk endorsement protocol (protocol.md, Blocks and chunks): one instance per epoch, beside the engine, has the
 * chunks of each shard made, endorsed and brought to the view's leader. `stepChunks` is a pure function; this header is
 * the protocol, and the code cites its rules by name. A chunk belongs to a shard and a parent block: that is its place.
 *
 * ## Rules
 * [producer]   Each shard has the set in an order of its own for the epoch (seeded by keccak256 of the leaders' seed and the
 *              shard); at height h it is the turn of the one at place h mod n. It builds once for a parent: with work, or
 *              when its own engine wants a block.
 * [first-hand] A chunk that comes unasked is heard from its producer by rule only. The driver then compares the body with
 *              the header and checks the signature, in this order of cost, before a byte is held. So here a candidate is
 *              validly signed, two of them are evidence that holds, and an invalid one is its producer's fault. What is
 *              fetched by its hash goes the same way.
 * [window]     Chunks are heard for 64 heights above the final one, two different ones for one place.
 * [time]       A producer takes the later of its clock and the parent block's timestamp. A member waits until the
 *              timestamp is at most 500 ms ahead of its clock ('early'), but never for one that is not above the parent's:
 *              after a clock is set back, the chain's time stands still and chunks go on. More than 8 s ahead: not judged at
 *              all ('gone'). A chunk that waits for its time occupies nobody's place; one that a quorum has certified is
 *              not asked for its time.
 * [endorse]    At most one endorsement for a place: of the first chunk that was executed and is valid.
 * [durable]    A chunk is endorsed, and a block with it proposed, only once it is executed and durable here.
 * [sender]     An endorsement counts from its signer only.
 * [leader]     Endorsements go to the view's leader; each new one on the same parent gets them again.
 * [quorum]     Endorsements are not believed one by one: with a quorum of equal ones, the leader has them aggregated and
 *              verified once. Bad signers are dropped, and it is tried again.
 * [fetch]      A chunk that a quorum has certified and that is not here is fetched from its endorsers.
 * [deadline]   A leader waits for chunks as long as `rules/deadline.ts` says, and on while one is under way; then it
 *              proposes with what there is.
 * [blame]      Blocked is who sent what it can't have believed: an invalid chunk ('early' and 'gone' are about this node's
 *              clock and final block, and nobody's fault), an endorsement of another on a parent whose epoch is known here,
 *              a bad signature found in an aggregation. On an unknown parent nobody is blamed: it may be the next epoch's,
 *              where the sender has another place.
 * [evidence]   Two chunks of a producer for one place, two endorsements of a signer for one place.
 *
 * Handlers record what an input says; `rules/due.ts` then compares the record with what should have been asked for by now
 * and emits the difference. So the order in which things arrive decides when something happens, not whether. What was
 * signed before a restart is not here: the signer's record remembers it and grants the identical request again.
 */
import { unreachable } from '@heddle/primitives';
import {
  handleAggregated,
  handleBuildFailed,
  handleBuilt,
  handleSigned,
  handleSignRefused,
  handleTimely,
  handleValidated,
} from './handlers/answers.ts';
import { handleDeadline, handleFinalized, handleProposalWanted, handleView, handleWork } from './handlers/driver.ts';
import { handleChunk, handleEndorsement } from './handlers/messages.ts';
import type { ChunkInput } from './input.ts';
import type { ChunkProtocolState } from './state.ts';
import { type ChunkStep, ChunkTransition } from './transition.ts';

/** One input in, what to do out. Throws ImpossibleStateError on a bug of the protocol or its driver. */
export function stepChunks(state: ChunkProtocolState, input: ChunkInput): ChunkStep {
  const t = new ChunkTransition(state);
  dispatch(t, input);
  return t.finish();
}

function dispatch(t: ChunkTransition, input: ChunkInput): void {
  switch (input.kind) {
    case 'view':
      handleView(t, input);
      return;
    case 'work':
      handleWork(t, input.pending);
      return;
    case 'proposalWanted':
      handleProposalWanted(t, input.view, input.parentHash);
      return;
    case 'deadline':
      handleDeadline(t, input.view, input.parentHash);
      return;
    case 'finalized':
      handleFinalized(t, input.height);
      return;
    case 'chunk':
      handleChunk(t, input.announcement);
      return;
    case 'endorsement':
      handleEndorsement(t, input.from, input.endorsement);
      return;
    case 'built':
      handleBuilt(t, input.parentHash, input.header, input.chunkHash);
      return;
    case 'buildFailed':
      handleBuildFailed(t, input.parentHash, input.shard);
      return;
    case 'validated':
      handleValidated(t, input.chunkHash, input.verdict);
      return;
    case 'timely':
      handleTimely(t, input.chunkHash);
      return;
    case 'signed':
      handleSigned(t, input.requestId, input.signature);
      return;
    case 'signRefused':
      handleSignRefused(t, input.requestId);
      return;
    case 'aggregated':
      handleAggregated(t, input.requestId, input.result);
      return;
    default:
      unreachable(input, 'chunk input');
  }
}
