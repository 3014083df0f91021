// The bytes of a request as text. What the sender says of their encoding is taken in the order byte order mark, charset
// of Content-Type, XML declaration; bytes that are not of that encoding are refused, never replaced.
import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { sanitizeInput, UnreadableRequest } from './contract/unreadable-request.ts';

/** No declaration is longer; only this much of a body is looked at for one. */
const declarationLimit = 256;

function startsWith(body: Buffer, ...bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => body[index] === byte);
}

/** The charset parameter; quoted parameters, such as action, are stepped over whole. */
export function findCharset(contentType: string): string | undefined {
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

/** UTF-16 without a byte order mark shows itself by the nought beside the first "<". */
function findUtf16(body: Buffer): string | undefined {
  if (startsWith(body, 0x3c, 0x00)) return 'utf-16le';
  return startsWith(body, 0x00, 0x3c) ? 'utf-16be' : undefined;
}

function findMark(body: Buffer): { encoding: string; length: number } | undefined {
  if (startsWith(body, 0xef, 0xbb, 0xbf)) return { encoding: 'utf-8', length: 3 };
  if (startsWith(body, 0xff, 0xfe)) return { encoding: 'utf-16le', length: 2 };
  return startsWith(body, 0xfe, 0xff) ? { encoding: 'utf-16be', length: 2 } : undefined;
}

function isUtf16(label: string): boolean {
  return /^utf-?16$/i.test(label);
}

function chooseEncoding(body: Buffer, contentType: string | undefined): string {
  const charset = contentType === undefined ? undefined : findCharset(contentType);
  const utf16 = findUtf16(body);
  // "UTF-16" leaves the order of bytes open; without a mark it is the network's.
  if (charset !== undefined && charset !== '') return isUtf16(charset) ? (utf16 ?? 'utf-16be') : charset;
  if (utf16 !== undefined) return utf16;
  const declared = findDeclared(body);
  // A declaration that could be read as ASCII is not in UTF-16, whatever it says: .NET's StringWriter says so.
  return declared === undefined || isUtf16(declared) ? 'utf-8' : declared;
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
  // Labels are the caller's to invent, though only some two hundred are known.
  decoders.set(label, decoder);
  return decoder;
}

function decodeUtf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new UnreadableRequest('Тело запроса не в кодировке UTF-8');
  return bytes.toString('utf8');
}

/** Throws UnreadableRequest for an unknown encoding and for bytes that are not of it. */
export function decodeBody(body: Buffer, contentType: string | undefined): string {
  const mark = findMark(body);
  const encoding = mark?.encoding ?? chooseEncoding(body, contentType);
  const bytes = mark === undefined ? body : body.subarray(mark.length);
  if (/^utf-?8$/i.test(encoding)) return decodeUtf8(bytes);
  const decoder = findDecoder(encoding);
  try {
    return decoder.decode(bytes);
  } catch {
    // Should a platform keep half a character in a decoder that failed, it would begin the next request.
    decoders.clear();
    throw new UnreadableRequest(`Тело запроса не в кодировке «${sanitizeInput(encoding)}»`);
  }
}
