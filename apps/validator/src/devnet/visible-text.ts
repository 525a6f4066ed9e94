/**
 * Control characters, and marks that turn the direction of writing, as escapes: what a contract says must not drive the
 * terminal, nor pass for a line of the node. Line breaks and tabs stay as they are.
 */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

const HIDDEN = /(?![\n\t])[\p{Cc}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
