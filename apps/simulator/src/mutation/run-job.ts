import { fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MAX_MUTATION_JOB_MS } from '../limits.ts';
import { isRunReport, type MutationJob, type RunOutcome, type RunReport } from './job.ts';

const CHILD = join(import.meta.dirname, 'child.ts');
const PRELOAD = pathToFileURL(join(import.meta.dirname, 'preload.ts')).href;
/** Every process loads the same sources, but for one: what Node compiled for one serves all. By content, so never stale. */
const COMPILED = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules', '.cache', 'heddle-mutation');
/** Enough of a child's last words. */
const MAX_STDERR_CHARACTERS = 4_000;

/** Does a job in a process of its own. One report a run, whatever becomes of the process. */
export function runJob(job: MutationJob): Promise<readonly RunReport[]> {
  return new Promise((resolve) => {
    const reports: RunReport[] = [];
    let lastWords = '';
    let lateWords = '';
    const child = fork(CHILD, [JSON.stringify(job)], {
      execArgv: ['--import', PRELOAD],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const limit = setTimeout(() => {
      lateWords = `no end within ${MAX_MUTATION_JOB_MS} ms`;
      child.kill('SIGKILL');
    }, MAX_MUTATION_JOB_MS);
    child.stderr?.on('data', (text) => {
      lastWords = `${lastWords}${text}`.slice(-MAX_STDERR_CHARACTERS);
    });
    child.on('message', (report) => {
      if (!isRunReport(report)) return;
      reports.push(report);
      limit.refresh();
    });
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      const detail = lateWords || `exit ${signal ?? code}\n${lastWords}`;
      resolve(job.runs.map((run, index) => reports[index] ?? { ...run, outcome: broken(detail) }));
    });
  });
}

function broken(detail: string): RunOutcome {
  return { kind: 'broken', detail };
}
