import { BlockService } from '../chain/block-service.ts';
import { ChunkExecution } from '../chain/chunk-execution.ts';
import { ControlBlocks } from '../chain/control-blocks.ts';
import { Finalizer } from '../chain/finalizer.ts';
import { SectionExecution } from '../chain/section-execution.ts';
import { WorkMonitor } from '../consensus/work-monitor.ts';
import { Epochs } from '../epochs/epochs.ts';
import { openEpoch } from '../epochs/open-epoch.ts';
import { EvidencePool } from '../peers/evidence-pool.ts';
import { Responder } from '../peers/responder.ts';
import { TransactionGossip } from '../peers/transaction-gossip.ts';
import { CatchUp } from '../sync/catch-up.ts';
import { layFoundation } from './foundation.ts';
import type { Surroundings } from './surroundings.ts';
import type { ValidatorParts } from './validator-parts.ts';

/** Wires one validator by hand: each part is given all that are there before it, and says by its types which it takes. */
export function composeValidator(surroundings: Surroundings): ValidatorParts {
  const foundation = layFoundation(surroundings, () => parts.work.tip);
  const execution = new ChunkExecution(foundation);
  const sections = new SectionExecution(foundation);
  const controlBlocks = new ControlBlocks(foundation);
  const blocks = new BlockService({ ...foundation, execution, sections, controlBlocks });
  const finalizer = new Finalizer(foundation);
  const work = new WorkMonitor(foundation.chain.tree.root, foundation.chain.genesis.blockTimeMs, foundation);
  const parts: ValidatorParts = {
    ...foundation,
    execution,
    sections,
    controlBlocks,
    blocks,
    finalizer,
    catchUp: new CatchUp({ ...foundation, blocks, finalizer }),
    work,
    gossip: new TransactionGossip({ ...foundation, work }),
    evidence: new EvidencePool(foundation),
    responder: new Responder(foundation),
    epochs: new Epochs(foundation, () => openEpoch(parts)),
  };
  return parts;
}
