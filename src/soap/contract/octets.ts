// A reply as the bytes that are sent: text in UTF-8, one character for each byte. Its length is that of the body, and it is
// sent as it is; a reply with letters that are not Latin as text would be gone through twice more, to count and to write it.
import { Buffer } from 'node:buffer';

declare const isOctets: unique symbol;
/** Text in UTF-8, a character below U+0100 for each byte. Text in ASCII is the same in both forms. */
export type Octets = string & { readonly [isOctets]: true };

export function toOctets(text: string): Octets {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) >= 0x80) return Buffer.from(text).toString('latin1') as Octets;
  }
  return text as Octets;
}

export function readOctets(octets: Octets): string {
  return Buffer.from(octets, 'latin1').toString();
}
