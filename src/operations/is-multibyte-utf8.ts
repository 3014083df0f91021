// Text that has said by its bytes what it is: in a one-byte encoding, Russian text is next to never valid UTF-8.
import { isAscii, isUtf8 } from 'node:buffer';

/** Whether the bytes are valid UTF-8 with at least one character of several bytes; ASCII alone says nothing. */
export function isMultibyteUtf8(bytes: Uint8Array): boolean {
  return !isAscii(bytes) && isUtf8(bytes);
}
