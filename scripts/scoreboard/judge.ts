import { passes, type Row } from './result.ts';

/** What the others are measured by. */
export const REFERENCE = 'anvil';
/** What more shards may not be worse than. */
const ONE_SHARD = 's1';

/** Why the scoreboard is not as it should be, a line each; empty when it is. `networks` are those that were measured. */
export function complaints(rows: readonly Row[], networks: readonly string[]): readonly string[] {
  return rows
    .filter(({ kind }) => kind.kind !== 'refused')
    .flatMap((row) => [...stoppedOf(row, networks), ...lowerOf(row)]);
}

/** A check that can't run on Heddle though it can elsewhere: its rows are missing, which nothing else would notice. */
function stoppedOf({ row, findings }: Row, networks: readonly string[]): readonly string[] {
  const couldNot = networks.filter((network) => findings[network]?.state === 'not run');
  if (couldNot.length === networks.length) return [];
  return couldNot.filter((network) => network !== REFERENCE).map((network) => `${row}: ${network} could not run`);
}

function lowerOf({ row, findings }: Row): readonly string[] {
  const reference = passes(findings[REFERENCE]);
  const oneShard = passes(findings[ONE_SHARD]);
  return Object.entries(findings).flatMap(([network, finding]) => {
    const count = passes(finding);
    if (network === REFERENCE || count === null) return [];
    return [
      ...(reference !== null && count < reference ? [`${row}: ${network} ${count}, ${REFERENCE} ${reference}`] : []),
      ...(oneShard !== null && count < oneShard ? [`${row}: ${network} ${count}, ${ONE_SHARD} ${oneShard}`] : []),
    ];
  });
}
