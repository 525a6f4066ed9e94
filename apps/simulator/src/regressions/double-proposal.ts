import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, FOLLOWER, ownVotesOf, restartSolo } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

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
