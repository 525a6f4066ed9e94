import { describe, expect, test } from '@jest/globals';
import { createLogger, type LogFormat, type Logger, parseLogLevels } from '../src/logger.ts';

function collect(levels: string, format: LogFormat = 'human'): { readonly log: Logger; readonly lines: string[] } {
  const parsed = parseLogLevels(levels);
  if (parsed === null) throw new Error(`no levels: ${levels}`);
  const lines: string[] = [];
  const log = createLogger({
    levels: parsed,
    format,
    write: (line) => lines.push(line),
    wallMs: () => 1_700_000_000_123,
  });
  return { log, lines };
}

describe('levels', () => {
  test.each(['', 'loud', 'info,debug', 'rpc=', '=debug', 'rpc=debug=info', 'rpc=debug,rpc=info'])(
    '"%s" is malformed',
    (text) => {
      expect(parseLogLevels(text)).toBeNull();
    },
  );

  test('the longest matching module decides', () => {
    const { log, lines } = collect('warn,rpc=debug,rpc.ws=silent');
    log.info('root');
    log.child('rpc').debug('rpc');
    log.child('rpc').child('http').debug('rpc.http');
    log.child('rpc').child('ws').error('rpc.ws');
    log.child('rpcx').info('rpcx');
    expect(lines.map((line) => line.trim().split(' ').at(-1))).toEqual(['rpc', 'rpc.http']);
    expect(log.child('rpc').isEnabled('debug')).toBe(true);
    expect(log.child('rpc').isEnabled('trace')).toBe(false);
  });
});

describe('records', () => {
  test('for people: one line, facts quoted where needed', () => {
    const { log, lines } = collect('trace');
    log.child('rpc', { port: 1 }).warn('two\nlines', { name: 'a b', height: 5n, cause: new Error('boom'), none: null });
    expect(lines).toEqual([
      '22:13:20.123 WARN  rpc: two lines port=1 name="a b" height=5 cause="Error: boom" none=null\n',
    ]);
  });

  test('for machines: one object a line, facts apart from the record', () => {
    const { log, lines } = collect('trace', 'json');
    log.child('rpc').error('lost', { level: 'x', height: 5n });
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        time: '2023-11-14T22:13:20.123Z',
        level: 'error',
        module: 'rpc',
        message: 'lost',
        facts: { level: 'x', height: '5' },
      },
    ]);
  });
});
