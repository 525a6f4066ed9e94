/** What one job keeps of calls to the console, bytes: some thousands of lines, more than anybody reads. */
export const MAX_CONSOLE_BYTES: number = 1024 * 1024;

/** How far one eth_simulateV1 goes beyond its base, blocks: as far as BLOCKHASH reaches back (execution-apis). */
export const MAX_SIMULATED_BLOCKS = 256;
