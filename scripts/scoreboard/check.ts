import type { FoundRow } from './result.ts';

/** The network that a check runs on, fresh, and what it may use. Plain data: checks run in processes of their own. */
export interface Subject {
  /** `s1`, `s2`, `s4` or `anvil`. */
  readonly network: string;
  readonly http: string;
  readonly ws: string;
  /** Absolute; packages are installed below it, and projects are made there. */
  readonly work: string;
  /** Absolute path of the execution API's schemas. */
  readonly openrpc: string;
  /** Absolute path of OpenZeppelin's contracts with their tests; `null` when the user gave none. */
  readonly openzeppelin: string | null;
}

/** One subject that is measured. Throws when it could not run; what it measures becomes results. */
export interface Check {
  readonly name: string;
  /** Heading of the row that says so when it could not run. */
  readonly row: string;
  readonly run: (subject: Subject) => Promise<readonly FoundRow[]>;
}
