import { viewOf } from '@heddle/consensus';
import { nameOfMessage, viewOfMessage } from '@heddle/consensus/testing';
import type { Envelope } from '../engine/network.ts';
import type { EngineNode } from '../engine/node.ts';
import type { EngineScenario } from '../engine/scenario.ts';
import { createStage, delayOf, STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * Half of the validators hold the notarization of view 1, half its nullification, and neither half is ever shown the
 * other's certificate. Both have to go on, into one chain.
 */
export const splitCertificates: EngineScenario = {
  name: 'split-certificates',
  budget: 20,
  run: (seed, engine) => {
    const validatorCount = 4 + (seed % 4);
    const world = createStage(seed, { validatorCount, signer: 'none', puppets: [], engine });
    const notarizers = Math.floor(validatorCount / 2);
    const delays = [delayOf(seed)];
    // Notarize votes come when all have timed out (3T), to one half; nullify votes come later still, to the other.
    const late = [3 * STAGE_DELTA_MS];
    world.network = (envelope) => {
      const side = sideOf(envelope);
      if (side === 'both') return delays;
      const goesToNotarizers = side === 'notarize';
      return goesToNotarizers === isNotarizer(envelope.to, notarizers) ? late : [];
    };
    world.start();
    world.runFor(7 * STAGE_DELTA_MS);
    for (const node of world.nodes) {
      const [held] = certificatesOfFirstView(node); // a proposal may bring the other one later
      const expected = isNotarizer(node, notarizers) ? 'notarize' : 'nullify';
      expectThat(held === expected, `${node.name} got ${held} for view 1 first, not ${expected}\n${world.describe()}`);
    }
    world.expectProgress(4, 20_000);
    return world.report('split-certificates', seed);
  },
};

function certificatesOfFirstView(node: EngineNode): readonly string[] {
  return node.journal.flatMap((record) => {
    if (record.kind !== 'certificate' || viewOf(record.certificate) !== 1n) return [];
    return [record.certificate.kind];
  });
}

/** From validator 3 on, so that the leader of view 2 is in the other half: its proposal brings only what it holds. */
function isNotarizer({ index, config }: EngineNode, notarizers: number): boolean {
  return (index + config.validatorCount - 3) % config.validatorCount < notarizers;
}

/** Which half a message of view 1 is for. */
function sideOf({ message }: Envelope): 'notarize' | 'nullify' | 'both' {
  if (viewOfMessage(message) !== 1n) return 'both';
  const name = nameOfMessage(message);
  if (name === 'vote/notarize' || name === 'certificate/notarize') return 'notarize';
  return name === 'vote/nullify' || name === 'certificate/nullify' ? 'nullify' : 'both';
}
