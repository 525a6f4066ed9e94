// The network's URL and the compiler come from the scoreboard: what it measures is not downloaded by Hardhat.
import toolboxViem from '@nomicfoundation/hardhat-toolbox-viem';
import { defineConfig } from 'hardhat/config';

const { NODE_URL, SOLC_VERSION, SOLJSON } = process.env;

// biome-ignore lint/style/noDefaultExport: Hardhat takes its configuration from the default export
export default defineConfig({
  plugins: [toolboxViem],
  solidity: { version: SOLC_VERSION, path: SOLJSON },
  ignition: { requiredConfirmations: 1 },
  networks: { live: { type: 'http', chainType: 'l1', url: NODE_URL } },
});
