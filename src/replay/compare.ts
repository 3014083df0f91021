// Compares two canonical trees and names every difference by its XPath. canonical.ts has removed
// blanks and prefixes; the contract says which values have several forms (value-kinds.ts); masks name what may differ
// (mask.ts); align.ts aligns children.
import { openTimeZone, type TimeZone } from '../ledger/time-zone.ts';
import { alignLists } from './align.ts';
import { canonicalValue } from './canonical-value.ts';
import type { CanonicalAttribute, CanonicalElement } from './canonical.ts';
import { formatElement, isTypeAttribute } from './canonical.ts';
import type { Mask, MaskedNodes } from './mask.ts';
import { findMaskedNodes } from './mask.ts';
import { findTypings, type ElementTyping, type ReplyTypes } from './value-kinds.ts';

export type ReplyForms = {
  readonly types: ReplyTypes;
  /** The zone of the infobase's clock: a moment with a zone equals the same moment on its wall clock. */
  readonly timeZone: TimeZone;
};

/** For a service whose contract is not known: every value is a text. */
const noForms: ReplyForms = { types: { namespace: '', wrappers: new Map() }, timeZone: openTimeZone('UTC') };

export type Difference = {
  readonly kind: 'missing' | 'extra' | 'different';
  /** With the prefixes of the recording and [n] if a name is repeated; or `HTTP ...` for a part that is not XML. */
  readonly path: string;
  /** null for an extra element. An element is shown as XML, a null value as xsi:nil. */
  readonly expected: string | null;
  /** null for a missing element. */
  readonly actual: string | null;
  readonly note?: string;
};

/** A masked place present on both sides, with both values, equal or not. */
export type MaskedPlace = {
  readonly mask: Mask;
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  /** Whether both are the same value, in any form. */
  readonly isSame: boolean;
};

export type Comparison = { readonly differences: readonly Difference[]; readonly maskedPlaces: readonly MaskedPlace[] };

/** A finding below an element; its path starts at that element, so that it can be stored and used again. */
type Finding = Difference | MaskedPlace;

type Walk = {
  readonly expectedNodes: MaskedNodes;
  readonly actualNodes: MaskedNodes;
  readonly typings: ReadonlyMap<CanonicalElement, ElementTyping>;
  readonly timeZone: TimeZone;
  readonly ids: Map<string, number>;
  readonly idOf: Map<CanonicalElement, number>;
  /** Each pair is compared only once, although both the alignment and the report need it. */
  readonly compared: Map<CanonicalElement, Map<CanonicalElement, readonly Finding[]>>;
};

/** `[n]` in a mask counts in the recording (`expected`); masks of the fresh tree only help to align lists. */
export function compareTrees(
  expected: CanonicalElement,
  actual: CanonicalElement,
  masks: readonly Mask[] = [],
  { types, timeZone }: ReplyForms = noForms,
): Comparison {
  const walk: Walk = {
    expectedNodes: findMaskedNodes(expected, masks),
    actualNodes: findMaskedNodes(actual, masks),
    typings: new Map([...findTypings(expected, types), ...findTypings(actual, types)]),
    timeZone,
    ids: new Map(),
    idOf: new Map(),
    compared: new Map(),
  };
  const findings = prefixPaths(`/${expected.name}`, comparePair(walk, expected, actual));
  return {
    differences: findings.filter((finding): finding is Difference => !isMasked(finding)),
    maskedPlaces: findings.filter(isMasked),
  };
}

function isMasked(finding: Finding): finding is MaskedPlace {
  return 'mask' in finding;
}

function prefixPaths(prefix: string, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: prefix + finding.path }));
}

function comparePair(walk: Walk, expected: CanonicalElement, actual: CanonicalElement): readonly Finding[] {
  const known = walk.compared.get(expected)?.get(actual);
  if (known !== undefined) return known;
  const findings = findDifferences(walk, expected, actual);
  const row = walk.compared.get(expected);
  if (row === undefined) walk.compared.set(expected, new Map([[actual, findings]]));
  else row.set(actual, findings);
  return findings;
}

function findDifferences(walk: Walk, expected: CanonicalElement, actual: CanonicalElement): readonly Finding[] {
  const mask = walk.expectedNodes.whole.get(expected);
  if (mask !== undefined) {
    const isSame = formOf(walk, expected) === formOf(walk, actual);
    return [{ mask, path: '', expected: formatValue(expected), actual: formatValue(actual), isSame }];
  }
  if (expected.namespace !== actual.namespace || expected.local !== actual.local) {
    return [differing('', formatName(expected), formatName(actual))];
  }
  const attributes = compareAttributes(walk, expected, actual);
  if (expected.nil !== actual.nil) {
    // Null against a value is one difference, however complex the value is.
    return [...attributes, differing('', formatValue(expected), formatValue(actual))];
  }
  return [...attributes, ...compareText(walk, expected, actual), ...compareChildren(walk, expected, actual)];
}

function differing(path: string, expected: string, actual: string): Difference {
  return { kind: 'different', path, expected, actual };
}

function formatName(element: CanonicalElement): string {
  return `{${element.namespace}}${element.local}`;
}

/** A leaf's value as it came; an element with content as one line of XML. */
function formatValue(element: CanonicalElement): string {
  if (element.nil) return 'xsi:nil';
  return element.children.length === 0 ? element.text : formatElement(element);
}

/** A value in its canonical form. */
function formOf(walk: Walk, element: CanonicalElement): string {
  const kind = walk.typings.get(element)?.kind ?? 'text';
  return canonicalValue(formatValue(element), kind, walk.timeZone);
}

/** An xsi:type equal to that of the contract counts as absent. */
function listAttributes(walk: Walk, element: CanonicalElement): readonly CanonicalAttribute[] {
  const declared = walk.typings.get(element)?.declared;
  return element.attributes.filter((attribute) => !isTypeAttribute(attribute) || attribute.value !== declared);
}

function compareAttributes(walk: Walk, expected: CanonicalElement, actual: CanonicalElement): Finding[] {
  const findings: Finding[] = [];
  const [ours, theirs] = [listAttributes(walk, expected), listAttributes(walk, actual)];
  for (const attribute of ours) {
    const path = `/@${attribute.name}`;
    const other = theirs.find((candidate) => isSameName(attribute, candidate));
    const mask = walk.expectedNodes.attributes.get(attribute);
    const isSame = attribute.value === other?.value;
    if (other === undefined) findings.push({ kind: 'missing', path, expected: attribute.value, actual: null });
    else if (mask !== undefined) findings.push({ mask, path, expected: attribute.value, actual: other.value, isSame });
    else if (!isSame) findings.push(differing(path, attribute.value, other.value));
  }
  for (const attribute of theirs) {
    if (ours.some((candidate) => isSameName(attribute, candidate))) continue;
    findings.push({ kind: 'extra', path: `/@${attribute.name}`, expected: null, actual: attribute.value });
  }
  return findings;
}

function isSameName(one: CanonicalAttribute, other: CanonicalAttribute): boolean {
  return one.namespace === other.namespace && one.local === other.local;
}

function compareText(walk: Walk, expected: CanonicalElement, actual: CanonicalElement): Finding[] {
  const leaves = expected.children.length === 0 && actual.children.length === 0;
  // Blanks are a value in a leaf, but layout if one of the two has children.
  const textOf = (element: CanonicalElement): string =>
    leaves || !/^[ \t\r\n]*$/.test(element.text) ? element.text : '';
  const [one, other] = [textOf(expected), textOf(actual)];
  const mask = walk.expectedNodes.text.get(expected);
  const isSame = leaves ? formOf(walk, expected) === formOf(walk, actual) : one === other;
  if (mask !== undefined) return [{ mask, path: '/text()', expected: one, actual: other, isSame }];
  return isSame ? [] : [differing(leaves ? '' : '/text()', one, other)];
}

function compareChildren(walk: Walk, expected: CanonicalElement, actual: CanonicalElement): Finding[] {
  const [ours, theirs] = [expected.children, actual.children];
  if (ours.length === 0 && theirs.length === 0) return [];
  const pairs = alignLists({
    expectedIds: ours.map((child) => readId(walk, child, walk.expectedNodes)),
    actualIds: theirs.map((child) => readId(walk, child, walk.actualNodes)),
    expectedNames: ours.map((child) => child.local),
    actualNames: theirs.map((child) => child.local),
    distance: (one, other) => measureDistance(walk, ours[one], theirs[other]),
  });
  const [ourSteps, theirSteps] = [nameSteps(ours), nameSteps(theirs)];
  return pairs.flatMap((pair): Finding[] => {
    const one = pair.expected === null ? undefined : ours[pair.expected];
    const other = pair.actual === null ? undefined : theirs[pair.actual];
    const step = (pair.expected === null ? theirSteps[pair.actual ?? 0] : ourSteps[pair.expected]) ?? '';
    if (one !== undefined && other !== undefined) return prefixPaths(step, comparePair(walk, one, other));
    if (one !== undefined) return [{ kind: 'missing', path: step, expected: formatElement(one), actual: null }];
    return other === undefined ? [] : [{ kind: 'extra', path: step, expected: null, actual: formatElement(other) }];
  });
}

/** The last step of each child's path: `/m:Line[2]`, without the number if the name is there once. */
function nameSteps(children: readonly CanonicalElement[]): string[] {
  const total = new Map<string, number>();
  for (const { local } of children) total.set(local, (total.get(local) ?? 0) + 1);
  const seen = new Map<string, number>();
  return children.map(({ name, local }) => {
    const position = (seen.get(local) ?? 0) + 1;
    seen.set(local, position);
    return total.get(local) === 1 ? `/${name}` : `/${name}[${position}]`;
  });
}

function measureDistance(walk: Walk, one: CanonicalElement | undefined, other: CanonicalElement | undefined): number {
  if (one === undefined || other === undefined) return 1;
  const count = comparePair(walk, one, other).filter((finding) => !isMasked(finding)).length;
  return Math.min(1, count / Math.max(countValues(one), countValues(other)));
}

function countValues(element: CanonicalElement): number {
  const below = element.children.reduce((sum, child) => sum + countValues(child), 0);
  return Math.max(1, below) + element.attributes.length;
}

/** A number that two elements share exactly when they are equal except for masked values. */
function readId(walk: Walk, element: CanonicalElement, nodes: MaskedNodes): number {
  const known = walk.idOf.get(element);
  if (known !== undefined) return known;
  const attributes = listAttributes(walk, element).map((attribute) => [
    attribute.namespace,
    attribute.local,
    nodes.attributes.has(attribute) ? null : attribute.value,
  ]);
  const isLeaf = element.children.length === 0;
  const text = nodes.text.has(element) ? null : isLeaf ? formOf(walk, element) : element.text;
  const children = element.children.map((child) => readId(walk, child, nodes));
  const content = nodes.whole.has(element) ? null : [element.nil, text, attributes, children];
  const key = JSON.stringify([element.namespace, element.local, content]);
  const id = walk.ids.get(key) ?? walk.ids.size;
  walk.ids.set(key, id);
  walk.idOf.set(element, id);
  return id;
}
