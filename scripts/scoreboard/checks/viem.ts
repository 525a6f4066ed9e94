import type { Check } from '../check.ts';
import { runFlows } from '../flows.ts';
import { judged } from '../result.ts';
import { openBench } from './viem/bench.ts';
import { delegationFlows } from './viem/delegations.ts';
import { eventFlows } from './viem/events.ts';
import { readFlows } from './viem/reads.ts';
import { sendFlows } from './viem/sends.ts';
import { signingFlows } from './viem/signing.ts';

export const viemCheck: Check = {
  name: 'viem',
  row: 'viem',
  run: async (subject) => {
    const bench = await openBench(subject);
    return [
      judged('viem sends', await runFlows(sendFlows(bench))),
      judged('viem reads and calls', await runFlows(readFlows(bench))),
      judged('viem events and subscriptions', await runFlows(eventFlows(bench))),
      judged('viem signing and wallets', await runFlows(signingFlows(bench))),
      judged('viem delegations (EIP-7702)', await runFlows(delegationFlows(bench))),
    ];
  },
};
