/** What one job keeps of calls to the console, bytes: some thousands of lines, more than anybody reads. */
export const MAX_CONSOLE_BYTES: number = 1024 * 1024;

/**
 * Characters of one trace, which are bytes: what a JSON-RPC answer may hold (25,000,000, geth's figure for a batch), less what
 * stands around it.
 */
export const MAX_TRACE_CHARACTERS = 24_900_000;
