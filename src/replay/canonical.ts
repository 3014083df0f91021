// Reads XML into the form in which two replies are compared: names by namespace, attributes sorted, layout dropped.
// fast-xml-parser only cuts the text into tags; this file handles namespaces, references and everything it lets pass.
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export type CanonicalAttribute = {
  /** As written, with prefix: only to be shown. */
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  readonly value: string;
};

/**
 * `text` is the value of a leaf, blanks included, or, beside child elements, all text between them that is not layout.
 * `nil` is xsi:nil; it is a part of the value and therefore not among the attributes; declarations are not either. The value of
 * xsi:type is "{namespace}name".
 */
export type CanonicalElement = {
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  readonly attributes: readonly CanonicalAttribute[];
  readonly nil: boolean;
  readonly text: string;
  readonly children: readonly CanonicalElement[];
};

type Scope = ReadonlyMap<string, string>;
type QualifiedName = { namespace: string; local: string };
/** One node of fast-xml-parser's ordered form: a single name with its content, and ':@' with raw attributes. */
type OrderedNode = Readonly<Record<string, unknown>>;

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
const xsiNamespace = 'http://www.w3.org/2001/XMLSchema-instance';
const soap12Namespace = 'http://www.w3.org/2003/05/soap-envelope';
const blank = /^[ \t\r\n]*$/;
const deepestNesting = 256;

// Without these settings 10.10 becomes 10.1, blanks vanish and entities of a DTD are expanded.
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  cdataPropName: '#cdata',
  ignoreDeclaration: true,
  ignorePiTags: true,
  jPath: false,
  maxNestedTags: deepestNesting,
  onDangerousProperty: (name) => name,
});

const unreadable = 'UnreadableXml';

function refuse(why: string): Error {
  const error = new Error(why);
  error.name = unreadable;
  return error;
}

/** Distinguishes the refusal of a text from a defect of ours, which must not look like a bad reply. */
export function isUnreadableXml(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === unreadable;
}

/** `why` an XML text cannot be read is in the error's message, in our words: the parser's own are never passed on. */
export function parseXml(text: string): CanonicalElement {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  checkCharacters(source);
  checkDeclarations(source);
  const verdict = XMLValidator.validate(source);
  if (verdict !== true) {
    throw refuse(`not well-formed at line ${verdict.err.line}, column ${verdict.err.col ?? 1}`);
  }
  let top: unknown;
  try {
    // The parser drops text after the root unless something follows it: hence the closing instruction.
    top = parser.parse(`${source}<?end?>`);
  } catch {
    throw refuse(`not well-formed, or nested deeper than ${deepestNesting} elements`);
  }
  const nodes = listNodes(top).filter((node) => !('#text' in node && blank.test(String(node['#text']))));
  const [root] = nodes;
  if (root === undefined || nodes.length !== 1 || '#text' in root || '#cdata' in root) {
    throw refuse('there must be one root element and nothing beside it');
  }
  return readElement(root, new Map([['xml', xmlNamespace]]));
}

function checkCharacters(source: string): void {
  for (let index = 0; index < source.length; index++) {
    const code = source.charCodeAt(index);
    if (!isXmlCharacter(code) && !(code >= 0xd800 && code <= 0xdfff)) {
      throw refuse(`the character U+${code.toString(16).toUpperCase().padStart(4, '0')} is not allowed in XML`);
    }
  }
}

function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

// A DOCTYPE is refused before the parser sees it. Comments and CDATA are skipped by indexOf, in one pass: a
// regular expression over unclosed comments would take quadratic time.
function checkDeclarations(source: string): void {
  let at = source.indexOf('<!');
  while (at >= 0) {
    const close = source.startsWith('<!--', at) ? '-->' : source.startsWith('<![CDATA[', at) ? ']]>' : null;
    if (close === null) {
      const doctype = source.startsWith('<!DOCTYPE', at);
      throw refuse(doctype ? 'a DOCTYPE is not allowed in SOAP' : 'a markup declaration is not allowed in SOAP');
    }
    const end = source.indexOf(close, at + 4);
    if (end < 0) throw refuse('a comment or a CDATA section is not closed');
    at = source.indexOf('<!', end + 3);
  }
}

function listNodes(value: unknown): readonly OrderedNode[] {
  return Array.isArray(value) ? (value as readonly OrderedNode[]) : [];
}

function readElement(node: OrderedNode, outer: Scope): CanonicalElement {
  const name = Object.keys(node).find((key) => key !== ':@') ?? '';
  const written = Object.entries((node[':@'] ?? {}) as Readonly<Record<string, string>>);
  const scope = readScope(written, outer);
  const { namespace, local } = resolveName(name, scope, scope.get('') ?? '');
  const attributes: CanonicalAttribute[] = [];
  let nil = false;
  for (const [attributeName, raw] of written) {
    if (attributeName === 'xmlns' || attributeName.startsWith('xmlns:')) continue;
    const qualified = resolveName(attributeName, scope, '');
    const value = readAttributeValue(raw);
    const isXsi = qualified.namespace === xsiNamespace;
    if (isXsi && qualified.local === 'nil') nil = readNil(value);
    else if (isXsi && qualified.local === 'type') {
      attributes.push({ name: attributeName, ...qualified, value: expandType(value.trim(), scope) });
    } else attributes.push({ name: attributeName, ...qualified, value });
  }
  const { text, children } = readContent(node[name], scope);
  const isFaultCode = namespace === soap12Namespace ? local === 'Value' : namespace === '' && local === 'faultcode';
  const value = isFaultCode ? expandPrefix(text, scope) : text;
  return { name, namespace, local, attributes: sortAttributes(attributes), nil, text: value, children };
}

/** A fault's code is a name in a value: soap:Server and SOAP-ENV:Server are the same code. */
function expandPrefix(text: string, scope: Scope): string {
  const [prefix = '', local, ...rest] = text.split(':');
  const namespace = scope.get(prefix);
  return local === undefined || rest.length > 0 || namespace === undefined ? text : `{${namespace}}${local}`;
}

/** A type is a name in a value as well, and one without a prefix is in the default namespace. */
function expandType(text: string, scope: Scope): string {
  return text.includes(':') ? expandPrefix(text, scope) : `{${scope.get('') ?? ''}}${text}`;
}

/** Whether an attribute names the type of its element. */
export function isTypeAttribute({ namespace, local }: CanonicalAttribute): boolean {
  return namespace === xsiNamespace && local === 'type';
}

function readContent(content: unknown, scope: Scope): { text: string; children: CanonicalElement[] } {
  const children: CanonicalElement[] = [];
  const pieces: string[] = [];
  for (const node of listNodes(content)) {
    if ('#text' in node) pieces.push(decodeReferences(String(node['#text'])));
    else if ('#cdata' in node) pieces.push(...listNodes(node['#cdata']).map((piece) => String(piece['#text'])));
    else children.push(readElement(node, scope));
  }
  const kept = children.length === 0 ? pieces : pieces.filter((piece) => !blank.test(piece));
  return { text: kept.join(''), children };
}

function readScope(written: readonly (readonly [string, string])[], outer: Scope): Scope {
  const declared = written.filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'));
  if (declared.length === 0) return outer;
  const scope = new Map(outer);
  for (const [name, raw] of declared) {
    const prefix = name.slice('xmlns:'.length);
    const namespace = readAttributeValue(raw);
    if (name !== 'xmlns' && namespace === '') throw refuse(`the prefix "${prefix}" is declared empty`);
    scope.set(prefix, namespace);
  }
  return scope;
}

function resolveName(name: string, scope: Scope, namespaceWithoutPrefix: string): QualifiedName {
  const [first = '', second, ...rest] = name.split(':');
  if (second === undefined) return { namespace: namespaceWithoutPrefix, local: first };
  if (first === '' || second === '' || rest.length > 0) throw refuse(`"${name}" is not a name`);
  const namespace = scope.get(first);
  if (namespace === undefined) throw refuse(`the prefix "${first}" of "${name}" is not declared`);
  return { namespace, local: second };
}

function readNil(value: string): boolean {
  const word = value.trim();
  if (word === 'true' || word === '1') return true;
  if (word === 'false' || word === '0') return false;
  throw refuse(`"${value}" is no value of xsi:nil`);
}

function sortAttributes(attributes: CanonicalAttribute[]): CanonicalAttribute[] {
  const key = (attribute: CanonicalAttribute): string => `${attribute.namespace} ${attribute.local}`;
  const sorted = attributes.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  for (const [index, attribute] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next !== undefined && key(next) === key(attribute)) throw refuse(`attribute "${next.name}" is there twice`);
  }
  return sorted;
}

function readAttributeValue(raw: string): string {
  if (raw.includes('<')) throw refuse('an attribute holds "<"');
  return decodeReferences(raw.replaceAll(/[\t\n\r]/g, ' '));
}

const namedCharacters: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeReferences(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replaceAll(/&(?:#x([0-9a-fA-F]+);|#([0-9]+);|(\w+);)?/g, (written: string, ...groups: unknown[]) => {
    const [hex, decimal, name] = groups;
    if (typeof name === 'string' && Object.hasOwn(namedCharacters, name)) return namedCharacters[name] ?? '';
    const code =
      typeof hex === 'string' ? Number.parseInt(hex, 16) : typeof decimal === 'string' ? Number(decimal) : -1;
    if (code < 0 || !isXmlCharacter(code)) throw refuse(`"${written}" is no reference XML knows`);
    return String.fromCodePoint(code);
  });
}

/** One line of XML without prefixes, for showing and for comparing whole subtrees; blanks and forms as they came. */
export function formatElement(element: CanonicalElement): string {
  const attributes = element.attributes.map((attribute) => ` ${attribute.local}="${attribute.value}"`).join('');
  const start = `<${element.local}${attributes}${element.nil ? ' nil="true"' : ''}`;
  const content = escapeText(element.text) + element.children.map(formatElement).join('');
  return content === '' ? `${start}/>` : `${start}>${content}</${element.local}>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
