import { createMempool, type TransactionPool } from '@heddle/mempool';
import { Chain } from '../chain/chain.ts';
import { ChunkCache } from '../chain/chunk-cache.ts';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import { ExecutionReports } from '../chain/execution-reports.ts';
import { ControlQueue } from '../consensus/control-queue.ts';
import { ValidatorsByEpoch } from '../epochs/epoch-validators.ts';
import { BlockList } from '../peers/block-list.ts';
import { blockingLink } from '../peers/blocking-link.ts';
import { Fetcher } from '../peers/fetcher.ts';
import type { PeerLink } from '../peers/peer-link.ts';
import { createTransportLink } from '../peers/transport-link.ts';
import { UnsentMessages } from '../peers/unsent-messages.ts';
import { Routes } from '../pool/routes.ts';
import { TipAccounts } from '../pool/tip-accounts.ts';
import type { Surroundings } from './surroundings.ts';

/** What a validator's work stands on: its chain, its pool, its peers. */
export interface Foundation extends Surroundings {
  readonly chain: Chain;
  readonly validatorsByEpoch: ValidatorsByEpoch;
  readonly chunks: ChunkCache;
  /** How chunks were executed here. */
  readonly executions: ExecutionReports;
  /** The accounts as the next block will find them. */
  readonly accounts: TipAccounts;
  readonly pool: TransactionPool;
  /** What the owner of a devnet wants done. */
  readonly control: ControlQueue;
  /** Which way transactions take. */
  readonly routes: Routes;
  readonly blocked: BlockList;
  /** Messages of this node that no peer would have taken. */
  readonly unsent: UnsentMessages;
  readonly link: PeerLink;
  readonly fetcher: Fetcher;
}

/** `tip`: the block that the next one is built on. */
export function layFoundation(surroundings: Surroundings, tip: () => ExecutedBlock): Foundation {
  const { genesis, storage, transport, signatureScheme, log } = surroundings;
  const chain = new Chain(genesis, storage.chain, (hash) => pool.get(hash) ?? null);
  const routes = new Routes(chain.genesis);
  const accounts = new TipAccounts(chain, routes, tip);
  const pool = createMempool(accounts.poolRules(), accounts);
  const blocked = new BlockList(surroundings);
  const unsent = new UnsentMessages(log.child('link'));
  const link = blockingLink(createTransportLink(transport, unsent), blocked);
  return {
    ...surroundings,
    chain,
    validatorsByEpoch: new ValidatorsByEpoch(chain, signatureScheme),
    chunks: new ChunkCache(),
    executions: new ExecutionReports(log.child('execution')),
    accounts,
    pool,
    control: new ControlQueue(),
    routes,
    blocked,
    unsent,
    link,
    fetcher: new Fetcher({ ...surroundings, link }),
  };
}
