import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createDurably,
  ExposedFileError,
  FileTooLargeError,
  identityOf,
  LockHeldError,
  lockHolder,
  makeFolder,
  readBounded,
  readSecret,
  takeLock,
  writeDurably,
} from '@heddle/files';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

let directory = '';
const at = (name: string): string => join(directory, name);
const modeOf = (path: string): number => statSync(path).mode & 0o777;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heddle-files-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('a durable write', () => {
  test('replaces the whole file, is private, and leaves no draft', () => {
    writeFileSync(at('a'), 'old and longer', { mode: 0o644 });
    writeFileSync(at('a.new'), 'left by a killed process', { mode: 0o644 });
    writeDurably(at('a'), 'new');
    expect(readFileSync(at('a'), 'utf8')).toBe('new');
    expect(modeOf(at('a'))).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['a']);
  });

  test('that creates replaces nothing', () => {
    createDurably(at('a'), 'first');
    expect(modeOf(at('a'))).toBe(0o600);
    expect(() => createDurably(at('a'), 'second')).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(readFileSync(at('a'), 'utf8')).toBe('first');
    expect(readdirSync(directory)).toEqual(['a']);
  });
});

describe('reading', () => {
  test('has a bound', () => {
    writeFileSync(at('a'), 'abcd');
    expect(new TextDecoder().decode(readBounded(at('a'), 4))).toBe('abcd');
    expect(() => readBounded(at('a'), 3)).toThrow(FileTooLargeError);
  });

  test.each([0o640, 0o604, 0o620])('a secret that others can get at (mode %i) is refused', (mode) => {
    writeFileSync(at('a'), 'secret words', { mode: 0o600 });
    expect(readSecret(at('a'), 100).length).toBe(12);
    chmodSync(at('a'), mode);
    let message = '';
    try {
      readSecret(at('a'), 100);
    } catch (error) {
      expect(error).toBeInstanceOf(ExposedFileError);
      message = String(error);
    }
    expect(message).toContain(`chmod 600 ${at('a')}`);
    expect(message).not.toContain('words');
  });
});

describe('a lock', () => {
  test('is released, and can then be taken again', () => {
    const lock = takeLock(at('LOCK'));
    expect(lock.isHeld()).toBe(true);
    expect(lockHolder(at('LOCK'))).toBe(process.pid);
    lock.release();
    lock.release();
    expect(existsSync(at('LOCK'))).toBe(false);
    expect(lockHolder(at('LOCK'))).toBeNull();
    takeLock(at('LOCK')).release();
  });

  test('of a process that runs is refused, of one that is gone taken over', () => {
    writeFileSync(at('LOCK'), JSON.stringify(identityOf(process.ppid)));
    expect(() => takeLock(at('LOCK'))).toThrow(LockHeldError);
    expect(() => takeLock(at('LOCK'))).toThrow(`held by process ${process.ppid}`);
    writeFileSync(at('LOCK'), JSON.stringify({ pid: process.ppid, startedAt: 'another time' }));
    expect(lockHolder(at('LOCK'))).toBeNull();
    takeLock(at('LOCK')).release();
  });

  test('that somebody else took meanwhile is not released', () => {
    const lock = takeLock(at('LOCK'));
    writeFileSync(at('LOCK'), JSON.stringify(identityOf(process.ppid)));
    expect(lock.isHeld()).toBe(false);
    lock.release();
    expect(existsSync(at('LOCK'))).toBe(true);
  });
});

test('a folder is made private, with those above it; what cannot be made is an error', () => {
  makeFolder(at('a/b/c'));
  makeFolder(at('a/b/c'));
  expect(modeOf(at('a/b'))).toBe(0o700);
  writeFileSync(at('file'), '');
  expect(() => makeFolder(at('file/below'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
});
