import type { ChunkExecutor } from '@heddle/execution';
import type { Hash } from '@heddle/types';

/** A leader's section is to be made. */
type SectionAsked = (parentHash: Hash, gasTarget: bigint, gasLimit: bigint) => void;

/** The same executor, which tells what is asked of it. */
export function toldExecutor(executor: ChunkExecutor, sectionAsked: SectionAsked): ChunkExecutor {
  return {
    disagreements: executor.disagreements,
    verify: (request) => executor.verify(request),
    build: (request) => executor.build(request),
    verifySection: (request) => executor.verifySection(request),
    buildSection: (request) => {
      const { context, gasTarget } = request;
      const parent = context.ancestor(context.height - 1n);
      if (parent !== null) sectionAsked(parent.hash, gasTarget, context.gasLimit);
      return executor.buildSection(request);
    },
  };
}
