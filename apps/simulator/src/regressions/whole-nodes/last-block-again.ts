import { decodeWireMessage, type WireMessage } from '@heddle/network';
import { ViolationError } from '../../errors.ts';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { Passage } from '../../world/sim-network.ts';
import type { NodeWorld } from '../../world/world.ts';
import { atHeight, expectThat, nextBoundary } from './steps.ts';

const ROUNDS = 2;
/** Virtual time for some views: where each is nullified at once there are hundreds of them. */
const LIMIT_MS = 20_000;

/**
 * Nothing gets through that would finalize an epoch's last block in the view in which it is first proposed. Later leaders
 * propose the same block again ([B2]) and nobody makes chunks on it ([B3]) until it is final.
 */
export const lastBlockAgain: Scenario = {
  name: 'last-block-again',
  description: "an epoch's last block does not become final at first; it alone is proposed until it is",
  prepare: UNPREPARED,
  play: async (world) => {
    for (let round = 0; round < ROUNDS; round++) await finalizeLate(world);
  },
};

async function finalizeLate(world: NodeWorld): Promise<void> {
  const boundary = nextBoundary(world);
  const held = new HeldBack(world, boundary);
  world.network.filter((passage) => held.lets(passage));
  await atHeight(world, boundary - 1n);
  world.wantBlocks(1n);
  const isFinal = await world.until(() => world.hasEverywhere(boundary), LIMIT_MS);
  expectThat(isFinal, `no block ${boundary} in ${LIMIT_MS} ms: ${world.describe()}`);
  const epoch = boundary / world.plan.epochLength - 1n;
  const tuple = world.live()[0]?.chain.store.finalizationOf(epoch)?.tuple;
  expectThat(tuple !== undefined && tuple.parentHash === tuple.blockHash, `block ${boundary} was proposed again`);
  world.network.heal();
}

/** Loses the finalization of the view that first proposes the block at `boundary`. */
class HeldBack {
  readonly #world: NodeWorld;
  readonly #boundary: bigint;
  #firstView: bigint | null = null;

  constructor(world: NodeWorld, boundary: bigint) {
    this.#world = world;
    this.#boundary = boundary;
  }

  lets({ kind, payload }: Passage): boolean {
    return kind === null || this.#letsMessage(decodeWireMessage(payload));
  }

  #letsMessage(message: WireMessage): boolean {
    switch (message.kind) {
      case 'proposal':
        if (message.proposal.block.header.number === this.#boundary) this.#firstView ??= message.proposal.tuple.view;
        return true;
      case 'chunk':
        this.#checkChunk(message.chunk.header.height);
        return true;
      case 'vote':
        return message.vote.kind !== 'finalize' || message.vote.tuple.view !== this.#firstView;
      case 'certificate':
        return message.certificate.kind !== 'finalize' || message.certificate.tuple.view !== this.#firstView;
      default:
        return true;
    }
  }

  #checkChunk(height: bigint): void {
    const { height: final } = this.#world;
    if (height <= this.#boundary || final >= this.#boundary) return;
    this.#world.fail(new ViolationError('scenario', `a chunk of block ${height} while ${final} is final`));
  }
}
