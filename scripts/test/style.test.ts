import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');

/** A file is one subject; what does not fit here is two. Tests may list many cases. */
const MAX_SOURCE_LINES = 500;
const MAX_TEST_LINES = 700;
/** A function fits a screen. */
const MAX_FUNCTION_LINES = 70;

const PURE_PACKAGES = ['consensus', 'execution', 'sharding', 'simulation', 'state', 'types'];
const EDGES_OF_PURE_PACKAGES = [
  'packages/execution/src/threads/',
  'packages/simulation/src/threads/',
  'packages/consensus/src/signer/',
];

const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);
const apps = readdirSync(join(root, 'apps')).filter((name) => existsSync(join(root, 'apps', name, 'package.json')));
const sources = ['packages', 'apps', 'scripts', 'benchmarks'].flatMap((folder) => typescriptFiles(join(root, folder)));

/** A finding, as `file:line what`. */
type Finding = string;

interface Source {
  readonly file: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const parsed: readonly Source[] = sources.map((file) => {
  const text = readFileSync(file, 'utf8');
  return { file: relative(root, file), text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
});

function typescriptFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    if (name === 'node_modules' || name === 'dist' || name.includes('.generated.')) return [];
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return typescriptFiles(path);
    return name.endsWith('.ts') ? [path] : [];
  });
}

function isTest(file: string): boolean {
  return /(^|\/)test\//.test(file);
}

function lineOf(tree: ts.SourceFile, position: number): number {
  return tree.getLineAndCharacterOfPosition(position).line + 1;
}

/** Every node for which `judge` returns a message. */
function findings(
  files: readonly Source[],
  judge: (node: ts.Node, source: Source) => string | null,
): readonly Finding[] {
  const found: Finding[] = [];
  for (const source of files) {
    const visit = (node: ts.Node): void => {
      const message = judge(node, source);
      if (message !== null) found.push(`${source.file}:${lineOf(source.tree, node.getStart(source.tree))} ${message}`);
      ts.forEachChild(node, visit);
    };
    visit(source.tree);
  }
  return found;
}

describe('style of the sources', () => {
  test('there is something to look at', () => {
    expect(parsed.length).toBeGreaterThan(50);
  });

  test('files are one subject', () => {
    const long = parsed.flatMap(({ file, text }) => {
      const lines = text.split('\n').length - 1;
      return lines > (isTest(file) ? MAX_TEST_LINES : MAX_SOURCE_LINES) ? [`${file} ${lines} lines`] : [];
    });
    expect(long).toEqual([]);
  });

  test('functions fit a screen', () => {
    const long = findings(
      parsed.filter(({ file }) => !isTest(file)),
      (node, { tree }) => {
        if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return null;
        const lines = lineOf(tree, node.getEnd()) - lineOf(tree, node.getStart(tree)) + 1;
        return lines > MAX_FUNCTION_LINES ? `function of ${lines} lines` : null;
      },
    );
    expect(long).toEqual([]);
  });

  test('nothing is hidden from the compiler: no any, no non-null assertion, no ts-ignore', () => {
    const hidden = findings(parsed, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any';
      if (ts.isNonNullExpression(node)) return 'non-null assertion';
      return null;
    });
    const ignored = parsed.flatMap(({ file, text }) =>
      /@ts-(ignore|expect-error|nocheck)/.test(text) ? [`${file} @ts-…`] : [],
    );
    const thisFile = ignored.filter((finding) => !finding.startsWith('scripts/test/style.test.ts'));
    expect([...hidden, ...thisFile]).toEqual([]);
  });

  test('sources do not cast a type away, but for `as const`', () => {
    const casts = findings(
      parsed.filter(({ file }) => !isTest(file)),
      (node) => {
        if (!ts.isAsExpression(node)) return null;
        const type = node.type.getText();
        return type === 'const' ? null : `as ${type}`;
      },
    );
    expect(casts).toEqual([]);
  });

  // The signer waits for its record to be on disk before it hands a signature out; the engine beside it is pure.
  test('pure packages are synchronous and deterministic', () => {
    const pure = parsed.filter(({ file }) =>
      PURE_PACKAGES.some(
        (name) =>
          file.startsWith(`packages/${name}/src/`) && !EDGES_OF_PURE_PACKAGES.some((edge) => file.startsWith(edge)),
      ),
    );
    const impure = findings(pure, (node) => {
      if (ts.isAwaitExpression(node)) return 'await';
      if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
      if (!ts.isPropertyAccessExpression(node)) return null;
      const text = node.getText();
      return /^(Math\.random|Intl\.|Atomics\.)/.test(text) || /\.(localeCompare|toLocale\w+)$/.test(text) ? text : null;
    });
    expect(impure).toEqual([]);
  });

  test('no file knows the machine it was written on', () => {
    const machine = /(\/home\/[a-z]|\/Users\/[a-zA-Z]|\/root\/|\/work\/|\/mnt\/|C:\\\\)/;
    const known = parsed
      .filter(({ file }) => file !== 'scripts/test/style.test.ts')
      .flatMap(({ file, text }) =>
        text.split('\n').flatMap((line, index) => (machine.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
      );
    expect(known).toEqual([]);
  });
});

describe.each(packages)('package %s', (name) => {
  const folder = join(root, 'packages', name);
  const own = parsed.filter(({ file }) => file.startsWith(`packages/${name}/src/`));

  test('says what it owns and what it does not', () => {
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toMatch(/not own/i);
    expect(existsSync(join(folder, 'src/index.ts'))).toBe(true);
  });

  test('throws typed errors', () => {
    const plain = findings(own, (node) =>
      ts.isThrowStatement(node) && /^new (Error|TypeError|RangeError)\(/.test(node.expression.getText())
        ? 'throws an error without a code'
        : null,
    );
    expect(plain).toEqual([]);
  });
});

describe.each(apps)('app %s', (name) => {
  test('has a README', () => {
    expect(existsSync(join(root, 'apps', name, 'README.md'))).toBe(true);
  });
});
