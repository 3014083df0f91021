// Text that shows by its bytes what it is, whatever it is called (wire R9): libraries write a default of theirs into
// Content-Type, and Russian text in a one-byte encoding is next to never valid UTF-8.
import { isAscii, isUtf8 } from 'node:buffer';

/** Of the encodings that TextDecoder knows: text in them may be valid UTF-8 by chance. All others are of one byte. */
const multibyteEncodings: ReadonlySet<string> = new Set([
  'utf-8',
  'utf-16le',
  'utf-16be',
  'gbk',
  'gb18030',
  'big5',
  'euc-jp',
  'iso-2022-jp',
  'shift_jis',
  'euc-kr',
]);

/**
 * Whether bytes that are said to be of a one-byte encoding are UTF-8, with at least one character of several bytes.
 * @param encoding by the name that TextDecoder gives it.
 */
export function isMisnamedUtf8(bytes: Uint8Array, encoding: string): boolean {
  return !multibyteEncodings.has(encoding) && !isAscii(bytes) && isUtf8(bytes);
}
