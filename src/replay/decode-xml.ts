// Turns the bytes of a request or a reply into text. Order of belief: byte order mark, charset of Content-Type,
// XML declaration, UTF-8; bytes that do not fit the encoding are refused, because U+FFFD would hide a difference.

const declaration = /^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

function encodingOfMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return null;
}

/** The charset parameter of a Content-Type, in small letters; null where there is none. */
export function findCharset(contentType: string | null): string | null {
  const found = contentType === null ? null : /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType);
  return found?.[1]?.toLowerCase() ?? null;
}

/** The encoding the bytes themselves speak of; null where they are silent. */
export function findOwnEncoding(bytes: Uint8Array): string | null {
  const marked = encodingOfMark(bytes);
  if (marked !== null) return marked;
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  return declaration.exec(head)?.[1]?.toLowerCase() ?? null;
}

export type Decoded = { readonly text: string } | { readonly refused: string };

/** `charset` is what Content-Type says. The byte order mark is left out of the text. */
export function decodeXml(bytes: Uint8Array, charset: string | null): Decoded {
  const encoding = encodingOfMark(bytes) ?? charset ?? findOwnEncoding(bytes) ?? 'utf-8';
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { refused: `the bytes are not in the encoding "${encoding}", or it is unknown` };
  }
}
