// Simple values of a reply as text.
import { compileText, isDecimalKind } from './facets.ts';
import { formatDecimal } from './lexical-forms.ts';
import type { ScalarKind, ScalarType } from './schema.ts';
import { escapeText } from './text-escape.ts';
import { CData, type WireValue } from './wire-tree.ts';

/** A reply that does not fit its own contract is a defect of this service, not of the request. */
export class ReplyDefect extends Error {}

/** The text between an element's tags, '' for an empty one. */
export type WriteInside = (value: WireValue) => string;

/** Kinds whose texts have nothing to escape. */
const safeKinds: ReadonlySet<ScalarKind> = new Set([
  'boolean',
  'integer',
  'int',
  'long',
  'decimal',
  'double',
  'dateTime',
  'date',
  'time',
  'base64Binary',
  'hexBinary',
]);

/** The value's text, not escaped. */
export function compileScalarText(type: ScalarType, name: string): (value: WireValue) => string {
  const check = compileText(type);
  // A pattern is about the text as it is sent: "100.50" of \d+\.\d\d must keep its zero.
  const numeric = isDecimalKind(type.kind) && type.patterns === undefined;
  return (value) => {
    if (typeof value !== 'string') throw new ReplyDefect(`${name}: text is expected, not ${typeof value}`);
    const text = check(value);
    // A reply's date has no zone: a zone here is a defect of this service.
    const isZoned = type.kind === 'dateTime' && text !== undefined && text.length > 19;
    const written = isZoned ? undefined : text !== undefined && numeric ? formatDecimal(text) : text;
    if (written === undefined) throw new ReplyDefect(`${name}: "${value.slice(0, 40)}" is not of type ${type.kind}`);
    return written;
  };
}

export function compileScalar(type: ScalarType, name: string): WriteInside {
  const write = compileScalarText(type, name);
  if (safeKinds.has(type.kind)) return write;
  return (value) => (value instanceof CData ? writeCData(write(value.text)) : escapeText(write(value)));
}

/** The mark of its end cannot stand in a section: it is divided between two. */
function writeCData(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
