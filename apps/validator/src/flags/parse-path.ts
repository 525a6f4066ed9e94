import { InvalidArgumentError } from 'commander';

/** A path as the user wrote it. */
export function parsePath(text: string): string {
  if (text !== '' && !text.includes('\0')) return text;
  throw new InvalidArgumentError('Give the path of a file or folder.');
}
