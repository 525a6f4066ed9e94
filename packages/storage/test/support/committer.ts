/** A process to be killed: goes on with the chain in the directory of its argument, without pause, until it dies. */
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { openValidatorStorage } from '@heddle/storage';
import { TestChain } from '@heddle/storage/conformance';
import { nullify } from './records.ts';

// A killed process would not leave what it compiled to the next one.
flushCompileCache();
const directory = process.argv[2] ?? '';
const chain = new TestChain(2);
const { chain: store, openJournal } = await openValidatorStorage({ directory, genesis: chain.genesis });
const journal = await openJournal(0n);
let height = 0n;
const { number } = store.head().block.header;
for (; height < number; height++) chain.next();
writeSync(1, `opened ${height}\n`);
for (;;) {
  const write = chain.next();
  await store.putBlock(write.blockHash, write.block);
  await journal.append([nullify(write.block.header.number)]);
  await store.commit(write);
  // Synchronous: what was committed when the process dies has been told.
  writeSync(1, `committed ${write.block.header.number}\n`);
}
