import { claimOf, spoiled } from '@heddle/byzantine/without-nodes';
import type { Proposal } from '@heddle/types';
import { UNKNOWN_HASH } from '../../engine/cast.ts';
import type { EngineScenario } from '../../engine/scenario.ts';
import {
  createSolo,
  expectSaid,
  expectUnsaid,
  FOLLOWER,
  ownVotesOf,
  restartSolo,
  type Solo,
} from '../../engine/solo.ts';
import { STAGE_DELTA_MS } from '../../engine/stage.ts';
import { expectThat } from '../../engine/violation.ts';

/** A leader proposes twice: the first one counts [N2], restart or not, and the second is evidence against it [E1]. */
export const doubleProposal: EngineScenario = {
  name: 'double-proposal',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const first = cast.proposal(1n, null, [], 1);
    cast.propose(first);
    solo.settle();
    if (seed % 2 === 1) restartSolo(solo);
    cast.propose(cast.proposal(1n, null, [], 2));
    solo.settle();
    expectThat(ownVotesOf(node).join() === 'notarize:1', `one vote, not ${ownVotesOf(node).join()}`);
    const [own] = node.journal.flatMap((record) => (record.kind === 'ownVote' ? [record.vote] : []));
    expectThat(own?.kind === 'notarize' && own.tuple.blockHash === first.tuple.blockHash, 'for the first block');
    const kinds = world.checks.evidence.map(({ kind }) => kind);
    expectThat(kinds.includes('doublePropose'), `the leader is accused, not ${kinds.join()}`);
    return world.report('double-proposal', seed);
  },
};

const FLOOD = 200;

/**
 * Two validators flood with proposals for this view and for later ones, as leaders and as anything else. The genuine
 * proposal of the view comes last and must get through; what is kept of the flood is bounded.
 */
export const proposalFlood: EngineScenario = {
  name: 'proposal-flood',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    for (let salt = 1; salt <= FLOOD; salt += 1) {
      const view = BigInt(1 + (salt % 40));
      const flooder = salt % 2 === 0 ? 2 : 3;
      cast.propose(cast.proposal(view, null, [], salt), flooder);
    }
    solo.settle();
    expectThat(node.state.views.size < 20, `${node.state.views.size} views are kept of a flood`);
    cast.propose(cast.proposal(1n, null));
    solo.settle();
    expectSaid(solo, 'vote/notarize:1');
    return world.report('proposal-flood', seed);
  },
};

const FAR = 2n ** 63n;

/**
 * Claims of a view in the far future, in every kind of message, none of them proven. Nobody moves for a number: the
 * validator stays in view 1, keeps nothing of it, and goes on voting.
 */
export const forgedViewNumber: EngineScenario = {
  name: 'forged-view-number',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const forger = world.node(3);
    const { tuple } = cast.proposal(1n, null);
    const far = { ...tuple, view: FAR, parentView: FAR - 1n };
    const forged = cast.notarization(far);
    cast.castVote(cast.nullify(FAR, 3));
    cast.castVote(cast.vote('finalize', far, 3));
    world.say(forger, 0, { kind: 'certificateRequest', epoch: tuple.epoch, view: FAR });
    world.say(forger, 0, { kind: 'status', status: { epoch: 3n, currentView: FAR, bestFinalization: null } });
    cast.propose(cast.proposal(FAR + 3n, null), 3);
    solo.settle();
    const certificate = { ...forged, aggregate: spoiled(forged.aggregate) };
    world.say(world.node(2), 0, { kind: 'certificate', certificate }); // 3 is blocked by now
    solo.settle();
    expectThat(node.state.currentView === 1n, `it stays in view 1\n${world.describe()}`);
    expectThat(node.state.views.size <= 2, `${node.state.views.size} views are kept`);
    cast.propose(cast.proposal(1n, null));
    solo.settle();
    expectSaid(solo, 'vote/notarize:1');
    return world.report('forged-view-number', seed);
  },
};

/**
 * A leader's proposal proves nothing: a missing or spoiled skip certificate, one without a quorum, one too many, a
 * parent that is not the certified one, a spoiled or missing parent certificate. Each gets a nullify vote at once, never
 * a notarize vote, and evidence against the leader [E5].
 */
export const invalidJustification: EngineScenario = {
  name: 'invalid-justification',
  budget: 14,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, { ...FOLLOWER, index: 1 });
    const { world, node, cast } = solo;
    const parent = cast.notarization(cast.proposal(1n, null).tuple);
    cast.show(parent);
    for (const view of [2n, 3n]) cast.show(cast.nullification(view));
    solo.settle();
    expectThat(node.state.currentView === 4n, `view 4 is open\n${world.describe()}`);
    cast.propose(falsified(solo, seed));
    solo.settle();
    expectUnsaid(solo, 'vote/notarize:4');
    expectSaid(solo, 'vote/nullify:4');
    const [proof] = world.checks.evidence;
    expectThat(proof?.kind === 'badJustification' && proof.culprit === 0, `0 is accused, not ${proof?.kind}`);
    return world.report('invalid-justification', seed);
  },
};

function falsified({ cast, world }: Solo, seed: number): Proposal {
  const parent = cast.notarization(cast.proposal(1n, null).tuple);
  const [second, third] = [cast.nullification(2n), cast.nullification(3n)];
  const claim = claimOf(cast.proposal(4n, parent, [second, third]));
  switch (seed % 7) {
    case 0:
      return cast.sign({ ...claim, skipCertificates: [third] });
    case 1:
      return cast.sign({ ...claim, skipCertificates: [second, { ...third, aggregate: spoiled(third.aggregate) }] });
    case 2:
      return cast.sign({ ...claim, skipCertificates: [second, world.signatures.certifySkip(3n, 3n, [0, 2])] });
    case 3:
      return cast.sign({ ...claim, skipCertificates: [second, third, cast.nullification(4n)] });
    case 4:
      return cast.sign({ ...claim, parentHash: UNKNOWN_HASH });
    case 5:
      return cast.sign({ ...claim, parentCertificate: { ...parent, aggregate: spoiled(parent.aggregate) } });
    default:
      return cast.sign({ ...claim, parentCertificate: null });
  }
}

/**
 * A leader builds on the genesis block although view 1 is notarized, without or with nullifications of other views in
 * place of the one that it cannot have. Accepted, it would undo view 1.
 */
export const parentSkipped: EngineScenario = {
  name: 'parent-skipped',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, cast } = solo;
    const { tuple } = cast.proposal(1n, null);
    cast.show(cast.notarization(tuple));
    solo.settle();
    const claim = claimOf(cast.proposal(2n, null));
    const skipCertificates = seed % 2 === 0 ? [] : [cast.nullification(2n)];
    cast.propose(cast.sign({ ...claim, skipCertificates }));
    solo.settle();
    expectUnsaid(solo, 'vote/notarize:2');
    expectSaid(solo, 'vote/nullify:2');
    return world.report('parent-skipped', seed);
  },
};

/**
 * More than f are faulty and have a nullification of a finalized view to show. A proposal that skips it is justified by
 * the letter; whoever knows the finalization still doesn't vote for it [N5], and the two certificates accuse their common signers [E6].
 */
export const staleParent: EngineScenario = {
  name: 'stale-parent',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const first = cast.notarization(cast.proposal(1n, null).tuple);
    cast.show(first);
    const second = cast.proposal(2n, first);
    cast.show(cast.finalization(second.tuple));
    solo.settle();
    expectThat(node.state.finalizedView === 2n, 'view 2 is final');
    cast.propose(cast.proposal(3n, first, [cast.nullification(2n)]));
    solo.settle();
    world.runFor(STAGE_DELTA_MS);
    expectUnsaid(solo, 'vote/notarize:3');
    const accused = world.checks.evidence.some(({ kind }) => kind === 'conflictingCertificates');
    expectThat(accused, 'the conflicting certificates are in evidence');
    return world.report('stale-parent', seed);
  },
};

/**
 * A leader enters its view without the certificates of the views below. It asks for them [P1] and proposes when it has
 * them, neither before nor never.
 */
export const missingSkipCertificate: EngineScenario = {
  name: 'missing-skip-certificate',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, { ...FOLLOWER, index: 3 });
    const { world, cast, node } = solo;
    cast.show(cast.nullification(2n));
    solo.settle();
    expectThat(node.state.currentView === 3n, 'view 3 is open');
    expectSaid(solo, 'certificateRequest:1');
    expectUnsaid(solo, 'proposal:3');
    cast.show(cast.nullification(1n));
    solo.settle();
    expectSaid(solo, 'proposal:3');
    const own = node.state.views.get(3n)?.proposal?.proposal;
    expectThat(own?.skipCertificates.map(({ view }) => view).join() === '1,2', 'it carries both skip certificates');
    return world.report('missing-skip-certificate', seed);
  },
};

/** A leader that nullifies its own view is followed at once [S5], before any timeout, also by one that comes late. */
export const leaderCannotBuild: EngineScenario = {
  name: 'leader-cannot-build',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, cast } = solo;
    cast.castVote(cast.nullify(1n, 1));
    cast.castVote(cast.nullify(2n, 2));
    solo.settle();
    expectSaid(solo, 'vote/nullify:1');
    cast.show(cast.nullification(1n));
    solo.settle();
    expectSaid(solo, 'vote/nullify:2');
    return world.report('leader-cannot-build', seed);
  },
};
