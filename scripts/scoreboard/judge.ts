import { passes, type Row } from './result.ts';

/** What the others are measured by. */
export const REFERENCE = 'anvil';
/** What more shards may not be worse than. */
const ONE_SHARD = 's1';

/** Why the scoreboard is not as it should be, a line each; empty when it is. */
export function complaints(rows: readonly Row[]): readonly string[] {
  return rows.filter(({ kind }) => kind.kind === 'judged').flatMap(complaintsOf);
}

/** A row that could not run here and ran there is below it. */
function complaintsOf({ row, findings }: Row): readonly string[] {
  const counts = Object.keys(findings).map((network) => ({ network, count: passes(findings[network]) ?? 0 }));
  const reference = passes(findings[REFERENCE]);
  const oneShard = passes(findings[ONE_SHARD]);
  return counts
    .filter(({ network }) => network !== REFERENCE)
    .flatMap(({ network, count }) => [
      ...(reference !== null && count < reference ? [`${row}: ${network} ${count}, ${REFERENCE} ${reference}`] : []),
      ...(oneShard !== null && count < oneShard ? [`${row}: ${network} ${count}, ${ONE_SHARD} ${oneShard}`] : []),
    ]);
}
