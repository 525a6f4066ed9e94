/** LevelDB's table files: blocks, each followed by how it is compressed and a checksum, and a footer that leads to them. */
import { crc32c } from '@heddle/primitives';
import { ByteReader, uint32, unmasked } from './byte-reader.ts';
import { decompressSnappy } from './snappy.ts';

const FOOTER_BYTES = 48;
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb] as const;
const TRAILER_BYTES = 5;
const COMPRESSIONS = { none: 0, snappy: 1 } as const;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** What is wrong with the file; null when every block has its checksum. */
export function tableDamage(bytes: Uint8Array): string | null {
  const footer = bytes.subarray(Math.max(0, bytes.length - FOOTER_BYTES));
  if (!MAGIC.every((byte, index) => footer[FOOTER_BYTES - MAGIC.length + index] === byte)) return 'no footer';
  const reader = new ByteReader(footer);
  for (const name of ['meta index', 'index']) {
    const handle = readHandle(reader);
    const index = handle === null ? null : blockAt(bytes, handle);
    if (index === null) return `its ${name} does not match its checksum`;
    const handles = handlesIn(index);
    if (handles === null) return `its ${name} cannot be read`;
    for (const each of handles) {
      if (!isSound(bytes, each)) return `the block at byte ${each.offset} does not match its checksum`;
    }
  }
  return null;
}

function readHandle(reader: ByteReader): Handle | null {
  const [offset, size] = [reader.varint(), reader.varint()];
  return offset === null || size === null ? null : { offset, size };
}

function isSound(bytes: Uint8Array, { offset, size }: Handle): boolean {
  const end = offset + size + 1;
  if (end + TRAILER_BYTES - 1 > bytes.length) return false;
  return unmasked(uint32(bytes, end)) === crc32c(bytes.subarray(offset, end));
}

function blockAt(bytes: Uint8Array, handle: Handle): Uint8Array | null {
  if (!isSound(bytes, handle)) return null;
  const { offset, size } = handle;
  const block = bytes.subarray(offset, offset + size);
  return bytes[offset + size] === COMPRESSIONS.snappy ? decompressSnappy(block) : block;
}

/**
 * The values of an index block: handles of blocks. Entries are `shared ‖ unshared ‖ value length ‖ key ‖ value`; behind
 * them stand positions of some of them, and their count. Null when it does not read.
 */
function handlesIn(block: Uint8Array): readonly Handle[] | null {
  const restarts = uint32(block, block.length - 4);
  const end = block.length - 4 * (restarts + 1);
  if (block.length < 4 || end < 0) return null;
  const reader = new ByteReader(block.subarray(0, end));
  const handles: Handle[] = [];
  while (!reader.isAtEnd) {
    reader.varint();
    const [unshared, length] = [reader.varint(), reader.varint()];
    reader.bytes(unshared);
    const value = reader.bytes(length);
    const handle = value === null ? null : readHandle(new ByteReader(value));
    if (handle === null) return null;
    handles.push(handle);
  }
  return handles;
}
