import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InvalidFixtureError, readFixtures, type StateFixture } from './state-fixture.ts';

export interface FixtureFile {
  readonly path: string;
  /** Below the folder that was asked for; what `--match` and the report go by. */
  readonly name: string;
}

/** A path at which nothing can be read. */
export class FixturePathError extends Error {
  readonly code = 'FIXTURE_PATH';
}

/** A file itself, or all JSON of a folder at any depth, in order. Throws `FixturePathError`. */
export function listFixtureFiles(path: string): readonly FixtureFile[] {
  try {
    if (statSync(path).isFile()) return [{ path, name: basename(path) }];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json') || name.endsWith('.json.gz'))
      .sort()
      .map((name) => ({ path: join(path, name), name }));
  } catch (error) {
    throw new FixturePathError(`${path} cannot be read: ${messageOf(error)}`);
  }
}

/** The Osaka state tests of a file, gzip or not; none if it holds something else. Throws `InvalidFixtureError`. */
export function readFixtureFile({ path }: FixtureFile): readonly StateFixture[] {
  return readFixtures(readJson(path));
}

function readJson(path: string): unknown {
  try {
    const bytes = readFileSync(path);
    // RFC 1952: a gzip file begins so, whatever its name.
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return JSON.parse((isGzip ? gunzipSync(bytes) : bytes).toString('utf8'));
  } catch (error) {
    throw new InvalidFixtureError(`cannot be read as JSON: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll('\n', ' ');
}
