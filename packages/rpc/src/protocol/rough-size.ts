import { isJsonList, isJsonObject, type JsonValue } from '../json.ts';
import { JsonText } from '../json-text.ts';

/** Items of a list that are looked at. */
const SAMPLES = 8;

/** About how many characters a result has as JSON, without writing it: of a long list only some items are looked at. */
export function roughSize(result: JsonValue | JsonText): number {
  if (result instanceof JsonText) return result.length;
  if (typeof result === 'string') return result.length + 3;
  if (isJsonList(result)) return listSize(result);
  if (!isJsonObject(result)) return 6;
  let size = 2;
  for (const [name, member] of Object.entries(result)) size += name.length + 4 + roughSize(member);
  return size;
}

function listSize(items: readonly JsonValue[]): number {
  const step = Math.max(1, Math.floor(items.length / SAMPLES));
  let size = 0;
  let looked = 0;
  for (let at = 0; at < items.length; at += step) {
    size += roughSize(items[at] ?? null) + 1;
    looked += 1;
  }
  return looked === 0 ? 2 : Math.ceil((size / looked) * items.length) + 2;
}
