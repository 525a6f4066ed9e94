import type { Check } from '../check.ts';
import { flow, holds, runFlows } from '../flows.ts';
import { LIMIT_MS, openFoundry } from '../foundry.ts';
import { judged } from '../result.ts';
import { privateKey } from '../world.ts';

const ROW = 'forge and chisel';
const SCRIPT = 'script/Raise.s.sol:Raise';

/** Deployments, scripts and tests against a live node. Not `verify-bytecode`, which does not know the chain ID of devnets. */
export const forgeCheck: Check = {
  name: 'forge',
  row: ROW,
  run: async (subject) => {
    const { forge, cast, chisel } = openFoundry(subject);
    const rpc = ['--rpc-url', subject.http];
    // What compiles takes long the first time, and is not what is measured.
    await forge('build');
    const flows = [
      flow('create', async () => {
        const said = await forge('create', 'src/Tally.sol:Tally', '--private-key', privateKey(1), '--broadcast');
        const [, deployed = ''] = /Deployed to: (0x[0-9a-fA-F]{40})/.exec(said) ?? [];
        holds((await cast('code', deployed)).length > 100, 'there is no code');
      }),
      flow('script', () => forge('script', SCRIPT, ...rpc)),
      flow('script --broadcast', () => forge('script', SCRIPT, '--broadcast', ...rpc)),
      flow('script --broadcast --slow', () => forge('script', SCRIPT, '--broadcast', '--slow', ...rpc)),
      flow('script --broadcast --skip-simulation', () =>
        forge('script', SCRIPT, '--broadcast', '--skip-simulation', ...rpc),
      ),
      flow('test --fork-url', () => forge('test', '--fork-url', subject.http)),
      flow('chisel --fork-url', async () => holds(/31337/.test(await chisel('block.chainid')), 'another chain')),
    ];
    return [judged(ROW, await runFlows(flows, LIMIT_MS))];
  },
};
