import { type CallNode, isPlainPrecompileCall, isPrecompileCall } from './call-tree.ts';
import { type JsonText, quotedBytes, quotedQuantity, quotedText } from './json-text.ts';
import type { TracedPlace } from './tracer.ts';

/** How a tree of calls is shown as a list, which parity invented. */
export interface FlatForm {
  /** Which calls are not shown: geth leaves out those of precompiles by CALL and STATICCALL, parity those without value. */
  readonly hides: (call: CallNode) => boolean;
  /** 'Reverted' instead of 'execution reverted'. */
  readonly parityErrors: boolean;
  /** `result: null` where there is none, and `creationMethod`. */
  readonly isParity: boolean;
}

/** As trace_* shows it. */
export const PARITY_FORM: FlatForm = { hides: isPlainPrecompileCall, parityErrors: true, isParity: true };

/** As geth's flatCallTracer shows it. */
export function gethForm(parityErrors: boolean, includePrecompiles: boolean): FlatForm {
  const hides = ({ kind, to }: CallNode): boolean =>
    !includePrecompiles && (kind === 'CALL' || kind === 'STATICCALL') && isPrecompileCall(kind, to);
  return { hides, parityErrors, isParity: false };
}

/** A call of the list. */
export interface FlatCall {
  readonly call: CallNode;
  readonly shown: readonly CallNode[];
  readonly address: readonly number[];
}

/** Writes the list, a call before those that it made. `place`: null leaves out what says where the transaction is. */
export function writeFlatCalls(root: CallNode, form: FlatForm, place: TracedPlace | null, out: JsonText): void {
  out.list(flatten(root, form), (flat) => writeFlatCall(flat, form, place, out));
}

/** The tree as a list, a call before those that it made. */
export function* flatten(root: CallNode, { hides }: FlatForm): Generator<FlatCall> {
  const pending: { readonly call: CallNode; readonly address: readonly number[] }[] = [{ call: root, address: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { call, address } = next;
    const shown = call.calls.filter((child) => !hides(child));
    yield { call, shown, address };
    for (let index = shown.length - 1; index >= 0; index--) {
      const child = shown[index];
      if (child !== undefined) pending.push({ call: child, address: [...address, index] });
    }
  }
}

export function writeFlatCall(
  { call, shown, address }: FlatCall,
  form: FlatForm,
  place: TracedPlace | null,
  out: JsonText,
): void {
  out.write(`{"action":${actionOf(call, form)}`);
  if (place !== null) out.write(`,"blockHash":"${place.blockHash}","blockNumber":${place.blockNumber}`);
  if (call.error !== null) {
    out.write(`,"error":${quotedText(form.parityErrors ? parityError(call.error, form) : call.error)}`);
  }
  const result = resultOf(call, form);
  if (result !== null || form.isParity) out.write(`,"result":${result}`);
  out.write(`,"subtraces":${shown.length},"traceAddress":[${address.join(',')}]`);
  if (place !== null) {
    out.write(`,"transactionHash":"${place.transactionHash}","transactionPosition":${place.transactionIndex}`);
  }
  out.write(`,"type":"${typeOf(call)}"}`);
}

function typeOf({ kind }: CallNode): string {
  if (kind === 'SELFDESTRUCT') return 'suicide';
  return kind === 'CREATE' || kind === 'CREATE2' ? 'create' : 'call';
}

function actionOf(call: CallNode, { isParity }: FlatForm): string {
  const { kind, from, to, gas, input, value } = call;
  const amount = quotedQuantity(value);
  switch (kind) {
    case 'SELFDESTRUCT':
      return `{"address":"${from}","balance":${amount},"refundAddress":"${to}"}`;
    case 'CREATE':
    case 'CREATE2': {
      const method = isParity ? `"creationMethod":"${kind.toLowerCase()}",` : '';
      return `{${method}"from":"${from}","gas":${quotedQuantity(gas)},"init":${quotedBytes(input)},"value":${amount}}`;
    }
    default: {
      const head = `{"callType":"${kind.toLowerCase()}","from":"${from}","gas":${quotedQuantity(gas)}`;
      // Nothing moves, and parity says so: the value that a STATICCALL's frame has is 0 as well.
      return `${head},"input":${quotedBytes(input)},"to":"${to}","value":${amount}}`;
    }
  }
}

/** `null` as text: what failed has none, unless it reverted, whose output says why. */
function resultOf({ kind, to, gasUsed, output, error }: CallNode, { isParity }: FlatForm): string | null {
  if (kind === 'SELFDESTRUCT' || (error !== null && error !== 'execution reverted')) return null;
  const gas = `"gasUsed":${quotedQuantity(gasUsed)}`;
  if (kind !== 'CREATE' && kind !== 'CREATE2') return `{${gas},"output":${quotedBytes(output)}}`;
  // To geth what was not created has no address.
  const address = error === null || isParity ? `"address":"${to}",` : '';
  return `{${address}"code":${quotedBytes(output)},${gas}}`;
}

/** Parity's words. */
const PARITY_ERRORS: ReadonlyMap<string, string> = new Map([
  ['contract creation code storage out of gas', 'Out of gas'],
  ['out of gas', 'Out of gas'],
  ['max code size exceeded', 'Out of gas'],
  ['invalid jump destination', 'Bad jump destination'],
  ['execution reverted', 'Reverted'],
  ['return data out of bounds', 'Out of bounds'],
  ['write protection', 'Mutable Call In Static Context'],
  ['precompile failed', 'Built-in failed'],
]);

function parityError(error: string, { isParity }: FlatForm): string {
  // What geth does not translate.
  if (isParity && error === 'insufficient balance for transfer') return 'Insufficient balance for transfer';
  if (error.startsWith('invalid opcode')) return 'Bad instruction';
  if (error.startsWith('stack underflow')) return 'Stack underflow';
  if (error.startsWith('stack limit reached')) return 'Out of stack';
  return PARITY_ERRORS.get(error) ?? error;
}
