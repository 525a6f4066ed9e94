/** What one job keeps of calls to the console, bytes: some thousands of lines, more than anybody reads. */
export const MAX_CONSOLE_BYTES: number = 1024 * 1024;
