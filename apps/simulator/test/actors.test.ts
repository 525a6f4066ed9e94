import { ACTORS_OF_OWNED, type Actor, UNTOUCHED } from '@heddle/byzantine';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { actorsAct } from '../src/checkers/actors-act.ts';
import { createCheckers, type Invariant } from '../src/checkers/checker.ts';
import { noHonestBlocked } from '../src/checkers/no-honest-blocked.ts';
import { seenFaultsAreProven } from '../src/checkers/seen-faults-are-proven.ts';
import { PROOF_DEADLINE_MS } from '../src/limits.ts';
import { planOf } from '../src/plan.ts';
import { EPOCH_REGRESSIONS, WORLD_REGRESSIONS } from '../src/regressions/whole-nodes/index.ts';
import { rogueKey } from '../src/regressions/whole-nodes/rogue-key.ts';
import type { WorldEvent } from '../src/world/events.ts';
import { simulatedGenesis } from '../src/world/genesis.ts';
import { playAll } from './support/play-all.ts';
import { runSimulator } from './support/run-simulator.ts';

const LIMIT_MS = 4 * 60_000;

async function played(scenario: string, seeds: number): Promise<unknown> {
  const size = ['--validators', '4', '--shards', '2'];
  // A second process takes as long to start as a seed takes to play.
  const jobs = ['--jobs', seeds > 1 ? '2' : '1'];
  const run = await runSimulator(
    ['--scenario', scenario, '--seeds', String(seeds), ...size, ...jobs, '--json'],
    LIMIT_MS,
  );
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout);
}

test(
  'every actor does what it is there for, is convicted of what leaves proof, and breaks no invariant',
  async () => {
    expect(await played('each-actor', ACTORS_OF_OWNED.length)).toMatchObject({
      passed: ACTORS_OF_OWNED.length,
      failed: 0,
    });
  },
  LIMIT_MS,
);

test(
  'users who mean harm are served like others, and nobody is the worse for it',
  async () => {
    expect(await played('hostile-users', 3)).toMatchObject({ passed: 3, failed: 0 });
  },
  LIMIT_MS,
);

test(
  'neighbours in the registry do not have their turns in a row on every shard',
  async () => {
    const size = ['--validators', '10', '--shards', '2'];
    const run = await runSimulator(['--scenario', 'neighbours', '--seeds', '2', ...size, '--json'], LIMIT_MS);
    expect(JSON.parse(run.stdout)).toMatchObject({ passed: 2, failed: 0 });
  },
  LIMIT_MS,
);

describe('known bugs of other engines', () => {
  const names = [...WORLD_REGRESSIONS, ...EPOCH_REGRESSIONS.keys()].map(({ name }) => `world/${name}/2`);
  let outcomes: Awaited<ReturnType<typeof playAll>>;

  beforeAll(async () => {
    outcomes = await playAll(names.map((scenario) => ({ scenario, seeds: 1 })));
  }, LIMIT_MS);

  test.each(names)('%s', (name) => {
    expect(outcomes.get(name)).toEqual({ kind: 'survived' });
  });
});

test('a rogue key forges certificates of everybody, and gets into no validator set', async () => {
  await rogueKey.run(1);
});

describe('an actor', () => {
  const actor: Actor = { name: 'idler', description: 'does nothing', proofs: ['doubleVote'], start: () => UNTOUCHED };
  const plan = planOf(1, { validators: 4, shards: 1, scenario: 'calm' });

  /** What the invariant says of these events, the last one `PROOF_DEADLINE_MS` before the end. */
  function verdict(invariant: Invariant, events: readonly WorldEvent[], isBlocked = false): () => void {
    let now = 0;
    const [checker] = createCheckers([invariant], {
      plan,
      genesis: simulatedGenesis(plan),
      byzantine: new Set([3]),
      tried: new Map([[3, actor]]),
      faultBound: 1,
      slowdown: 0,
      delivered: 1,
      nowMs: () => now,
      live: () => [],
      isBlocked: () => isBlocked,
      waiting: () => [],
    });
    for (const event of events) checker?.on(event);
    now = PROOF_DEADLINE_MS;
    return () => checker?.finish();
  }

  const misdeed: WorldEvent = { kind: 'misdeed', machine: 3, actor, witness: 0 };
  const proof: WorldEvent = { kind: 'accused', machine: 0, proof: 'doubleVote', culprits: [3] };
  const otherProof: WorldEvent = { kind: 'accused', machine: 0, proof: 'doublePropose', culprits: [3] };

  test('may be blocked, an honest validator may not', () => {
    const blocked = { kind: 'peerBlocked', machine: 0, reason: 'nonsense' } as const;
    expect(verdict(noHonestBlocked, [{ ...blocked, peer: 3 }])).not.toThrow();
    expect(() => verdict(noHonestBlocked, [{ ...blocked, peer: 1 }])).toThrow('validator 0 blocks 1: nonsense');
  });

  test('that does nothing fails its seed', () => {
    expect(verdict(actorsAct, [])).toThrow('validator 3 did nothing as idler');
  });

  test('whose faults leave proof has to be convicted of one of them', () => {
    expect(verdict(actorsAct, [misdeed, otherProof])).toThrow('nobody can prove doubleVote');
    expect(verdict(actorsAct, [misdeed, proof])).not.toThrow();
  });

  test('that an honest validator sees after GST is accused', () => {
    expect(verdict(seenFaultsAreProven, [{ kind: 'healed' }, misdeed])).toThrow('nobody has proof');
    expect(verdict(seenFaultsAreProven, [misdeed, { kind: 'healed' }])).not.toThrow();
    expect(verdict(seenFaultsAreProven, [{ kind: 'healed' }, { ...misdeed, witness: null }])).not.toThrow();
    expect(verdict(seenFaultsAreProven, [{ kind: 'healed' }, misdeed, proof])).not.toThrow();
  });

  test('is not read by who has blocked it for something else, then or before its proof arrives', () => {
    const seen: readonly WorldEvent[] = [{ kind: 'healed' }, misdeed];
    const blockedFor = (reason: string, machine: number): WorldEvent => ({
      kind: 'peerBlocked',
      machine,
      peer: 3,
      reason,
    });
    expect(verdict(seenFaultsAreProven, seen, true)).not.toThrow();
    expect(verdict(seenFaultsAreProven, [...seen, blockedFor('chunk: invalid', 0)])).not.toThrow();
    expect(verdict(seenFaultsAreProven, [...seen, blockedFor('chunk: invalid', 1)])).toThrow('nobody has proof');
    expect(
      verdict(seenFaultsAreProven, [...seen, { ...misdeed, witness: 1 }, blockedFor('chunk: invalid', 0)]),
    ).toThrow('validator 1 saw');
    expect(verdict(seenFaultsAreProven, [...seen, blockedFor('proposal: bad justification', 0)])).toThrow(
      'nobody has proof',
    );
  });
});
