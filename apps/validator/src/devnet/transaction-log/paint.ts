/** Colours for a terminal. */
export interface Paint {
  /** What is there to be looked up, not read. */
  readonly faint: (text: string) => string;
  /** What went wrong. */
  readonly bad: (text: string) => string;
  /** What was asked for. */
  readonly name: (text: string) => string;
  /** What contracts say. */
  readonly said: (text: string) => string;
}

export const PLAIN: Paint = { faint: same, bad: same, name: same, said: same };

/** Select Graphic Rendition (ECMA-48): the sixteen colours that every terminal has its own shades of. */
export const COLOURED: Paint = {
  faint: colour(2, 22),
  bad: colour(31, 39),
  name: colour(36, 39),
  said: colour(33, 39),
};

function colour(on: number, off: number): (text: string) => string {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`;
}

function same(text: string): string {
  return text;
}
