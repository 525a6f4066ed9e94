// The real command line in a process of its own, over a node package that starts nothing.
//   node fake-main.ts STOP_MS START_MS WORD...
import { runCommandLine } from '../../src/command-line.ts';
import { fakeNode } from './fake-node.ts';

const [stopMs = '0', startMs = '0', ...words] = process.argv.slice(2);
await runCommandLine({
  words,
  version: '1.2.3',
  workingDirectory: process.cwd(),
  loadActors: () => Promise.reject(new Error('nobody is corrupted')),
  loadNode: () => {
    // As a listening server would, this keeps the process alive.
    setInterval(() => {}, 1_000);
    return Promise.resolve(
      fakeNode({ stopMs: stopMs === 'never' ? null : Number(stopMs), startMs: Number(startMs) }).node,
    );
  },
});
