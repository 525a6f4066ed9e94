import type { Speaker } from '@heddle/byzantine/without-nodes';
import type { ConsensusMessage } from '@heddle/consensus';
import { describeMessage, SeededRandom } from '@heddle/consensus/testing';
import type { ValidatorIndex } from '@heddle/types';
import type { EngineUnderTest } from './engine-under-test.ts';
import { type NetworkPolicy, steadyNetwork } from './network.ts';
import type { EngineNode, SignerKind } from './node.ts';
import { type EngineMember, EngineWorld } from './world.ts';

export const STAGE_DELTA_MS = 100;
export const STAGE_CAP_MS = 2_000;

/** Says nothing by itself: a scenario speaks for it. */
const puppet: Speaker = {
  name: 'puppet',
  description: 'says nothing',
  proofs: [],
  start: () => ({ say: () => [], hear: null }),
};

export interface StageOptions {
  readonly validatorCount: number;
  readonly signer: SignerKind;
  /** Validators that say only what the scenario lets them say. They count as faulty. */
  readonly puppets: readonly ValidatorIndex[];
  readonly engine: EngineUnderTest;
}

/** A small world for a directed scenario. The leader of view v is v mod n; Δ = 100 ms; messages take 5 to 14 ms. */
export function createStage(seed: number, options: StageOptions): EngineWorld {
  const { validatorCount, signer, puppets, engine } = options;
  const members = Array.from({ length: validatorCount }, (_, index): EngineMember => {
    const faulty = puppets.includes(index);
    return { index, name: `${index}`, signer, faulty, actor: faulty ? puppet : null };
  });
  return new EngineWorld({
    validatorCount,
    members,
    leaders: members.map(({ index }) => index),
    deltaMs: STAGE_DELTA_MS,
    capMs: STAGE_CAP_MS,
    maxIdleMs: null,
    random: new SeededRandom(seed),
    network: steadyNetwork(delayOf(seed)),
    crashes: () => null,
    answerDelayMs: () => 0,
    forks: 'violation',
    engine,
  });
}

/** What a message takes on this seed's network. */
export function delayOf(seed: number): number {
  return 5 + (seed % 10);
}

/** Everything that a node says from now on, as `vote/nullify:3`, once a message. */
export function listenTo(world: EngineWorld, node: EngineNode): readonly string[] {
  const said: string[] = [];
  const heard = new Set<ConsensusMessage>();
  const policy: NetworkPolicy = world.network;
  world.network = (delivery) => {
    const { from, message } = delivery;
    if (from === node && !heard.has(message)) {
      heard.add(message);
      said.push(describeMessage(message));
    }
    return policy(delivery);
  };
  return said;
}
