import { type Frame, type FrameObserver, NO_OBSERVER } from '@heddle/execution';
import { bigintToBytes, keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import type { Address, Hash, Log } from '@heddle/types';
import { ownBytes } from '../own-bytes.ts';

/** Where transfers of ether are shown to come from (execution-apis, eth_simulateV1). */
const TRANSFER_LOG_ADDRESS: Address = '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee';
const TRANSFER_TOPIC: Hash = keccak256Hex(utf8ToBytes('Transfer(address,address,uint256)'));

/** The logs of a call; those of frames that failed are gone, as are their transfers. */
export class CallLogs implements FrameObserver {
  readonly frameRefused: FrameObserver['frameRefused'] = NO_OBSERVER.frameRefused;
  readonly #withTransfers: boolean;
  readonly #logs: Log[] = [];
  /** How many there were when each open frame was opened. */
  readonly #marks: number[] = [];

  constructor(withTransfers: boolean) {
    this.#withTransfers = withTransfers;
  }

  get logs(): readonly Log[] {
    return this.#logs;
  }

  frameOpened({ kind, caller, account, value }: Frame): void {
    this.#marks.push(this.#logs.length);
    if (kind !== 'DELEGATECALL') this.#transfer(caller, account.address, value);
  }

  frameClosed({ status }: Frame): void {
    const mark = this.#marks.pop() ?? 0;
    if (status !== 'returned') this.#logs.length = mark;
  }

  selfDestructed({ account }: Frame, beneficiary: Address, wei: bigint): void {
    this.#transfer(account.address, beneficiary, wei);
  }

  logged(_frame: Frame, log: Log): void {
    this.#logs.push({ ...log, data: ownBytes(log.data) });
  }

  #transfer(from: Address, to: Address, wei: bigint): void {
    if (!this.#withTransfers || wei === 0n) return;
    const topics = [TRANSFER_TOPIC, topicOf(from), topicOf(to)];
    this.#logs.push({ address: TRANSFER_LOG_ADDRESS, topics, data: bigintToBytes(wei, 32) });
  }
}

function topicOf(address: Address): Hash {
  return `0x${address.slice(2).padStart(64, '0')}`;
}
