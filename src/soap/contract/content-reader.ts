// The fast road of reading, for types that are one plain sequence: children in schema order, each value checked against its
// own type. The types are compiled once (compile-types.ts), so that a request is compared with what must come, without
// look-ups. Whatever else a schema may say of an element is read by general-reader.ts.
import { trimBlanks, type ReadText } from './lexical-forms.ts';
import type { Attribute, XmlScanner } from './scanner.ts';
import type { Sliced } from './slices.ts';
import { instanceNamespace } from './soap-version.ts';
import { quoteInput, sanitizeInput } from './unreadable-request.ts';
import type { WireTree, WireValue } from './wire-tree.ts';

/** Reports what is wrong with the content, in Russian, and at which element. */
export class ContentError extends Error {
  readonly element: string;
  constructor(message: string, element: string) {
    super(message);
    this.element = element;
  }
}

export interface CompiledField {
  readonly name: string;
  /** The name's character codes, to compare it in place. */
  readonly codes: Uint16Array;
  readonly namespace: string;
  /** The name in the parent's namespace is not all that there is to it: the fast road leaves it alone. */
  readonly isCareful: boolean;
  readonly content: CompiledType | undefined;
  /** Reads the element just opened, which has elements of its own, by the general road. */
  readonly readTree: ((scanner: XmlScanner) => Sliced<WireTree | null>) | undefined;
  /** Reads the value of the element just opened by the general road. */
  readonly readGeneral: ReadGeneral | undefined;
  readonly readText: ReadText;
  readonly description: string;
  readonly nillable: boolean;
  readonly optional: boolean;
  readonly repeated: boolean;
  /**
   * An empty element counts as absent if its type is nillable and has no empty value of its own (a number, a date or a
   * listed word): some clients send every element of a type. The same holds for an element without children of a nillable
   * structure.
   */
  readonly emptyIsNull: boolean;
}

/** `tree` is the parent's, for what stands beside the value. */
export type ReadGeneral = (scanner: XmlScanner, tree: MutableTree) => WireValue;

export interface CompiledType {
  readonly name: string;
  readonly fields: readonly CompiledField[];
}

export type MutableTree = { [name: string]: WireValue };

// Values are keyed by names of the schema only, and inherit nothing: a name like "constructor" is absent unless sent.
// A function with an empty prototype makes and fills such objects three times faster than Object.create(null).
export const Tree = function () {} as unknown as new () => MutableTree;
Tree.prototype = Object.create(null);

/** Reads the children of the element just opened, and its end. */
export function readContent(scanner: XmlScanner, type: CompiledType): Sliced<WireTree> {
  return readStructure(scanner, type, false) as Sliced<WireTree>;
}

/** @returns null for one without children where `emptyIsNull`. */
function* readStructure(scanner: XmlScanner, type: CompiledType, emptyIsNull: boolean): Sliced<WireTree | null> {
  const { fields } = type;
  const tree = new Tree();
  // The first field that may still come.
  let index = 0;
  for (;;) {
    if (scanner.isAtStop()) yield;
    const from = scanner.findChildName();
    const found = from === -1 ? -1 : findQuickly(scanner, fields, index, from);
    if (found !== -1) {
      const field = fields[found]!;
      let value: WireValue | undefined;
      if (field.content === undefined) value = readQuickly(scanner, type, field, from);
      else {
        scanner.enter(from, field.codes.length);
        value = yield* readStructure(scanner, field.content, field.emptyIsNull);
      }
      if (value !== undefined) {
        placeValue(tree, field, value);
        index = field.repeated ? found : found + 1;
        continue;
      }
    } else if (scanner.leave()) break;
    // One token of any form.
    const token = scanner.next();
    if (token === 'end') break;
    if (token === 'text') {
      refuseText(scanner, type);
      continue;
    }
    const place = findCarefully(scanner, type, tree, index);
    const field = fields[place]!;
    placeValue(tree, field, yield* readValue(scanner, type, field, tree));
    index = field.repeated ? place : place + 1;
  }
  if (emptyIsNull && isEmpty(tree)) return null;
  refuseIncomplete(type, tree, index);
  return tree;
}

function refuseIncomplete(type: CompiledType, tree: WireTree, from: number): void {
  const { fields } = type;
  for (let at = from; at < fields.length; at += 1) {
    if (isMissing(tree, fields[at]!)) refuseMissing(type, fields[at]!);
  }
}

function isEmpty(tree: WireTree): boolean {
  for (const _ in tree) return false;
  return true;
}

/** The field whose plain tag is here, if no mandatory field is skipped; -1 leaves it to the slower, complete reader. */
function findQuickly(scanner: XmlScanner, fields: readonly CompiledField[], index: number, from: number): number {
  for (let at = index; at < fields.length; at += 1) {
    const field = fields[at]!;
    if (field.isCareful) return -1;
    if (scanner.matchesName(from, field.codes)) return at;
    if (!field.optional) return -1;
  }
  return -1;
}

function readQuickly(
  scanner: XmlScanner,
  type: CompiledType,
  field: CompiledField,
  from: number,
): WireValue | undefined {
  const text = scanner.takeText(from, field.codes.length);
  return text === undefined ? undefined : convert(type, field, text);
}

/** Between elements only blanks may stand. */
function refuseText(scanner: XmlScanner, type: CompiledType): void {
  if (trimBlanks(scanner.text) === '') return;
  throw new ContentError(`внутри ${type.name} между элементами стоит текст ${quoteInput(scanner.text)}`, type.name);
}

/** The index of the field whose element was just opened. */
function findCarefully(scanner: XmlScanner, type: CompiledType, tree: WireTree, index: number): number {
  const found = type.fields.findIndex(
    (field, at) => at >= index && field.name === scanner.local && field.namespace === scanner.namespace,
  );
  if (found === -1) refuseElement(scanner, type, tree, index);
  for (let at = index; at < found; at += 1) {
    if (isMissing(tree, type.fields[at]!)) refuseMissing(type, type.fields[at]!);
  }
  return found;
}

export function* readValue(
  scanner: XmlScanner,
  type: CompiledType,
  field: CompiledField,
  tree: MutableTree,
): Sliced<WireValue> {
  if (isNil(scanner.attributes, field.name)) {
    if (!field.nillable) throw refusal(type, field, 'xsi:nil здесь не допускается');
    readNothing(scanner, field.name);
    return null;
  }
  if (field.readGeneral !== undefined) return field.readGeneral(scanner, tree);
  if (field.content !== undefined) return yield* readStructure(scanner, field.content, field.emptyIsNull);
  if (field.readTree !== undefined) return yield* field.readTree(scanner);
  let text = '';
  for (let token = scanner.next(); token !== 'end'; token = scanner.next()) {
    if (token !== 'text')
      throw refusal(type, field, `ожидалось значение (${field.description}), а внутри стоит элемент`);
    text += scanner.text;
  }
  return convert(type, field, text);
}

export function isNil(attributes: readonly Attribute[], element: string): boolean {
  for (const { namespace, local, value } of attributes) {
    if (namespace !== instanceNamespace || local !== 'nil') continue;
    const text = trimBlanks(value);
    if (text === 'true' || text === '1') return true;
    if (text !== 'false' && text !== '0') throw new ContentError(`${element}: xsi:nil — это true или false`, element);
  }
  return false;
}

/** Reads to the end of an element with xsi:nil, which holds at most blanks. */
export function readNothing(scanner: XmlScanner, element: string): void {
  for (let token = scanner.next(); token !== 'end'; token = scanner.next()) {
    if (token === 'text' && trimBlanks(scanner.text) === '') continue;
    throw new ContentError(`${element}: при xsi:nil элемент должен быть пуст`, element);
  }
}

/** The value of an element with xsi:nil if the element itself cannot be left out. */
export function readAbsent(type: CompiledType): WireTree {
  const missing = type.fields.find((field) => !field.optional);
  if (missing !== undefined) refuseMissing(type, missing);
  return new Tree();
}

function convert(type: CompiledType, field: CompiledField, text: string): string | null {
  if (field.emptyIsNull && trimBlanks(text) === '') return null;
  const value = field.readText(text);
  if (value === undefined) throw refusal(type, field, `ожидалось: ${field.description}, получено ${quoteInput(text)}`);
  return value;
}

export function placeValue(tree: MutableTree, field: CompiledField, value: WireValue): void {
  if (!field.repeated) {
    tree[field.name] = value;
    return;
  }
  const items = tree[field.name] as WireValue[] | undefined;
  if (items === undefined) tree[field.name] = [value];
  else items.push(value);
}

function isMissing(tree: WireTree, field: CompiledField): boolean {
  return !field.optional && tree[field.name] === undefined;
}

export function refusal(type: CompiledType, field: CompiledField, message: string): ContentError {
  return new ContentError(`элемент ${type.name}/${field.name}: ${message}`, field.name);
}

function refuseMissing(type: CompiledType, field: CompiledField): never {
  throw refusal(type, field, 'обязателен, но не указан или стоит не на своём месте');
}

export function refuseElement(scanner: XmlScanner, type: CompiledType, tree: WireTree, index: number): never {
  const { local, namespace } = scanner;
  const known = type.fields.find((field) => field.name === local);
  if (known === undefined) {
    const mandatory = type.fields.slice(index).find((field) => isMissing(tree, field));
    const hint = mandatory === undefined ? '' : `; ожидался ${mandatory.name}`;
    throw new ContentError(`внутри ${type.name} нет элемента ${quoteInput(local)}${hint}`, sanitizeInput(local));
  }
  if (known.namespace !== namespace) {
    throw refusal(type, known, `ожидалось пространство имён «${known.namespace}», получено ${quoteInput(namespace)}`);
  }
  throw refusal(type, known, 'повторён или стоит не на своём месте');
}
