import type { Progress } from '@heddle/storage';
import { PROGRESS_LINE_MS } from '../limits.ts';

export interface ProgressSurroundings {
  readonly printError: (text: string) => void;
  /** Whether what is printed as an error is seen on a terminal. */
  readonly isTerminal: boolean;
  readonly monotonicMs: () => number;
}

/** One line on a terminal that is written over and over; nothing elsewhere. */
export interface ProgressLine {
  readonly show: Progress;
  readonly end: () => void;
}

const CLEAR = '\r\x1b[K';

export function openProgressLine({ printError, isTerminal, monotonicMs }: ProgressSurroundings): ProgressLine {
  if (!isTerminal) return { show: () => {}, end: () => {} };
  let shownAtMs = monotonicMs();
  let isShown = false;
  return {
    show: (part, done, total) => {
      const nowMs = monotonicMs();
      if (nowMs - shownAtMs < PROGRESS_LINE_MS) return;
      shownAtMs = nowMs;
      isShown = true;
      printError(`${CLEAR}${part}: ${done}${total === null ? '' : ` of ${total}`}`);
    },
    end: () => {
      if (isShown) printError(CLEAR);
    },
  };
}
