import { parentPort } from 'node:worker_threads';
import '../../src/threads/lane-worker.ts';
import { RESULTS_PER_MESSAGE } from '../../src/threads/limits.ts';
import type { Answer } from '../../src/threads/protocol.ts';

/* A worker that dies in the middle of a big job, when it has a first full message of results. */
const port = parentPort;
if (port === null) throw new Error('this is for a worker thread');
const send = port.postMessage.bind(port);
port.postMessage = (answer: Answer, transferred) => {
  if (answer.kind === 'results' && answer.count === RESULTS_PER_MESSAGE) process.exit(1);
  send(answer, transferred);
};
