import { concatHex, encodeAbiParameters, encodeFunctionData, getContractAddress, parseAbi, toHex } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { type CompiledContract, type DevnetProcess, rpc } from '../support/devnet-process.ts';
import { rpcBatch } from '../support/rpc-batch.ts';
import { type SeededNumbers, seededNumbers } from '../support/seeded-numbers.ts';
import { until } from '../support/until.ts';

type Hex = `0x${string}`;

const TOKEN = parseAbi(['function transfer(address to, uint256 amount) returns (bool)']);
const WORKSHOP = parseAbi([
  'function make(uint256 count) payable',
  'function turnAll(uint256 turns) returns (uint256)',
]);
const PURSE = parseAbi([
  'function pay(address[] to) payable',
  'function poke(address target, bytes data) returns (bool ok, bytes result)',
]);
const FEES = { maxFeePerGas: 50_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
/** Transactions of one JSON-RPC batch: enough for blocks with many of them. */
const BATCH = 25;

export interface TrafficOptions {
  readonly devnet: DevnetProcess;
  readonly seed: number;
  readonly contracts: Readonly<Record<string, CompiledContract>>;
}

/** A transaction without its nonce and sender. */
interface Intent {
  readonly type: 'legacy' | 'eip2930' | 'eip1559' | 'eip7702';
  readonly to: Hex | null;
  readonly value: bigint;
  readonly data: Hex;
  readonly gas: bigint;
}

export interface Traffic {
  /** Sends that many random transactions and waits until all are executed. */
  send(count: number): Promise<void>;
}

/** Random transactions of all types, good and failing ones, from all accounts of a devnet. Same seed, same transactions. */
export function createTraffic(options: TrafficOptions): Traffic {
  return new RandomTraffic(options);
}

class RandomTraffic implements Traffic {
  readonly #url: string;
  readonly #chainId: number;
  readonly #random: SeededNumbers;
  readonly #accounts: readonly PrivateKeyAccount[];
  readonly #contracts: Readonly<Record<string, CompiledContract>>;
  readonly #nonces = new Map<Hex, number>();
  #sent = 0;
  /** Addresses of contracts that earlier transactions of this traffic create. */
  readonly #deployed: { readonly kind: string; readonly address: Hex }[] = [];

  /** Senders of transactions that may not be executed yet. */
  readonly #busy = new Set<Hex>();
  /** Accounts whose valid authorization may not be executed yet. */
  readonly #authorities = new Set<Hex>();

  constructor({ devnet, seed, contracts }: TrafficOptions) {
    this.#url = devnet.ready.urls.http;
    this.#chainId = devnet.ready.chainId;
    this.#random = seededNumbers(seed);
    this.#accounts = devnet.ready.accounts.map(({ privateKey }) => privateKeyToAccount(privateKey));
    this.#contracts = contracts;
  }

  async send(count: number): Promise<void> {
    const end = this.#sent + count;
    while (this.#sent < end) {
      const raws: Hex[] = [];
      while (raws.length < BATCH && this.#sent < end) raws.push(await this.#next(this.#sent++));
      await this.#submit(raws);
      // Some blocks hold one batch, some several.
      if (this.#random.below(3) > 0) await this.#drained();
    }
    await this.#drained();
  }

  /** Everything sent so far is executed. */
  async #drained(): Promise<void> {
    for (const account of this.#accounts) {
      const expected = this.#nonces.get(account.address) ?? 0;
      await until(
        async () => Number(await rpc(this.#url, 'eth_getTransactionCount', [account.address, 'latest'])) >= expected,
      );
    }
    this.#busy.clear();
    this.#authorities.clear();
  }

  async #submit(raws: readonly Hex[]): Promise<void> {
    await rpcBatch(
      this.#url,
      raws.map((raw) => ({ method: 'eth_sendRawTransaction', params: [raw] })),
    );
  }

  async #next(index: number): Promise<Hex> {
    // An account whose authorization is on its way sends nothing meanwhile: the order of the two is the chain's.
    const sender = this.#random.pick(this.#accounts.filter(({ address }) => !this.#authorities.has(address)));
    this.#busy.add(sender.address);
    const nonce = this.#useNonce(sender);
    const intent = index < 6 ? this.#deployment(index, sender, nonce) : this.#intent(sender, nonce);
    return this.#sign(sender, nonce, intent);
  }

  #useNonce({ address }: PrivateKeyAccount): number {
    const nonce = this.#nonces.get(address) ?? 0;
    this.#nonces.set(address, nonce + 1);
    return nonce;
  }

  async #sign(sender: PrivateKeyAccount, nonce: number, intent: Intent): Promise<Hex> {
    const { type, to, value, data, gas } = intent;
    const common = { chainId: this.#chainId, nonce, to, value, data, gas };
    const accessList = [{ address: this.#address(), storageKeys: [toHex(this.#random.below(4), { size: 32 })] }];
    if (type === 'legacy') return sender.signTransaction({ ...common, type, gasPrice: 3_000_000_000n });
    if (type === 'eip2930') return sender.signTransaction({ ...common, type, gasPrice: 3_000_000_000n, accessList });
    if (type === 'eip1559') return sender.signTransaction({ ...common, type, ...FEES, accessList: [] });
    return sender.signTransaction({
      ...common,
      type,
      ...FEES,
      accessList,
      authorizationList: [await this.#authorization(sender, nonce)],
    });
  }

  /** Delegates an account to a contract, or takes the delegation back; every third one is stale and must be skipped. */
  async #authorization(
    sender: PrivateKeyAccount,
    senderNonce: number,
  ): Promise<Awaited<ReturnType<PrivateKeyAccount['signAuthorization']>>> {
    const authority = this.#random.pick(this.#accounts);
    const current = this.#nonces.get(authority.address) ?? 0;
    const isOwn = authority.address === sender.address;
    const isStale =
      this.#random.below(3) === 0 || (this.#busy.has(authority.address) && !isOwn) || this.#authorities.size > 6;
    const nonce = isOwn ? senderNonce + 1 : current;
    // Not to a random program: with SELFDESTRUCT it takes the account's balance, and what the account still sends can't be paid.
    const delegate =
      this.#random.below(4) === 0 ? ZERO : this.#contract(this.#random.pick(['Token', 'Workshop', 'Purse']));
    const authorization = await authority.signAuthorization({
      chainId: this.#random.below(2) === 0 ? 0 : this.#chainId,
      contractAddress: delegate,
      nonce: isStale ? nonce + 7 : nonce,
    });
    if (!isStale) {
      this.#nonces.set(authority.address, nonce + 1);
      this.#authorities.add(authority.address);
    }
    return authorization;
  }

  #deployment(index: number, sender: PrivateKeyAccount, nonce: number): Intent {
    const kind = ['Token', 'Workshop', 'Purse'][index % 3] ?? 'Token';
    const { bytecode } = this.#contracts[kind] ?? { bytecode: '0x' };
    const supply = kind === 'Token' ? encodeAbiParameters([{ type: 'uint256' }], [10n ** 6n]) : '0x';
    this.#deployed.push({ kind, address: getContractAddress({ from: sender.address, nonce: BigInt(nonce) }) });
    return { type: 'eip1559', to: null, value: 0n, data: concatHex([bytecode, supply]), gas: 3_000_000n };
  }

  #intent(sender: PrivateKeyAccount, nonce: number): Intent {
    const type = this.#random.pick(['legacy', 'eip2930', 'eip1559', 'eip1559', 'eip7702'] as const);
    const gas = BigInt(this.#random.pick([60_000, 200_000, 600_000, 1_500_000]));
    switch (this.#random.below(9)) {
      case 0:
        return { type, to: this.#address(), value: BigInt(this.#random.below(10 ** 9)), data: '0x', gas };
      case 1:
        return type === 'eip7702'
          ? { type, to: this.#address(), value: 1n, data: this.#bytes(60), gas }
          : this.#program(type, gas, sender, nonce);
      case 2:
        return {
          type,
          to: this.#contract('Workshop'),
          value: 100n,
          data: encodeFunctionData({ abi: WORKSHOP, functionName: 'make', args: [BigInt(this.#random.below(4))] }),
          gas,
        };
      case 3:
        return {
          type,
          to: this.#contract('Workshop'),
          value: 0n,
          data: encodeFunctionData({ abi: WORKSHOP, functionName: 'turnAll', args: [BigInt(this.#random.below(12))] }),
          gas,
        };
      case 4:
        return {
          type,
          to: this.#contract('Purse'),
          value: 1_000n,
          data: encodeFunctionData({
            abi: PURSE,
            functionName: 'pay',
            args: [[this.#address(), this.#address(), this.#address()]],
          }),
          gas,
        };
      case 5:
        return {
          type,
          to: this.#contract('Purse'),
          value: 0n,
          data: encodeFunctionData({
            abi: PURSE,
            functionName: 'poke',
            args: [this.#address(), this.#bytes(this.#random.below(200))],
          }),
          gas,
        };
      case 6:
        return type === 'eip7702' || this.#random.below(2) === 0
          ? { type, to: this.#address(), value: 0n, data: this.#bytes(this.#random.below(400)), gas }
          : { type, to: DEPLOYER, value: 0n, data: concatHex([this.#salt(), this.#initCode()]), gas };
      case 7:
        return {
          type,
          to: this.#contract(),
          value: BigInt(this.#random.below(2)),
          data: this.#bytes(this.#random.below(80)),
          gas,
        };
      default:
        return {
          type,
          to: this.#contract('Token'),
          value: 0n,
          data: encodeFunctionData({
            abi: TOKEN,
            functionName: 'transfer',
            args: [this.#address(), BigInt(this.#random.below(200_000))],
          }),
          gas,
        };
    }
  }

  /** Creates a contract of random opcodes; half of them are called later. */
  #program(type: Intent['type'], gas: bigint, sender: PrivateKeyAccount, nonce: number): Intent {
    if (this.#random.below(2) === 0) {
      this.#deployed.push({
        kind: 'Program',
        address: getContractAddress({ from: sender.address, nonce: BigInt(nonce) }),
      });
    }
    return { type, to: null, value: BigInt(this.#random.below(3)), data: this.#initCode(), gas };
  }

  /** Random opcodes run while creating, or become a contract; pushes first, so that most of them find operands. */
  #initCode(): Hex {
    const pushes = Array.from({ length: 12 }, () => `60${byte(this.#random.below(64))}`).join('');
    const opcodes = Array.from({ length: 12 }, () => byte(this.#random.pick(OPCODES))).join('');
    const code = `${pushes}${opcodes}00`;
    const size = code.length / 2;
    const keep = `60${byte(size)}600c60003960${byte(size)}6000f3${code}`;
    return this.#random.below(4) === 0 ? `0x${code}` : `0x${keep}`;
  }

  /** One of few, so that creations collide. */
  #salt(): Hex {
    return toHex(this.#random.below(3), { size: 32 });
  }

  #contract(kind?: string): Hex {
    const all = kind === undefined ? this.#deployed : this.#deployed.filter((entry) => entry.kind === kind);
    return this.#random.pick(all).address;
  }

  #address(): Hex {
    switch (this.#random.below(4)) {
      case 0:
        return this.#contract();
      case 1:
        return toHex(this.#random.pick(PRECOMPILES), { size: 20 });
      case 2:
        return toHex(BigInt(this.#random.below(50)) + 2n ** 120n, { size: 20 });
      default:
        return this.#random.pick(this.#accounts).address;
    }
  }

  #bytes(length: number): Hex {
    return `0x${Array.from({ length }, () => byte(this.#random.pick([0, 0, this.#random.below(256)]))).join('')}`;
  }
}

const ZERO: Hex = '0x0000000000000000000000000000000000000000';
/** The deterministic deployer: salt, then init code. */
const DEPLOYER: Hex = '0x4e59b44847b379578588920ca78fbf26c0b4956c';

/** Osaka's, with an address before and after them that has none. */
const PRECOMPILES: readonly number[] = [...range(0, 18), 0x100];

/** Arithmetic, comparison, hashing, environment, block, storage, memory, logs, calls, creation, self-destruct. */
const OPCODES: readonly number[] = [
  ...range(0x01, 0x0b),
  ...range(0x10, 0x1e),
  0x20,
  ...range(0x30, 0x3f),
  ...range(0x40, 0x4a),
  ...range(0x50, 0x55),
  ...range(0x58, 0x5e),
  ...range(0x80, 0x8b),
  ...range(0x90, 0x9a),
  0xa0,
  0xa1,
  0xa2,
  0xf0,
  0xf1,
  0xf2,
  0xf4,
  0xf5,
  0xfa,
  0xff,
];

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
