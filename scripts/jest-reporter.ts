import { relative } from 'node:path';

/** What the reporter tells scripts/test.ts over the IPC channel of jest's main process. */
export type TestEvent =
  | { readonly kind: 'start'; readonly file: string }
  | {
      readonly kind: 'result';
      readonly file: string;
      readonly passed: number;
      readonly skipped: number;
      /** Names of the failed tests; a file that did not load counts as one failure with its own name. */
      readonly failures: readonly string[];
      readonly durationMs: number;
    }
  | { readonly kind: 'complete' };

/** The part of jest's results that is read here. */
interface FileResult {
  readonly testFilePath: string;
  readonly numPassingTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly failureMessage?: string | null;
  readonly perfStats: { readonly runtime: number };
  readonly testResults: readonly { readonly status: string; readonly fullName: string }[];
}

/** Sends each file's start and result to the parent as they happen, so that a time limit can say what was running. */
class ProgressReporter {
  constructor() {
    // The parent is gone: nobody reads the results.
    process.once('disconnect', () => process.exit(1));
    process.channel?.unref();
  }

  onTestFileStart(test: { readonly path: string }): void {
    send({ kind: 'start', file: relative(process.cwd(), test.path) });
  }

  onTestFileResult(_test: unknown, result: FileResult): void {
    const file = relative(process.cwd(), result.testFilePath);
    const failed = result.testResults.filter((entry) => entry.status === 'failed').map((entry) => entry.fullName);
    const broken = failed.length === 0 && typeof result.failureMessage === 'string' && result.failureMessage !== '';
    send({
      kind: 'result',
      file,
      passed: result.numPassingTests,
      skipped: result.numPendingTests + result.numTodoTests,
      failures: broken ? ['the file did not run'] : failed,
      durationMs: result.perfStats.runtime,
    });
  }

  onRunComplete(): void {
    send({ kind: 'complete' });
  }
}

function send(event: TestEvent): void {
  process.send?.(event);
}

// biome-ignore lint/style/noDefaultExport: jest takes a reporter from the default export
export default ProgressReporter;
