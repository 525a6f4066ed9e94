/** What one job keeps of calls to the console, bytes: some thousands of lines, more than anybody reads. */
export const MAX_CONSOLE_BYTES: number = 1024 * 1024;

/**
 * Characters of one trace, which are bytes: what a JSON-RPC answer may hold (25,000,000, geth's figure for a batch), less what
 * stands around it.
 */
export const MAX_TRACE_CHARACTERS = 24_900_000;

/** How far one eth_simulateV1 goes beyond its base, blocks: as far as BLOCKHASH reaches back (execution-apis). */
export const MAX_SIMULATED_BLOCKS = 256;

/**
 * What the calls of one eth_simulateV1 may return and log together, bytes: the main thread makes some 5 MB of JSON of that, in
 * 30 ms. Gas alone would allow 100,000 logs.
 */
export const MAX_SIMULATED_BYTES: number = 2 * 1024 * 1024;

/** What a log, and a call, take of that beside their data, bytes. */
export const SIMULATED_ENTRY_BYTES = 400;
