import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Kind } from './flag.ts';

/** Whole decimal numbers in a range, both ends included. */
export function wholeNumber(least: number, most: number): Kind<number> {
  return kind(`Give a whole number from ${least} to ${most}.`, (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    return Number.isSafeInteger(value) && value >= least && value <= most ? value : null;
  });
}

/** Any text. */
export const text: Kind<string> = { read: (words) => words };

/** A file or folder, as an absolute path. */
export const path: Kind<string> = kind('Give the path of a file or folder.', (words, workingDirectory) =>
  words !== '' && !words.includes('\0') ? resolve(workingDirectory, words) : null,
);

/** A switch: it is there or not. */
export const given: Kind<boolean> = { read: () => true };

/** One of some words. `also` is shown as allowed and read elsewhere. */
export function oneOf<const T extends string>(names: readonly T[], ...also: readonly string[]): Kind<T> {
  return kind(
    `Give one of ${[...names, ...also].join(', ')}.`,
    (words) => names.find((name) => name === words) ?? null,
  );
}

/** Some values, separated by commas. */
export function list<T>(of: Kind<T>): Kind<readonly T[]> {
  return { read: (words, workingDirectory) => words.split(',').map((word) => of.read(word, workingDirectory)) };
}

/** What several flags of one name were given, in their order. */
export function several<T>(of: Kind<T>): Kind<readonly T[]> {
  return {
    read: (words, workingDirectory, before) => {
      const earlier: readonly T[] = Array.isArray(before) ? before : [];
      return [...earlier, of.read(words, workingDirectory)];
    },
  };
}

/** A kind that is null for what it cannot read, which is then refused with what is `expected`. */
export function kind<T>(expected: string, read: (text: string, workingDirectory: string) => T | null): Kind<T> {
  return {
    read: (words, workingDirectory) => {
      const value = read(words, workingDirectory);
      if (value === null) throw new InvalidArgumentError(expected);
      return value;
    },
  };
}
