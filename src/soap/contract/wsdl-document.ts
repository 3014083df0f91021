// The WSDL as it is served: the contract's file byte for byte, except the address in its ports, which is the one that the
// client used, and its line ends if the setting says LF.
import { escapeAttribute } from './text-escape.ts';
import type { LineEnd } from './writer.ts';

const addressForm = /(<(?:[\w.-]+:)?address\s(?:[^>]*\s)?location\s*=\s*["'])[^"']*/g;

export type WriteWsdl = (address: string, lineEnd: LineEnd) => string;

/** CRLF leaves the file's own line ends as they are: a contract captured with LF is served with LF. */
export function compileWsdlDocument(text: string): WriteWsdl {
  const pieces: string[] = [];
  let end = 0;
  for (const match of text.matchAll(addressForm)) {
    pieces.push(text.slice(end, match.index + match[1]!.length));
    end = match.index + match[0].length;
  }
  if (pieces.length === 0) throw new Error('the WSDL has no address to replace');
  pieces.push(text.slice(end));
  const shortPieces = pieces.map((piece) => piece.replaceAll('\r\n', '\n'));
  return (address, lineEnd) => (lineEnd === '\n' ? shortPieces : pieces).join(escapeAttribute(address));
}
