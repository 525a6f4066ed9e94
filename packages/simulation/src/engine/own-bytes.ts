/**
 * The bytes in a buffer of their own. What is sent to another thread takes the whole buffer along that it is a part of: of an
 * EVM's memory, or of a database's block.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.length === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
}
