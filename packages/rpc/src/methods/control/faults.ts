import { BadValueError, MethodUnavailableError } from '../../errors.ts';
import type { NetworkLatency } from '../../fault-ports.ts';
import { isUncheckedObject } from '../../json.ts';
import type { Parser } from '../../parse/bad-value.ts';
import { optionalField, parseList, requiredField } from '../../parse/fields.ts';
import { parseCount, parseString } from '../../parse/scalars.ts';
import type { DevnetControl } from '../../ports.ts';
import { controlMethod, type MethodTable } from '../../protocol/method.ts';
import { validatorParser } from './validators.ts';

type Groups = readonly (readonly number[])[];

/** What goes wrong between validators, and in them. */
export function faultMethods(devnet: DevnetControl): MethodTable {
  const { faults } = devnet;
  const parseValidator = validatorParser(devnet);
  const parseGroups = groupsParser(devnet);
  const parseLinks = linksParser(devnet);
  return {
    heddle_partition: controlMethod(1, (params) => {
      faults.partition(params.required(0, parseGroups));
      return true;
    }),
    heddle_heal: controlMethod(0, () => faults.heal()),
    heddle_setLatency: controlMethod(3, (params) => {
      const ms = params.required(0, parseCount);
      const jitterMs = params.optional(1, parseCount, 0);
      faults.setLatency({ ms, jitterMs, links: params.optional(2, parseLinks, []) });
      return true;
    }),
    heddle_corrupt: controlMethod(2, (params) => {
      const index = params.required(0, parseValidator);
      return faults.corrupt(index, params.optional<string | null>(1, parseString, null));
    }),
  };
}

/** On any other network each of them says why not. */
export function faultsOutsideDevnets(): MethodTable {
  const refuse = (name: string): MethodTable[string] =>
    controlMethod(3, () => {
      throw new MethodUnavailableError(
        `${name} is for devnets: the genesis of this network does not say heddle.devnet`,
      );
    });
  return Object.fromEntries(NAMES.map((name) => [name, refuse(name)] as const));
}

const NAMES = [
  'heddle_partition',
  'heddle_heal',
  'heddle_setLatency',
  'heddle_corrupt',
  'heddle_stopValidator',
  'heddle_startValidator',
] as const;

/** Two groups or more, with each validator in one of them. */
function groupsParser(devnet: DevnetControl): Parser<Groups> {
  const { validatorCount } = devnet;
  const parseValidator = validatorParser(devnet);
  return (value) => {
    const groups = parseList(value, validatorCount, (group) => parseList(group, validatorCount, parseValidator));
    const members = groups.flat();
    for (let index = 0; index < validatorCount; index++) {
      const times = members.filter((member) => member === index).length;
      if (times === 0) throw new BadValueError(`validator ${index} is in no group; each has to be in one`);
      if (times > 1) throw new BadValueError(`validator ${index} is named ${times} times; each has to be in one group`);
    }
    if (groups.some((group) => group.length === 0)) throw new BadValueError('a group is empty');
    if (groups.length < 2) throw new BadValueError('want two groups or more; heddle_heal joins them');
    return groups;
  };
}

function linksParser(devnet: DevnetControl): Parser<NetworkLatency['links']> {
  const { validatorCount } = devnet;
  const parseValidator = validatorParser(devnet);
  const parseLink: Parser<NetworkLatency['links'][number]> = (value) => {
    if (!isUncheckedObject(value)) throw new BadValueError('want an object {from, to, ms}');
    const from = requiredField(value, 'from', parseValidator);
    const to = requiredField(value, 'to', parseValidator);
    if (from === to) throw new BadValueError(`from and to are both ${from}`);
    const ms = requiredField(value, 'ms', parseCount);
    return { from, to, ms, jitterMs: optionalField(value, 'jitter', parseCount, 0) };
  };
  return (value) => parseList(value, validatorCount ** 2, parseLink);
}
