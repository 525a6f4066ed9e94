import { viewOf } from '@heddle/consensus';
import { Cast } from './cast.ts';
import type { EngineUnderTest } from './engine-under-test.ts';
import type { EngineNode, SignerKind } from './node.ts';
import { createStage, delayOf, listenTo } from './stage.ts';
import { expectThat } from './violation.ts';
import type { EngineWorld } from './world.ts';

export interface SoloOptions {
  readonly validatorCount: number;
  /** The real one. */
  readonly index: number;
  readonly signer: SignerKind;
}

/** Validator 0 of four, without a signer's rules: the engine itself has to keep them. */
export const FOLLOWER: SoloOptions = { validatorCount: 4, index: 0, signer: 'none' };

/** One real validator among puppets. */
export interface Solo {
  readonly world: EngineWorld;
  readonly node: EngineNode;
  readonly cast: Cast;
  /** What the real one says, as `vote/nullify:3`. */
  readonly said: readonly string[];
  /** Long enough for what was said to arrive and be answered, too short for any timer. */
  settle(): void;
}

export function createSolo(seed: number, engine: EngineUnderTest, options: SoloOptions): Solo {
  const { validatorCount, index, signer } = options;
  const puppets = Array.from({ length: validatorCount }, (_, other) => other).filter((other) => other !== index);
  const world = createStage(seed, { validatorCount, signer, puppets, engine });
  const node = world.node(index);
  const said = listenTo(world, node);
  node.start();
  node.setWork(true);
  return { world, node, cast: new Cast(world, node), said, settle: () => world.runFor(2 * delayOf(seed)) };
}

/** The process dies and comes back at once, with what it had on disk. */
export function restartSolo({ node }: Solo): void {
  node.crash(null);
  node.restart();
}

export function isInView({ node }: Solo, view: bigint): boolean {
  return node.state.currentView === view;
}

export function expectSaid({ said, world }: Solo, what: string): void {
  expectThat(said.includes(what), `${what} was not said, only ${said.join(' ')}; ${world.describe()}`);
}

export function expectUnsaid({ said }: Solo, what: string): void {
  expectThat(!said.includes(what), `${what} was said`);
}

/** The own votes in a node's journal, as `nullify:3`. */
export function ownVotesOf(node: EngineNode): readonly string[] {
  return node.journal.flatMap((record) =>
    record.kind === 'ownVote' ? [`${record.vote.kind}:${viewOf(record.vote)}`] : [],
  );
}
