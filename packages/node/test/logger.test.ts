import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  createLogger,
  LOG_MODULES,
  type LogFormat,
  type Logger,
  parseLogLevels,
  unknownLogModule,
} from '../src/logger.ts';

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

/** What the sources below a folder give to `child`. */
async function modulesOf(sources: string): Promise<readonly string[]> {
  const used: string[] = [];
  for (const file of await readdir(sources, { recursive: true })) {
    if (!file.endsWith('.ts') || file.endsWith('logger.ts')) continue;
    const text = await readFile(join(sources, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/\.child\(['`]([^'`$]*)/g)) {
      used.push(name.endsWith('-') ? `${name}0` : name);
    }
  }
  return used;
}

describe('names of modules', () => {
  test('one that is named alone counts in every validator, unless a longer prefix says otherwise', () => {
    const { log, lines } = collect('warn,chunks=debug,validator-1=error');
    for (const validator of ['validator-0', 'validator-1']) {
      log.child(validator).child('epoch-7').child('chunks').debug(validator);
      log.child(validator).child('epoch-7').child('views').info(validator);
    }
    expect(lines.map((line) => line.trim().split(' ').at(-1))).toEqual(['validator-0']);
  });

  test.each([
    ['info,nosuch=debug', 'nosuch', null],
    ['info,chunk=debug', 'chunk', 'chunks'],
    ['validator-0.consesus=trace', 'consesus', 'consensus'],
  ])('%s names none that there is', (text, name, nearest) => {
    const levels = parseLogLevels(text);
    if (levels === null) throw new Error(`no levels: ${text}`);
    expect(unknownLogModule(levels)).toEqual({ name, nearest });
  });

  test('all that the sources use are known', async () => {
    const root = join(import.meta.dirname, '..', '..', '..');
    const used = [
      ...(await modulesOf(join(root, 'packages', 'node', 'src'))),
      ...(await modulesOf(join(root, 'apps', 'validator', 'src'))),
    ];
    expect([...new Set(used)].sort()).toEqual([...LOG_MODULES]);
    const levels = parseLogLevels('info,rpc=debug,validator-12.epoch-3.chunks=trace');
    expect(levels === null ? 'malformed' : unknownLogModule(levels)).toBeNull();
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
