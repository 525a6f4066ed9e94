import type { Check } from '../check.ts';
import { type FoundRow, type Result, type RowKind, refused } from '../result.ts';
import { NAMESPACES, REFUSED, UNSAFE } from './method-names.ts';
import { type Answer, ask } from './rpc.ts';

const METHOD_NOT_FOUND = -32_601;
/** anvil takes a name that it does not know for wrong parameters. */
const UNKNOWN = /unknown variant|method .*(not found|does not exist|not supported)/i;

/** Which methods a node knows at all: wrong parameters are an answer too. */
export const methodsCheck: Check = {
  name: 'methods',
  row: 'methods',
  run: async ({ http }) => {
    const rows: FoundRow[] = [];
    for (const { prefix, kind, methods } of NAMESPACES) {
      const names = methods.split(/\s+/).map((name) => `${prefix}_${name}`);
      rows.push(rowOf(`methods ${prefix}_`, kind, await tryAll(http, names)));
    }
    for (const { row, reason, methods } of REFUSED) rows.push(refused(row, reason, await tryAll(http, methods)));
    return rows;
  },
};

function rowOf(row: string, kind: RowKind, results: readonly Result[]): FoundRow {
  return { row, kind, finding: { state: 'ran', results } };
}

async function tryAll(url: string, names: readonly string[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const name of names) {
    const params = UNSAFE.has(name) ? [{ never: [] }, 1, 2, 3] : [];
    results.push({ name, failure: isUnknown(await ask(url, name, params)) ? 'no such method' : null });
  }
  return results;
}

function isUnknown({ error }: Answer): boolean {
  return error !== undefined && (error.code === METHOD_NOT_FOUND || UNKNOWN.test(error.message));
}
