import type { LogFacts, Logger } from '@heddle/node';

/** Writes nothing, and tells `hear` of the warnings of all modules. */
export function listeningLogger(hear: (message: string, facts: LogFacts) => void): Logger {
  const silent = (): void => {};
  const logger: Logger = {
    error: silent,
    warn: (message, facts) => hear(message, facts ?? {}),
    info: silent,
    debug: silent,
    trace: silent,
    isEnabled: () => false,
    child: () => logger,
  };
  return logger;
}
