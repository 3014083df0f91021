// The bytes of a request as text. What the bytes themselves show comes first: a byte order mark, UTF-16, and UTF-8 under the
// name of a one-byte encoding (R9). Then the charset of Content-Type, then the XML declaration; bytes that are not in
// that encoding are refused, never replaced.
import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { isMisnamedUtf8 } from '../tables/is-misnamed-utf8.ts';
import { sanitizeInput, UnreadableRequest } from './contract/unreadable-request.ts';

/** No declaration is longer; only this much of a body is looked at for one. */
const declarationLimit = 256;

function startsWith(body: Buffer, ...bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => body[index] === byte);
}

/** The few Content-Types that tills send, with their charsets: they are parsed once. */
const knownCharsets = new Map<string, string | undefined>();
const mostKnown = 64;

/** The charset parameter; quoted parameters, such as action, are skipped as a whole. */
export function findCharset(contentType: string): string | undefined {
  if (knownCharsets.has(contentType)) return knownCharsets.get(contentType);
  const charset = parseCharset(contentType);
  if (contentType.length <= 100 && knownCharsets.size < mostKnown) knownCharsets.set(contentType, charset);
  return charset;
}

function parseCharset(contentType: string): string | undefined {
  const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"([^"]*)"|([^;"]*))/g;
  for (const [, name, quoted, plain] of contentType.slice(0, 2048).matchAll(parameter)) {
    if (name!.toLowerCase() === 'charset') return (quoted ?? plain ?? '').replaceAll("'", '').trim();
  }
  return undefined;
}

function findDeclared(body: Buffer): string | undefined {
  if (!startsWith(body, 0x3c, 0x3f, 0x78, 0x6d, 0x6c)) return undefined;
  const head = body.toString('latin1', 0, declarationLimit);
  const end = head.indexOf('?>');
  const found = /\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(end === -1 ? '' : head.slice(0, end));
  return found?.[1];
}

/** UTF-16 without a byte order mark is recognized by the zero byte beside the first "<". */
function findUtf16(body: Buffer): string | undefined {
  if (startsWith(body, 0x3c, 0x00)) return 'utf-16le';
  return startsWith(body, 0x00, 0x3c) ? 'utf-16be' : undefined;
}

function findMark(body: Buffer): { encoding: string; length: number } | undefined {
  if (startsWith(body, 0xef, 0xbb, 0xbf)) return { encoding: 'utf-8', length: 3 };
  if (startsWith(body, 0xff, 0xfe)) return { encoding: 'utf-16le', length: 2 };
  return startsWith(body, 0xfe, 0xff) ? { encoding: 'utf-16be', length: 2 } : undefined;
}

const asciiLabel = /^(?:us-)?ascii$/i;

/** The declared encoding: the charset, otherwise that of the declaration; undefined if that means UTF-8. */
function findClaim(body: Buffer, contentType: string | undefined): string | undefined {
  const charset = contentType === undefined ? '' : (findCharset(contentType) ?? '');
  // "UTF-16" does not give the order of bytes; if they do not show it, it is big-endian.
  if (/^utf-?16$/i.test(charset)) return 'utf-16be';
  // US-ASCII is the default of libraries; a text with other characters must have another declaration.
  if (charset !== '' && !(asciiLabel.test(charset) && !isAscii(body))) return charset;
  const declared = findDeclared(body);
  // A declaration that could be read as ASCII is not in UTF-16, even if it says so, as .NET's StringWriter does.
  if (declared !== undefined) return /^utf-?16$/i.test(declared) ? undefined : declared;
  return charset === '' ? undefined : charset;
}

const decoders = new Map<string, TextDecoder>();

function findDecoder(encoding: string): TextDecoder {
  const label = encoding.toLowerCase();
  const known = decoders.get(label);
  if (known !== undefined) return known;
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  } catch {
    throw new UnreadableRequest(`Кодировка «${sanitizeInput(encoding)}» неизвестна`);
  }
  // The caller may send any label, but only some two hundred are known.
  decoders.set(label, decoder);
  return decoder;
}

function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new UnreadableRequest('Тело запроса не в кодировке UTF-8');
  return bytes.toString('utf8');
}

function decodeAs(encoding: string, bytes: Buffer): string {
  if (/^utf-?8$/i.test(encoding)) return decodeUtf8(bytes);
  const decoder = findDecoder(encoding);
  // The label is wrong: a library has put its default there, and the bytes would be decoded to wrong letters.
  if (isMisnamedUtf8(bytes, decoder.encoding)) return bytes.toString('utf8');
  const isAsciiBroken = asciiLabel.test(encoding) && !isAscii(bytes);
  try {
    if (!isAsciiBroken) return decoder.decode(bytes);
  } catch {
    // If a platform keeps half a character in a decoder that failed, the next request would begin with it.
    decoders.clear();
  }
  throw new UnreadableRequest(`Тело запроса не в кодировке «${sanitizeInput(encoding)}»`);
}

/** Throws UnreadableRequest for an unknown encoding and for bytes that are not in it. */
export function decodeBody(body: Buffer, contentType: string | undefined): string {
  const mark = findMark(body);
  if (mark !== undefined) return decodeAs(mark.encoding, body.subarray(mark.length));
  return decodeAs(findUtf16(body) ?? findClaim(body, contentType) ?? 'utf-8', body);
}
