/**
 * JSON text as it goes over the wire: UTF-8, a character for each byte. In pieces: memory for megabytes in one piece takes
 * longer to get than the text to make. As a method's result it is taken into the answer as it is, unparsed.
 */
export class JsonText {
  /** Together one JSON value; nobody checks that they are. */
  readonly pieces: readonly string[];
  /** Bytes of all pieces. */
  readonly length: number;

  private constructor(pieces: readonly string[], length: number) {
    this.pieces = pieces;
    this.length = length;
  }

  /** Of any text: one that was made elsewhere (a trace, on its worker thread), for example. */
  static of(text: string): JsonText {
    const piece = bytesOf(text);
    return new JsonText([piece], piece.length);
  }

  /** Of pieces that are bytes already, as ASCII is: hex and the names of members. */
  static ofBytes(pieces: readonly string[]): JsonText {
    let length = 0;
    for (const piece of pieces) length += piece.length;
    return new JsonText(pieces, length);
  }

  /** In one string: of what is short. */
  get whole(): string {
    const [first] = this.pieces;
    return first !== undefined && this.pieces.length === 1 ? first : this.pieces.join('');
  }
}

/** What becomes a JsonText. */
export class JsonTextBuilder {
  readonly #pieces: string[] = [];

  add(text: string | JsonText): void {
    if (typeof text === 'string') this.#pieces.push(bytesOf(text));
    else for (const piece of text.pieces) this.#pieces.push(piece);
  }

  end(): JsonText {
    return JsonText.ofBytes(this.#pieces);
  }
}

/** A list of values, each written already. */
export function jsonList(texts: readonly (string | JsonText)[]): JsonText {
  const list = new JsonTextBuilder();
  list.add('[');
  for (const [at, text] of texts.entries()) {
    if (at > 0) list.add(',');
    list.add(text);
  }
  list.add(']');
  return list.end();
}

/** UTF-8 of a text, a character for each byte: mostly the text itself. */
function bytesOf(text: string): string {
  return Buffer.byteLength(text, 'utf8') === text.length ? text : Buffer.from(text, 'utf8').toString('latin1');
}
