/** This software's version: that of the root package.json, which a test compares. */
export const VERSION = '0.1.0';

/**
 * web3_clientVersion. Hardhat's helpers and its test runner look for the prefix `anvil` (or `HardhatNetwork`) to find out
 * whether they may use what only a devnet has; a network of value must not look like one.
 */
export function clientVersion(devnet: boolean): string {
  return devnet ? `anvil/heddle-v${VERSION}` : `Heddle/v${VERSION}`;
}
