/** Why a text is no proper answer to a message; null when it is one. `mayBeSilent`: it may want no answer. */
export function faultOf(text: string, mayBeSilent: boolean): string | null {
  if (text === '') return mayBeSilent ? null : 'no answer';
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return `not JSON: ${text.slice(0, 100)}`;
  }
  const answers: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  for (const one of answers) {
    const fault = faultOfOne(one);
    if (fault !== null) return `${fault}: ${JSON.stringify(one).slice(0, 300)}`;
  }
  return null;
}

function faultOfOne(answer: unknown): string | null {
  if (!isObject(answer)) return 'not an object';
  if (answer.jsonrpc !== '2.0') return 'not version 2.0';
  if (answer.method === 'eth_subscription') return null;
  if (!('id' in answer)) return 'no id';
  if ('result' in answer === 'error' in answer) return 'neither result nor error, or both';
  return 'error' in answer ? faultOfError(answer.error) : null;
}

function faultOfError(error: unknown): string | null {
  if (!isObject(error)) return 'the error is no object';
  const { code, message } = error;
  if (typeof code !== 'number' || !Number.isInteger(code)) return 'the error has no code';
  if (typeof message !== 'string' || message === '') return 'the error has no message';
  if (code === -32603) return 'a bug of the node';
  if (code === -32005) return 'an error that clients retry';
  return null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
