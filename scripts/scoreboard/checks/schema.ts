import { readFileSync } from 'node:fs';
import type { Hex } from 'viem';
import type { Check, Subject } from '../check.ts';
import { installed, requireFrom } from '../packages.ts';
import { judged, type Result } from '../result.ts';
import { account, openWorld, SINK } from '../world.ts';
import { ask } from './rpc.ts';

interface ValidationError {
  readonly instancePath: string;
  readonly message?: string;
}

interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly ValidationError[] | null;
}

interface Ajv {
  addSchema(schema: object, key: string): void;
  compile(schema: object): Validate;
}

interface OpenRpc {
  readonly methods: readonly { readonly name: string; readonly result?: { readonly schema: object } }[];
  readonly components: object;
}

const ROW = 'schemas of the execution API';
/** Creates an empty contract and logs nothing: PUSH0 PUSH0 LOG0 STOP. */
const LOGGING_CODE: Hex = '0x5f5fa000';
const SLOT: Hex = `0x${'0'.repeat(64)}`;

/** What a block with a transaction is called. */
interface Names {
  readonly block: Hex;
  readonly transaction: Hex;
}

/** Every result that a devnet can give, against the schema that the execution API has for it. */
export const schemaCheck: Check = {
  name: 'schema',
  row: ROW,
  run: async (subject) => {
    const validators = validatorsOf(subject);
    const calls = callsFor(await makeBlock(subject));
    const results: Result[] = [];
    for (const [method, params] of Object.entries(calls)) {
      const { result, error } = await ask(subject.http, method, params);
      const failure = error === undefined ? mismatch(validators(method), result) : `${error.code} ${error.message}`;
      results.push({ name: method, failure });
    }
    return [judged(ROW, results)];
  },
};

async function makeBlock(subject: Subject): Promise<Names> {
  const world = openWorld(subject);
  // Without a log the answer of eth_getLogs is an empty list, which fits two schemas of which one is wanted.
  await world.done(world.wallet(0).sendTransaction({ data: LOGGING_CODE }));
  const { blockHash, transactionHash } = await world.done(world.wallet(0).sendTransaction({ to: SINK, value: 1n }));
  return { block: blockHash, transaction: transactionHash };
}

/** Schemas refer to one another by place: they stay in one document, which has a name of its own. */
function validatorsOf({ work, openrpc }: Subject): (method: string) => Validate {
  const ajvModule: { default: new (options: object) => Ajv } = requireFrom(installed(work, 'clients'))('ajv');
  const ajv = new ajvModule.default({ strict: false, allErrors: true, validateFormats: false });
  const { methods, components }: OpenRpc = JSON.parse(readFileSync(openrpc, 'utf8'));
  ajv.addSchema({ $id: 'root', components }, 'root');
  return (method) => {
    const schema = methods.find(({ name }) => name === method)?.result?.schema;
    if (schema === undefined) throw new Error(`${openrpc} has no result of ${method}`);
    return ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"root#/components/')));
  };
}

function mismatch(validate: Validate, result: unknown): string | null {
  if (validate(result)) return null;
  const errors = (validate.errors ?? []).map(({ instancePath, message = 'is wrong' }) =>
    `${instancePath} ${message}`.trim(),
  );
  return [...new Set(errors)].slice(0, 3).join('; ');
}

/** Method and parameters; the head holds a transaction. */
function callsFor({ block, transaction }: Names): Readonly<Record<string, readonly unknown[]>> {
  const { address } = account(0);
  const transfer = { from: address, to: SINK, value: '0x1' };
  return {
    eth_chainId: [],
    eth_blockNumber: [],
    eth_syncing: [],
    net_version: [],
    eth_gasPrice: [],
    eth_maxPriorityFeePerGas: [],
    eth_blobBaseFee: [],
    eth_baseFee: [],
    eth_accounts: [],
    eth_coinbase: [],
    eth_config: [],
    eth_capabilities: [],
    eth_feeHistory: ['0x2', 'latest', [25, 75]],
    eth_getBalance: [address, 'latest'],
    eth_getCode: [address, 'latest'],
    eth_getTransactionCount: [address, 'pending'],
    eth_getStorageAt: [address, '0x0', 'latest'],
    eth_getStorageValues: [{ [address]: [SLOT] }, 'latest'],
    eth_getProof: [address, [SLOT], 'latest'],
    eth_getBlockByNumber: ['latest', true],
    eth_getBlockByHash: [block, false],
    eth_getBlockReceipts: ['latest'],
    eth_getBlockTransactionCountByNumber: ['latest'],
    eth_getBlockTransactionCountByHash: [block],
    eth_getTransactionByHash: [transaction],
    eth_getTransactionByBlockHashAndIndex: [block, '0x0'],
    eth_getTransactionByBlockNumberAndIndex: ['latest', '0x0'],
    eth_getTransactionReceipt: [transaction],
    eth_getLogs: [{ fromBlock: '0x0', toBlock: 'latest' }],
    eth_call: [{ to: address }, 'latest'],
    eth_estimateGas: [transfer],
    eth_createAccessList: [{ from: address, to: address }, 'latest'],
    eth_simulateV1: [{ blockStateCalls: [{ calls: [transfer] }] }, 'latest'],
    eth_fillTransaction: [transfer],
    eth_newFilter: [{}],
    eth_newBlockFilter: [],
    eth_newPendingTransactionFilter: [],
    txpool_status: [],
    txpool_content: [],
    txpool_contentFrom: [address],
    debug_getRawBlock: ['latest'],
    debug_getRawHeader: ['latest'],
    debug_getRawReceipts: ['latest'],
    debug_getRawTransaction: [transaction],
    debug_getBadBlocks: [],
    debug_traceTransaction: [transaction],
    debug_traceBlockByNumber: ['latest'],
    debug_traceBlockByHash: [block],
    debug_getRawBlockAccessList: ['latest'],
    eth_getBlockAccessList: ['latest'],
  };
}
