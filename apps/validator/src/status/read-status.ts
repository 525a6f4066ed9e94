import { isRecord } from '@heddle/primitives/is-record';
import { askNode } from './ask-node.ts';

/** What a node says of itself. */
export interface StatusReport {
  readonly version: string;
  readonly chainId: number;
  /** Of the latest final block. */
  readonly head: number;
  /** Its timestamp, seconds since 1970. */
  readonly headTimestamp: number;
  readonly peers: number;
  readonly validators: number;
  /** Those of them that this node reaches, itself included. */
  readonly reached: number;
  readonly pending: number;
  readonly queued: number;
  readonly shards: readonly { readonly shard: number; readonly height: number; readonly gasUsed: number }[];
  /** The height that it fetches blocks up to; null while it has all that are final. */
  readonly syncingTo: number | null;
  /** Why no blocks come; null while they come when there is work. */
  readonly halted: string | null;
}

/** That a node could not be asked, and why. */
export interface NoStatus {
  readonly problem: string;
}

const METHODS = [
  ['web3_clientVersion'],
  ['eth_chainId'],
  ['eth_getBlockByNumber', 'latest', false],
  ['net_peerCount'],
  ['txpool_status'],
  ['shard_topology'],
  ['eth_syncing'],
] as const;

/** Asks a node, in one batch. Whatever it answers, this does not throw. */
export async function readStatus(url: string): Promise<StatusReport | NoStatus> {
  const batch = METHODS.map(([method, ...params], id) => ({ jsonrpc: '2.0', id, method, params }));
  try {
    return (
      reportOf(JSON.parse(await askNode(url, batch))) ?? { problem: `${url} answers, but not as a Heddle node does` }
    );
  } catch (error) {
    return { problem: `${url} does not answer: ${reasonOf(error)}` };
  }
}

/** Null for what is no answer of a Heddle node. */
function reportOf(answers: unknown): StatusReport | null {
  if (!Array.isArray(answers)) return null;
  const [version, chainId, block, peers, pool, topology, syncing] = METHODS.map((_, id) => resultOf(answers, id));
  if (typeof version !== 'string' || !isRecord(block) || !isRecord(pool) || !isRecord(topology)) return null;
  const { validators, shards, halted } = topology;
  if (!Array.isArray(validators) || !Array.isArray(shards)) return null;
  const report = {
    version,
    chainId: Number(chainId),
    head: Number(block.number),
    headTimestamp: Number(block.timestamp),
    peers: Number(peers),
    validators: validators.length,
    reached: validators.filter((validator) => isRecord(validator) && validator.running === true).length,
    pending: Number(pool.pending),
    queued: Number(pool.queued),
    shards: shards.filter(isRecord).map(({ shard, height, gasUsed }) => ({
      shard: Number(shard),
      height: Number(height),
      gasUsed: Number(gasUsed),
    })),
    syncingTo: isRecord(syncing) ? Number(syncing.highestBlock) : null,
    halted: isRecord(halted) ? String(halted.reason) : null,
  };
  return hasNumbers([report, ...report.shards]) ? report : null;
}

/** What was no number there is NaN here. */
function hasNumbers(parts: readonly object[]): boolean {
  return parts.every((part) => Object.values(part).every((value) => !Number.isNaN(value)));
}

function resultOf(answers: readonly unknown[], id: number): unknown {
  const answer = answers.find((each) => isRecord(each) && each.id === id);
  return isRecord(answer) ? answer.result : undefined;
}

/** The system's word where there is one: undici hides it in a cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error.message;
}
