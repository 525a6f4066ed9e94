import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Hex, isHex } from 'viem';
import type { Check, Subject } from '../check.ts';
import { type Flow, failsWith, flow, holds, runFlows, same } from '../flows.ts';
import { type Foundry, LIMIT_MS, openFoundry } from '../foundry.ts';
import { judged, refused } from '../result.ts';
import { account, compiled, openWorld, privateKey, SINK } from '../world.ts';

const ROW = 'cast';
const BLOBS = 'cast send --blob';
const WHY_NO_BLOBS =
  'Heddle takes no blob transactions: there is no second layer above it whose data it would keep for weeks.';
/** The deployer that stands at this address on every Ethereum network: it takes a salt, then init code. */
const CREATE2_DEPLOYER = '0x4e59b44847b379578588920cA78FbF26c0B4956C';
const INIT_CODE = '600a600c600039600a6000f3602a60005260206000f3';

/** What the commands are about. */
interface Names {
  readonly tally: Hex;
  /** A transaction that called the tally. */
  readonly raised: Hex;
}

/** Every command of cast that talks to a node. Not `find-block`, whose guess at a block depends on how fast they were made. */
export const castCheck: Check = {
  name: 'cast',
  row: ROW,
  run: async (subject) => {
    const foundry = openFoundry(subject);
    const names = await prepare(subject);
    const { cast } = foundry;
    const flows = [
      ...chain(foundry),
      ...reads(foundry, names),
      ...transactions(foundry, names),
      ...raw(foundry, names),
    ];
    const results = await runFlows(flows, LIMIT_MS);
    const blob = join(subject.work, 'blob');
    writeFileSync(blob, 'some data\n');
    const sendBlob = flow('send --blob', () =>
      cast('send', SINK, '--blob', '--path', blob, '--private-key', privateKey(0)),
    );
    return [judged(ROW, results), refused(BLOBS, WHY_NO_BLOBS, await runFlows([sendBlob], LIMIT_MS))];
  },
};

async function prepare(subject: Subject): Promise<Names> {
  const { wallet, done } = openWorld(subject);
  const { contractAddress: tally } = await done(wallet(1).sendTransaction({ data: compiled()('Tally') }));
  if (tally === null || tally === undefined) throw new Error('the tally was not created');
  const { transactionHash } = await done(wallet(2).sendTransaction({ to: tally, data: '0xb361e198' }));
  return { tally, raised: transactionHash };
}

function chain({ cast }: Foundry): readonly Flow[] {
  const { address } = account(0);
  const plain = [
    ['balance', address],
    ['nonce', address],
    ['chain-id'],
    ['chain'],
    ['client'],
    ['block'],
    ['block', 'latest', '--full'],
    ['block-number'],
    ['age'],
    ['base-fee'],
    ['gas-price'],
    ['da-estimate', 'latest'],
    ['tx-pool', 'status'],
    ['tx-pool', 'content'],
    ['tx-pool', 'inspect'],
    ['tx-pool', 'content-from', '--from', address],
  ];
  return plain.map((args) => flow(nameOf(args), () => cast(...args)));
}

function reads({ cast }: Foundry, { tally, raised }: Names): readonly Flow[] {
  const total = [tally, 'total()(uint256)'];
  const plain = [
    ['call', ...total, '--trace'],
    ['call', ...total, '--block', '1'],
    ['estimate', tally, 'raise()', '--from', account(0).address],
    ['access-list', tally, 'raise()', '--from', account(0).address],
    ['logs', '--address', tally, '--from-block', '0'],
    ['logs', '--from-block', '0', '--address', tally, 'Raised(address indexed,uint256)'],
    ['receipt', raised],
    ['tx', raised],
    ['tx', raised, '--raw'],
    ['run', raised],
    ['run', '--quick', raised],
    ['storage', tally, '0'],
    ['storage-root', tally],
    ['proof', tally, '0'],
    ['code', tally],
    ['codesize', tally],
    ['codehash', tally],
    ['implementation', tally],
    ['admin', tally],
  ];
  return [
    flow('call', async () => same((await cast('call', ...total)).trim(), '1', 'total')),
    flow('call --override-state-diff', async () => {
      same((await cast('call', ...total, '--override-state-diff', `${tally}:0:9`)).trim(), '9', 'total');
    }),
    flow('call of what is reverted', () =>
      failsWith(() => cast('call', tally, 'tooHigh(uint256)', '7'), /TooHigh|revert/),
    ),
    ...plain.map((args) => flow(nameOf(args), () => cast(...args))),
  ];
}

function transactions({ cast }: Foundry, { tally }: Names): readonly Flow[] {
  const [key, other] = [
    ['--private-key', privateKey(0)],
    ['--private-key', privateKey(1)],
  ];
  const { address } = account(1);
  const send = (name: string, ...args: readonly string[]): Flow => flow(name, () => cast('send', ...args));
  const salted = `0x${'0'.repeat(64)}${INIT_CODE}`;
  return [
    send('send', address, '--value', '1ether', ...key),
    send('send --unlocked', address, '--value', '1', '--from', account(0).address, '--unlocked'),
    flow('send --async', async () => {
      const hash = (await cast('send', address, '--value', '1', '--async', ...key)).trim();
      holds(isHex(hash), `it said ${hash}`);
      await cast('receipt', hash);
    }),
    send('send --legacy', address, '--value', '1', '--legacy', ...key),
    send('send --sync', address, '--value', '1', '--sync', ...key),
    send('send to a contract', tally, 'raise()', ...key),
    flow('mktx, publish', async () => cast('publish', (await cast('mktx', address, '--value', '3', ...key)).trim())),
    flow('wallet sign-auth', () => cast('wallet', 'sign-auth', tally, ...other)),
    send('send --auth', address, 'raise()', '--auth', tally, '--gas-limit', '200000', ...other),
    send('send to the CREATE2 deployer', CREATE2_DEPLOYER, salted, ...key),
  ];
}

function raw({ cast }: Foundry, { raised }: Names): readonly Flow[] {
  const asked = [
    ['eth_blockNumber'],
    ['eth_getBlockReceipts', 'latest'],
    ['txpool_status'],
    ['debug_traceTransaction', raised],
    ['trace_transaction', raised],
  ];
  return asked.map((args) => flow(`rpc ${args[0]}`, () => cast('rpc', ...args)));
}

/** Without what differs from run to run. */
function nameOf(args: readonly string[]): string {
  return args.filter((arg) => !arg.startsWith('0x')).join(' ');
}
