import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

/** A small workspace with one violation for each rule, and the rule that has to catch it. */
const SEEDED: readonly { readonly file: string; readonly source: string; readonly rule: string }[] = [
  { file: 'packages/types/src/up.ts', source: "import '@heddle/state';", rule: 'layer-types' },
  { file: 'packages/types/src/type-up.ts', source: "export type { A } from '@heddle/rpc';", rule: 'layer-types' },
  { file: 'packages/consensus/src/sibling.ts', source: "import '@heddle/execution';", rule: 'layer-consensus' },
  { file: 'packages/execution/src/edge.ts', source: "import '@heddle/runtime';", rule: 'layer-execution' },
  { file: 'packages/rpc/src/sibling.ts', source: "import '@heddle/mempool';", rule: 'layer-rpc' },
  { file: 'packages/rpc/src/flags.ts', source: "import '@heddle/command-line';", rule: 'layer-rpc' },
  { file: 'packages/mempool/src/top.ts', source: "import '@heddle/node';", rule: 'layer-mempool' },
  { file: 'packages/node/src/top.ts', source: "import '../../../apps/validator/src/main.ts';", rule: 'layer-node' },
  {
    file: 'packages/node/src/actors.ts',
    source: "export const a = import('@heddle/byzantine');",
    rule: 'byzantine-is-loaded-in-one-place',
  },
  {
    file: 'apps/validator/src/actors.ts',
    source: "import '@heddle/byzantine';",
    rule: 'byzantine-is-no-part-of-a-node',
  },
  {
    file: 'packages/byzantine/src/top.ts',
    source: "import '@heddle/rpc';\nimport '@heddle/storage';\nimport '@heddle/command-line';",
    rule: 'layer-byzantine',
  },
  { file: 'packages/extra/src/index.ts', source: "import '@heddle/types';", rule: 'unlisted-package' },
  { file: 'packages/state/src/disk.ts', source: "import 'node:fs';", rule: 'pure-no-core-modules' },
  { file: 'packages/execution/src/thread.ts', source: "import 'node:worker_threads';", rule: 'pure-no-core-modules' },
  { file: 'packages/execution/src/threads/disk.ts', source: "import 'node:fs';", rule: 'threads-only-worker-threads' },
  { file: 'packages/execution/src/evm.ts', source: "import './threads/disk.ts';", rule: 'threads-are-an-edge' },
  { file: 'packages/rpc/src/deep.ts', source: "import '../../types/src/index.ts';", rule: 'through-the-front-door' },
  {
    file: 'packages/rpc/test/app.ts',
    source: "import '../../../apps/validator/src/main.ts';",
    rule: 'no-import-of-apps',
  },
  { file: 'packages/rpc/src/from-test.ts', source: "import '../test/app.ts';", rule: 'sources-without-tests' },
  { file: 'packages/types/src/bench.ts', source: "import './testing/index.ts';", rule: 'testing-is-for-tests' },
  {
    file: 'packages/node/src/bench.ts',
    source: "import '@heddle/types/testing';",
    rule: 'testing-is-for-tests',
  },
  { file: 'packages/state/src/a.ts', source: "import './b.ts';", rule: 'no-circular' },
  {
    file: 'packages/state/src/c.ts',
    source: "import type { D } from './d.ts';\nexport type C = D;",
    rule: 'no-circular',
  },
  { file: 'packages/execution/src/evm/a.ts', source: "import './b.ts';", rule: 'no-circular-code-in-evm' },
  { file: 'packages/rpc/src/lost.ts', source: "import '@heddle/nowhere';", rule: 'resolvable' },
  { file: 'packages/rpc/src/undeclared.ts', source: "import 'jest';", rule: 'declared-dependency' },
];

/** What the rules have to let pass. */
const ALLOWED: readonly { readonly file: string; readonly source: string }[] = [
  // The other half of the cycle, which is reported once.
  { file: 'packages/state/src/b.ts', source: "import './a.ts';" },
  { file: 'packages/types/src/testing/index.ts', source: "import './more.ts';" },
  { file: 'packages/types/src/testing/more.ts', source: 'export {};' },
  { file: 'packages/node/test/bench.ts', source: "import '@heddle/types/testing';" },
  { file: 'apps/simulator/src/bench.ts', source: "import '@heddle/types/testing';" },
  { file: 'packages/types/src/down.ts', source: "import '@heddle/primitives';" },
  { file: 'packages/consensus/src/down.ts', source: "import '@heddle/types';" },
  { file: 'packages/mempool/src/runtime.ts', source: "import '@heddle/runtime';\nimport 'node:timers';" },
  { file: 'packages/execution/src/threads/worker.ts', source: "import 'node:worker_threads';" },
  { file: 'packages/node/src/all.ts', source: "import '@heddle/rpc';\nimport '@heddle/consensus';" },
  { file: 'packages/state/src/d.ts', source: "import type { C } from './c.ts';\nexport type D = C;" },
  { file: 'packages/execution/src/evm/b.ts', source: "import './a.ts';" },
  { file: 'packages/execution/src/evm/c.ts', source: "import type { D } from './d.ts';\nexport type C = D;" },
  { file: 'packages/execution/src/evm/d.ts', source: "import type { C } from './c.ts';\nexport type D = C;" },
];

const PACKAGES = [
  'primitives',
  'types',
  'state',
  'consensus',
  'execution',
  'runtime',
  'command-line',
  'rpc',
  'mempool',
  'node',
  'byzantine',
];

let workspace = '';
let violations: readonly { readonly from: string; readonly rule: string }[] = [];

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'heddle-layers-'));
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json']) cpSync(join(root, file), join(workspace, file));
  write('package.json', JSON.stringify({ type: 'module', devDependencies: { jest: '*' } }));
  mkdirSync(join(workspace, 'node_modules/@heddle'), { recursive: true });
  symlinkSync(join(root, 'node_modules/jest'), join(workspace, 'node_modules/jest'));
  for (const name of PACKAGES) {
    const dependencies = Object.fromEntries(PACKAGES.map((other) => [`@heddle/${other}`, '*']));
    const exports = { '.': './src/index.ts', './testing': './src/testing/index.ts' };
    write(`packages/${name}/package.json`, JSON.stringify({ name: `@heddle/${name}`, exports, dependencies }));
    write(`packages/${name}/src/index.ts`, 'export interface A {}');
    symlinkSync(join('../../packages', name), join(workspace, 'node_modules/@heddle', name));
  }
  write('apps/validator/src/main.ts', 'export {};');
  for (const { file, source } of [...SEEDED, ...ALLOWED]) write(file, source);
  violations = cruise();
});

afterAll(() => rmSync(workspace, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(workspace, file)), { recursive: true });
  writeFileSync(join(workspace, file), `${text}\n`);
}

function cruise(): readonly { readonly from: string; readonly rule: string }[] {
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const result = spawnSync(
    process.execPath,
    [cruiser, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'packages', 'apps'],
    { cwd: workspace, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const report: unknown = JSON.parse(result.stdout);
  if (!isReport(report)) throw new Error(`unexpected output of dependency-cruiser: ${result.stderr}`);
  return report.summary.violations.map(({ from, rule }) => ({ from, rule: rule.name }));
}

interface Report {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'summary' in value;
}

describe('layer rules', () => {
  test.each(SEEDED)('$rule catches $file', ({ file, rule }) => {
    expect(violations).toContainEqual({ from: file, rule });
  });

  test.each(ALLOWED)('nothing is said about $file', ({ file }) => {
    expect(violations.filter(({ from }) => from === file)).toEqual([]);
  });
});
