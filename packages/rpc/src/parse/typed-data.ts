import { BadValueError } from '../errors.ts';
import type { UncheckedObject } from '../json.ts';
import { isUncheckedObject, ownMember } from '../json.ts';
import type { TypedData, TypedField, TypedSchema } from '../typed-data/schema.ts';
import { baseType, DOMAIN_TYPE, shapeOf } from '../typed-data/schema.ts';
import { describeType, parseAt } from './bad-value.ts';
import { parseList, requiredField } from './fields.ts';
import { parseString } from './scalars.ts';

/** Struct types of one message, and members of one struct. */
const MAX_TYPES = 256;

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** The members a domain may have, in the order of EIP-712. */
const DOMAIN_FIELDS: readonly TypedField[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
];

/** eth_signTypedData_v4's second parameter: the object, or its JSON text. Throws BadValueError. */
export function parseTypedData(value: unknown): TypedData {
  const object = typeof value === 'string' ? parseText(value) : value;
  if (!isUncheckedObject(object)) throw new BadValueError(`want typed data, got ${describeType(object)}`);
  const domain = requiredField(object, 'domain', parseObject);
  const types = withDomainType(requiredField(object, 'types', parseSchema), domain);
  const primaryType = requiredField(object, 'primaryType', parseString);
  if (!types.has(primaryType)) throw new BadValueError(`primaryType: ${primaryType.slice(0, 80)} is not in types`);
  const message = primaryType === DOMAIN_TYPE ? {} : requiredField(object, 'message', parseObject);
  return { types, primaryType, domain, message };
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadValueError('want typed data as an object or as JSON text');
  }
}

function parseObject(value: unknown): UncheckedObject {
  if (!isUncheckedObject(value)) throw new BadValueError(`want an object, got ${describeType(value)}`);
  return value;
}

function parseSchema(value: unknown): TypedSchema {
  const entries = Object.entries(parseObject(value));
  if (entries.length > MAX_TYPES) throw new BadValueError(`${entries.length} types, at most ${MAX_TYPES} are allowed`);
  const schema = new Map<string, readonly TypedField[]>();
  for (const [name, fields] of entries) {
    if (!IDENTIFIER.test(name)) throw new BadValueError(`${name.slice(0, 80)} is not a name`);
    schema.set(
      name,
      parseAt(name, fields, (list) => parseList(list, MAX_TYPES, parseField)),
    );
  }
  checkTypes(schema);
  return schema;
}

function parseField(value: unknown): TypedField {
  const object = parseObject(value);
  const name = requiredField(object, 'name', parseString);
  if (!IDENTIFIER.test(name)) throw new BadValueError(`${name.slice(0, 80)} is not a name`);
  return { name, type: requiredField(object, 'type', parseString) };
}

/** Every type that is named exists, also where the message has no value of it: it is part of what is signed. */
function checkTypes(schema: TypedSchema): void {
  for (const [struct, fields] of schema) {
    for (const { name, type } of fields) {
      const base = shapeOf(schema, baseType(type));
      const wellFormed = base.kind !== 'unknown' && /^[^[\]]+(\[\d{0,9}\])*$/.test(type);
      if (!wellFormed) throw new BadValueError(`${struct}.${name}: unknown type ${type.slice(0, 80)}`);
    }
  }
}

/** Without EIP712Domain among the types the domain's own members say what it is. */
function withDomainType(schema: TypedSchema, domain: UncheckedObject): TypedSchema {
  if (schema.has(DOMAIN_TYPE)) return schema;
  const present = DOMAIN_FIELDS.filter(({ name }) => (ownMember(domain, name) ?? null) !== null);
  return new Map([...schema, [DOMAIN_TYPE, present]]);
}
