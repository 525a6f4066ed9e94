/** A POST of JSON that came whole, as programs send it: nothing about it needs more than its Host and its body. */
export interface PlainRequest {
  readonly host: string;
  /** Bytes of its head, the empty line included. */
  readonly headBytes: number;
  readonly bodyBytes: number;
}

/** A longer head is none that a program sends. */
const MAX_HEAD_BYTES = 2_048;

const END_OF_HEAD = Buffer.from('\r\n\r\n', 'latin1');
const REQUEST_LINE = /^POST \/[\x21-\x7e]* HTTP\/1\.1$/;
const HEADER = /^([A-Za-z-]+):[ \t]*([\x20-\x7e]*?)[ \t]*$/;
const CONTENT_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;
/** Without a leading zero, and too short to be longer than a request may be by far. */
const CONTENT_LENGTH = /^[1-9][0-9]{0,6}$/;

/** Headers that change nothing about how such a request is answered. */
const IGNORED = new Set(['accept', 'accept-encoding', 'accept-language', 'sec-fetch-mode', 'user-agent']);

/**
 * Reads the heads of one connection's requests, as far as they are plain. Whatever is not (an Origin, a proxy's header, an
 * encoding, an upgrade, HTTP/1.0, anything written in an unusual way) is for a whole HTTP parser: this one only knows what
 * it can be sure of. A client's heads are mostly the same, so the last one is remembered.
 */
export class PlainRequestReader {
  #head = '';
  #request: PlainRequest | null = null;

  /** The request that `bytes` begins with; null when it is not plain, or not whole. */
  read(bytes: Buffer): PlainRequest | null {
    const end = bytes.indexOf(END_OF_HEAD);
    if (end === -1 || end > MAX_HEAD_BYTES) return null;
    const head = bytes.toString('latin1', 0, end);
    if (head !== this.#head) {
      this.#head = head;
      this.#request = parseHead(head);
    }
    const request = this.#request;
    return request === null || bytes.length < request.headBytes + request.bodyBytes ? null : request;
  }
}

function parseHead(head: string): PlainRequest | null {
  const [requestLine = '', ...lines] = head.split('\r\n');
  if (!REQUEST_LINE.test(requestLine)) return null;
  const headers = readHeaders(lines);
  if (headers === null) return null;
  const host = headers.get('host') ?? '';
  const contentLength = headers.get('content-length') ?? '';
  const connection = headers.get('connection') ?? 'keep-alive';
  const isPlain =
    host !== '' &&
    CONTENT_LENGTH.test(contentLength) &&
    CONTENT_TYPE.test(headers.get('content-type') ?? '') &&
    connection.toLowerCase() === 'keep-alive';
  return isPlain ? { host, headBytes: head.length + END_OF_HEAD.length, bodyBytes: Number(contentLength) } : null;
}

const READ = new Set(['host', 'content-length', 'content-type', 'connection']);

/** Null when one is not known here, or is there twice. */
function readHeaders(lines: readonly string[]): ReadonlyMap<string, string> | null {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const match = HEADER.exec(line);
    const name = match?.[1]?.toLowerCase();
    const value = match?.[2];
    if (name === undefined || value === undefined) return null;
    if (IGNORED.has(name)) continue;
    if (!READ.has(name) || headers.has(name)) return null;
    headers.set(name, value);
  }
  return headers;
}
