import type { RecoveredTransaction } from '@heddle/types';
import type { TransactionFacts } from '../ethereumjs-oracle.ts';

/** What a run met, so that one can tell that it met what it is about. */
export interface Report {
  transactions: number;
  succeeded: number;
  failed: number;
  refused: number;
  logs: number;
  created: number;
  /** Executed, by type. */
  readonly types: Record<string, number>;
  /** Executed in chunks; the others in sections. */
  local: number;
  /** Executed in sections, and touched an account of another shard. */
  crossing: number;
  /** Contracts that came to live on another shard than their home. */
  listed: number;
  /** Those of them whose address had wei at home, in the block before. */
  moved: number;
  /** Offered to a chunk that refused them since they touch another shard. */
  remote: number;
  readonly differences: string[];
}

export function emptyReport(): Report {
  return {
    transactions: 0,
    succeeded: 0,
    failed: 0,
    refused: 0,
    logs: 0,
    created: 0,
    types: {},
    local: 0,
    crossing: 0,
    listed: 0,
    moved: 0,
    remote: 0,
    differences: [],
  };
}

/** Counts a transaction; a text says why it was refused. */
export function compare(
  report: Report,
  where: string,
  { fields }: RecoveredTransaction,
  ours: TransactionFacts | string,
  theirs: TransactionFacts | string,
): void {
  report.transactions++;
  if (typeof ours === 'string' || typeof theirs === 'string') {
    if (typeof ours === 'string' && typeof theirs === 'string') report.refused++;
    else report.differences.push(`${where}: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`);
    return;
  }
  report.types[fields.type] = (report.types[fields.type] ?? 0) + 1;
  if (ours.status === 1) report.succeeded++;
  else report.failed++;
  report.logs += ours.logs.length;
  if (ours.created !== null) report.created++;
  const [mine, other] = [JSON.stringify(ours), JSON.stringify(theirs)];
  if (mine !== other) report.differences.push(`${where}: ours ${mine}, theirs ${other}`);
}
