// The elements of a reply as 1C lays them out, compiled from the contract's types for one sort of line end. Types that are
// one plain sequence are pieces of text with gaps for the values; the others are put together as their values ask.
import { declare, ElementHead, joinAttributes, withPrefix, type Declared, type Scope } from './element-head.ts';
import {
  addAnyAttributes,
  addType,
  checkPreset,
  compileAttributes,
  compileModel,
  compileTextInside,
  getOwn,
  getTypeName,
  getTree,
  getXml,
  type WriteItem,
} from './general-writer.ts';
import { keepOctets, toOctets } from './octets.ts';
import { isAny, isComplex, type ComplexType, type Field, type ScalarType } from './schema.ts';
import { textKey } from './tree-keys.ts';
import type { WireTree, WireValue } from './wire-tree.ts';
import { compileScalar, ReplyDefect, type WriteInside } from './write-scalar.ts';

export type LineEnd = '\r\n' | '\n';

const nil = 'xsi:nil="true"';

/** Where elements are written: the prefixes known there, their depth, and what the tag of each always has. */
export interface Surroundings {
  readonly scope: Scope;
  /** Of the elements, 0 for the envelope. */
  readonly depth: number;
  readonly attributes: readonly string[];
}

/** What the tag of each element inside always has, and the prefixes that this declares. */
type Inner = Omit<Surroundings, 'depth'>;

/** A type at one place: the declarations of its element and the writers of what is inside. */
interface Variant {
  readonly declared: Declared;
  readonly addAttributes: (tree: WireTree, head: ElementHead) => void;
  readonly writeInside: (tree: WireTree, head: ElementHead) => string;
}

function listNamespaces(type: ComplexType): string[] {
  return [...type.fields.map(({ namespace }) => namespace), ...type.attributes.map(({ namespace }) => namespace)];
}

/** Pieces of text as they are, or as octets already: what is put together of pieces needs no other look then. */
export type PieceForm = 'text' | 'octets';

/** A line end is a part of nearly every piece of text, so each sort of it has a layout of its own. */
export class ReplyLayout {
  private readonly lineEnd: LineEnd;
  /** Undefined where its own pieces are text. */
  private readonly inText: ReplyLayout | undefined;
  /** Plain types by the prefixes in scope, then by depth. */
  private readonly known = new Map<Scope, Map<ComplexType, WriteInside[]>>();

  constructor(lineEnd: LineEnd, form: PieceForm) {
    this.lineEnd = lineEnd;
    this.inText = form === 'text' ? undefined : new ReplyLayout(lineEnd, 'text');
  }

  private encode(piece: string): string {
    return this.inText === undefined ? piece : keepOctets(piece);
  }

  indent(depth: number): string {
    return this.lineEnd + '\t'.repeat(depth);
  }

  /** An element with this value, including the line end before it. */
  private compileElement(field: Field, around: Surroundings): WriteItem {
    const { type } = field;
    const isPiecemeal = isAny(type) || (isComplex(type) ? !type.isPlain : type.kind === 'QName');
    if (isPiecemeal && this.inText !== undefined) {
      const write = this.inText.compileElement(field, around);
      return (value, tree, index) => toOctets(write(value, tree, index));
    }
    if (isAny(type)) return this.compileAny(field, around);
    if (isComplex(type) && !type.isPlain) return this.compileGeneral(field, type, around);
    if (!isComplex(type) && type.kind === 'QName') return this.compileQualified(field, around);
    const { depth, attributes } = around;
    const needed = isComplex(type) ? [field.namespace, ...listNamespaces(type)] : [field.namespace];
    const { scope, written } = declare(around.scope, needed, depth);
    const name = withPrefix(scope, field.namespace, field.name);
    const isTree = isComplex(type);
    const inside = isTree ? this.compileTree(type, scope, depth) : this.compileValue(field, type);
    const own = [...written, ...attributes];
    const start = `${this.indent(depth)}<${name}`;
    const head = start + joinAttributes(own, this.indent(depth + 2));
    const open = this.encode(`${head}>`);
    const close = this.encode(`${isTree ? this.indent(depth) : ''}</${name}>`);
    const empty = this.encode(`${head}/>`);
    const absent = this.encode(`${start}${joinAttributes([...own, nil], this.indent(depth + 2))}/>`);
    return (value) => {
      if (value === null) {
        if (!field.nillable) throw new ReplyDefect(`${field.name} has no value`);
        return absent;
      }
      const content = inside(value);
      return content === '' ? empty : open + content + close;
    };
  }

  private compileValue(field: Field, type: ScalarType): WriteInside {
    const write = checkPreset(field, compileScalar(type, field.name));
    return this.inText === undefined ? write : (value) => toOctets(write(value));
  }

  private compileField(field: Field, around: Surroundings): (tree: WireTree) => string {
    const { name, optional, repeated, least } = field;
    const write = this.compileElement(field, around);
    if (repeated) {
      return (tree) => {
        const items = Object.hasOwn(tree, name) ? (tree[name] ?? []) : [];
        if (!Array.isArray(items)) throw new ReplyDefect(`${name} is expected to be an array`);
        if (items.length < least) throw new ReplyDefect(`${name} has no value`);
        let text = '';
        let index = 0;
        for (const item of items as readonly WireValue[]) {
          text += write(item, tree, index);
          index += 1;
        }
        return text;
      };
    }
    return (tree) => {
      const value = Object.hasOwn(tree, name) ? (tree[name] ?? null) : null;
      return value === null && optional ? '' : write(value, tree, 0);
    };
  }

  /** The elements of a type that is one plain sequence. */
  compileFields(type: ComplexType, around: Surroundings): WriteInside {
    const writers = type.fields.map((field) => this.compileField(field, around));
    return (value) => {
      const tree = getTree(value, type);
      let text = '';
      for (const write of writers) text += write(tree);
      return text;
    };
  }

  /** A type's fields are compiled when its first value is written: a type may contain itself without end. */
  private compileTree(type: ComplexType, scope: Scope, depth: number): WriteInside {
    const byType = this.known.get(scope) ?? new Map<ComplexType, WriteInside[]>();
    this.known.set(scope, byType);
    const byDepth = byType.get(type) ?? [];
    byType.set(type, byDepth);
    return (value) => (byDepth[depth] ??= this.compileFields(type, { scope, depth: depth + 1, attributes: [] }))(value);
  }

  private finish(name: string, head: string, content: string, isTree: boolean, depth: number): string {
    const start = `${this.indent(depth)}<${name}${head}`;
    if (content === '') return `${start}/>`;
    return `${start}>${content}${isTree ? this.indent(depth) : ''}</${name}>`;
  }

  private writeNil(field: Field, name: string, declared: Declared, { depth, attributes }: Surroundings): string {
    if (!field.nillable) throw new ReplyDefect(`${field.name} has no value`);
    const own = [...declared.written, ...attributes, nil];
    return this.finish(name, joinAttributes(own, this.indent(depth + 2)), '', false, depth);
  }

  private compileAny(field: Field, around: Surroundings): WriteItem {
    const { depth, attributes } = around;
    const declared = declare(around.scope, [field.namespace], depth);
    const name = withPrefix(declared.scope, field.namespace, field.name);
    return (value, tree, index) => {
      if (value === null) return this.writeNil(field, name, declared, around);
      const head = new ElementHead(declared, attributes, depth);
      addAnyAttributes(head, tree, field.name, index);
      return this.finish(name, head.write(this.indent(depth + 2)), getXml(value, field.name), false, depth);
    };
  }

  private compileQualified(field: Field, around: Surroundings): WriteItem {
    const { depth, attributes } = around;
    const declared = declare(around.scope, [field.namespace], depth);
    const name = withPrefix(declared.scope, field.namespace, field.name);
    const type = field.type;
    if (isComplex(type) || isAny(type)) throw new Error(`${field.name} is not a qualified name`);
    const writeText = compileTextInside(type, field.name);
    return (value) => {
      if (value === null) return this.writeNil(field, name, declared, around);
      if (field.fixed !== undefined && value !== field.fixed) {
        throw new ReplyDefect(`${field.name}: only "${field.fixed}" is allowed`);
      }
      const head = new ElementHead(declared, attributes, depth);
      const text = writeText(value, head);
      return this.finish(name, head.write(this.indent(depth + 2)), text, false, depth);
    };
  }

  private compileGeneral(field: Field, type: ComplexType, around: Surroundings): WriteItem {
    const { depth } = around;
    const declared = declare(around.scope, [field.namespace], depth);
    const name = withPrefix(declared.scope, field.namespace, field.name);
    const write = this.compileContent(type, field.namespace, around);
    return (value) => {
      if (value === null) return this.writeNil(field, name, declared, around);
      return write(name, value);
    };
  }

  /**
   * An element of any complex type, with its name.
   * @param inner of a wrapper.
   */
  compileContent(
    type: ComplexType,
    namespace: string,
    around: Surroundings,
    inner?: Inner,
  ): (name: string, value: WireValue) => string {
    const { depth, attributes } = around;
    const variants = new Map<ComplexType, Variant>();
    const getVariant = (actual: ComplexType): Variant => {
      const known = variants.get(actual) ?? this.compileVariant(actual, namespace, around, inner);
      variants.set(actual, known);
      return known;
    };
    return (name, value) => {
      const tree = getTree(value, type);
      const named = getTypeName(tree);
      const actual = named === undefined ? type : type.derived.get(named);
      if (actual === undefined || actual.isAbstract) {
        throw new ReplyDefect(`type ${named ?? type.name} cannot stand for ${type.name}`);
      }
      const variant = getVariant(actual);
      const head = new ElementHead(variant.declared, attributes, depth);
      if (named !== undefined) addType(head, named);
      variant.addAttributes(tree, head);
      const content = variant.writeInside(tree, head);
      return this.finish(name, head.write(this.indent(depth + 2)), content, actual.text === undefined, depth);
    };
  }

  private compileVariant(
    type: ComplexType,
    namespace: string,
    { scope, depth }: Surroundings,
    inner: Inner | undefined,
  ): Variant {
    const declared = declare(scope, [namespace, ...listNamespaces(type)], depth);
    const known = inner === undefined ? declared.scope : new Map([...declared.scope, ...inner.scope]);
    const inside: Surroundings = { scope: known, depth: depth + 1, attributes: inner?.attributes ?? [] };
    const addAttributes = compileAttributes(type);
    if (type.text === undefined) {
      const writeAny: WriteItem = (value) => this.indent(depth + 1) + getXml(value, type.name);
      const writeField = (field: Field): WriteItem => this.compileElement(field, inside);
      return { declared, addAttributes, writeInside: compileModel(type, writeField, writeAny) };
    }
    const writeText = compileTextInside(type.text, type.name);
    return { declared, addAttributes, writeInside: (tree, head) => writeText(getOwn(tree, textKey) ?? null, head) };
  }
}
