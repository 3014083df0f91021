// Names of files as the folder has them: any bytes but a slash, up to 255 of them. What is shown, and what a file is called
// once it is put away, is text.
import { createHash } from 'node:crypto';
import { parse } from 'node:path';

/** The longest name that file systems in use take. */
export const longestName = 255;

/** A name fit to show: control characters, and bytes that are not UTF-8, as %XX. */
export function showName(bytes: Buffer): string {
  const text = bytes.toString();
  if (!/\p{Cc}/u.test(text) && Buffer.from(text).equals(bytes)) return text;
  let shown = '';
  for (let at = 0; at < bytes.length;) {
    const length = measureCharacter(bytes, at);
    const character = bytes.toString('utf8', at, at + length);
    const isPlain = length > 0 && !/\p{Cc}/u.test(character);
    const end = at + Math.max(1, length);
    shown += isPlain ? character : bytes.toString('hex', at, end).toUpperCase().replaceAll(/../g, '%$&');
    at = end;
  }
  return shown;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of the UTF-8 character that begins there; 0 where none does. */
function measureCharacter(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4; length += 1) {
    try {
      decoder.decode(bytes.subarray(at, at + length));
      return Math.min(length, bytes.length - at);
    } catch {
      // Not whole yet, or none.
    }
  }
  return 0;
}

/** The name, where it is short enough; else its beginning, with a mark that keeps long names apart, and its extension. */
export function fitName(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const end = `-${createHash('sha256').update(name).digest('hex').slice(0, 8)}${parse(name).ext}`;
  let beginning = '';
  for (const character of name) {
    if (Buffer.byteLength(beginning + character + end) > maxBytes) break;
    beginning += character;
  }
  return beginning + end;
}
