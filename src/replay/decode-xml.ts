// Turns the bytes of a request or a reply into text. Order of precedence: byte order mark, charset of Content-Type,
// XML declaration, UTF-8; bytes that do not fit the encoding are refused, because U+FFFD would hide a difference.
import { isMisnamedUtf8 } from '../tables/is-misnamed-utf8.ts';

const declaration = /^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

function encodingOfMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return null;
}

/** The charset parameter of a Content-Type, in small letters; null if there is none. */
export function findCharset(contentType: string | null): string | null {
  const found = contentType === null ? null : /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType);
  return found?.[1]?.toLowerCase() ?? null;
}

/** The encoding that the bytes themselves show; null if they show none. UTF-8 that declares another is UTF-8. */
export function findOwnEncoding(bytes: Uint8Array): string | null {
  const marked = encodingOfMark(bytes);
  if (marked !== null) return marked;
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = declaration.exec(head)?.[1]?.toLowerCase() ?? null;
  return declared === null ? null : settleEncoding(bytes, declared);
}

function settleEncoding(bytes: Uint8Array, label: string): string {
  try {
    return isMisnamedUtf8(bytes, new TextDecoder(label).encoding) ? 'utf-8' : label;
  } catch {
    return label;
  }
}

export type Decoded = { readonly text: string } | { readonly refused: string };

/**
 * The byte order mark is left out of the text.
 * @param charset what Content-Type says.
 * @param isRecorded in a recorded file, UTF-8 under the name of a one-byte encoding is UTF-8, as the service reads it; a
 *   fresh reply is read as its client would read it, for there the wrong name is a fault.
 */
export function decodeXml(bytes: Uint8Array, charset: string | null, isRecorded: boolean): Decoded {
  const label = encodingOfMark(bytes) ?? charset ?? findOwnEncoding(bytes) ?? 'utf-8';
  const encoding = isRecorded ? settleEncoding(bytes, label) : label;
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { refused: `the bytes are not in the encoding "${encoding}", or it is unknown` };
  }
}
