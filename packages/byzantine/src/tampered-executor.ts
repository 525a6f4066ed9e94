import type { ChunkExecutor } from '@heddle/execution';
import type { Tampering } from './actor.ts';

/** Executes as the actor likes, who may come later than its node asks for an executor. */
export function tamperedExecutor(honest: ChunkExecutor, tampering: () => Pick<Tampering, 'executor'>): ChunkExecutor {
  const acting = (): ChunkExecutor => tampering().executor(honest);
  return {
    get disagreements(): number {
      return honest.disagreements;
    },
    verify: (request) => acting().verify(request),
    build: (request) => acting().build(request),
    verifySection: (request) => acting().verifySection(request),
    buildSection: (request) => acting().buildSection(request),
  };
}
