import { parentPort } from 'node:worker_threads';
import '../../src/threads/simulation-worker.ts';
import type { Report } from '../../src/threads/protocol.ts';

/* A worker in which a job that reads slot 13 takes all memory there is, and one that reads slot 17 ends the worker. */
const port = parentPort;
if (port === null) throw new Error('this is for a worker thread');
const send = port.postMessage.bind(port);
port.postMessage = (report: Report) => {
  const slot = report.kind === 'read' && report.read.kind === 'slot' ? report.read.slot : 0n;
  if (slot === 17n) process.exit(1);
  const hoard: number[][] = [];
  while (slot === 13n) hoard.push(Array.from({ length: 10_000 }, (_, index) => index + 0.5));
  send(report);
};
