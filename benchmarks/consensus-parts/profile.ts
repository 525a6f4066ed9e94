import { type Profiler, Session } from 'node:inspector/promises';

/** Where the time of the process went. */
export type Part = 'engine' | 'chunks' | 'verification' | 'codec' | 'network' | 'execution' | 'node' | 'bench' | 'rest';

/** Self time by part, milliseconds. Without native code that waits for nothing, such as signatures: that is `bls`. */
export type Profile = Readonly<Record<Part | 'bls', number>>;

const SAMPLING_INTERVAL_US = 500;

/**
 * The first that matches a frame decides, from the innermost frame outwards. What serves all parts (primitives but for
 * signatures, the runtime, Node itself) matches nothing and counts for its caller.
 */
const PARTS: readonly (readonly [RegExp, Part | 'bls'])[] = [
  [/\/primitives\/src\/bls\.ts$/, 'bls'],
  [/\/packages\/consensus\/src\/(verification|signer|evidence)\//, 'verification'],
  [/\/packages\/consensus\/src\/chunks\//, 'chunks'],
  [/\/packages\/consensus\/src\//, 'engine'],
  [/\/packages\/types\/src\/|\/msgpackr\/|\/network\/src\/(envelope|payload|wire-)/, 'codec'],
  [/\/packages\/network\/src\/|\/runtime\/src\//, 'network'],
  [/\/packages\/(execution|state|storage|sharding|mempool)\/src\//, 'execution'],
  [/\/packages\/node\/src\/chain\//, 'execution'],
  [/\/packages\/node\/src\//, 'node'],
  [/\/packages\/node\/test\/|\/benchmarks\//, 'bench'],
];

/** Runs `task` under V8's sampling profiler. */
export async function profiled(task: () => Promise<void>): Promise<Profile> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
    await session.post('Profiler.start');
    await task();
    const { profile } = await session.post('Profiler.stop');
    return sumUp(profile);
  } finally {
    session.disconnect();
  }
}

function sumUp({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profile {
  const partOf = new Map<number, Part | 'bls'>();
  const fill = (id: number, inherited: Part | 'bls'): void => {
    const node = byId.get(id);
    if (node === undefined) return;
    const { url, functionName } = node.callFrame;
    const own = functionName === '(garbage collector)' ? 'rest' : partOfUrl(url);
    const part = own ?? inherited;
    partOf.set(id, part);
    for (const child of node.children ?? []) fill(child, part);
  };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const root = nodes[0];
  if (root !== undefined) fill(root.id, 'rest');
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id));
  const sums = {
    bls: 0,
    engine: 0,
    chunks: 0,
    verification: 0,
    codec: 0,
    network: 0,
    execution: 0,
    node: 0,
    bench: 0,
    rest: 0,
  };
  for (const [index, id] of samples.entries()) {
    if (!idle.has(id)) sums[partOf.get(id) ?? 'rest'] += (timeDeltas[index] ?? 0) / 1_000;
  }
  return sums;
}

function partOfUrl(url: string): Part | 'bls' | undefined {
  return PARTS.find(([pattern]) => pattern.test(url))?.[1];
}
