// The general road of reading: elements that the fast road does not know. They have attributes, a text beside attributes,
// choices, counts, a type named by xsi:type, default and fixed values, qualified names, or any XML at all.
import { captureElement, captureInside, isAllowedBy } from './any-xml.ts';
import {
  ContentError,
  placeValue,
  readValue,
  refusal,
  refuseElement,
  Tree,
  type CompiledField,
  type CompiledType,
  type MutableTree,
} from './content-reader.ts';
import { compileSteps, keepsOrder, walk, type Source, type Step } from './content-walk.ts';
import { takesDefault } from './default-values.ts';
import { describeText } from './describe-type.ts';
import { compileText } from './facets.ts';
import { trimBlanks, type ReadText } from './lexical-forms.ts';
import type { AttributeField, ComplexType, Field, ScalarType, Wildcard } from './schema.ts';
import type { Attribute, Token, XmlScanner } from './scanner.ts';
import { finish, type Sliced } from './slices.ts';
import { instanceNamespace } from './soap-version.ts';
import { anyKey, attributeKey, orderKey, textKey, typeKey } from './tree-keys.ts';
import { quoteInput, sanitizeInput } from './unreadable-request.ts';
import type { WireTree, WireValue } from './wire-tree.ts';

interface Leaf {
  readonly field?: CompiledField;
  readonly wildcard?: Wildcard;
}

interface CompiledAttribute {
  readonly field: AttributeField;
  readonly readText: ReadText;
}

/** A type as the general road sees it. */
export interface GeneralType {
  readonly compiled: CompiledType;
  readonly source: ComplexType;
  readonly attributes: readonly CompiledAttribute[];
  readonly readText?: ReadText;
  readonly steps?: Step<Leaf>;
  readonly keepsOrder: boolean;
  /** Elements that get their default where they are left out. */
  readonly defaults: readonly Field[];
  /** The types that xsi:type may name, compiled when the first is named: a type may contain itself. */
  readonly findDerived: (name: string) => GeneralType | undefined;
}

/** A value as the schema's tree has it: a qualified name without its prefix. */
function expandValue(scanner: XmlScanner, { kind }: ScalarType, text: string): string {
  return kind === 'QName' ? (scanner.expandName(trimBlanks(text)) ?? '') : text;
}

/** The text of the element just opened, and its end; qualified names in it are expanded while their prefixes are known. */
function readScalarText(scanner: XmlScanner, type: ScalarType, refuseInside: () => Error): string {
  let text = '';
  let value = '';
  for (let token = scanner.next(); token !== 'end'; token = scanner.next()) {
    if (token !== 'text') throw refuseInside();
    text += scanner.text;
    value = expandValue(scanner, type, text);
  }
  return value;
}

class ContentSource implements Source<Leaf> {
  private token: Token = 'end';
  private readonly scanner: XmlScanner;
  private readonly type: GeneralType;
  private readonly tree: MutableTree;

  constructor(scanner: XmlScanner, type: GeneralType, tree: MutableTree) {
    this.scanner = scanner;
    this.type = type;
    this.tree = tree;
  }

  /** @param emptyIsNull an element without anything inside is no value. @returns whether there was something. */
  *read(emptyIsNull: boolean): Sliced<boolean> {
    this.advance();
    if (emptyIsNull && this.token === 'end') return false;
    if (this.type.steps !== undefined) yield* walk(this.type.steps, this);
    if (this.token !== 'end') refuseElement(this.scanner, this.type.compiled, this.tree, 0);
    return true;
  }

  /** As if the element were empty. */
  readNothing(): void {
    if (this.type.steps !== undefined) finish(walk(this.type.steps, this));
  }

  private advance(): void {
    const { scanner, type } = this;
    for (;;) {
      this.token = scanner.next();
      if (this.token !== 'text') return;
      if (trimBlanks(scanner.text) === '') continue;
      const { name } = type.compiled;
      throw new ContentError(`внутри ${name} между элементами стоит текст ${quoteInput(scanner.text)}`, name);
    }
  }

  isAt({ field, wildcard }: Leaf): boolean {
    if (this.token !== 'start') return false;
    const { local, namespace } = this.scanner;
    if (field !== undefined) return field.name === local && field.namespace === namespace;
    const isOwn = this.type.compiled.fields.some((own) => own.name === local && own.namespace === namespace);
    return !isOwn && isAllowedBy(wildcard!, namespace);
  }

  *take({ field }: Leaf): Sliced<void> {
    const { tree, scanner, type } = this;
    if (scanner.isAtStop()) yield;
    if (type.keepsOrder) ((tree[orderKey] ??= []) as string[]).push(field?.name ?? anyKey);
    if (field === undefined) ((tree[anyKey] ??= []) as string[]).push(captureElement(scanner));
    else placeValue(tree, field, yield* readValue(scanner, type.compiled, field, tree));
    this.advance();
  }

  refuseMissing(leaves: readonly Leaf[]): never {
    const { compiled } = this.type;
    const isKnown = compiled.fields.some(({ name }) => name === this.scanner.local);
    if (this.token === 'start' && !isKnown) refuseElement(this.scanner, compiled, this.tree, 0);
    const names = leaves.map(({ field }) => field?.name ?? 'элемент другого пространства имён');
    if (names.length === 1 && leaves[0]!.field !== undefined) {
      throw refusal(
        compiled,
        leaves[0]!.field,
        'обязателен, но не указан, указан мало раз или стоит не на своём месте',
      );
    }
    throw new ContentError(`внутри ${compiled.name} ожидался один из элементов: ${names.join(', ')}`, compiled.name);
  }
}

function readAttribute(
  scanner: XmlScanner,
  type: GeneralType,
  { field, readText }: CompiledAttribute,
  given: string,
): string {
  const place = `атрибут ${type.compiled.name}/@${field.name}`;
  if (field.use === 'prohibited') throw new ContentError(`${place} здесь не допускается`, field.name);
  const value = readText(expandValue(scanner, field.type, given));
  if (value === undefined) {
    const message = `${place}: ожидалось: ${describeText(field.type)}, получено ${quoteInput(given)}`;
    throw new ContentError(message, field.name);
  }
  if (field.fixed !== undefined && value !== field.fixed) {
    throw new ContentError(`${place}: допускается только «${sanitizeInput(field.fixed)}»`, field.name);
  }
  return value;
}

/** @returns whether there were any: an element with attributes is not empty. */
function readAttributes(scanner: XmlScanner, type: GeneralType, tree: MutableTree): boolean {
  let any = false;
  for (const { namespace, local, value } of scanner.attributes) {
    if (namespace === instanceNamespace) continue;
    const known = type.attributes.find(({ field }) => field.name === local && field.namespace === namespace);
    if (known !== undefined) tree[`@${local}`] = readAttribute(scanner, type, known, value);
    else if (type.source.anyAttribute !== undefined && isAllowedBy(type.source.anyAttribute, namespace)) {
      tree[attributeKey({ namespace, local })] = value;
    } else continue;
    any = true;
  }
  return any;
}

function completeAttributes(type: GeneralType, tree: MutableTree): void {
  for (const { field } of type.attributes) {
    const key = `@${field.name}`;
    if (tree[key] !== undefined || field.use === 'prohibited') continue;
    if (field.use === 'required') {
      throw new ContentError(`атрибут ${type.compiled.name}/@${field.name} обязателен, но не указан`, field.name);
    }
    const preset = field.default ?? field.fixed;
    if (preset !== undefined) tree[key] = preset;
  }
}

/** The type to read by: the declared one, or the derived one that the sender names. */
function chooseType(scanner: XmlScanner, declared: GeneralType, tree: MutableTree): GeneralType {
  const { source } = declared;
  const named = findNamedType(scanner, scanner.attributes);
  if (source.derived.size > 0 && named !== undefined) {
    const own = source.namespace === '' ? source.name : `{${source.namespace}}${source.name}`;
    const derived = declared.findDerived(named);
    if (derived === undefined && named !== own) {
      throw new ContentError(`${source.name}: тип ${quoteInput(named)} из xsi:type здесь не допускается`, source.name);
    }
    if (derived !== undefined) {
      tree[typeKey] = named;
      return refuseAbstract(derived);
    }
  }
  return refuseAbstract(declared);
}

function refuseAbstract(type: GeneralType): GeneralType {
  const { source } = type;
  if (!source.isAbstract) return type;
  throw new ContentError(`тип ${source.name} абстрактный: нужен xsi:type с производным типом`, source.name);
}

/** "{namespace}name" of xsi:type; as sent if its prefix is not declared. */
function findNamedType(scanner: XmlScanner, attributes: readonly Attribute[]): string | undefined {
  const found = attributes.find(({ namespace, local }) => namespace === instanceNamespace && local === 'type');
  return found && (scanner.expandName(trimBlanks(found.value)) ?? found.value);
}

/** The element just opened, and its end. */
export function* readGeneral(
  scanner: XmlScanner,
  declared: GeneralType,
  emptyIsNull: boolean,
): Sliced<WireTree | null> {
  const tree = new Tree();
  const type = chooseType(scanner, declared, tree);
  const { name } = type.compiled;
  const hasMore = readAttributes(scanner, type, tree) || typeKey in tree;
  const { text } = type.source;
  if (text !== undefined) {
    const given = readScalarText(scanner, text, () => new ContentError(`внутри ${name} ожидалось значение`, name));
    const value = type.readText!(given);
    if (emptyIsNull && !hasMore && value === undefined && trimBlanks(given) === '') return null;
    if (value === undefined) {
      throw new ContentError(`${name}: ожидалось: ${describeText(text)}, получено ${quoteInput(given)}`, name);
    }
    tree[textKey] = value;
  } else if (!(yield* new ContentSource(scanner, type, tree).read(emptyIsNull && !hasMore))) return null;
  complete(type, tree);
  return tree;
}

function complete(type: GeneralType, tree: MutableTree): void {
  completeAttributes(type, tree);
  for (const field of type.defaults) if (tree[field.name] === undefined) tree[field.name] = field.default!;
}

/** The value of an element that is nil, or left empty, if its type lets everything be absent. */
export function readNothingGeneral(scanner: XmlScanner, type: GeneralType): WireTree {
  const tree = new Tree();
  new ContentSource(scanner, type, tree).readNothing();
  complete(type, tree);
  return tree;
}

/** An element without a type: its XML as it is; its attributes stand beside it in the tree. */
export function readAny(scanner: XmlScanner, field: CompiledField, tree: MutableTree): string {
  for (const { namespace, local, value } of scanner.attributes) {
    const isType = namespace === instanceNamespace && local === 'type';
    if (namespace === instanceNamespace && !isType) continue;
    const key = field.name + (isType ? typeKey : attributeKey({ namespace, local }));
    const text = isType ? (findNamedType(scanner, scanner.attributes) ?? value) : value;
    if (!field.repeated) tree[key] = text;
    else {
      const list = (tree[key] ??= []) as (string | null)[];
      const index = (tree[field.name] as readonly WireValue[] | undefined)?.length ?? 0;
      while (list.length < index) list.push(null);
      list.push(text);
    }
  }
  return captureInside(scanner);
}

/** A simple value that has a default or fixed value, or is a qualified name. */
export function readPreset(
  scanner: XmlScanner,
  parent: CompiledType,
  field: CompiledField,
  source: Field,
): string | null {
  const type = source.type as ScalarType;
  const expected = `ожидалось значение (${field.description}), а внутри стоит элемент`;
  const given = readScalarText(scanner, type, () => refusal(parent, field, expected));
  const preset = source.default ?? source.fixed;
  if (given === '' && preset !== undefined) return preset;
  if (field.emptyIsNull && trimBlanks(given) === '') return null;
  const value = field.readText(given);
  if (value === undefined) {
    throw refusal(parent, field, `ожидалось: ${field.description}, получено ${quoteInput(given)}`);
  }
  if (source.fixed !== undefined && value !== source.fixed) {
    throw refusal(parent, field, `допускается только «${sanitizeInput(source.fixed)}»`);
  }
  return value;
}

/** `compiled` has the type's fields; `compileGeneral` compiles another type for the same parent namespace. */
export function compileGeneral(
  source: ComplexType,
  compiled: CompiledType,
  compileDerived: (type: ComplexType) => GeneralType,
): GeneralType {
  const fields = new Map(compiled.fields.map((field) => [field.name, field]));
  const derived = new Map<string, GeneralType>();
  const { particle, text } = source;
  return {
    compiled,
    source,
    attributes: source.attributes.map((field) => ({ field, readText: compileText(field.type) })),
    ...(text === undefined ? {} : { readText: compileText(text) }),
    ...(particle === undefined
      ? {}
      : {
          steps: compileSteps<Leaf>(particle, (leaf) =>
            leaf.kind === 'element' ? { field: fields.get(leaf.field.name)! } : { wildcard: leaf.wildcard },
          ),
        }),
    keepsOrder: particle !== undefined && keepsOrder(particle),
    defaults: source.fields.filter((field) => takesDefault(source, field)),
    findDerived: (name) => {
      const type = source.derived.get(name);
      if (type === undefined) return undefined;
      const known = derived.get(name) ?? compileDerived(type);
      derived.set(name, known);
      return known;
    },
  };
}
