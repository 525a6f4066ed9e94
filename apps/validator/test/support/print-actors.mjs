import { registerHooks } from 'node:module';

// Says on standard error which files of the byzantine package are loaded.
registerHooks({
  load: (url, context, next) => {
    if (url.includes('/packages/byzantine/')) process.stderr.write(`loaded ${url}\n`);
    return next(url, context);
  },
});
