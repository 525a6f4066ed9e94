/** One thing that was tried: what, and why it failed; `null` when it passed. */
export interface Result {
  readonly name: string;
  readonly failure: string | null;
}

/**
 * How a row counts. `control`: it changes a devnet's state outside of transactions; judged like any other.
 * `refused`: Heddle does not do it on principle; the row says why.
 */
export type RowKind =
  | { readonly kind: 'judged' }
  | { readonly kind: 'control' }
  | { readonly kind: 'refused'; readonly reason: string };

/** What a check found on one network under one heading. */
export type Finding =
  | { readonly state: 'ran'; readonly results: readonly Result[] }
  | { readonly state: 'not run'; readonly reason: string };

/** One of a check's rows on one network. */
export interface FoundRow {
  readonly row: string;
  readonly kind: RowKind;
  readonly finding: Finding;
}

/** A row over all networks; `findings` by the name of the network. */
export interface Row {
  readonly row: string;
  readonly kind: RowKind;
  readonly findings: Readonly<Record<string, Finding>>;
}

export function judged(row: string, results: readonly Result[]): FoundRow {
  return { row, kind: { kind: 'judged' }, finding: { state: 'ran', results } };
}

export function control(row: string, results: readonly Result[]): FoundRow {
  return { row, kind: { kind: 'control' }, finding: { state: 'ran', results } };
}

export function refused(row: string, reason: string, results: readonly Result[]): FoundRow {
  return { row, kind: { kind: 'refused', reason }, finding: { state: 'ran', results } };
}

export function notRun(row: string, reason: string): FoundRow {
  return { row, kind: { kind: 'judged' }, finding: { state: 'not run', reason } };
}

/** How many passed; `null` when the row could not run. */
export function passes(finding: Finding | undefined): number | null {
  if (finding === undefined || finding.state === 'not run') return null;
  return finding.results.filter(({ failure }) => failure === null).length;
}

/** Rows of the networks side by side, in the order in which they first came. */
export function joinRows(
  found: readonly { readonly network: string; readonly rows: readonly FoundRow[] }[],
): readonly Row[] {
  const names = [...new Set(found.flatMap(({ rows }) => rows.map(({ row }) => row)))];
  return names.map((name) => {
    const ofRow = found.flatMap(({ network, rows }) =>
      rows.filter(({ row }) => row === name).map(({ kind, finding }) => ({ network, kind, finding })),
    );
    // Where a row could not run, nothing says what kind it is.
    const kind = ofRow.find((one) => one.kind.kind !== 'judged')?.kind ?? { kind: 'judged' as const };
    return { row: name, kind, findings: Object.fromEntries(ofRow.map(({ network, finding }) => [network, finding])) };
  });
}
