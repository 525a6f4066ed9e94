import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundRow } from './result.ts';

/** What a run has measured so far, in the work folder: a run of all takes long, and an interrupted one can go on. */
export class KeptResults {
  readonly #folder: string;

  /** Without `goesOn` what an earlier run has measured is forgotten. */
  constructor(work: string, goesOn: boolean) {
    this.#folder = join(work, 'results');
    if (!goesOn) rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true });
  }

  /** `null` when it has not been measured. */
  read(check: string, network: string): readonly FoundRow[] | null {
    const file = this.#file(check, network);
    if (!existsSync(file)) return null;
    const rows: readonly FoundRow[] = JSON.parse(readFileSync(file, 'utf8'));
    return rows;
  }

  write(check: string, network: string, rows: readonly FoundRow[]): void {
    writeFileSync(this.#file(check, network), JSON.stringify(rows));
  }

  #file(check: string, network: string): string {
    return join(this.#folder, `${check}-${network}.json`);
  }
}
