// A place in the tree of a request: "Card/Number", "Receipt/@Kind", "Sum/#text"; '' is the tree itself.
import { isAny, isComplex, type AnyType, type ComplexType, type Field, type ScalarType } from '../contract/schema.ts';
import type { WireTree, WireValue } from '../contract/wire-tree.ts';
import { readTextOfXml } from './xml-document.ts';

export type PlaceType = ScalarType | ComplexType | AnyType;

export interface Place {
  readonly path: string;
  readonly type: PlaceType;
  /** Whether a request that fits the schema may have nothing here. */
  readonly mayBeMissing: boolean;
  readonly isList: boolean;
  /** null if there is nothing. */
  readonly read: (tree: WireTree) => WireValue;
}

interface Step {
  readonly key: string;
  readonly type: PlaceType;
  readonly mayBeMissing: boolean;
  readonly isList: boolean;
}

/** @throws Error naming the step that the schema does not have. */
export function findPlace(root: ComplexType, path: string): Place {
  if (path === '') return { path, type: root, mayBeMissing: false, isList: false, read: (tree) => tree };
  const steps: Step[] = [];
  let type: PlaceType = root;
  for (const key of path.split('/')) {
    const outer = steps.at(-1);
    if (!isComplex(type)) throw new Error(`${path}: ${outer?.key ?? root.name} has no elements of its own`);
    if (outer?.isList === true) throw new Error(`${path}: ${outer.key} is a list: read it by a transform of lists`);
    const step = findStep(type, key);
    if (step === undefined) throw new Error(`${type.name} has no ${describeKey(key)}`);
    steps.push(step);
    ({ type } = step);
  }
  const isList = steps.at(-1)!.isList;
  const mayBeMissing = steps.some((step) => step.mayBeMissing);
  const read = compileRead(steps.map(({ key }) => key));
  return { path, type, mayBeMissing, isList, read: isAny(type) ? (tree) => readAny(read(tree)) : read };
}

/** "@Code" -> "attribute Code". */
export function describeKey(key: string): string {
  return key.startsWith('@') ? `attribute ${key.slice(1)}` : key === '#text' ? 'text of its own' : `element ${key}`;
}

export function findField(type: ComplexType, name: string): Field {
  const field = type.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`${type.name} has no element ${name}`);
  return field;
}

function findStep(type: ComplexType, key: string): Step | undefined {
  if (key === '#text') {
    // No text is an empty one, which a string may be.
    const { text } = type;
    return text === undefined ? undefined : { key, type: text, mayBeMissing: text.kind === 'string', isList: false };
  }
  if (key.startsWith('@')) {
    const attribute = type.attributes.find(({ name }) => `@${name}` === key);
    if (attribute === undefined) return undefined;
    return { key, type: attribute.type, mayBeMissing: attribute.use !== 'required', isList: false };
  }
  const field = type.fields.find(({ name }) => name === key);
  if (field === undefined) return undefined;
  return { key, type: field.type, mayBeMissing: field.optional || field.nillable, isList: field.repeated };
}

function compileRead(keys: readonly string[]): (tree: WireTree) => WireValue {
  const [first = '', ...rest] = keys;
  if (rest.length === 0) return (tree) => tree[first] ?? null;
  return (tree) => {
    let value: WireValue = tree[first] ?? null;
    for (const key of rest) {
      if (value === null) return null;
      value = (value as WireTree)[key] ?? null;
    }
    return value;
  };
}

/** An element of any type holds XML: of one that holds a text alone, the text. */
function readAny(xml: WireValue): WireValue {
  return typeof xml === 'string' ? readTextOfXml(xml) : xml;
}
