import { hexToBytes } from '@heddle/primitives';
import { HISTORY_STORAGE_ADDRESS } from '@heddle/types';
import type { DirectedScenario } from '../../engine/scenario.ts';
import { expectThat } from '../../engine/violation.ts';
import { defined, SectionBench } from './bench.ts';

/** A chunk in which a transaction touches what does not reside on its shard is invalid; one that stays at home is good. */
export const localRule: DirectedScenario = {
  name: 'section/local-rule',
  run: () => {
    const bench = new SectionBench();
    const [here, there] = [bench.user(0), bench.user(1)];
    const relay = defined(bench.genesis.relays[0]);
    const through = (target: string) => bench.sign(here, { to: relay, data: hexToBytes(target), value: 1n });
    const neighbour = defined(bench.genesis.accounts.filter(({ shard }) => shard === 0)[1]);
    expectThat(bench.chunkRefusal(0, through(neighbour.address)) === null, 'a call that stays at home is local');
    expectThat(
      bench.chunkRefusal(0, through(there.address)) !== null,
      'an account of another shard is touched by a call',
    );
    const transfer = bench.sign(here, { to: there.address, value: 1n });
    expectThat(bench.chunkRefusal(0, transfer) !== null, 'an account of another shard is touched by a transfer');
    const shard = bench.foreign(HISTORY_STORAGE_ADDRESS);
    const gift = bench.sign(bench.user(shard), { to: HISTORY_STORAGE_ADDRESS, value: 1n });
    expectThat(bench.chunkRefusal(shard, gift) !== null, 'what every shard has the code of has its balance at home');
  },
};
