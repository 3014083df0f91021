// Makes of values that are not XML (JSON, a table) the tree that the reader of XML would have made: the same names, the same
// types, the same text. What the schema refuses there is refused here too.
import { findFault } from './any-xml.ts';
import { compileSteps, keepsOrder } from './content-walk.ts';
import { takesDefault } from './default-values.ts';
import { describeText } from './describe-type.ts';
import { compileText } from './facets.ts';
import { trimBlanks } from './lexical-forms.ts';
import { OrderFault, takeInOrder, type Place } from './reply-order.ts';
import { isAny, isComplex, type ComplexType, type Field, type ScalarType } from './schema.ts';
import { anyKey, orderKey, textKey, typeKey } from './tree-keys.ts';
import { quoteInput, sanitizeInput } from './unreadable-request.ts';
import type { WireTree, WireValue } from './wire-tree.ts';

/** Reports what is wrong, in Russian, and where: "Receipt[3]/Sum". */
export class PlainValueError extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(path === '' ? message : `${path}: ${message}`);
    this.path = path;
  }
}

type Read = (value: unknown, path: string) => WireValue | undefined;
type ReadTree = (value: unknown, path: string) => WireTree;
type MutableTree = Record<string, WireValue>;

/** A text of at most this many digits comes back from a double unchanged. */
const exactDigits = 15;

export function compilePlainTree(type: ComplexType): ReadTree {
  const known = new Map<ComplexType, ReadTree>();
  const compile = (complex: ComplexType): ReadTree => {
    const done = known.get(complex);
    if (done !== undefined) return done;
    const members: { readonly key: string; readonly read: Read }[] = [];
    const check = compileCheck(complex);
    const keys = new Set<string>();
    const readOwn = (given: Readonly<Record<string, unknown>>, path: string): WireTree => {
      const stranger = Object.keys(given).find((name) => !keys.has(name));
      if (stranger !== undefined) {
        throw new PlainValueError(path, `внутри ${complex.name} нет элемента ${quoteInput(stranger)}`);
      }
      const tree = Object.create(null) as MutableTree;
      for (const { key, read } of members) {
        const own = Object.hasOwn(given, key) ? given[key] : undefined;
        const got = read(own, joinPath(path, key));
        if (got !== undefined) tree[key] = got;
      }
      check(tree, path);
      return tree;
    };
    const read: ReadTree = (value, path) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new PlainValueError(path, `ожидался объект ${complex.name}`);
      }
      const given = value as Readonly<Record<string, unknown>>;
      const named = Object.hasOwn(given, typeKey) ? given[typeKey] : undefined;
      const derived = typeof named === 'string' ? complex.derived.get(named) : undefined;
      if (derived === undefined) {
        if (!complex.isAbstract) return readOwn(given, path);
        throw new PlainValueError(path, `тип ${complex.name} абстрактный: нужен ${typeKey} с производным типом`);
      }
      const { [typeKey]: _, ...others } = given;
      return Object.assign(compile(derived)(others, path), { [typeKey]: named });
    };
    // Stored before its fields are compiled: a type may contain itself.
    known.set(complex, read);
    members.push(...listMembers(complex, compile));
    for (const { key } of members) keys.add(key);
    return read;
  };
  return compile(type);
}

function joinPath(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

/** What a value of the type may have: its elements, and for a type that is not one plain sequence whatever else there is. */
function listMembers(type: ComplexType, compile: (type: ComplexType) => ReadTree): { key: string; read: Read }[] {
  const elements = type.fields.map((field) => {
    const read = compileField(field, compile);
    const withDefault: Read = (value, path) => (value === undefined ? field.default! : read(value, path));
    return { key: field.name, read: takesDefault(type, field) ? withDefault : read };
  });
  if (type.isPlain) return elements;
  const attributes = type.attributes
    .filter(({ use }) => use !== 'prohibited')
    .map((attribute) => ({ key: `@${attribute.name}`, read: compileAttribute(attribute.type, attribute) }));
  const others = [
    { key: orderKey, read: readTexts },
    { key: anyKey, read: readXmls },
  ];
  if (type.text !== undefined) others.push({ key: textKey, read: compileAttribute(type.text, { use: 'required' }) });
  return [...elements, ...attributes, ...others];
}

const readTexts: Read = (value, path) => {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new PlainValueError(path, 'ожидался список строк');
};

const readXmls: Read = (value, path) => {
  const texts = readTexts(value, path);
  return texts === undefined ? undefined : (texts as readonly string[]).map((text) => readXml(text, path));
};

interface Presence {
  readonly use: string;
  readonly default?: string;
  readonly fixed?: string;
}

function compileAttribute(type: ScalarType, { use, default: preset, fixed }: Presence): Read {
  const read = compileValue(type, false);
  return (value, path) => {
    if (value !== undefined && value !== null) {
      const text = read(value, path);
      if (fixed === undefined || text === fixed) return text;
      throw new PlainValueError(path, `допускается только «${sanitizeInput(fixed)}»`);
    }
    if (use === 'required') throw new PlainValueError(path, 'обязателен, но не указан');
    return preset ?? fixed;
  };
}

/** Whether the elements that are there fit together: one of a choice, not too few, not too many. */
function compileCheck(type: ComplexType): (tree: WireTree, path: string) => void {
  const { particle, isPlain } = type;
  if (particle === undefined || isPlain) return () => undefined;
  const places: Place[] = [];
  const step = compileSteps<Place>(particle, (leaf) => {
    const place: Place = leaf.kind === 'element' ? { field: leaf.field } : {};
    places.push(place);
    return place;
  });
  const isOrdered = keepsOrder(particle);
  return (tree, path) => {
    try {
      takeInOrder(tree, step, places, isOrdered, () => undefined);
    } catch (error) {
      if (!(error instanceof OrderFault)) throw error;
      throw new PlainValueError(path, `состав ${type.name} не по схеме: ${error.place}`);
    }
  };
}

function compileField(field: Field, compile: (type: ComplexType) => ReadTree): Read {
  const { type } = field;
  const readOne = isComplex(type) ? compile(type) : isAny(type) ? readXml : compileScalar(field, type);
  const readEach: Read = (value, path) => {
    const isNone = value === null || (field.nillable && isComplex(type) && isEmptyStructure(value));
    if (!isNone) return readOne(value, path);
    if (field.nillable) return null;
    throw new PlainValueError(path, 'значение обязательно');
  };
  return (value, path) => {
    if (value === undefined || (value === null && field.optional)) {
      if (field.optional) return undefined;
      throw new PlainValueError(path, 'обязателен, но не указан');
    }
    if (!field.repeated) return readEach(value, path);
    if (!Array.isArray(value)) throw new PlainValueError(path, 'ожидался список');
    // As in XML: a list without items is an absent element.
    if (value.length === 0 && field.optional) return undefined;
    return value.map((one: unknown, index) => readEach(one, `${path}[${index + 1}]`) as WireValue);
  };
}

/** The same as an empty element: converters from XML to JSON write it in one of these ways. */
function isEmptyStructure(value: unknown): boolean {
  if (typeof value === 'string') return trimBlanks(value) === '';
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function readXml(value: unknown, path: string): string {
  if (typeof value === 'string' && findFault(value) === undefined) return value;
  throw new PlainValueError(path, 'ожидался XML в строке');
}

function compileScalar(field: Field, type: ScalarType): (value: unknown, path: string) => WireValue {
  const { fixed } = field;
  const read = compileValue(type, field.nillable);
  return (value, path) => {
    const preset = field.default ?? fixed;
    const text = value === '' && preset !== undefined ? preset : read(value, path);
    if (fixed === undefined || text === null || text === fixed) return text;
    throw new PlainValueError(path, `допускается только «${sanitizeInput(fixed)}»`);
  };
}

function compileValue(type: ScalarType, nillable: boolean): (value: unknown, path: string) => WireValue {
  const readText = compileText(type);
  const isText = type.kind === 'string' || type.kind === 'base64Binary';
  const emptyIsNull = nillable && readText('') === undefined;
  const description = describeText(type);
  return (value, path) => {
    const text = toText(value, isText);
    if (text !== undefined && emptyIsNull && trimBlanks(text) === '') return null;
    const got = text === undefined ? undefined : readText(text);
    if (got !== undefined) return got;
    const shown = quoteInput(typeof value === 'string' ? value : JSON.stringify(value));
    throw new PlainValueError(path, `ожидалось: ${sanitizeInput(description)}, получено ${shown}`);
  };
}

/** A number is accepted only if a double has kept all its digits; a text field accepts no number. */
function toText(value: unknown, isText: boolean): string | undefined {
  if (typeof value === 'string') return value;
  if (isText) return undefined;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') return undefined;
  const digits = String(value);
  return digits.replace(/\D/g, '').length > exactDigits ? undefined : digits;
}
