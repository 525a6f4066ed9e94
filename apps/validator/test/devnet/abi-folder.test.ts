import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hexToBytes } from '@heddle/primitives';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { selectorOfSignature } from '../../src/devnet/abi/abi-book.ts';
import { AbiFolder } from '../../src/devnet/abi/abi-folder.ts';
import { MAX_ABI_FILE_BYTES } from '../../src/limits.ts';

let folder = '';
let warnings: string[] = [];
let nowMs = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-abi-'));
  warnings = [];
  nowMs = 0;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(directory: string = folder): Promise<AbiFolder> {
  return AbiFolder.open({ directory, monotonicMs: () => nowMs, warn: (problem) => warnings.push(problem) });
}

function write(path: string, content: unknown): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

function functionNamed(name: string): object {
  return { type: 'function', name, inputs: [] };
}

/** Which of the functions are known. */
function known(abis: AbiFolder, ...names: readonly string[]): readonly string[] {
  return names.filter((name) => abis.decode('function', hexToBytes(`0x${selectorOfSignature(`${name}()`)}`)) !== null);
}

describe('a folder of ABIs', () => {
  test('of Hardhat, of Foundry and bare ones is read at any depth; the rest is passed over', async () => {
    write('contracts/A.sol/A.json', { contractName: 'A', abi: [functionNamed('a')] });
    write('contracts/A.sol/A.dbg.json', { abi: [functionNamed('no')] });
    write('B.sol/B.json', { abi: [functionNamed('b')], bytecode: { object: '0x' } });
    write('c.json', [functionNamed('c'), 'nonsense']);
    write('build-info/x.json', { abi: [functionNamed('no')] });
    write('node_modules/x.json', { abi: [functionNamed('no')] });
    write('.hidden/x.json', { abi: [functionNamed('no')] });
    write('package.json', { name: 'x', abi: 'no' });
    write('number.json', 5);
    symlinkSync(folder, join(folder, 'around'));
    const abis = await open();
    expect(known(abis, 'a', 'b', 'c', 'no')).toEqual(['a', 'b', 'c']);
    expect([abis.signatureCount, warnings]).toEqual([3, []]);
  });

  test('knows contracts by their init code, whatever arguments follow it', async () => {
    const code = (seed: number): string => `0x6080604052${seed.toString(16).padStart(2, '0').repeat(60)}`;
    write('A.sol/A.json', { contractName: 'Alpha', abi: [], bytecode: code(1) });
    write('B.sol/Beta.json', { abi: [], bytecode: { object: code(2) } });
    write('Same.sol/Start.json', { abi: [], bytecode: { object: `0x00${code(2).slice(4)}` } });
    write('Linked.json', { abi: [], bytecode: `${code(3)}__$abc$__` });
    write('Interface.json', { abi: [], bytecode: '0x' });
    write('Bad.json', { contractName: 'a b', abi: [], bytecode: code(4) });
    const abis = await open();
    const names = [
      code(1),
      `${code(1)}${'ff'.repeat(64)}`,
      `${code(2)}01`,
      code(1).slice(0, -2),
      code(3),
      code(4),
      '0x',
    ];
    expect(names.map((text) => abis.contractOf(hexToBytes(text)))).toEqual([
      'Alpha',
      'Alpha',
      'Beta',
      null,
      null,
      null,
      null,
    ]);
  });

  test('that is none is an error that says what to do', async () => {
    write('file', '');
    await expect(open(join(folder, 'out'))).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 2,
      message: `--abi: there is no folder ${join(folder, 'out')}; compile first, or name the folder of the artifacts (out, artifacts)`,
    });
    await expect(open(join(folder, 'file'))).rejects.toThrow('is a file; give the folder that it is in');
  });

  test('with files that cannot be used says which, once, and uses the others', async () => {
    write('broken.json', '{"abi": [');
    write('huge.json', ' '.repeat(MAX_ABI_FILE_BYTES + 1));
    write('good.json', [functionNamed('good')]);
    const abis = await open();
    nowMs += 10_000;
    await abis.refresh();
    expect(known(abis, 'good')).toEqual(['good']);
    expect(warnings).toEqual([
      expect.stringMatching(/^--abi: .*broken\.json: it cannot be read: .*JSON/),
      `--abi: ${join(folder, 'huge.json')}: it is not read, being larger than 4 MB`,
    ]);
  });

  test('is read again when something has changed, but not all the time', async () => {
    write('a.json', [functionNamed('a')]);
    const abis = await open();
    write('a.json', [functionNamed('a2')]);
    write('b.json', [functionNamed('b')]);
    utimesSync(join(folder, 'a.json'), 1, 1);
    nowMs += 1_000;
    await abis.refresh();
    expect(known(abis, 'a', 'a2', 'b')).toEqual(['a']);
    nowMs += 1_000;
    await Promise.all([abis.refresh(), abis.refresh()]);
    expect(known(abis, 'a', 'a2', 'b')).toEqual(['a2', 'b']);
    rmSync(folder, { recursive: true });
    nowMs += 2_000;
    await abis.refresh();
    expect([known(abis, 'a2', 'b'), warnings]).toEqual([[], []]);
  });
});
