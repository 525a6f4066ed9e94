/**
 * The Simplex engine: one instance per epoch orders blocks over a fixed validator set of n, up to f = ⌊(n−1)/3⌋ of
 * them faulty in any way. `step` is a pure function; this header is the protocol, and the code cites its rules.
 *
 * ## Rules
 * A quorum is q = n − f votes with equal content: a certificate. Notarization, nullification, finalization are
 * quorums of notarize, nullify, finalize votes. View 0 is the epoch's genesis, final by definition.
 *
 * Views      [V1] A certificate of view w opens view w+1; views only grow. A notarization does so even after our own
 *                 nullify.
 *            [V2] k = skipped views between the best parent and the view, or what is not final below v−1 if that is
 *                 more; T = min(Δ·1.5^k, cap). No proposal by 2T, or no certificate by 3T: nullify.
 *            [V3] Entering a view announces its leader and the best parent; again if a better parent is notarized late.
 * Propose    [P1] Walk back from v−1 to the first notarized or finalized view, collecting the nullifications of the
 *                 views between; ask for any that is missing.
 *            [P2] Build with work pending, with k > 0, after maxIdle, or on a tail that stays unfinalized. Once a view.
 *            [P3] Sign tuple and notarize vote. [P4] Journal both, send them in one message.
 * Notarize   only if [N1] v is current; [N2] it is the leader's first tuple in v, first-hand; [N3] the parent
 *            certificate matches parentView and parentHash; [N4] the skip certificates cover (parentView, v) and
 *            nothing else; [N5] parentView ≥ finalized view; [N6] we signed no notarize or nullify in v; [N7] the block
 *            is valid and durable.
 * Nullify    [S1] current view only; [S2] never after finalize(v); [S3] after notarize(v) it is allowed.
 *            [S4] At once on an invalid proposal or block, or as a leader that can't propose; [S5] at once when the
 *            leader nullifies.
 * Finalize   [F1] needs a notarization of p in v; [F2] no own nullify(v); [F3] own notarize absent or for p; [F4] v may
 *            be older than the current view. [F5] A finalization makes its block and all ancestors final.
 * Certificates [C1] Single signatures are never believed: at q equal votes, aggregate and verify once. [C2] Bad signers
 *            are dropped and blocked, and it is tried again. [C3] A received certificate is verified before use unless
 *            an equal one is held; one assembled here is broadcast once. [C4] Whoever sends what it can't have believed
 *            is blocked.
 * Retry      [R1] Every 1.5T of a running view: [R2] resend the entry certificates, own votes of the view, finalize
 *            votes of unfinalized views, the own proposal; count own votes again. [R3] A vote repeated for a settled
 *            view shows a laggard: send it what it lacks. [R4] Certificate requests and [R5] statuses are answered.
 * Windows    [W1] Votes in [finalized − 10, current + 1]. [W2] Certificates of any view above finalized. [W3] A stored
 *            vote is never overwritten.
 * Evidence   [E1] two proposals of a leader in a view; [E2] two notarize or two finalize votes for different tuples;
 *            [E3] notarize(p) with finalize(p′); [E4] nullify with finalize; [E5] a notarize vote for a tuple that
 *            commits to an invalid justification; [E6] two conflicting certificates: all who signed both.
 * Durability [D1] First proposals, own votes and certificates are records of the step that acts on them. [D2] A vote is
 *            marked when its signature is asked for and sent only with its record. [D3] Recovery replays silently, then
 *            `start` rebroadcasts. [D4] A floor repeats what is still needed. [D5] The signer has the last word.
 * Boundary   [B1] An epoch ends with the block at a fixed height; a proposal above it is invalid. [B2] On that block only
 *            it itself is proposed, parentHash = blockHash, until it is final: to the engine a block like any other.
 *            [B3] Nobody makes or endorses chunks on it. [B4] It being final, the engine is over, and view 0 of the next
 *            one is that block. The driver sees to all four; [I2] keeps views coming meanwhile.
 * Idle       [I1] Timers are set at view entry and when [I2] business appears: work, a vote or proposal of the view,
 *            skipped views, an unfinalized tail. Without business and with maxIdle = ∞ no timer runs. [I3] A finite
 *            maxIdle is added to both timeouts, and the leader makes a heartbeat block after it. [I4] At a retry the
 *            leader builds on an unfinalized tail: a validator that nullified the tail's view can't vote to finalize it.
 *
 * ## Why it is safe
 * Two quorums share at least 2q − n ≥ f + 1 validators, so an honest one (2f+1 would not do at n = 5, 6).
 * (1) At most one tuple of a view is notarized: an honest validator signs one notarize a view [N6]. (2) A view is not
 * both nullified and finalized: [S2] and [F2] exclude both orders. (3) If p is finalized in v, every tuple notarized in
 * w > v descends from p, by induction over w: an honest validator checked [N3] [N4], so its parent view u < w is
 * certified and all views between are nullified; by (2) v is not among them, so u ≥ v. If u = v the parent is p, by (1)
 * and [F1] [F3]; else it descends from p by induction. (A block proposed again [B2] counts as its own descendant.) Hence any two finalized blocks are on one chain. Marks survive
 * restarts by [D2] and the signer [D5].
 *
 * ## Why it moves
 * Certificates reach everyone ([C3], entry certificates in [R2]), so honest validators are in the same view soon after
 * the network heals. There, an honest leader can justify a proposal [P1] and all can check it from its contents alone;
 * or all honest validators nullify after at most 3T. T grows with k until it exceeds the real delay, and shrinks only
 * with finality. In a view that nobody nullified early, everyone who notarized also finalizes.
 *
 * ## Deviations and additions
 * Against the Simplex paper: nullify is allowed after notarize, and finalize needs no own nullify instead of no own
 * timeout; proposals carry their justification; votes are aggregated lazily. Against the design text: a validator that
 * assembles a certificate broadcasts it at once; [R3]; [E6]; a tail that is not final, or a vote of another in the
 * current view, counts as business [I2], else a validator that alone knows of work could wait for ever; [I4]; k of [V2]
 * counts views without finality too, else delays above 3Δ can prevent it for ever. [E5] accuses nobody for a finalize
 * vote, which rests on a notarization alone [F1].
 * Not here: chunk endorsement (`chunks/`), the signer's record (`signer/`), the change from one epoch's engine to the
 * next (the driver's), longer timeouts for missing chunks (the driver adds to `setTimer`).
 */
import { assert, unreachable } from '@heddle/primitives';
import type { EngineState } from './engine/state.ts';
import { type EngineStep, EngineTransition } from './engine/transition.ts';
import {
  handleAggregated,
  handleBadJustification,
  handleBlockBuilt,
  handleBlockVerified,
  handleBuildFailed,
  handleSigned,
  handleSignRefused,
  handleVerified,
} from './handlers/answers.ts';
import { handleStart, handleTimer, handleWork } from './handlers/driver.ts';
import {
  handleCertificate,
  handleCertificateRequest,
  handleProposal,
  handleStatus,
  handleVote,
} from './handlers/messages.ts';
import type { Input } from './input.ts';
import { blockPeer } from './rules/blocking.ts';
import { followLeadersNullify } from './rules/own-votes.ts';
import { tryBuild } from './rules/propose.ts';
import { settleClock } from './rules/timers.ts';
import { announceView } from './rules/views.ts';

/**
 * One input in, what to make durable and what to do out. The first input is `start`. Throws ImpossibleStateError on a
 * bug of the engine or its driver, never for what a peer sent.
 */
export function step(state: EngineState, input: Input): EngineStep {
  assert(state.started !== (input.kind === 'start'), 'start is the first input, and comes once');
  const t = new EngineTransition(state);
  if (isHeard(state, input)) dispatch(t, input);
  settle(t);
  return t.finish();
}

/** [C4] Nothing of blocked peers; nothing of this validator's own index, which speaks by effects alone. */
function isHeard({ blocked, config }: EngineState, input: Input): boolean {
  if (!('from' in input)) return true;
  const known = Number.isInteger(input.from) && input.from >= 0 && input.from < config.validatorCount;
  return known && input.from !== config.validatorIndex && !blocked.has(input.from);
}

function dispatch(t: EngineTransition, input: Input): void {
  switch (input.kind) {
    case 'start':
      handleStart(t);
      return;
    case 'proposal':
      handleProposal(t, input.from, input.proposal);
      return;
    case 'vote':
      handleVote(t, input.from, input.vote);
      return;
    case 'certificate':
      handleCertificate(t, input.from, input.certificate);
      return;
    case 'certificateRequest':
      handleCertificateRequest(t, input.from, input.view);
      return;
    case 'status':
      handleStatus(t, input.from, input.status);
      return;
    case 'blockBuilt':
      handleBlockBuilt(t, input.view, input.block, input.blockHash);
      return;
    case 'buildFailed':
      handleBuildFailed(t, input.view);
      return;
    case 'blockVerified':
      handleBlockVerified(t, input.view, input.blockHash, input.verdict);
      return;
    case 'signed':
      handleSigned(t, input.requestId, input.signature);
      return;
    case 'signRefused':
      handleSignRefused(t, input.requestId);
      return;
    case 'verified':
      handleVerified(t, input.requestId, input.valid);
      return;
    case 'badJustification':
      handleBadJustification(t, input.requestId);
      return;
    case 'aggregated':
      handleAggregated(t, input.requestId, input.result);
      return;
    case 'peerFault':
      blockPeer(t, input.peer, input.reason);
      return;
    case 'timer':
      handleTimer(t, input.timer, input.view);
      return;
    case 'work':
      handleWork(t, input.pending);
      return;
    default:
      unreachable(input, 'engine input');
  }
}

/** What may have become possible by any input: the end of every step. Each part does nothing the second time. */
function settle(t: EngineTransition): void {
  announceView(t); // [V3]
  followLeadersNullify(t); // [S5]
  tryBuild(t); // [P2]
  settleClock(t); // [I1]
}
