import type { SeededNumbers } from '../../apps/validator/test/support/seeded-numbers.ts';

/** What a parameter should be. */
type Kind = 'address' | 'hash' | 'block' | 'flag' | 'index' | 'call' | 'filter' | 'slot' | 'data' | 'list' | 'few';

/** Parameters of methods whose first check is worth getting past; the others get what comes. */
const SHAPES: Readonly<Record<string, readonly Kind[]>> = {
  eth_getBalance: ['address', 'block'],
  eth_getCode: ['address', 'block'],
  eth_getTransactionCount: ['address', 'block'],
  eth_getStorageAt: ['address', 'slot', 'block'],
  eth_getProof: ['address', 'list', 'block'],
  eth_call: ['call', 'block'],
  eth_estimateGas: ['call', 'block'],
  eth_createAccessList: ['call', 'block'],
  eth_sendTransaction: ['call'],
  eth_fillTransaction: ['call'],
  eth_sendRawTransaction: ['data'],
  eth_getLogs: ['filter'],
  eth_newFilter: ['filter'],
  eth_getBlockByNumber: ['block', 'flag'],
  eth_getBlockByHash: ['hash', 'flag'],
  eth_getBlockReceipts: ['block'],
  eth_getTransactionByHash: ['hash'],
  eth_getTransactionReceipt: ['hash'],
  eth_getTransactionByBlockNumberAndIndex: ['block', 'index'],
  eth_getTransactionByBlockHashAndIndex: ['hash', 'index'],
  eth_feeHistory: ['index', 'block', 'list'],
  eth_sign: ['address', 'data'],
  personal_sign: ['data', 'address'],
  debug_traceTransaction: ['hash'],
  debug_traceCall: ['call', 'block'],
  trace_block: ['block'],
  web3_sha3: ['data'],
  evm_mine: [],
  hardhat_mine: ['few'],
  anvil_mine: ['few'],
  shard_getResidence: ['address'],
  shard_getChunk: ['index', 'block'],
  shard_getTransactionTrace: ['hash'],
};

/** Something valid would stop consensus, and with it what is measured: these get only what is wrong. */
const ONLY_WRONG: readonly string[] = [
  'heddle_stopValidator',
  'heddle_startValidator',
  'heddle_partition',
  'heddle_setLatency',
  'heddle_corrupt',
];

const WRONG: readonly unknown[] = [
  ...[null, true, false, -1, 1.5, 1e308, '', '0x', '0x00', '-0x1', '0xg', 'nonsense', '\u0000', '\ud800', '__proto__'],
  ...[[], [[]], {}, [null], { constructor: { prototype: { x: 1 } } }, '0x1234567890', 'x'.repeat(1_000)],
  ...[`0x${'f'.repeat(64)}`, `0x${'f'.repeat(1_001)}`, '99999999999999999999', { blockHash: 'x', fromBlock: 'latest' }],
];

const BLOCKS: readonly unknown[] = ['latest', 'pending', 'earliest', 'safe', 'finalized', '0x0', '0x1', '0xffffffff'];
const NUMBERS = ['0x0', '0x1', '0x5208', '0xffff', '0xffffffffffffffff', `0x${'f'.repeat(64)}`] as const;
/** Short programs that end: return, revert, an invalid opcode, a store, a log. */
const CODES = ['0x', '0x00', '0x5f5ffd', '0xfe', '0x60015f5500', '0x5f5fa000', '0x60ff5f5260205ff3'] as const;

/** A request as it is sent, whatever it is. */
export interface FuzzedRequest {
  readonly method: string;
  readonly params: unknown;
}

/** Random requests, the same for the same numbers. */
export class Requests {
  readonly #numbers: SeededNumbers;
  readonly #methods: readonly string[];
  readonly #addresses: readonly string[];

  constructor(numbers: SeededNumbers, methods: readonly string[], addresses: readonly string[]) {
    this.#numbers = numbers;
    this.#methods = methods;
    this.#addresses = addresses;
  }

  next(): FuzzedRequest {
    const method = this.#numbers.pick(this.#methods);
    const shape = SHAPES[method];
    if (ONLY_WRONG.includes(method) || shape === undefined || this.#numbers.below(3) === 0) {
      return { method, params: this.#numbers.below(20) === 0 ? this.#wrong() : this.#wrongList() };
    }
    return { method, params: shape.map((kind) => (this.#numbers.below(8) === 0 ? this.#wrong() : this.#good(kind))) };
  }

  #wrong(): unknown {
    return this.#numbers.pick(WRONG);
  }

  #wrongList(): readonly unknown[] {
    return Array.from({ length: this.#numbers.below(5) }, () => this.#wrong());
  }

  #good(kind: Kind): unknown {
    const { pick, below } = this.#numbers;
    switch (kind) {
      case 'address':
        return pick(this.#addresses);
      case 'hash':
        return `0x${this.#hex(64)}`;
      case 'block':
        return pick(BLOCKS);
      case 'flag':
        return below(2) === 0;
      case 'index':
        return pick(NUMBERS);
      case 'few':
        return pick(['0x1', '0x2']);
      case 'slot':
        return pick([...NUMBERS, `0x${this.#hex(64)}`]);
      case 'data':
        return `0x${this.#hex(2 * below(200))}`;
      case 'list':
        return Array.from({ length: below(100) }, (_, index) => index);
      case 'call':
        return this.#call();
      case 'filter':
        return this.#filter();
    }
  }

  #call(): object {
    const { pick, below } = this.#numbers;
    const call: Record<string, unknown> = { from: pick(this.#addresses), gas: pick(['0x5208', '0x186a0', '0x0']) };
    if (below(4) > 0) call.to = pick([...this.#addresses, null, `0x${this.#hex(40)}`]);
    if (below(2) === 0) call.value = pick(NUMBERS);
    if (below(2) === 0) call[pick(['data', 'input'])] = pick(CODES);
    if (below(4) === 0)
      call[pick(['gasPrice', 'maxFeePerGas', 'maxPriorityFeePerGas', 'nonce', 'type'])] = pick(NUMBERS);
    if (below(6) === 0) call.accessList = [{ address: pick(this.#addresses), storageKeys: [`0x${this.#hex(64)}`] }];
    return call;
  }

  #filter(): object {
    const { pick, below } = this.#numbers;
    const filter: Record<string, unknown> = {};
    if (below(2) === 0) filter.fromBlock = pick(BLOCKS);
    if (below(2) === 0) filter.toBlock = pick(BLOCKS);
    if (below(3) === 0) filter.address = pick(this.#addresses);
    if (below(3) === 0) filter.topics = [null, [`0x${this.#hex(64)}`, null], []].slice(0, below(4));
    return filter;
  }

  #hex(digits: number): string {
    return Array.from({ length: digits }, () => this.#numbers.below(16).toString(16)).join('');
  }
}
