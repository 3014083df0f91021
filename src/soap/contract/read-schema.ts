// The types of the contract's XML Schema. What the reader and the writer could not follow is refused by name when
// the service starts: otherwise a till would be the first to find a restriction that was ignored.
import { isComplex, type ComplexType, type Field, type ScalarKind, type ScalarType } from './schema.ts';
import { schemaNamespace } from './soap-version.ts';
import { allowOnly, getAttribute, getOnlyChild, listChildren, resolveName, type WsdlElement } from './wsdl-tree.ts';

export interface Schema {
  readonly namespace: string;
  readonly types: ReadonlyMap<string, ComplexType>;
  /** Global elements with a type written inside them: the wrappers of requests and replies. */
  readonly elements: ReadonlyMap<string, ComplexType>;
}

type MutableType = { -readonly [K in keyof ComplexType]: ComplexType[K] };

interface Context {
  readonly namespace: string;
  readonly qualifiedByDefault: boolean;
  readonly complexTypes: Map<string, MutableType>;
  readonly simpleTypes: Map<string, WsdlElement>;
}

const kinds: Readonly<Record<string, ScalarKind>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'integer',
  int: 'int',
  long: 'long',
  decimal: 'decimal',
  double: 'double',
  float: 'double',
  dateTime: 'dateTime',
  date: 'date',
  time: 'time',
  base64Binary: 'base64Binary',
};

function readFlag(element: WsdlElement, name: string): boolean {
  const value = element.attributes.get(name) ?? 'false';
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new Error(`${name}="${value}" of <${element.local}> is neither true nor false`);
}

function readForm(value: string): boolean {
  if (value !== 'qualified' && value !== 'unqualified') throw new Error(`form "${value}" is not supported`);
  return value === 'qualified';
}

function readSimpleType(element: WsdlElement, context: Context, seen: readonly string[]): ScalarType {
  allowOnly(element, ['name'], ['restriction']);
  const restriction = getOnlyChild(element, schemaNamespace, 'restriction');
  allowOnly(restriction, ['base'], ['enumeration', 'length', 'minLength', 'maxLength', 'whiteSpace']);
  const base = resolveType(restriction, getAttribute(restriction, 'base'), context, seen);
  if (isComplex(base)) throw new Error(`a simple type cannot restrict the complex type ${base.name}`);
  const facet = (name: string) => listChildren(restriction, schemaNamespace, name).map((e) => getAttribute(e, 'value'));
  const limits: { values?: ReadonlySet<string>; minLength?: number; maxLength?: number } = {};
  const values = facet('enumeration');
  if (values.length > 0) limits.values = new Set(values);
  for (const [name, low, high] of [
    ['length', true, true],
    ['minLength', true, false],
    ['maxLength', false, true],
  ] as const) {
    const [text] = facet(name);
    if (text === undefined) continue;
    if (base.kind !== 'string') throw new Error(`<${name}> of a type that is not a string is not supported`);
    if (low) limits.minLength = Number(text);
    if (high) limits.maxLength = Number(text);
  }
  return { ...base, ...limits };
}

function resolveType(
  from: WsdlElement,
  reference: string,
  context: Context,
  seen: readonly string[] = [],
): ScalarType | ComplexType {
  const { namespace, local } = resolveName(from, reference);
  if (namespace === schemaNamespace) {
    const kind = Object.hasOwn(kinds, local) ? kinds[local] : undefined;
    if (kind === undefined) throw new Error(`type ${reference} is not supported`);
    return { kind };
  }
  const complex = namespace === context.namespace ? context.complexTypes.get(local) : undefined;
  if (complex !== undefined) return complex;
  const simple = namespace === context.namespace ? context.simpleTypes.get(local) : undefined;
  if (simple === undefined) throw new Error(`type ${reference} is not in the schema`);
  if (seen.includes(local)) throw new Error(`type ${reference} restricts itself`);
  return readSimpleType(simple, context, [...seen, local]);
}

function readOccurs(element: WsdlElement): Pick<Field, 'optional' | 'repeated' | 'least' | 'most'> {
  const least = element.attributes.get('minOccurs') ?? '1';
  const most = element.attributes.get('maxOccurs') ?? '1';
  if (least !== '0' && least !== '1') throw new Error(`minOccurs="${least}" is not supported`);
  if (most !== '1' && most !== 'unbounded') throw new Error(`maxOccurs="${most}" is not supported`);
  return {
    optional: least === '0',
    repeated: most === 'unbounded',
    least: Number(least),
    most: most === '1' ? 1 : Infinity,
  };
}

function readField(element: WsdlElement, context: Context): Field {
  const name = getAttribute(element, 'name');
  allowOnly(element, ['name', 'type', 'nillable', 'minOccurs', 'maxOccurs', 'form'], ['complexType', 'simpleType']);
  const reference = element.attributes.get('type');
  const [inner] = element.children.filter((child) => child.local !== 'annotation');
  if ((reference === undefined) === (inner === undefined)) throw new Error(`element "${name}" needs one type`);
  const form = element.attributes.get('form');
  let type: ScalarType | ComplexType;
  if (inner === undefined) type = resolveType(element, reference!, context);
  else if (inner.local === 'complexType') type = makeType(name, readFields(inner, context), context);
  else type = readSimpleType(inner, context, []);
  return {
    name,
    type,
    nillable: readFlag(element, 'nillable'),
    ...readOccurs(element),
    namespace: (form === undefined ? context.qualifiedByDefault : readForm(form)) ? context.namespace : '',
  };
}

function makeType(name: string, fields: readonly Field[], { namespace }: Context): MutableType {
  return { name, namespace, fields, attributes: [], isPlain: true, isAbstract: false, derived: new Map() };
}

function readFields(complexType: WsdlElement, context: Context): Field[] {
  allowOnly(complexType, ['name'], ['sequence']);
  const sequences = listChildren(complexType, schemaNamespace, 'sequence');
  if (sequences.length === 0) return [];
  const sequence = getOnlyChild(complexType, schemaNamespace, 'sequence');
  allowOnly(sequence, [], ['element']);
  const fields = listChildren(sequence, schemaNamespace, 'element').map((element) => readField(element, context));
  const names = new Set(fields.map((field) => field.name));
  // A tree of values is keyed by name, so a name that is twice in a sequence would be ambiguous.
  if (names.size !== fields.length) throw new Error('one sequence names an element twice');
  return fields;
}

/** Runs a step, and names the part of the file where it failed. */
function at<T>(place: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error });
  }
}

export function readSchema(schema: WsdlElement): Schema {
  allowOnly(
    schema,
    ['targetNamespace', 'attributeFormDefault', 'elementFormDefault'],
    ['complexType', 'simpleType', 'element'],
  );
  const context: Context = {
    namespace: getAttribute(schema, 'targetNamespace'),
    qualifiedByDefault: readForm(schema.attributes.get('elementFormDefault') ?? 'unqualified'),
    complexTypes: new Map(),
    simpleTypes: new Map(),
  };
  const complexTypes = listChildren(schema, schemaNamespace, 'complexType');
  for (const element of listChildren(schema, schemaNamespace, 'simpleType')) {
    context.simpleTypes.set(getAttribute(element, 'name'), element);
  }
  // Types may name each other in any order, and themselves: all are stored before the first is filled.
  for (const element of complexTypes) {
    const name = getAttribute(element, 'name');
    context.complexTypes.set(name, makeType(name, [], context));
  }
  for (const element of complexTypes) {
    const name = getAttribute(element, 'name');
    context.complexTypes.get(name)!.fields = at(`type ${name}`, () => readFields(element, context));
  }
  const elements = new Map<string, ComplexType>();
  for (const element of listChildren(schema, schemaNamespace, 'element')) {
    const name = getAttribute(element, 'name');
    const [inner] = listChildren(element, schemaNamespace, 'complexType');
    if (inner === undefined) continue;
    elements.set(
      name,
      at(`element ${name}`, () => makeType(name, readFields(inner, context), context)),
    );
  }
  return { namespace: context.namespace, types: context.complexTypes, elements };
}
