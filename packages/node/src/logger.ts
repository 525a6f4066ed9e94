import { nearestName } from '@heddle/primitives';

/** From quiet to talkative; a logger writes its own level and everything before it. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a record may carry. Byte arrays are left out on purpose: secret keys are byte arrays. */
export type LogFact = string | number | bigint | boolean | null | Error;

export type LogFacts = Readonly<Record<string, LogFact>>;

/** Writes records of one module. Messages are whole words a user can act on; what varies goes into the facts. */
export interface Logger {
  error(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  debug(message: string, facts?: LogFacts): void;
  trace(message: string, facts?: LogFacts): void;
  /** True when a record of this level would be written; guards records that are dear to build. */
  isEnabled(level: Exclude<LogLevel, 'silent'>): boolean;
  /** A logger for a part: `child('rpc').child('ws')` is module `rpc.ws`. `facts` go into every record. */
  child(module: string, facts?: LogFacts): Logger;
}

/**
 * The level of each module, as `validator-0.epoch-0.chunks`: the longest prefix wins, then its last part that is named alone
 * (`chunks`, of all validators), then `base`.
 */
export interface LogLevels {
  readonly base: LogLevel;
  readonly modules: ReadonlyMap<string, LogLevel>;
}

/** One line of the log before it is formatted. */
export interface LogEntry {
  readonly timeMs: number;
  readonly level: Exclude<LogLevel, 'silent'>;
  /** Empty for the root logger. */
  readonly module: string;
  readonly message: string;
  readonly facts: LogFacts;
}

export type LogFormat = 'human' | 'json';

export interface LoggerOptions {
  readonly levels: LogLevels;
  readonly format: LogFormat;
  /** Takes one line with its newline; the devnet gives process.stderr. */
  readonly write: (line: string) => void;
  /** Wall clock, milliseconds since 1970. */
  readonly wallMs: () => number;
}

/** What was thrown, as a fact. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** A root logger. */
export function createLogger(options: LoggerOptions): Logger {
  return new ModuleLogger(options, '', {});
}

/**
 * Reads `info` or `info,rpc=debug,consensus=trace`. Returns null when a level is not one of LOG_LEVELS or the text is
 * malformed; at most one entry may be without a module.
 */
export function parseLogLevels(text: string): LogLevels | null {
  let base: LogLevel | null = null;
  const modules = new Map<string, LogLevel>();
  for (const part of text.split(',')) {
    const [first = '', second, ...rest] = part.split('=').map((word) => word.trim());
    if (rest.length > 0) return null;
    const level = second ?? first;
    if (!isLogLevel(level)) return null;
    if (second === undefined) {
      if (base !== null) return null;
      base = level;
    } else {
      if (first === '' || modules.has(first)) return null;
      modules.set(first, level);
    }
  }
  return { base: base ?? 'info', modules };
}

/** Every part of a module's name; with a number behind it where it says so. */
export const LOG_MODULES = [
  'catch-up',
  'chain',
  'chunks',
  'consensus',
  'epoch-0',
  'epochs',
  'evidence',
  'execution',
  'faults',
  'gossip',
  'inputs',
  'link',
  'mining',
  'network',
  'peers',
  'proposer',
  'rpc',
  'transactions',
  'validator-0',
  'views',
] as const;

/** A module in `levels` that there is none of, and the nearest name that there is; null when all are known. */
export function unknownLogModule(levels: LogLevels): { readonly name: string; readonly nearest: string | null } | null {
  for (const name of levels.modules.keys()) {
    const unknown = name.split('.').find((part) => !isLogModule(part));
    if (unknown !== undefined) return { name: unknown, nearest: nearestName(unknown, LOG_MODULES) };
  }
  return null;
}

function isLogModule(part: string): boolean {
  const name = part.replace(/^(validator|epoch)-\d+$/, '$1-0');
  return LOG_MODULES.some((known) => known === name);
}

/** One line without its newline. */
export function formatEntry(entry: LogEntry, format: LogFormat): string {
  return format === 'json' ? formatJson(entry) : formatHuman(entry);
}

class ModuleLogger implements Logger {
  readonly #options: LoggerOptions;
  readonly #module: string;
  readonly #facts: LogFacts;
  readonly #rank: number;

  constructor(options: LoggerOptions, module: string, facts: LogFacts) {
    this.#options = options;
    this.#module = module;
    this.#facts = facts;
    this.#rank = LOG_LEVELS.indexOf(levelOf(options.levels, module));
  }

  error(message: string, facts: LogFacts = {}): void {
    this.#write('error', message, facts);
  }

  warn(message: string, facts: LogFacts = {}): void {
    this.#write('warn', message, facts);
  }

  info(message: string, facts: LogFacts = {}): void {
    this.#write('info', message, facts);
  }

  debug(message: string, facts: LogFacts = {}): void {
    this.#write('debug', message, facts);
  }

  trace(message: string, facts: LogFacts = {}): void {
    this.#write('trace', message, facts);
  }

  isEnabled(level: Exclude<LogLevel, 'silent'>): boolean {
    return LOG_LEVELS.indexOf(level) <= this.#rank;
  }

  child(module: string, facts: LogFacts = {}): Logger {
    const name = this.#module === '' ? module : `${this.#module}.${module}`;
    return new ModuleLogger(this.#options, name, { ...this.#facts, ...facts });
  }

  #write(level: Exclude<LogLevel, 'silent'>, message: string, facts: LogFacts): void {
    if (!this.isEnabled(level)) return;
    const { format, write, wallMs } = this.#options;
    const entry = { timeMs: wallMs(), level, module: this.#module, message, facts: { ...this.#facts, ...facts } };
    write(`${formatEntry(entry, format)}\n`);
  }
}

function isLogLevel(text: string): text is LogLevel {
  return LOG_LEVELS.some((level) => level === text);
}

function levelOf(levels: LogLevels, module: string): LogLevel {
  for (let name = module; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const level = levels.modules.get(name);
    if (level !== undefined) return level;
  }
  for (const part of module.split('.').toReversed()) {
    const level = levels.modules.get(part);
    if (level !== undefined) return level;
  }
  return levels.base;
}

function formatHuman({ timeMs, level, module, message, facts }: LogEntry): string {
  const time = new Date(timeMs).toISOString().slice(11, 23);
  const pairs = Object.entries(facts).map(([key, value]) => ` ${key}=${humanFact(value)}`);
  const where = module === '' ? '' : `${module}: `;
  return `${time} ${level.toUpperCase().padEnd(5)} ${where}${oneLine(message)}${pairs.join('')}`;
}

function formatJson({ timeMs, level, module, message, facts }: LogEntry): string {
  const values = Object.entries(facts).map(([key, value]) => [key, jsonFact(value)] as const);
  // Facts in an object of their own: a fact named `level` must not hide the record's level.
  return JSON.stringify({
    time: new Date(timeMs).toISOString(),
    level,
    module,
    message,
    facts: Object.fromEntries(values),
  });
}

function humanFact(value: LogFact): string {
  const text = value instanceof Error ? describeError(value) : String(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

function jsonFact(value: LogFact): string | number | boolean | null {
  if (value instanceof Error) return value.stack ?? describeError(value);
  return typeof value === 'bigint' ? value.toString() : value;
}

function describeError(error: Error): string {
  return `${error.name}: ${error.message}`;
}

/** A message from outside must not forge a second record. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}

/** Writes nothing; for tests and for parts that run without a log. */
export const SILENT_LOGGER: Logger = createLogger({
  levels: { base: 'silent', modules: new Map() },
  format: 'human',
  write: () => {},
  wallMs: () => 0,
});
