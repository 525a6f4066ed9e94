import { assembleSectionHeader } from '@heddle/execution';
import { orderedTrieRoot } from '@heddle/state';
import { encodeReceipt, hashAccessList, hashSectionBody, mergeBlooms } from '@heddle/types';
import type { DirectedScenario } from '../../engine/scenario.ts';
import { expectThat } from '../../engine/violation.ts';
import { SectionBench } from './bench.ts';

/** Every field of a section's header is what was executed, and nothing else. */
export const sectionHeader: DirectedScenario = {
  name: 'section/header',
  run: () => {
    const bench = new SectionBench();
    const [here, there] = [bench.user(0), bench.user(1)];
    const transactions = [
      bench.sign(here, { to: there.address, value: 3n }),
      bench.sign(there, { to: bench.genesis.counter }),
    ];
    const outcome = bench.execute(transactions);
    const roots = [`0x${'01'.repeat(32)}`, `0x${'02'.repeat(32)}`] as const;
    const header = assembleSectionHeader(bench.context, outcome, roots, null);
    const bodies = transactions.map(({ raw }) => raw);
    const receipts = outcome.executed.map(({ receipt }) => receipt);
    const gasUsed = outcome.executed.reduce((sum, each) => sum + each.gasUsed, 0n);
    expectThat(header.transactionCount === 2, 'it counts its transactions');
    expectThat(header.bodyRoot === hashSectionBody({ control: null, transactions: bodies }), 'it commits its body');
    expectThat(header.transactionsRoot === orderedTrieRoot(bodies), 'it commits its transactions as Ethereum does');
    expectThat(header.receiptsRoot === orderedTrieRoot(receipts.map(encodeReceipt)), 'and its receipts');
    expectThat(header.gasUsed === gasUsed && gasUsed > 0n, 'it says the gas that they used');
    expectThat(header.stateRoots.join() === roots.join(), 'it lists the state after it');
    const lists = outcome.accessLists.map(hashAccessList);
    expectThat(header.accessListHashes.join() === lists.join(), 'it commits what they touched');
    const bloom = mergeBlooms(receipts.map(({ logsBloom }) => logsBloom));
    expectThat(header.logsBloom.join() === bloom.join(), 'its bloom is theirs');
    expectThat(header.gasLimit === bench.context.gasLimit, 'it names its limit');
    expectThat(header.baseFeePerGas === bench.context.baseFeePerGas, 'it names its base fee');
  },
};
