import type { Writable } from 'node:stream';
import type { JsonText } from '../json-text.ts';
import { WRITTEN_AT_ONCE } from '../limits.ts';
import { writeTextFragments, writeTextFrame } from './text-frame.ts';

interface Outgoing {
  readonly text: JsonText;
  readonly written: () => void;
}

/** Messages to one WebSocket client, in order: what is short goes out at once, unless something long is on its way. */
export class OutgoingTexts {
  readonly #stream: Writable;
  readonly #isOpen: () => boolean;
  readonly #waiting: Outgoing[] = [];
  #isWriting = false;
  #waitingBytes = 0;

  constructor(stream: Writable, isOpen: () => boolean) {
    this.#stream = stream;
    this.#isOpen = isOpen;
  }

  /** Bytes that the stream has not been given yet. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** `written` is called when it is on its way, or never will be. */
  send(text: JsonText, written: () => void): void {
    if (!this.#isWriting && text.length <= WRITTEN_AT_ONCE) {
      writeTextFrame(this.#stream, text, written);
      return;
    }
    this.#waiting.push({ text, written });
    this.#waitingBytes += text.length;
    if (!this.#isWriting) void this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await writeTextFragments(this.#stream, next.text, this.#isOpen);
      this.#waitingBytes -= next.text.length;
      next.written();
    }
    this.#isWriting = false;
  }
}
