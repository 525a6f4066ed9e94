import type { ControlOperation } from '@heddle/types';
import type { JsonValue } from '../../json.ts';
import type { DevnetControl } from '../../ports.ts';
import { controlMethod, type Method } from '../../protocol/method.ts';
import type { Params } from '../../protocol/params.ts';

/** Does one operation, and answers the same always. */
export function operationMethod(
  devnet: DevnetControl,
  maxParams: number,
  operationOf: (params: Params) => ControlOperation,
  answer: JsonValue,
): Method {
  return controlMethod(maxParams, async (params) => {
    await devnet.apply([operationOf(params)]);
    return answer;
  });
}
