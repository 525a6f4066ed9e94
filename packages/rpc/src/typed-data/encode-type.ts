import type { TypedField, TypedSchema } from './schema.ts';
import { baseType } from './schema.ts';

/** EIP-712 encodeType: the struct, then every struct that it refers to, by name. */
export function encodeType(schema: TypedSchema, name: string): string {
  const referred = new Set<string>();
  collectStructs(schema, name, referred);
  referred.delete(name);
  return [name, ...[...referred].sort()].map((struct) => encodeStruct(struct, schema.get(struct) ?? [])).join('');
}

function collectStructs(schema: TypedSchema, root: string, found: Set<string>): void {
  const open = [root];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const fields = schema.get(name);
    if (fields === undefined || found.has(name)) continue;
    found.add(name);
    open.push(...fields.map(({ type }) => baseType(type)));
  }
}

function encodeStruct(name: string, fields: readonly TypedField[]): string {
  return `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`;
}
