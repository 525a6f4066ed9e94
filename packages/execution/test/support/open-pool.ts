import { startLanePool } from '../../src/index.ts';
import { signedChunk } from './signed-chunk.ts';

/* Does a job and leaves the pool open: the process has to wait for the job, and to end after it. */
const { transactions } = signedChunk({ shardCount: 1, senders: 5, rounds: 1, kind: 'tokens' });
const pool = startLanePool(2);
const senders = await pool.recover(transactions.map(({ sender: _sender, ...signed }) => signed));
process.stdout.write(senders.every((sender, i) => sender === transactions[i]?.sender) ? 'done' : 'wrong');
