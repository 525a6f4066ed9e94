import type { ChunkExecutor } from '@heddle/execution';
import type { Hash } from '@heddle/types';
import type { Tampering } from '../actors/actor.ts';

export interface ActingPorts {
  /** Of the machine's actor, who may come later than its node asks for an executor. */
  tampering(): Pick<Tampering, 'executor'>;
  /** A leader's section is to be made. */
  sectionAsked(parentHash: Hash, gasTarget: bigint, gasLimit: bigint): void;
}

/** Executes as the actor of the machine likes, and tells what is asked of it. */
export function actingExecutor(honest: ChunkExecutor, { tampering, sectionAsked }: ActingPorts): ChunkExecutor {
  const acting = (): ChunkExecutor => tampering().executor(honest);
  return {
    disagreements: honest.disagreements,
    verify: (request) => acting().verify(request),
    build: (request) => acting().build(request),
    verifySection: (request) => acting().verifySection(request),
    buildSection: (request) => {
      const { context, gasTarget } = request;
      const parent = context.ancestor(context.height - 1n);
      if (parent !== null) sectionAsked(parent.hash, gasTarget, context.gasLimit);
      return acting().buildSection(request);
    },
  };
}
