// The network's URL and the compiler come from the scoreboard: what it measures is not downloaded by Hardhat.
require('@nomicfoundation/hardhat-ethers');
require('@nomicfoundation/hardhat-ignition-ethers');
require('@nomicfoundation/hardhat-network-helpers');
const { subtask } = require('hardhat/config');
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require('hardhat/builtin-tasks/task-names');

const { NODE_URL, SOLC_VERSION, SOLJSON } = process.env;

subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async () => ({
  compilerPath: SOLJSON,
  isSolcJs: true,
  version: SOLC_VERSION,
  longVersion: SOLC_VERSION,
}));

module.exports = {
  solidity: SOLC_VERSION,
  ignition: { requiredConfirmations: 1 },
  networks: { live: { url: NODE_URL } },
};
