import type { BlockService } from '../chain/block-service.ts';
import type { ChunkExecution } from '../chain/chunk-execution.ts';
import type { ControlBlocks } from '../chain/control-blocks.ts';
import type { Finalizer } from '../chain/finalizer.ts';
import type { SectionExecution } from '../chain/section-execution.ts';
import type { WorkMonitor } from '../consensus/work-monitor.ts';
import type { Epochs } from '../epochs/epochs.ts';
import type { EvidencePool } from '../peers/evidence-pool.ts';
import type { Responder } from '../peers/responder.ts';
import type { TransactionGossip } from '../peers/transaction-gossip.ts';
import type { CatchUp } from '../sync/catch-up.ts';
import type { Foundation } from './foundation.ts';

/** Everything that one validator is made of for as long as it lives. */
export interface ValidatorParts extends Foundation {
  readonly execution: ChunkExecution;
  readonly sections: SectionExecution;
  readonly controlBlocks: ControlBlocks;
  readonly blocks: BlockService;
  readonly finalizer: Finalizer;
  readonly catchUp: CatchUp;
  readonly work: WorkMonitor;
  readonly gossip: TransactionGossip;
  readonly evidence: EvidencePool;
  readonly responder: Responder;
  readonly epochs: Epochs;
}
