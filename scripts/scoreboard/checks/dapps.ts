import type { Check } from '../check.ts';
import { deployers } from '../dapps/deployers.ts';
import { entryPoint } from '../dapps/entry-point.ts';
import { permit2 } from '../dapps/permit2.ts';
import { type Dapp, openStage, type Stage } from '../dapps/stage.ts';
import { tokens } from '../dapps/tokens.ts';
import { uniswapV2 } from '../dapps/uniswap-v2.ts';
import { uniswapV3 } from '../dapps/uniswap-v3.ts';
import { reasonOf, runFlows } from '../flows.ts';
import { type FoundRow, judged } from '../result.ts';
import { openWorld } from '../world.ts';

const DAPPS: readonly Dapp[] = [tokens, deployers, uniswapV2, uniswapV3, permit2, entryPoint];

export const dappsCheck: Check = {
  name: 'dapps',
  row: 'dApps',
  run: async (subject) => {
    const stage = openStage(openWorld(subject));
    const rows: FoundRow[] = [];
    for (const dapp of DAPPS) rows.push(await rowOf(stage, dapp));
    return rows;
  },
};

/** Where it can't even be deployed, nothing of it passes. */
async function rowOf(stage: Stage, { name, open }: Dapp): Promise<FoundRow> {
  const row = `dApp: ${name}`;
  try {
    return judged(row, await runFlows(await open(stage)));
  } catch (error) {
    return judged(row, [{ name: 'deploy', failure: reasonOf(error) }]);
  }
}
