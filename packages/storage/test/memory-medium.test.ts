import { createSeededRandom } from '@heddle/runtime';
import { createMemoryMedium, type DiskStep, type Perform } from '@heddle/storage';
import { describe, expect, test } from '@jest/globals';

const NO_CACHE = { blocks: 0, writeBuffer: 0, openFiles: 0 };

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (read: Uint8Array | null): string | null => (read === null ? null : new TextDecoder().decode(read));
const NEVER = new Promise<never>(() => {});

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

/** A value of each outcome that many seeds give. */
async function outcomes<Outcome>(run: (seed: number) => Promise<Outcome>): Promise<ReadonlySet<Outcome>> {
  return new Set(await Promise.all(SEEDS.map(run)));
}

describe('files', () => {
  test('keep what is synced; of the rest a power failure takes everything from some byte on', async () => {
    const found = await outcomes(async (seed) => {
      const medium = createMemoryMedium(createSeededRandom(0));
      const file = await medium.disk.open('a/f');
      await file.write(bytes('kept'), 0);
      await file.sync();
      await medium.disk.syncDirectory('a');
      await medium.disk.syncDirectory('');
      await file.write(bytes('XY'), 4);
      await file.write(bytes('Z'), 2);
      medium.powerFailure(createSeededRandom(seed));
      return text(await medium.disk.read('a/f'));
    });
    expect([...found].sort()).toEqual(['kept', 'kept\0\0', 'keptX', 'keptX\0', 'keptXY', 'keZtXY'].sort());
  });

  test('a truncation that is not synced may be taken back', async () => {
    const found = await outcomes(async (seed) => {
      const medium = createMemoryMedium(createSeededRandom(0));
      const file = await medium.disk.open('f');
      await file.write(bytes('long text'), 0);
      await file.sync();
      await medium.disk.syncDirectory('');
      await file.truncate(4);
      medium.powerFailure(createSeededRandom(seed));
      return text(await medium.disk.read('f'));
    });
    expect(found).toEqual(new Set(['long', 'long text']));
  });

  test('names last once their directory, and the directory’s own, are synced', async () => {
    const found = await outcomes(async (seed) => {
      const medium = createMemoryMedium(createSeededRandom(0));
      const old = await medium.disk.open('d/f');
      await old.write(bytes('old'), 0);
      await old.sync();
      await medium.disk.syncDirectory('d');
      if (seed % 2 === 0) await medium.disk.syncDirectory('');
      const next = await medium.disk.open('d/f.new');
      await next.write(bytes('new'), 0);
      await next.sync();
      await medium.disk.rename('d/f.new', 'd/f');
      medium.powerFailure(createSeededRandom(seed));
      const names = await medium.disk.list('d');
      return `${seed % 2} ${text(await medium.disk.read('d/f'))} ${names.join(' ')}`;
    });
    const whole = ['old f', 'old f f.new', 'new f'];
    const expected = [...whole.map((state) => `0 ${state}`), ...whole.map((state) => `1 ${state}`), '1 null '];
    expect([...found].sort()).toEqual(expected.sort());
  });
});

test('of unsynced batches a beginning survives, whole; a synced one keeps all before it', async () => {
  const key = (name: number): Uint8Array => Uint8Array.of(name);
  const found = await outcomes(async (seed) => {
    const medium = createMemoryMedium(createSeededRandom(0));
    const store = await medium.openKeyValue('chain', NO_CACHE);
    const put = (name: number, value: number): { type: 'put'; key: Uint8Array; value: Uint8Array } => ({
      type: 'put',
      key: key(name),
      value: Uint8Array.of(value),
    });
    await store.batch([put(1, 1)], false);
    await store.batch([put(2, 1)], true);
    await store.batch([put(1, 2), put(3, 2)], false);
    await store.batch([put(1, 3), { type: 'del', key: key(2) }], false);
    medium.powerFailure(createSeededRandom(seed));
    const again = await medium.openKeyValue('chain', NO_CACHE);
    const entries = await again.entries({ gte: key(0), lt: key(9) });
    return entries.map(([name, value]) => `${name}=${value}`).join(' ');
  });
  expect(found).toEqual(new Set(['1=1 2=1', '1=2 2=1 3=2', '1=3 3=2']));
});

test('reads are in key order, byte by byte', async () => {
  const store = await createMemoryMedium(createSeededRandom(0)).openKeyValue('k', NO_CACHE);
  const keys = [[0xff], [0x80], [0x7f, 0xff], [0x7f], [], [0x00], [0xff, 0x00]].map((key) => Uint8Array.from(key));
  await store.batch(
    keys.map((key) => ({ type: 'put', key, value: key })),
    false,
  );
  const entries = await store.entries({ gte: Uint8Array.of(0), lt: Uint8Array.of(0xff, 0x00) });
  expect(entries.map(([key]) => [...key])).toEqual([[0x00], [0x7f], [0x7f, 0xff], [0x80], [0xff]]);
  expect(store.get(Uint8Array.of(0x80))).toEqual(Uint8Array.of(0x80));
  expect(store.get(Uint8Array.of(0x81))).toBeUndefined();
});

describe('the hook', () => {
  test('is told every durable step, and decides when it happens', async () => {
    const steps: DiskStep[] = [];
    const waiting: (() => void)[] = [];
    const perform: Perform = (step, apply) => {
      steps.push(step);
      return new Promise((resolve) => waiting.push(() => resolve(apply())));
    };
    const next = async (): Promise<void> => {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    const medium = createMemoryMedium(createSeededRandom(0), perform);
    const store = await medium.openKeyValue('chain', NO_CACHE);
    let applied = 0;
    const operation = { type: 'put', key: Uint8Array.of(1), value: Uint8Array.of(2, 3) } as const;
    const writing = store.batchUnseen([operation], () => {
      applied += 1;
      expect(store.get(Uint8Array.of(1))).toEqual(Uint8Array.of(2, 3));
    });
    expect(store.get(Uint8Array.of(1))).toBeUndefined();
    await next();
    await writing;
    expect([applied, steps]).toEqual([1, [{ op: 'batch', path: 'chain', bytes: 3 }]]);
    const opening = medium.disk.open('f');
    await next();
    const file = await opening;
    void file.write(Uint8Array.of(1, 2, 3), 0);
    expect(await medium.disk.read('f')).toEqual(new Uint8Array());
    await next();
    expect(await medium.disk.read('f')).toEqual(Uint8Array.of(1, 2, 3));
    void file.sync();
    void medium.disk.syncDirectory('');
    void medium.disk.rename('f', 'g');
    for (let i = 0; i < 3; i++) await next();
    void medium.disk.remove('g');
    void store.batch([], true);
    expect(steps.slice(1).map(({ op, path }) => `${op} ${path}`)).toEqual([
      'create f',
      'write f',
      'sync f',
      'syncDirectory ',
      'rename g',
      'remove g',
      'batchSynced chain',
    ]);
  });

  test('may write a part, fail, and be asked again', async () => {
    let room = 3;
    const perform: Perform = (step, apply, applyPart) => {
      if (step.op !== 'write' || step.bytes <= room) return Promise.resolve(apply());
      applyPart(room);
      room = 0;
      return Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
    };
    const medium = createMemoryMedium(createSeededRandom(0), perform);
    const file = await medium.disk.open('f');
    await expect(file.write(bytes('abcdef'), 0)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(text(await medium.disk.read('f'))).toBe('abc');
  });
});

describe('a kill', () => {
  test('keeps all that was applied; what the old process has open does and hears nothing more', async () => {
    let held: (() => void) | null = null;
    let holds = false;
    const perform: Perform = (_step, apply) => {
      if (!holds) return Promise.resolve(apply());
      held = apply;
      return NEVER;
    };
    const medium = createMemoryMedium(createSeededRandom(0), perform);
    const { disk } = medium;
    const file = await disk.open('f');
    const store = await medium.openKeyValue('chain', NO_CACHE);
    await file.write(bytes('one'), 0);
    await expect(medium.openKeyValue('chain', NO_CACHE)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_LOCKED' });
    holds = true;
    let heard = 0;
    void file.write(bytes('two'), 3).finally(() => (heard += 1));
    medium.kill();
    holds = false;
    const late: unknown = held;
    if (typeof late === 'function') late();
    void file.write(bytes('three'), 3).finally(() => (heard += 1));
    void store.batch([{ type: 'put', key: bytes('k'), value: bytes('v') }], true).finally(() => (heard += 1));
    void disk.rename('f', 'g').finally(() => (heard += 1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toBe(0);
    expect(text(await medium.disk.read('f'))).toBe('one');
    expect(await (await medium.openKeyValue('chain', NO_CACHE)).isEmpty()).toBe(true);
  });
});
