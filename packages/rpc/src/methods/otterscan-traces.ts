import type { TracerSpec } from '@heddle/simulation';
import type { JsonValue } from '../json.ts';
import { JsonText } from '../json-text.ts';
import { parseHash } from '../parse/hex.ts';
import type { TraceExecutor } from '../ports.ts';
import type { Method, MethodTable } from '../protocol/method.ts';
import { method } from '../protocol/method.ts';

/** What Otterscan shows of a transaction's execution. Null for one that is not in a final block. */
export function otterscanTraceMethods(traces: TraceExecutor): MethodTable {
  const traced = (tracer: TracerSpec): Method =>
    method(1, async (params, { signal }): Promise<JsonValue | JsonText> => {
      const trace = await traces.transaction(params.required(0, parseHash), { kind: 'single', tracer }, signal);
      return trace === null ? null : JsonText.of(trace.text);
    });
  return {
    ots_getInternalOperations: traced({ kind: 'otterscan', view: 'internalOperations' }),
    ots_traceTransaction: traced({ kind: 'otterscan', view: 'calls' }),
    ots_getTransactionError: traced({ kind: 'error' }),
  };
}
