import { UserError } from '../errors.ts';

/** What was found of one subject: it is well, it should be looked at, or no node can run like that. */
export interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'wrong';
  /** For people; what to do about it, where there is something to do. */
  readonly says: string;
}

/** What a check gives: its finding, and a value for the checks that build on it (null when there is none). */
export interface Checked<T> {
  readonly finding: Finding;
  readonly value: T | null;
}

/** Runs a check. What a node would refuse to start for is its finding; anything else is thrown on. */
export async function checked<T>(
  subject: string,
  check: () => Promise<{ readonly value: T; readonly says: string; readonly state?: 'ok' | 'warning' }>,
): Promise<Checked<T>> {
  try {
    const { value, says, state = 'ok' } = await check();
    return { finding: { subject, state, says }, value };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { finding: { subject, state: 'wrong', says: error.message }, value: null };
  }
}
