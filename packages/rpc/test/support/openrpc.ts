import { existsSync, readFileSync } from 'node:fs';
import type { UncheckedObject } from '../../src/json.ts';
import { isUncheckedObject, ownMember } from '../../src/json.ts';

const FILE = new URL('../../../../../shared/conformance/json-rpc/openrpc.json', import.meta.url);

/** The public schema of Ethereum's JSON-RPC: judges results. Knows the keywords that the file uses. */
export class OpenRpc {
  readonly #document: UncheckedObject;
  readonly #results = new Map<string, unknown>();

  constructor(document: UncheckedObject) {
    this.#document = document;
    const methods = ownMember(document, 'methods');
    for (const method of Array.isArray(methods) ? methods : []) {
      if (!isUncheckedObject(method)) continue;
      const result = ownMember(method, 'result');
      if (isUncheckedObject(result)) this.#results.set(String(ownMember(method, 'name')), ownMember(result, 'schema'));
    }
  }

  /** Names of all methods. */
  get methods(): readonly string[] {
    return [...this.#results.keys()];
  }

  /** What is wrong with a method's result; empty when nothing is. Throws for a method that is not in the file. */
  check(method: string, result: unknown): readonly string[] {
    if (!this.#results.has(method)) throw new Error(`${method} is not in the schema`);
    return this.#validate(this.#results.get(method), result, method);
  }

  #validate(schema: unknown, value: unknown, path: string): readonly string[] {
    if (!isUncheckedObject(schema)) return [];
    const reference = ownMember(schema, '$ref');
    if (typeof reference === 'string') return this.#validate(this.#resolve(reference), value, path);
    return [
      ...checkType(schema, value, path),
      ...this.#checkCombinations(schema, value, path),
      ...this.#checkObject(schema, value, path),
      ...this.#checkArray(schema, value, path),
    ];
  }

  #resolve(reference: string): unknown {
    let found: unknown = this.#document;
    for (const key of reference.slice(2).split('/'))
      found = isUncheckedObject(found) ? ownMember(found, key) : undefined;
    if (found === undefined) throw new Error(`no ${reference}`);
    return found;
  }

  #checkCombinations(schema: UncheckedObject, value: unknown, path: string): readonly string[] {
    const problems: string[] = [];
    for (const part of listOf(schema, 'allOf')) problems.push(...this.#validate(part, value, path));
    for (const keyword of ['oneOf', 'anyOf']) {
      const parts = listOf(schema, keyword);
      const tried = parts.map((part) => this.#validate(part, value, path));
      if (parts.length > 0 && tried.every((found) => found.length > 0)) {
        problems.push(`${path}: no ${keyword} fits: ${tried.map((found) => found[0]).join(' | ')}`);
      }
    }
    return problems;
  }

  #checkObject(schema: UncheckedObject, value: unknown, path: string): readonly string[] {
    if (!isUncheckedObject(value)) return [];
    const properties = ownMember(schema, 'properties');
    const problems = listOf(schema, 'required')
      .filter((key) => !Object.hasOwn(value, String(key)))
      .map((key) => `${path}: ${String(key)} is missing`);
    for (const [key, member] of Object.entries(value)) {
      const known = isUncheckedObject(properties) ? ownMember(properties, key) : undefined;
      if (known !== undefined) problems.push(...this.#validate(known, member, `${path}.${key}`));
      else problems.push(...this.#checkAdditional(schema, member, `${path}.${key}`));
    }
    return problems;
  }

  /** A member that the schema does not name: none is allowed, any, or those of one kind. */
  #checkAdditional(schema: UncheckedObject, member: unknown, path: string): readonly string[] {
    const additional = ownMember(schema, 'additionalProperties');
    return additional === false ? [`${path} is too much`] : this.#validate(additional, member, path);
  }

  #checkArray(schema: UncheckedObject, value: unknown, path: string): readonly string[] {
    const items = ownMember(schema, 'items');
    if (!Array.isArray(value) || items === undefined) return [];
    return value.flatMap((item, index) => this.#validate(items, item, `${path}[${index}]`));
  }
}

function listOf(schema: UncheckedObject, key: string): readonly unknown[] {
  const list = ownMember(schema, key);
  return Array.isArray(list) ? list : [];
}

function checkType(schema: UncheckedObject, value: unknown, path: string): readonly string[] {
  const type = ownMember(schema, 'type');
  const problems: string[] = [];
  if (typeof type === 'string' && !hasType(type, value))
    problems.push(`${path}: not a ${type}: ${JSON.stringify(value)}`);
  const pattern = ownMember(schema, 'pattern');
  if (typeof pattern === 'string' && typeof value === 'string' && !new RegExp(pattern).test(value)) {
    problems.push(`${path}: ${value} does not match ${pattern}`);
  }
  const allowed = ownMember(schema, 'enum');
  if (Array.isArray(allowed) && !allowed.includes(value)) problems.push(`${path}: ${String(value)} is not allowed`);
  return problems;
}

function hasType(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isUncheckedObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** null where the file is not there. */
export function loadOpenRpc(): OpenRpc | null {
  if (!existsSync(FILE)) return null;
  const document: unknown = JSON.parse(readFileSync(FILE, 'utf8'));
  return isUncheckedObject(document) ? new OpenRpc(document) : null;
}
