import type { ConsoleCall, TransactionFailure, TransactionInsight, TransactionReport } from '@heddle/node';
import { bytesToHex } from '@heddle/primitives';
import type { Address, ShardId } from '@heddle/types';
import { formatEther } from '../../flags/kinds.ts';
import { MAX_CONSOLE_LINES, MAX_SHOWN_BYTES, MAX_SHOWN_REASON_CHARACTERS } from '../../limits.ts';
import type { AbiBook, AbiSignature } from '../abi/abi-book.ts';
import { formatCall, inFull, inShort } from '../abi/format-values.ts';
import { consoleLines } from '../console-log/console-message.ts';
import { visible } from '../visible-text.ts';
import type { Paint } from './paint.ts';

/** How lines are written. */
export interface LineStyle {
  readonly paint: Paint;
  /** Hashes and addresses in full, to be copied. */
  readonly isFull: boolean;
  readonly shardCount: number;
}

/** Everything that is said of one transaction. */
export interface TransactionFacts {
  readonly report: TransactionReport;
  /** Null when it could not be found out in time. */
  readonly insight: TransactionInsight | null;
  /** Of the accounts that a transaction of the section is known to have touched; empty when that is not known. */
  readonly sectionShards: readonly ShardId[];
}

/** Transactions that got no lines of their own. */
export interface SkippedTransactions {
  readonly count: number;
  readonly failed: number;
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
}

/** Below it wei are shown as wei. */
const LEAST_SHOWN_AS_ETHER: bigint = 10n ** 9n;
const INDENT = '    ';

/** A line, and one for each that it logged through console.sol. */
export function transactionLines(facts: TransactionFacts, abis: AbiBook, style: LineStyle): readonly string[] {
  const { report, insight } = facts;
  const { transaction, gasUsed } = report;
  const { fields } = transaction;
  const { faint, bad } = style.paint;
  const parts = [
    `#${report.blockNumber}`,
    faint(style.isFull ? transaction.hash : shortHash(transaction.hash)),
    `${address(transaction.sender, style)} ${targetOf(report, abis, style)}`,
    fields.to === null ? '' : callText(fields.data, abis, style),
    fields.value === 0n ? '' : formatWei(fields.value),
    report.receipt.status === 1 ? '' : bad(`failed${failureText(insight?.failure ?? null, abis, style)}`),
    faint(`gas ${separated(gasUsed)} of ${separated(fields.gasLimit)}`),
    faint(wayText(facts, style)),
  ];
  return [joined(parts), ...saidLines(insight?.console ?? [], style.paint)];
}

/** What a call that is no transaction logged through console.sol. */
export function consoleCallLines(call: ConsoleCall, abis: AbiBook, style: LineStyle): readonly string[] {
  const target =
    call.to === null ? `creates ${abis.contractOf(call.data) ?? 'a contract'}` : `→ ${address(call.to, style)}`;
  const what = call.to === null ? '' : callText(call.data, abis, style);
  const parts = [style.paint.faint(call.method), `${address(call.from, style)} ${target}`, what];
  return [joined(parts), ...saidLines(call.console, style.paint)];
}

export function skippedLine(
  { count, failed, firstBlock, lastBlock }: SkippedTransactions,
  { paint }: LineStyle,
): string {
  const blocks = firstBlock === lastBlock ? `block ${firstBlock}` : `blocks ${firstBlock}–${lastBlock}`;
  const failures = failed === 0 ? '' : ` ${paint.bad(`(${separated(BigInt(failed))} failed)`)}`;
  return `${paint.faint(`… and ${separated(BigInt(count))} more in ${blocks}`)}${failures}`;
}

/** Whether an ABI that was not known yet could say more. */
export function wantsAbi({ report, insight }: Pick<TransactionFacts, 'report' | 'insight'>, abis: AbiBook): boolean {
  const { to, data } = report.transaction.fields;
  if (to === null ? abis.contractOf(data) === null : data.length >= 4 && abis.decode('function', data) === null)
    return true;
  const failure = insight === null ? null : insight.failure;
  return (
    failure?.kind === 'revert' && failure.reason === null && failure.data.length >= 4 && !knows(failure.data, abis)
  );
}

function knows(data: Uint8Array, abis: AbiBook): boolean {
  return abis.decode('error', data) !== null;
}

function targetOf({ transaction, contractAddress }: TransactionReport, abis: AbiBook, style: LineStyle): string {
  const { to, data } = transaction.fields;
  if (to !== null) return `→ ${address(to, style)}`;
  const contract = abis.contractOf(data);
  const name = contract === null ? '' : ` ${style.paint.name(contract)}`;
  return contractAddress === null ? `creates${name || ' a contract'}` : `creates${name} ${inFull(contractAddress)}`;
}

function callText(data: Uint8Array, abis: AbiBook, style: LineStyle): string {
  if (data.length === 0) return '';
  const known = decoded('function', data, abis, style);
  return style.paint.name(known ?? `${bytesToHex(data.subarray(0, 4))} (${data.length} bytes)`);
}

function failureText(failure: TransactionFailure | null, abis: AbiBook, style: LineStyle): string {
  if (failure === null) return '';
  if (failure.kind === 'halt') return `: ${reasonText(failure.reason)}`;
  if (failure.reason !== null) return `: ${reasonText(failure.reason)}`;
  if (failure.data.length === 0) return ': reverted without a reason';
  return `: ${decoded('error', failure.data, abis, style) ?? unknownError(failure.data)}`;
}

function unknownError(data: Uint8Array): string {
  if (data.length < 4) return `reverted with ${bytesToHex(data)}`;
  const more = data.subarray(4, 4 + MAX_SHOWN_BYTES);
  const cut = data.length > 4 + MAX_SHOWN_BYTES ? `… (${data.length} bytes)` : '';
  return `custom error ${bytesToHex(data.subarray(0, 4))}${more.length === 0 ? '' : ` ${bytesToHex(more)}${cut}`}`;
}

/** One line, whatever the contract wrote. */
function reasonText(reason: string): string {
  const cut = reason.length > MAX_SHOWN_REASON_CHARACTERS ? `${reason.slice(0, MAX_SHOWN_REASON_CHARACTERS)}…` : reason;
  return visible(cut).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

function decoded(kind: AbiSignature['kind'], data: Uint8Array, abis: AbiBook, { isFull }: LineStyle): string | null {
  const call = abis.decode(kind, data);
  return call === null ? null : formatCall(call.name, call.values, isFull ? inFull : inShort);
}

/** With one shard there is one way only. */
function wayText(
  { report: { way, executedShard }, sectionShards }: TransactionFacts,
  { shardCount }: LineStyle,
): string {
  if (shardCount === 1) return '';
  if (executedShard === null) {
    const noun = sectionShards.length === 1 ? 'shard' : 'shards';
    return sectionShards.length === 0 ? 'section' : `section, ${noun} ${sectionShards.join(' + ')}`;
  }
  return way === 'dispatched' ? `dispatched to shard ${executedShard}` : `shard ${executedShard}`;
}

function saidLines(payloads: readonly Uint8Array[], paint: Paint): readonly string[] {
  const lines: string[] = [];
  for (const payload of payloads) {
    if (lines.length >= MAX_CONSOLE_LINES) break;
    lines.push(...consoleLines(payload));
  }
  const shown = lines.slice(0, MAX_CONSOLE_LINES).map((line) => `${INDENT}${paint.faint('log')} ${paint.said(line)}`);
  const isAll = lines.length <= MAX_CONSOLE_LINES && payloads.length <= shown.length;
  return isAll ? shown : [...shown, `${INDENT}${paint.faint('log … and more')}`];
}

function address(value: Address, { isFull }: LineStyle): string {
  return isFull ? inFull(value) : inShort(value);
}

function shortHash(hash: string): string {
  return `${hash.slice(0, 10)}…`;
}

function formatWei(wei: bigint): string {
  return wei < LEAST_SHOWN_AS_ETHER ? `${separated(wei)} wei` : `${formatEther(wei)} ETH`;
}

function separated(number: bigint): string {
  return number.toString().replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('  ');
}
