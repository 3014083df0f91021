// A reply as the bytes that are sent: text in UTF-8, one character for each byte. Its length is that of the body, and it is
// sent as it is; a reply with letters that are not Latin as text would be gone through twice more, to count and to write it.
import { Buffer } from 'node:buffer';

declare const isOctets: unique symbol;
/** Text in UTF-8, a character below U+0100 for each byte. Text in ASCII is the same in both forms. */
export type Octets = string & { readonly [isOctets]: true };

/** Names of card kinds, sentences of result codes: the first few, for the same ones come in every reply. */
const known = new Map<string, Octets>();
const mostKnown = 1_000;
const longestKnown = 100;

export function toOctets(text: string): Octets {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= 0x80) return findOctets(text);
  return text as Octets;
}

function findOctets(text: string): Octets {
  if (text.length > longestKnown) return keepOctets(text);
  let octets = known.get(text);
  if (octets === undefined) {
    octets = keepOctets(text);
    if (known.size < mostKnown) known.set(text, octets);
  }
  return octets;
}

/**
 * The same for a piece that is kept. A name cut out of a file with Russian letters takes two bytes a letter although it is
 * ASCII, and makes every text two bytes wide that it becomes a part of.
 */
export function keepOctets(text: string): Octets {
  return Buffer.from(text).toString('latin1') as Octets;
}

export function readOctets(octets: Octets): string {
  return Buffer.from(octets, 'latin1').toString();
}
