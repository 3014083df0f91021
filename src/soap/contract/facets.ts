// A simple type as a function: its lexical form, then the facets by which the schema restricts it. What the facets compare
// is the value, exactly: a decimal by its digits, a moment by its zone if it names one.
import { compareMoments, isComparableKind } from './compare-moments.ts';
import { builtInReaders, formatDecimal, trimBlanks, type ReadText } from './lexical-forms.ts';
import type { Bound, ScalarKind, ScalarType, WhiteSpace } from './schema.ts';

/** Matching takes time in proportion to the text, so an endless text is not matched at all. */
const longestMatched = 10_000;

const decimalKinds: ReadonlySet<ScalarKind> = new Set(['decimal', 'integer', 'int', 'long']);

export function isDecimalKind(kind: ScalarKind): boolean {
  return decimalKinds.has(kind);
}

/** Whether values of the kind have an order that minInclusive and the like can use. */
export function hasOrder(kind: ScalarKind): boolean {
  return isDecimalKind(kind) || kind === 'double' || isComparableKind(kind);
}

export function normalizeBlanks(text: string, whiteSpace: WhiteSpace): string {
  if (whiteSpace === 'preserve') return text;
  const spaced = text.replace(/[\t\n\r]/g, ' ');
  return whiteSpace === 'replace' ? spaced : trimBlanks(spaced).replace(/ {2,}/g, ' ');
}

function splitItems(text: string): string[] {
  const trimmed = trimBlanks(text);
  return trimmed === '' ? [] : trimmed.split(/[ \t\r\n]+/);
}

function compileList(item: ScalarType): ReadText {
  const read = compileText(item);
  return (given) => {
    const items: string[] = [];
    for (const one of splitItems(given)) {
      const text = read(one);
      if (text === undefined) return undefined;
      items.push(text);
    }
    return items.join(' ');
  };
}

function compileUnion(members: readonly ScalarType[]): ReadText {
  const readers = members.map(compileText);
  return (given) => {
    for (const read of readers) {
      const text = read(given);
      if (text !== undefined) return text;
    }
    return undefined;
  };
}

function compileForm(type: ScalarType): ReadText {
  const { kind, whiteSpace = 'preserve' } = type;
  if (kind === 'list') return compileList(type.item!);
  if (kind === 'union') return compileUnion(type.members!);
  if (kind === 'string' && whiteSpace !== 'preserve') return (text) => normalizeBlanks(text, whiteSpace);
  return builtInReaders[kind];
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function measure(kind: ScalarKind, text: string): number {
  if (kind === 'list') return splitItems(text).length;
  if (kind === 'hexBinary') return text.length / 2;
  if (kind !== 'base64Binary') return countCharacters(text);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

function compareDecimals(a: string, b: string): number {
  const places = Math.max(countPlaces(a), countPlaces(b));
  const [x, y] = [scale(a, places), scale(b, places)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function countPlaces(text: string): number {
  const dot = text.indexOf('.');
  return dot === -1 ? 0 : text.length - dot - 1;
}

function scale(text: string, places: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(places - countPlaces(text)));
}

/** Of texts that the kind's reader has returned; NaN if they have no order. */
function compareValues(kind: ScalarKind, a: string, b: string): number {
  if (isDecimalKind(kind)) return compareDecimals(a, b);
  if (kind !== 'double') return compareMoments(a, b);
  return toNumber(a) - toNumber(b) || (toNumber(a) === toNumber(b) ? 0 : toNumber(a) < toNumber(b) ? -1 : 1);
}

function toNumber(text: string): number {
  return Number(text.replace('INF', 'Infinity'));
}

/** The form in which two texts of one value are equal. */
export function canonize(kind: ScalarKind, text: string): string {
  if (isDecimalKind(kind)) return formatDecimal(text) ?? text;
  return kind === 'double' ? String(toNumber(text)) : text;
}

type Check = (text: string, given: string) => boolean;

function checkDigits({ totalDigits = Infinity, fractionDigits = Infinity }: ScalarType): Check {
  return (text) => {
    const [whole = '', fraction = ''] = formatDecimal(text)!.replace('-', '').split('.');
    const total = whole === '0' ? fraction.length : whole.length + fraction.length;
    return total <= totalDigits && fraction.length <= fractionDigits;
  };
}

function checkBound(kind: ScalarKind, { text: limit, exclusive }: Bound, sign: 1 | -1): Check {
  return (text) => {
    const order = compareValues(kind, text, limit) * sign;
    return exclusive ? order > 0 : order >= 0;
  };
}

/** The facets of one type and of those it restricts; a union and a list have facets of their own beside their members'. */
function listChecks(type: ScalarType): Check[] {
  const { kind, values, minLength = 0, maxLength = Infinity, patterns = [], least, most } = type;
  const checks: Check[] = [];
  if (minLength > 0 || maxLength < Infinity) {
    checks.push((text) => {
      // Characters are at least half the code units, so a long text need not be counted.
      if (kind === 'string' && text.length > 2 * maxLength) return false;
      const length = measure(kind, text);
      return length >= minLength && length <= maxLength;
    });
  }
  if (type.totalDigits !== undefined || type.fractionDigits !== undefined) checks.push(checkDigits(type));
  if (least !== undefined) checks.push(checkBound(kind, least, 1));
  if (most !== undefined) checks.push(checkBound(kind, most, -1));
  if (values !== undefined) {
    const known = new Set([...values].map((value) => canonize(kind, value)));
    checks.push((text) => known.has(canonize(kind, text)));
  }
  for (const { matches } of patterns) {
    // A pattern is about the text as it is sent, not about its canonical form.
    checks.push((text, given) => {
      const sent = kind === 'string' ? text : normalizeBlanks(given, 'collapse');
      return sent.length <= longestMatched && matches(sent);
    });
  }
  return checks;
}

/** The type's reader, with the restrictions the schema puts on it. */
export function compileText(type: ScalarType): ReadText {
  const read = compileForm(type);
  const checks = listChecks(type);
  if (checks.length === 0) return read;
  return (given) => {
    const text = read(given);
    if (text === undefined) return undefined;
    for (const check of checks) if (!check(text, given)) return undefined;
    return text;
  };
}
