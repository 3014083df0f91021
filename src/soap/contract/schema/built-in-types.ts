// The types that XML Schema 1.0 has by itself, each as one of the kinds of this service with the facets that tell it apart.
import { compile as compilePattern } from 'xspattern';
import type { Bound, Pattern, ScalarType } from '../schema.ts';

/** @throws if the pattern is not one of XML Schema. */
export function makePattern(alternatives: readonly string[]): Pattern {
  const matchers = alternatives.map((text) => compilePattern(text));
  return { text: alternatives.join(' | '), matches: (text) => matchers.some((matches) => matches(text)) };
}

function collapsed(pattern?: string): ScalarType {
  const type: ScalarType = { kind: 'string', whiteSpace: 'collapse' };
  return pattern === undefined ? type : { ...type, patterns: [makePattern([pattern])] };
}

function inclusive(text: string): Bound {
  return { text, exclusive: false };
}

function within(least: string | undefined, most: string | undefined): ScalarType {
  return {
    kind: 'integer',
    ...(least === undefined ? {} : { least: inclusive(least) }),
    ...(most === undefined ? {} : { most: inclusive(most) }),
  };
}

const ncName = '[\\i-[:]][\\c-[:]]*';
const nmtoken = collapsed('\\c+');
const idref = collapsed(ncName);

export const builtInTypes: Readonly<Record<string, ScalarType>> = {
  anySimpleType: { kind: 'string' },
  string: { kind: 'string' },
  normalizedString: { kind: 'string', whiteSpace: 'replace' },
  token: collapsed(),
  anyURI: collapsed(),
  language: collapsed('[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*'),
  Name: collapsed('\\i\\c*'),
  NCName: collapsed(ncName),
  NMTOKEN: nmtoken,
  NMTOKENS: { kind: 'list', item: nmtoken, minLength: 1 },
  // That an ID is unique and an IDREF names one is not checked: a message of SOAP has no use for it.
  ID: collapsed(ncName),
  IDREF: idref,
  IDREFS: { kind: 'list', item: idref, minLength: 1 },
  QName: { kind: 'QName' },
  boolean: { kind: 'boolean' },
  decimal: { kind: 'decimal' },
  integer: { kind: 'integer' },
  long: { kind: 'long' },
  int: { kind: 'int' },
  short: within('-32768', '32767'),
  byte: within('-128', '127'),
  nonNegativeInteger: within('0', undefined),
  positiveInteger: within('1', undefined),
  nonPositiveInteger: within(undefined, '0'),
  negativeInteger: within(undefined, '-1'),
  unsignedLong: within('0', '18446744073709551615'),
  unsignedInt: within('0', '4294967295'),
  unsignedShort: within('0', '65535'),
  unsignedByte: within('0', '255'),
  float: { kind: 'double' },
  double: { kind: 'double' },
  dateTime: { kind: 'dateTime' },
  date: { kind: 'date' },
  time: { kind: 'time' },
  duration: { kind: 'duration' },
  gYearMonth: { kind: 'gYearMonth' },
  gYear: { kind: 'gYear' },
  gMonthDay: { kind: 'gMonthDay' },
  gDay: { kind: 'gDay' },
  gMonth: { kind: 'gMonth' },
  base64Binary: { kind: 'base64Binary' },
  hexBinary: { kind: 'hexBinary' },
};
