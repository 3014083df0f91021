// What a value has besides the elements of one plain sequence, for the writer: attributes, a text beside them, a content
// model with choices and counts, XML that is kept as it was.
import { findFault } from './any-xml.ts';
import { compileSteps, keepsOrder } from './content-walk.ts';
import type { ElementHead } from './element-head.ts';
import { OrderFault, takeInOrder, type Place } from './reply-order.ts';
import type { AttributeField, ComplexType, Field, ScalarType } from './schema.ts';
import { instanceNamespace } from './soap-version.ts';
import { attributeKey, typeKey } from './tree-keys.ts';
import { escapeText } from './text-escape.ts';
import type { WireTree, WireValue } from './wire-tree.ts';
import { compileScalarText, ReplyDefect } from './write-scalar.ts';

export function getTree(value: WireValue, { name }: ComplexType): WireTree {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ReplyDefect(`a value of type ${name} is expected to be an object`);
  }
  return value as WireTree;
}

export function getOwn(tree: WireTree, key: string): WireValue | undefined {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

/** The derived type that a value names; undefined if it is of the declared one. */
export function getTypeName(tree: WireTree): string | undefined {
  const name = getOwn(tree, typeKey) ?? undefined;
  if (name !== undefined && typeof name !== 'string') throw new ReplyDefect(`${typeKey} is expected to be a text`);
  return name;
}

/** XML of a reply stands inside an element of ours, so it must be whole. */
export function getXml(value: WireValue, name: string): string {
  if (typeof value !== 'string') throw new ReplyDefect(`${name}: XML is expected, not ${typeof value}`);
  const fault = findFault(value);
  if (fault !== undefined) throw new ReplyDefect(`${name}: not XML that stands by itself: ${fault}`);
  return value;
}

/** The default and the fixed value of an element bind its reply as well. */
export function checkPreset(field: Field, write: (value: WireValue) => string): (value: WireValue) => string {
  const { fixed, name } = field;
  if (fixed === undefined && field.default === undefined) return write;
  const expected = fixed === undefined ? undefined : write(fixed);
  return (value) => {
    const text = write(value);
    if (expected !== undefined && text !== expected) throw new ReplyDefect(`${name}: only "${expected}" is allowed`);
    if (text === '' && field.default !== undefined && field.default !== '') {
      throw new ReplyDefect(`${name}: an empty element would mean "${field.default}"`);
    }
    return text;
  };
}

/** A qualified name gets its prefix from the tag that it stands in. */
function writeValue(head: ElementHead, { kind }: ScalarType, text: string): string {
  return kind === 'QName' ? head.writeName(text) : text;
}

/** The text of an element whose tag is still open for declarations. */
export function compileTextInside(type: ScalarType, name: string): (value: WireValue, head: ElementHead) => string {
  const write = compileScalarText(type, name);
  return (value, head) => escapeText(writeValue(head, type, write(value)));
}

function compileAttribute(field: AttributeField): (tree: WireTree, head: ElementHead) => void {
  const key = `@${field.name}`;
  const name = attributeKey({ namespace: field.namespace, local: field.name }).slice(1);
  const check = compileScalarText(field.type, key);
  return (tree, head) => {
    const value = getOwn(tree, key) ?? null;
    if (value === null) {
      if (field.use === 'required') throw new ReplyDefect(`attribute ${key} has no value`);
      return;
    }
    if (field.use === 'prohibited') throw new ReplyDefect(`attribute ${key} is not allowed`);
    const text = check(value);
    if (field.fixed !== undefined && text !== check(field.fixed)) {
      throw new ReplyDefect(`attribute ${key}: only "${field.fixed}" is allowed`);
    }
    head.add(name, writeValue(head, field.type, text));
  };
}

/** The attributes of a type's values, without xsi:type. */
export function compileAttributes(type: ComplexType): (tree: WireTree, head: ElementHead) => void {
  const known = new Set([typeKey, ...type.attributes.map(({ name }) => `@${name}`)]);
  const writers = type.attributes.map(compileAttribute);
  return (tree, head) => {
    for (const write of writers) write(tree, head);
    if (type.anyAttribute === undefined) return;
    for (const key of Object.keys(tree)) {
      if (key.startsWith('@') && !known.has(key)) head.addText(key.slice(1), tree[key]);
    }
  };
}

export function addType(head: ElementHead, name: string): void {
  head.add(`{${instanceNamespace}}type`, head.writeName(name));
}

/** What stands beside the XML of an element without a type; `index` is that of an item of a list. */
export function addAnyAttributes(head: ElementHead, tree: WireTree, name: string, index: number): void {
  for (const key of Object.keys(tree)) {
    if (!key.startsWith(`${name}@`)) continue;
    const given = tree[key];
    const value = Array.isArray(given) ? ((given as readonly WireValue[])[index] ?? null) : given;
    if (value === null) continue;
    const attribute = key.slice(name.length);
    if (attribute === typeKey && typeof value === 'string') addType(head, value);
    else head.addText(attribute.slice(1), value);
  }
}

export type WriteItem = (value: WireValue, tree: WireTree, index: number) => string;

/** The elements of a type, in the order of its content model. */
export function compileModel(
  type: ComplexType,
  writeField: (field: Field) => WriteItem,
  writeAny: WriteItem,
): (tree: WireTree) => string {
  const { particle } = type;
  if (particle === undefined) return () => '';
  const writers = new Map<Field | undefined, WriteItem>();
  const places: Place[] = [];
  const step = compileSteps<Place>(particle, (leaf) => {
    const place: Place = leaf.kind === 'element' ? { field: leaf.field } : {};
    writers.set(place.field, place.field === undefined ? writeAny : writeField(place.field));
    places.push(place);
    return place;
  });
  const isOrdered = keepsOrder(particle);
  return (tree) => {
    let text = '';
    try {
      takeInOrder(tree, step, places, isOrdered, ({ field }, value, index) => {
        text += writers.get(field)!(value, tree, index);
      });
    } catch (error) {
      if (error instanceof OrderFault) throw new ReplyDefect(`${type.name}: ${error.message}`);
      throw error;
    }
    return text;
  };
}
