// The facets of a restriction, put on top of those of the type it restricts. A facet that the kind of value cannot have is
// refused, so that none is ignored.
import { compileText, hasOrder, isDecimalKind } from '../facets.ts';
import type { Bound, ScalarKind, ScalarType, WhiteSpace } from '../schema.ts';
import { expandName, getAttribute, quoteElement, refuse, resolveName, type WsdlElement } from '../wsdl-tree.ts';
import { makePattern } from './built-in-types.ts';

export const facetNames = [
  'length',
  'minLength',
  'maxLength',
  'totalDigits',
  'fractionDigits',
  'pattern',
  'enumeration',
  'minInclusive',
  'minExclusive',
  'maxInclusive',
  'maxExclusive',
  'whiteSpace',
];

const kindsWithLength: ReadonlySet<ScalarKind> = new Set(['string', 'base64Binary', 'hexBinary', 'list']);

type MutableType = { -readonly [K in keyof ScalarType]: ScalarType[K] };

function refuseKind(facet: WsdlElement, { kind }: ScalarType, advice = 'remove it'): never {
  return refuse(facet, `${quoteElement(facet)} of a value of kind ${kind} is not supported`, advice);
}

function readCount(facet: WsdlElement): number {
  const text = getAttribute(facet, 'value').trim();
  if (!/^\+?\d{1,9}$/.test(text)) refuse(facet, `${facet.local}="${text}" is not a count`, 'write a whole number');
  return Number(text);
}

/** The value of a facet that is itself a value of the type. */
function readValue(facet: WsdlElement, base: ScalarType): string {
  const given = getAttribute(facet, 'value');
  const value = compileText(base)(base.kind === 'QName' ? expandName(resolveName(facet, given)) : given);
  if (value === undefined) refuse(facet, `"${given}" of <${facet.local}> is not of the type that is restricted`);
  return value;
}

function readPattern(facet: WsdlElement): string {
  const text = getAttribute(facet, 'value');
  try {
    makePattern([text]);
  } catch (error) {
    const why = (error as Error).message.split('\n').at(-1);
    refuse(facet, `pattern "${text}" is not one of XML Schema: ${why}`, 'correct it, or remove it');
  }
  return text;
}

function applyLength(facet: WsdlElement, type: MutableType): void {
  if (!kindsWithLength.has(type.kind)) refuseKind(facet, type);
  const count = readCount(facet);
  if (facet.local !== 'maxLength') type.minLength = Math.max(count, type.minLength ?? 0);
  if (facet.local !== 'minLength') type.maxLength = Math.min(count, type.maxLength ?? Infinity);
}

function applyDigits(facet: WsdlElement, type: MutableType): void {
  if (!isDecimalKind(type.kind)) refuseKind(facet, type);
  const name = facet.local as 'totalDigits' | 'fractionDigits';
  type[name] = Math.min(readCount(facet), type[name] ?? Infinity);
}

function applyBound(facet: WsdlElement, type: MutableType, base: ScalarType): void {
  if (!hasOrder(type.kind)) refuseKind(facet, type);
  const bound: Bound = { text: readValue(facet, base), exclusive: facet.local.endsWith('Exclusive') };
  if (facet.local.startsWith('min')) type.least = bound;
  else type.most = bound;
}

function applyWhiteSpace(facet: WsdlElement, type: MutableType): void {
  const value = getAttribute(facet, 'value');
  if (value !== 'preserve' && value !== 'replace' && value !== 'collapse') {
    refuse(facet, `whiteSpace="${value}" is not supported`, 'write preserve, replace or collapse');
  }
  const order: readonly WhiteSpace[] = ['preserve', 'replace', 'collapse'];
  const current = type.kind === 'string' ? (type.whiteSpace ?? 'preserve') : 'collapse';
  if (order.indexOf(value) < order.indexOf(current)) refuseKind(facet, type, `write ${current}`);
  if (type.kind === 'string') type.whiteSpace = value;
}

/** `restriction` may hold other things than facets; its caller has checked them. */
export function applyFacets(base: ScalarType, restriction: WsdlElement): ScalarType {
  const type: MutableType = { ...base };
  const values: string[] = [];
  const patterns: string[] = [];
  for (const facet of restriction.children) {
    if (facet.local === 'enumeration') values.push(readValue(facet, base));
    else if (facet.local === 'pattern') patterns.push(readPattern(facet));
    else if (facet.local.endsWith('ength')) applyLength(facet, type);
    else if (facet.local.endsWith('Digits')) applyDigits(facet, type);
    else if (facet.local.endsWith('clusive')) applyBound(facet, type, base);
    else if (facet.local === 'whiteSpace') applyWhiteSpace(facet, type);
  }
  if (values.length > 0) type.values = new Set(values);
  if (patterns.length > 0) {
    const facet = restriction.children.find(({ local }) => local === 'pattern')!;
    if (type.kind === 'QName') refuseKind(facet, type);
    type.patterns = [...(base.patterns ?? []), makePattern(patterns)];
  }
  return type;
}
