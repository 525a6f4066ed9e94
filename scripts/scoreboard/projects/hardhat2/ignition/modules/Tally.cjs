const { buildModule } = require('@nomicfoundation/hardhat-ignition/modules');

module.exports = buildModule('Tally', (m) => {
  const tally = m.contract('Tally');
  m.call(tally, 'raise');
  return { tally };
});
