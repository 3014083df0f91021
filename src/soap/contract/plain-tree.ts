// Makes of values that are not XML (JSON, a table) the tree that the reader of XML would have made: the same names, the same
// types, the same text. What the schema refuses there is refused here too.
import { describeText } from './describe-type.ts';
import { compileText } from './facets.ts';
import { trimBlanks } from './lexical-forms.ts';
import { isComplex, type ComplexType, type Field, type ScalarType } from './schema.ts';
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

/** A text of at most this many digits comes back from a double unchanged. */
const exactDigits = 15;

export function compilePlainTree(type: ComplexType): (value: unknown, path: string) => WireTree {
  const known = new Map<ComplexType, (value: unknown, path: string) => WireTree>();
  const compile = (complex: ComplexType): ((value: unknown, path: string) => WireTree) => {
    const done = known.get(complex);
    if (done !== undefined) return done;
    const fields: { readonly field: Field; readonly read: Read }[] = [];
    const names = new Set(complex.fields.map(({ name }) => name));
    const read = (value: unknown, path: string): WireTree => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new PlainValueError(path, `ожидался объект ${complex.name}`);
      }
      const given = value as Readonly<Record<string, unknown>>;
      const stranger = Object.keys(given).find((name) => !names.has(name));
      if (stranger !== undefined) {
        throw new PlainValueError(path, `внутри ${complex.name} нет элемента ${quoteInput(stranger)}`);
      }
      const tree = Object.create(null) as Record<string, WireValue>;
      for (const { field, read: readField } of fields) {
        const own = Object.hasOwn(given, field.name) ? given[field.name] : undefined;
        const got = readField(own, joinPath(path, field.name));
        if (got !== undefined) tree[field.name] = got;
      }
      return tree;
    };
    // Stored before its fields are compiled: a type may contain itself.
    known.set(complex, read);
    for (const field of complex.fields) fields.push({ field, read: compileField(field, compile) });
    return read;
  };
  return compile(type);
}

function joinPath(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

function compileField(field: Field, compile: (type: ComplexType) => (value: unknown, path: string) => WireTree): Read {
  const readOne = isComplex(field.type) ? compile(field.type) : compileScalar(field, field.type as ScalarType);
  const readEach: Read = (value, path) => {
    const isNone = value === null || (field.nillable && isComplex(field.type) && isEmptyStructure(value));
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

function compileScalar(field: Field, type: ScalarType): (value: unknown, path: string) => WireValue {
  const readText = compileText(type);
  const isText = type.kind === 'string' || type.kind === 'base64Binary';
  const emptyIsNull = field.nillable && readText('') === undefined;
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
