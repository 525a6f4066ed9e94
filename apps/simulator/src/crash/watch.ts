import type { DiskStep } from '@heddle/storage';
import type { StepFate } from '../world/disk.ts';
import type { Machine } from '../world/machine.ts';
import type { NodeWorld } from '../world/world.ts';
import type { CrashPoint } from './point.ts';

/** Who hears of the points of a run as they come. Either call may end processes. */
export interface PointObserver {
  /** Right before it. `applyPart` makes only the first bytes of a write happen. */
  before(point: CrashPoint, applyPart: (bytes: number) => void): StepFate;
  /** Right after a step of a disk, while its process does not know yet. */
  after(point: CrashPoint): void;
}

const NO_PART = (): void => {};

/** Tells of every point of these machines, until the world is healed. */
export function watchPoints(world: NodeWorld, machines: readonly Machine[], observer: PointObserver): void {
  const counts = new Map(machines.map(({ index }) => [index, 0]));
  const next = (machine: number, kind: CrashPoint['kind'], what: string, bytes: number): CrashPoint | null => {
    const number = counts.get(machine);
    if (number === undefined) return null;
    counts.set(machine, number + 1);
    return { machine, number, kind, what, bytes, moment: world.trace.digest() };
  };
  for (const { index, disk } of machines) {
    let last: CrashPoint | null = null;
    disk.probe = {
      before: (step, applyPart) => {
        last = next(index, step.op === 'write' ? 'write' : 'step', nameOf(step), step.op === 'write' ? step.bytes : 0);
        return last === null ? 'happens' : observer.before(last, applyPart);
      },
      // Follows its `before` at once: nothing of the machine happens in between.
      after: () => {
        if (last !== null) observer.after(last);
      },
    };
  }
  world.network.filter(({ from, kind }) => {
    const point = next(from, 'frame', `send ${kind ?? 'request or answer'}`, 0);
    if (point === null) return true;
    observer.before(point, NO_PART);
    return world.machine(from).node !== null;
  });
  world.listeners.push((event) => {
    if (event.kind === 'healed') counts.clear();
    if (event.kind !== 'final') return;
    const point = next(event.machine, 'report', 'final block reported', 0);
    if (point !== null) observer.before(point, NO_PART);
  });
}

function nameOf({ op, path }: DiskStep): string {
  if (op === 'batchSynced') return 'block or chunk write';
  if (op === 'batch') return 'commit';
  const [folder = ''] = path.split('/');
  if (op === 'syncDirectory') return path === '' ? 'directory sync' : `${folder} directory sync`;
  return `${folder} ${op}`;
}
