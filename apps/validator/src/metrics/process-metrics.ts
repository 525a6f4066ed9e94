import { statfs } from 'node:fs/promises';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/** Of the process: prom-client's own, with memory, CPU, file handles and the delay of the event loop; and its disk. */
export function processMetrics(registry: Registry, version: string, directory: string): void {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({ name: 'heddle_info', help: '1, with the version', labelNames: ['version'], registers }).set(
    { version },
    1,
  );
  const free: Gauge = new Gauge({
    name: 'heddle_disk_free_bytes',
    help: 'Free for this process on the file system of its data directory',
    registers,
    collect: async () => {
      // One that is gone is noticed elsewhere: the process ends then.
      const disk = await statfs(directory).catch(() => null);
      if (disk !== null) free.set(disk.bavail * disk.bsize);
    },
  });
}
