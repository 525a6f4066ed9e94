// The layers of ARCHITECTURE.md as rules. `npm run check` runs them; scripts/test/layers.test.ts proves that they bite.
//   apps → byzantine → node → {network, storage, rpc, mempool} → {consensus, simulation → execution → sharding} → state → types → primitives
// runtime (interfaces) and contracts (ABIs, bytecode) may be imported from the edge packages and node; command-line
// (tables of flags), files (durable writes, locks) and keys (a validator's secrets) from apps and scripts.

/** What each package's sources may import of the others. A package that is not listed may import nothing. */
const MAY_IMPORT = {
  primitives: [],
  types: ['primitives'],
  state: ['primitives', 'types'],
  consensus: ['primitives', 'types', 'state'],
  sharding: ['primitives', 'types', 'state'],
  execution: ['primitives', 'types', 'state', 'sharding'],
  simulation: ['primitives', 'types', 'state', 'sharding', 'execution'],
  contracts: ['primitives', 'types'],
  runtime: ['primitives'],
  'command-line': ['primitives'],
  files: ['primitives'],
  keys: ['primitives', 'files'],
  network: edge(),
  libp2p: ['network', 'types', 'primitives', 'runtime'],
  storage: edge(),
  rpc: edge(),
  mempool: edge(),
  node: [...edge(), 'network', 'storage', 'rpc', 'mempool'],
  byzantine: [...edge(), 'network', 'node'],
};

const PURE = '^packages/(consensus|execution|sharding|simulation|state|types)/src/';

/** The only files whose types may refer to one another. */
const EVM = '^packages/execution/src/evm/';

function edge() {
  return ['primitives', 'types', 'state', 'consensus', 'sharding', 'execution', 'simulation', 'contracts', 'runtime'];
}

const layerRules = Object.entries(MAY_IMPORT).map(([name, allowed]) => ({
  name: `layer-${name}`,
  comment: `${name} may import only: ${allowed.join(', ') || 'no other package'}`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: {
    path: '^(packages|apps|scripts|benchmarks)/',
    pathNot: [`^packages/(${[name, ...allowed].join('|')})/src/`, '/node_modules/'],
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
const configuration = {
  forbidden: [
    ...layerRules,
    {
      name: 'unlisted-package',
      comment: 'a new package needs its line in MAY_IMPORT',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: `^packages/(${Object.keys(MAY_IMPORT).join('|')})/` },
      to: {},
    },
    {
      name: 'pure-no-core-modules',
      comment: 'consensus, execution, sharding, simulation, state and types compute; the edges do I/O',
      severity: 'error',
      from: { path: PURE, pathNot: '^packages/(execution|simulation)/src/threads/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'threads-only-worker-threads',
      comment: 'the worker pools are the one edge inside execution and simulation',
      severity: 'error',
      from: { path: '^packages/(execution|simulation)/src/threads/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?worker_threads$' },
    },
    {
      name: 'threads-are-an-edge',
      comment: 'only the index may hand out the worker pool; nothing pure builds on it',
      severity: 'error',
      from: {
        path: '^packages/(execution|simulation)/src/',
        pathNot: '^packages/(execution|simulation)/src/(threads/|index\\.ts$)',
      },
      to: { path: '^packages/(execution|simulation)/src/threads/' },
    },
    {
      name: 'byzantine-is-no-part-of-a-node',
      comment: 'a devnet loads the actors when its owner corrupts a validator, the simulator always, nobody else ever',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/', pathNot: '^(packages/byzantine|apps/simulator)/' },
      to: {
        path: '^packages/byzantine/',
        dependencyTypesNot: ['dynamic-import'],
      },
    },
    {
      name: 'byzantine-is-loaded-in-one-place',
      comment: 'the command of the devnet; a node does not know where dishonest behaviours are',
      severity: 'error',
      from: {
        path: '^(packages|apps)/[^/]+/src/',
        pathNot: '^(packages/byzantine/|apps/simulator/|apps/validator/src/main\\.ts$)',
      },
      to: { path: '^packages/byzantine/' },
    },
    {
      name: 'through-the-front-door',
      comment: "another package's files are reached by its name, @heddle/…, not by path",
      severity: 'error',
      from: { path: '^(?:packages|apps)/([^/]+)/' },
      to: { path: '^packages/', pathNot: ['^packages/$1/', '/node_modules/'], dependencyTypes: ['local'] },
    },
    {
      name: 'no-import-of-apps',
      comment: 'apps stand on top; only themselves and the scripts may use them',
      severity: 'error',
      from: { path: '^(?:packages|apps)/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'sources-without-tests',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/' },
      to: { path: '^(packages|apps)/[^/]+/test/' },
    },
    {
      name: 'testing-is-for-tests',
      comment: 'what packages share with tests, the simulator, byzantine actors and benchmarks is no part of a node',
      severity: 'error',
      from: {
        path: '^(packages|apps|scripts)/',
        pathNot: [
          '^(packages|apps)/[^/]+/test/',
          '^packages/[^/]+/src/testing/',
          '^packages/byzantine/',
          '^apps/simulator/',
          '^scripts/test/',
        ],
      },
      to: { path: '^packages/[^/]+/src/testing/' },
    },
    {
      name: 'no-circular',
      comment: 'no file needs itself, not for its types either',
      severity: 'error',
      from: { pathNot: EVM },
      to: { circular: true },
    },
    {
      name: 'no-circular-code-in-evm',
      comment: 'an opcode and the machine that runs it refer to the types of one another; code does not',
      severity: 'error',
      from: { path: EVM },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'an import that cannot be resolved would hide from every other rule',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-dependency',
      comment: "what sources import stands in their package's own dependencies",
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Projects of other tools: what they import is installed elsewhere.
    exclude: { path: '(^|/)(dist|coverage|tmp|scoreboard/projects)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};

// biome-ignore lint/style/noDefaultExport: dependency-cruiser takes its configuration from the default export
export default configuration;
