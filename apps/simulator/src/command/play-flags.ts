import { availableParallelism } from 'node:os';
import { type Flag, given, type Kind, path, wholeNumber } from '@heddle/command-line';
import { MAX_JOBS } from '../limits.ts';

/** Rows that several commands have. */
export const JOBS: Flag<number> = {
  typed: '--jobs <J>',
  help: 'processes',
  kind: wholeNumber(1, MAX_JOBS),
  usual: Math.min(2, availableParallelism()),
};

export const CAMPAIGN: Flag<string | null> = {
  typed: '--campaign <FILE>',
  help: 'go on where this file ends, and keep totals and violations in it',
  kind: path,
  usual: null,
};

export const JSON_TABLE: Flag<boolean> = {
  typed: '--json',
  help: 'print one line of JSON instead of the table',
  kind: given,
  usual: false,
};

/** Infinity without the flag. */
export function minutes(played: string): Flag<number> {
  return {
    typed: '--minutes <M>',
    help: `deal no more ${played} after this`,
    kind: wholeNumber(1, 2 ** 20),
    usual: Number.POSITIVE_INFINITY,
    shown: '',
  };
}

/** Null for `mixed`: drawn for each seed. */
export function orMixed<T>(kind: Kind<T>): Kind<T | null> {
  return { read: (text, workingDirectory) => (text === 'mixed' ? null : kind.read(text, workingDirectory)) };
}
