import { BadValueError } from '../../errors.ts';
import type { Parser } from '../../parse/bad-value.ts';
import { parseCount } from '../../parse/scalars.ts';
import type { DevnetControl } from '../../ports.ts';
import type { Method, MethodTable } from '../../protocol/method.ts';
import { controlMethod } from '../../protocol/method.ts';

/** Validators off and on. */
export function validatorMethods(devnet: DevnetControl): MethodTable {
  return {
    heddle_stopValidator: validatorSwitch(devnet, (index) => devnet.stopValidator(index)),
    heddle_startValidator: validatorSwitch(devnet, (index) => devnet.startValidator(index)),
  };
}

function validatorSwitch(devnet: DevnetControl, control: (index: number) => Promise<boolean>): Method {
  return controlMethod(1, (params) => control(params.required(0, validatorParser(devnet))));
}

/** A validator's number. */
export function validatorParser({ validatorCount }: Pick<DevnetControl, 'validatorCount'>): Parser<number> {
  return (value) => {
    const index = parseCount(value);
    if (index < validatorCount) return index;
    throw new BadValueError(`there is no validator ${index}; want 0 to ${validatorCount - 1}`);
  };
}
