import { buildModule } from '@nomicfoundation/hardhat-ignition/modules';

// biome-ignore lint/style/noDefaultExport: Ignition takes a module from the default export
export default buildModule('Tally', (m) => {
  const tally = m.contract('Tally');
  m.call(tally, 'raise');
  return { tally };
});
