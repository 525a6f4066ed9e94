/** One check on one network, in a process of its own. Started by `run-check.ts`; answers with one message. */

import { CHECKS } from './checks/index.ts';
import { reasonOf } from './flows.ts';
import { type FoundRow, notRun } from './result.ts';
import type { Order } from './run-check.ts';

// Clients leave promises behind that fail later, when nobody waits for them any more: what was measured stands.
process.on('unhandledRejection', (error) => process.stderr.write(`a client left behind: ${reasonOf(error)}\n`));
process.on('uncaughtException', (error) => process.stderr.write(`a client threw at nobody: ${reasonOf(error)}\n`));

process.once('message', ({ check: name, subject }: Order) => {
  const { [name]: check } = CHECKS;
  check
    .run(subject)
    .catch((error: unknown): readonly FoundRow[] => [notRun(check.row, reasonOf(error))])
    // Some clients keep the process alive with sockets and timers of their own.
    .then((rows) => process.send?.(rows, () => process.exit(0)));
});
