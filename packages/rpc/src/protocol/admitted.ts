import type { Admission } from '../ports.ts';
import type { Method, MethodTable } from './method.ts';

/** The same methods, each run when it is let in. */
export function admitted(table: MethodTable, admission: Admission): MethodTable {
  return Object.fromEntries(Object.entries(table).map(([name, method]) => [name, behind(method, admission)]));
}

function behind(method: Method, admission: Admission): Method {
  const runInside: Method['run'] = (params, context) => {
    let result: ReturnType<Method['run']>;
    try {
      result = method.run(params, context);
    } catch (error) {
      admission.leave();
      throw error;
    }
    if (!(result instanceof Promise)) {
      admission.leave();
      return result;
    }
    return result.finally(() => admission.leave());
  };
  return {
    ...method,
    run: (params, context) => {
      const wait = admission.enter();
      return wait === null ? runInside(params, context) : wait.then(() => runInside(params, context));
    },
  };
}
