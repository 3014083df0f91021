// Escapes text for XML 1.0. Characters that XML does not allow are left out: a control character in a customer's name would
// make the whole reply unreadable.
import { isAllowed, measureCharacter } from './characters.ts';

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Written plainly, a carriage return reaches the reader as a line feed, and in an attribute all three as blanks.
  '\r': '&#xD;',
  '\n': '&#xA;',
  '\t': '&#x9;',
};

function isPlain(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a;
  return code < 0xd800 && code !== 0x26 && code !== 0x3c && code !== 0x3e;
}

function escapeFrom(text: string, from: number, special: RegExp): string {
  let clean = text.slice(0, from);
  for (let at = from; at < text.length;) {
    const units = measureCharacter(text, at);
    if (units > 0 && isAllowed(text.codePointAt(at)!)) clean += text.slice(at, at + units);
    at += units || 1;
  }
  return clean.replace(special, (character) => replacements[character]!);
}

export function escapeText(text: string): string {
  for (let at = 0; at < text.length; at += 1) {
    if (!isPlain(text.charCodeAt(at))) return escapeFrom(text, at, /[&<>\r]/g);
  }
  return text;
}

/** For a value in double quotes. */
export function escapeAttribute(text: string): string {
  return escapeFrom(text, 0, /[&<>"\r\n\t]/g);
}
