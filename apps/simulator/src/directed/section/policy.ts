import { Routes, type RouteView, SectionCandidates } from '@heddle/node';
import type { StateReader } from '@heddle/state';
import type { Address, RecoveredTransaction } from '@heddle/types';
import type { DirectedScenario } from '../../engine/scenario.ts';
import { expectThat } from '../../engine/violation.ts';
import { defined, SectionBench, SHARDS } from './bench.ts';

/** Heights after which whoever leads takes what the chunks have left lying. */
const PATIENCE = 8n;
type PoolPart = ConstructorParameters<typeof SectionCandidates>[0]['pool'];

/** Which way transactions go, and what a leader takes into its section. */
export const sectionPolicy: DirectedScenario = {
  name: 'section/policy',
  run: () => {
    const bench = new SectionBench();
    learning(bench);
    overdue(bench);
    afterTheChunks(bench);
  },
};

/** Calls are for the section until one of their kind stayed on its shard, and again when one did not. */
function learning(bench: SectionBench): void {
  const routes = createRoutes();
  const view = viewOf(bench);
  const call = bench.sign(bench.user(0), { to: defined(bench.genesis.sinks[0]) });
  const poor = bench.sign(bench.user(0), { to: defined(bench.genesis.sinks[0]) });
  expectThat(routes.routeOf(call, view) === 'section', 'what calls unknown code is for the section');
  const [executed] = bench.execute([call]).executed;
  routes.learn(executed === undefined ? [] : [executed], bench.states);
  expectThat(routes.routeOf(call, view) === 'chunk', 'what stayed on its shard is for the chunk');
  const dear = { ...view, sectionBaseFee: 10n ** 12n };
  expectThat(routes.routeOf(poor, dear) === 'section', 'who could not pay for the section is not tried');
  routes.mistaken(call, bench.states);
  expectThat(routes.routeOf(call, view) === 'section', 'a wrong guess is unlearned');
  const away = bench.sign(bench.user(0), { to: bench.user(1).address, value: 1n });
  expectThat(routes.routeOf(away, view) === 'section', 'a transfer to another shard is for the section');
  const near = bench.sign(bench.user(0), { to: bench.user(0).address, value: 1n });
  expectThat(routes.routeOf(near, view) === 'chunk', 'a transfer at home is for the chunk');
}

/** What is local is left to the chunks for some heights, not for ever. */
function overdue(bench: SectionBench): void {
  const near = bench.sign(bench.user(0), { to: bench.user(0).address, value: 1n });
  const candidates = new SectionCandidates({ routes: createRoutes(), pool: poolOf([near], () => {}) });
  const takenAt = (height: bigint): boolean =>
    [...candidates.of({ height, view: viewOf(bench), after: bench.states })].length > 0;
  expectThat(!takenAt(1n) && !takenAt(PATIENCE), 'a local transaction is left to the chunks');
  expectThat(takenAt(1n + PATIENCE), 'what they leave lying is taken');
}

/** A sender whose nonce the chunk of the same block has used goes on with its next one. */
function afterTheChunks(bench: SectionBench): void {
  const { address } = bench.user(0);
  const nonces: bigint[] = [];
  const pool = poolOf([], ({ nonce, balance }) => nonces.push(nonce(address), balance(address)));
  const after = bench.states.map((state) => advanced(state, address));
  const candidates = new SectionCandidates({ routes: createRoutes(), pool });
  for (const _ of candidates.of({ height: 1n, view: viewOf(bench), after }));
  expectThat(nonces.join() === '5,9', 'candidates are judged on the states after the chunks');
}

function createRoutes(): Routes {
  return new Routes({ shardCount: SHARDS, dispatch: false });
}

function viewOf({ states, context }: SectionBench): RouteView {
  return { states, sectionBaseFee: context.baseFeePerGas };
}

/** A pool that holds these; `look` is shown what it is judged by. */
function poolOf(
  pooled: readonly RecoveredTransaction[],
  look: (accounts: { nonce(address: Address): bigint; balance(address: Address): bigint }) => void,
): PoolPart {
  return {
    candidates: ({ takes }, accounts) => {
      if (accounts !== undefined) look(accounts);
      return pooled.filter(takes);
    },
  };
}

/** The state with one account that has sent five transactions. */
function advanced(state: StateReader, address: Address): StateReader {
  return {
    account: (of) => {
      const account = state.account(of);
      return of === address && account !== null ? { ...account, nonce: 5n, balance: 9n } : account;
    },
    storage: (of, slot) => state.storage(of, slot),
    code: (hash) => state.code(hash),
  };
}
