// A strict scanner of XML 1.0 with namespaces over a text in memory: one pass, no look-back, no tree. It is written for
// SOAP: no DOCTYPE, no entities except the five, and limits where the form of a document could make the work grow
// faster than its length.
import { isBlank } from './characters.ts';
import { xmlNamespace } from './xml-namespace.ts';
import { hasRepeated, Lexer, normalizeLineEnds } from './lexer.ts';
import { sliceCharacters } from './slices.ts';
import type { TextParts } from './text-parts.ts';

/** Deeper than any envelope with a signed header, and not too deep for the stacks below. */
const maxDepth = 64;
/** Real clients declare some ten namespaces on one element. */
const maxAttributes = 128;
/** In scope at once: prefixes are searched one by one, which is fastest for a few. */
const maxDeclarations = 64;

const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

const lessThan = 0x3c;
const greaterThan = 0x3e;
const ampersand = 0x26;
const slash = 0x2f;
const exclamation = 0x21;
const question = 0x3f;
const bracket = 0x5d;

export type Token = 'start' | 'end' | 'text' | 'done';

export interface Attribute {
  readonly namespace: string;
  readonly local: string;
  readonly value: string;
}

interface PendingAttribute {
  readonly start: number;
  readonly prefixLength: number;
  readonly local: string;
  readonly value: string;
}

const noAttributes: readonly Attribute[] = [];

export class XmlScanner extends Lexer {
  depth = 0;
  /** Of the last 'start'. */
  namespace = '';
  local = '';
  attributes: readonly Attribute[] = noAttributes;
  /** Of the last 'text': references resolved, CDATA joined, line ends made \n; comments and instructions left out. */
  text = '';

  private stopAt = sliceCharacters;
  private emptyElement = false;
  private rootSeen = false;
  private readonly nameStarts: number[] = [];
  private readonly nameEnds: number[] = [];
  private readonly prefixLengths: number[] = [];
  /** How many declarations were in scope before each open element. */
  private readonly outerDeclarations: number[] = [];
  private readonly prefixes: string[] = [];
  private readonly namespaces: string[] = [];

  /** Whether another slice of the text has been read: whoever reads a long one lets others in here. */
  isAtStop(): boolean {
    if (this.position < this.stopAt) return false;
    this.stopAt = this.position + sliceCharacters;
    return true;
  }

  next(): Token {
    if (this.emptyElement) {
      this.emptyElement = false;
      this.close();
      return 'end';
    }
    const { xml } = this;
    let text = '';
    for (;;) {
      if (this.position >= xml.length) return this.finish();
      if (xml.charCodeAt(this.position) !== lessThan) {
        text += this.readText();
        continue;
      }
      const code = xml.charCodeAt(this.position + 1);
      if (code === exclamation) text += this.readMarked();
      else if (code === question) this.skipInstruction();
      else if (text !== '') {
        this.text = text;
        return 'text';
      } else return code === slash ? this.readEnd() : this.readStart();
    }
  }

  /** Skips the blanks before a tag: next() would make a text of them, which its caller throws away. */
  skipBlanksBeforeTag(): void {
    if (this.emptyElement) return;
    const { xml, position } = this;
    this.skipBlanks();
    const isTag = xml.charCodeAt(this.position) === lessThan && xml.charCodeAt(this.position + 1) !== exclamation;
    if (!isTag) this.position = position;
  }

  /*
   * The fast path. A child without attributes that has its parent's prefix is in its parent's namespace, so the reader,
   * which knows what name must come, compares it in place. Nearly every element of a real request has this form; all
   * others are left for next(), which starts from the same place.
   */

  /** Where the local name of the child here begins, if it has its parent's prefix; otherwise -1. */
  findChildName(): number {
    if (this.emptyElement) return -1;
    this.skipBlanks();
    const { xml, position: at } = this;
    if (xml.charCodeAt(at) !== lessThan) return -1;
    const parent = this.nameStarts[this.depth - 1]!;
    const length = this.prefixLengths[this.depth - 1]!;
    for (let index = 0; index < length; index += 1) {
      if (xml.charCodeAt(at + 1 + index) !== xml.charCodeAt(parent + index)) return -1;
    }
    return at + 1 + length;
  }

  /** Whether the tag whose local name begins at `from` is `name` without attributes. */
  matchesName(from: number, name: Uint16Array): boolean {
    const { xml } = this;
    const { length } = name;
    for (let index = 0; index < length; index += 1) if (xml.charCodeAt(from + index) !== name[index]) return false;
    return xml.charCodeAt(from + length) === greaterThan;
  }

  /** The content of the matched element, and skips its end tag; undefined, with nothing skipped, unless it is plain text. */
  takeText(from: number, nameLength: number): string | undefined {
    const { xml } = this;
    const start = from + nameLength + 1;
    let at = start;
    for (;;) {
      const code = xml.charCodeAt(at);
      if (code < 0x3d) {
        if (code === lessThan) break;
        if (code === ampersand || (code < 0x20 && code !== 0x09 && code !== 0x0a)) return undefined;
      } else if (code === bracket || !(code < 0xd800)) return undefined;
      at += 1;
    }
    if (xml.charCodeAt(at + 1) !== slash) return undefined;
    const open = this.position + 1;
    const rawLength = start - open;
    const shift = at + 2 - open;
    for (let index = open; index < open + rawLength; index += 1) {
      if (xml.charCodeAt(index) !== xml.charCodeAt(index + shift)) return undefined;
    }
    this.position = at + 2 + rawLength;
    return xml.slice(start, at);
  }

  /** Opens the matched element as next() would. */
  enter(from: number, nameLength: number): void {
    const start = this.position + 1;
    this.open(start, from + nameLength, from - start);
    this.position = from + nameLength + 1;
  }

  /** Closes the innermost element if its end tag is here in its shortest form. */
  leave(): boolean {
    const { xml, position } = this;
    if (this.emptyElement || xml.charCodeAt(position) !== lessThan || xml.charCodeAt(position + 1) !== slash)
      return false;
    const end = this.matchOpenName(position + 2);
    if (end === -1 || xml.charCodeAt(end) !== greaterThan) return false;
    this.position = end + 1;
    this.close();
    return true;
  }

  /** Where the tag of the innermost open element begins. */
  get tagStart(): number {
    return this.nameStarts[this.depth - 1]! - 1;
  }

  get tagNameEnd(): number {
    return this.nameEnds[this.depth - 1]!;
  }

  /** How many declarations are in scope around the innermost open element. */
  countOuterDeclarations(): number {
    return this.outerDeclarations[this.depth - 1]!;
  }

  /** What a prefix means here if it is declared among the first `count`, and not by an element after them. */
  findOuterNamespace(prefix: string, count: number): string | undefined {
    const index = this.prefixes.lastIndexOf(prefix);
    return index === -1 || index >= count ? undefined : this.namespaces[index];
  }

  /** "{namespace}name" of a qualified name in a value; undefined if its prefix is not declared here. */
  expandName(name: string): string | undefined {
    const colon = name.indexOf(':');
    const namespace = this.findOuterNamespace(colon === -1 ? '' : name.slice(0, colon), Infinity);
    if (namespace === undefined && colon !== -1) return undefined;
    return namespace === undefined || namespace === '' ? name : `{${namespace}}${name.slice(colon + 1)}`;
  }

  private finish(): Token {
    if (this.depth > 0 || !this.rootSeen) this.fail('документ обрывается');
    return 'done';
  }

  private open(nameStart: number, nameEnd: number, prefixLength: number): void {
    if (this.depth === maxDepth) this.fail(`вложенность элементов больше ${maxDepth}`);
    this.nameStarts[this.depth] = nameStart;
    this.nameEnds[this.depth] = nameEnd;
    this.prefixLengths[this.depth] = prefixLength;
    this.outerDeclarations[this.depth] = this.prefixes.length;
    this.depth += 1;
  }

  private close(): void {
    this.depth -= 1;
    const outer = this.outerDeclarations[this.depth]!;
    if (this.prefixes.length > outer) this.prefixes.length = this.namespaces.length = outer;
  }

  /** The end of the innermost open name if it is repeated at `at`, otherwise -1. */
  private matchOpenName(at: number): number {
    const { xml } = this;
    const start = this.nameStarts[this.depth - 1]!;
    const end = this.nameEnds[this.depth - 1]!;
    for (let index = start; index < end; index += 1) {
      if (xml.charCodeAt(index) !== xml.charCodeAt(at + index - start)) return -1;
    }
    return at + end - start;
  }

  private readEnd(): Token {
    if (this.depth === 0) this.fail('закрывающий тег без открывающего');
    let at = this.matchOpenName(this.position + 2);
    if (at !== -1) {
      while (isBlank(this.xml.charCodeAt(at))) at += 1;
    }
    if (at === -1 || this.xml.charCodeAt(at) !== greaterThan) {
      this.fail('закрывающий тег не парный открывающему', at === -1 ? this.position : at);
    }
    this.position = at + 1;
    this.close();
    return 'end';
  }

  private readStart(): Token {
    if (this.depth === 0 && this.rootSeen) this.fail('после корневого элемента стоит ещё один');
    this.rootSeen = true;
    const { xml } = this;
    const start = this.position + 1;
    const end = this.readName(start);
    const { prefixLength } = this;
    this.open(start, end, prefixLength);
    this.position = end;
    let others: PendingAttribute[] | undefined;
    for (let count = 0; ; count += 1) {
      const blank = this.skipBlanks();
      const code = xml.charCodeAt(this.position);
      if (code === greaterThan) break;
      if (code === slash) {
        if (xml.charCodeAt(this.position + 1) !== greaterThan) this.fail('знак «/» внутри тега');
        this.emptyElement = true;
        this.position += 1;
        break;
      }
      if (!blank) this.fail('между атрибутами нужен пробел');
      if (count === maxAttributes) this.fail(`у элемента больше ${maxAttributes} атрибутов`);
      const attribute = this.readAttribute();
      if (attribute !== undefined) (others ??= []).push(attribute);
    }
    this.attributes = others === undefined ? noAttributes : this.resolveAttributes(others);
    this.namespace = this.resolvePrefix(start, prefixLength);
    this.position += 1;
    this.local = xml.slice(start + prefixLength, end);
    return 'start';
  }

  /** An attribute whose prefix is not resolved yet; a declaration of a namespace is put in scope instead. */
  private readAttribute(): PendingAttribute | undefined {
    const { xml } = this;
    const start = this.position;
    const end = this.readName(start);
    const { prefixLength } = this;
    this.position = end;
    this.skipBlanks();
    if (xml.charCodeAt(this.position) !== 0x3d) this.fail('после имени атрибута нужен знак «=»');
    this.position += 1;
    this.skipBlanks();
    const value = this.readAttributeValue();
    if (xml.startsWith('xmlns', start) && (prefixLength === 6 || end - start === 5)) {
      this.declare(xml.slice(start + 6, end), value);
      return undefined;
    }
    return { start, prefixLength, local: xml.slice(start + prefixLength, end), value };
  }

  private declare(prefix: string, value: string): void {
    const { prefixes } = this;
    this.checkDeclaration(prefix, value);
    if (prefixes.length === maxDeclarations) this.fail(`объявлено больше ${maxDeclarations} пространств имён`);
    for (let index = this.outerDeclarations[this.depth - 1]!; index < prefixes.length; index += 1) {
      if (prefixes[index] === prefix) this.fail('атрибут повторён');
    }
    prefixes.push(prefix);
    this.namespaces.push(value);
  }

  private checkDeclaration(prefix: string, value: string): void {
    if (prefix === 'xmlns' || value === xmlnsNamespace) this.fail('пространство имён xmlns объявлять нельзя');
    if ((prefix === 'xml') !== (value === xmlNamespace)) this.fail('приставка xml занята');
    if (prefix !== '' && value === '') this.fail('приставка объявлена с пустым пространством имён');
  }

  /** The namespace of the name at `start`, of which `length` characters are the prefix with its colon. */
  private resolvePrefix(start: number, length: number): string {
    const { xml, prefixes } = this;
    if (length === 0) {
      const index = prefixes.lastIndexOf('');
      return index === -1 ? '' : this.namespaces[index]!;
    }
    for (let index = prefixes.length - 1; index >= 0; index -= 1) {
      const prefix = prefixes[index]!;
      if (prefix.length === length - 1 && xml.startsWith(prefix, start)) return this.namespaces[index]!;
    }
    return xml.startsWith('xml:', start) ? xmlNamespace : this.fail('приставка имени не объявлена', start);
  }

  private resolveAttributes(pending: readonly PendingAttribute[]): readonly Attribute[] {
    const found = pending.map(({ start, prefixLength, local, value }) => {
      // An attribute without a prefix has no namespace, whatever the default namespace is.
      const namespace = prefixLength === 0 ? '' : this.resolvePrefix(start, prefixLength);
      return { namespace, local, value };
    });
    if (found.length > 1 && hasRepeated(found)) this.fail('атрибут повторён');
    return found;
  }

  private readText(): string {
    const { xml } = this;
    if (this.depth === 0) {
      this.skipBlanks();
      const more = this.position < xml.length && xml.charCodeAt(this.position) !== lessThan;
      return more ? this.fail('текст вне корневого элемента') : '';
    }
    let parts: TextParts | undefined;
    let returns = false;
    let start = this.position;
    let at = start;
    while (at < xml.length) {
      const code = xml.charCodeAt(at);
      if (code > lessThan && code !== bracket && code < 0xd800) {
        at += 1;
        continue;
      }
      if (code === lessThan) break;
      if (code === ampersand) {
        parts = this.takeReference(parts, start, at, returns ? normalizeLineEnds : undefined);
        returns = false;
        at = start = this.position;
      } else if (code === 0x0d) {
        returns = true;
        at += 1;
      } else if (code === bracket && xml.charCodeAt(at + 1) === bracket && xml.charCodeAt(at + 2) === greaterThan) {
        this.fail('конец CDATA без начала', at);
      } else at += this.measure(at);
    }
    this.position = at;
    const rest = returns ? normalizeLineEnds(xml.slice(start, at)) : xml.slice(start, at);
    return parts === undefined ? rest : parts.take() + rest;
  }

  /** A comment, which is skipped, or CDATA, which is text. */
  private readMarked(): string {
    const { xml, position } = this;
    if (xml.startsWith('<!--', position)) {
      const end = xml.indexOf('--', position + 4);
      if (end === -1) this.fail('комментарий не закрыт');
      if (xml.charCodeAt(end + 2) !== greaterThan) this.fail('«--» внутри комментария', end);
      this.checkCharacters(position + 4, end);
      this.position = end + 3;
      return '';
    }
    if (!xml.startsWith('<![CDATA[', position)) {
      this.fail(xml.startsWith('<!DOCTYPE', position) ? 'DOCTYPE в SOAP не допускается' : 'объявление не допускается');
    }
    if (this.depth === 0) this.fail('текст вне корневого элемента');
    const end = xml.indexOf(']]>', position + 9);
    if (end === -1) this.fail('CDATA не закрыта');
    this.checkCharacters(position + 9, end);
    this.position = end + 3;
    const text = xml.slice(position + 9, end);
    return text.includes('\r') ? normalizeLineEnds(text) : text;
  }
}
