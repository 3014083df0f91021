// A WSDL or schema file as a tree of elements with their namespaces resolved and their places kept: whatever is wrong with
// a contract is reported by file, line and column. It is read once, at start, by a library's parser; input from the network
// goes through scanner.ts instead.
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { xmlNamespace } from './xml-namespace.ts';

export interface Place {
  /** '' if the text came from no file. */
  readonly file: string;
  readonly line: number;
  /** From 1, in code units. */
  readonly column: number;
}

export interface WsdlElement {
  readonly namespace: string;
  readonly local: string;
  /** Unprefixed attributes only: a prefixed one belongs to an extension that nothing here reads. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly WsdlElement[];
  /** Prefixes in scope, for names in attribute values; '' is the default namespace. */
  readonly scope: ReadonlyMap<string, string>;
  readonly place: Place;
}

export interface QualifiedName {
  readonly namespace: string;
  readonly local: string;
}

/** Something in a contract's files that the service cannot follow. The message has the place and says what to do. */
export class ContractMistake extends Error {}

function describePlace({ file, line, column }: Place): string {
  return `${file === '' ? '' : `${file}, `}line ${line}, column ${column}`;
}

/** `advice` is what the person who edits the contract can do. */
export function refuse(element: WsdlElement, message: string, advice = ''): never {
  throw new ContractMistake(`${describePlace(element.place)}: ${message}${advice === '' ? '' : `; ${advice}`}`);
}

/** An element as a message shows it. */
export function quoteElement({ local, attributes }: WsdlElement): string {
  const name = attributes.get('name') ?? attributes.get('ref');
  return name === undefined ? `<${local}>` : `<${local} "${name}">`;
}

/** "{namespace}name", or the name alone without a namespace: no two names look alike in this form. */
export function expandName({ namespace, local }: QualifiedName): string {
  return namespace === '' ? local : `{${namespace}}${local}`;
}

export function resolveName(element: WsdlElement, name: string): QualifiedName {
  const trimmed = name.trim();
  const colon = trimmed.indexOf(':');
  const prefix = colon === -1 ? '' : trimmed.slice(0, colon);
  const local = trimmed.slice(colon + 1);
  const namespace = prefix === 'xml' ? xmlNamespace : element.scope.get(prefix);
  if (namespace === undefined && prefix !== '') refuse(element, `prefix of ${name} is not declared`);
  return { namespace: namespace ?? '', local };
}

type OpenElement = Omit<WsdlElement, 'children'> & { readonly children: WsdlElement[] };

/** Finds lines by positions in the text. */
class Lines {
  private readonly starts: number[] = [0];
  private readonly file: string;
  constructor(text: string, file: string) {
    this.file = file;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }
  find(position: number): Place {
    const line = this.starts.findLastIndex((start) => start <= position);
    return { file: this.file, line: line + 1, column: position - this.starts[line]! + 1 };
  }
}

function openElement(tag: SaxesTagNS, outer: ReadonlyMap<string, string>, place: Place): OpenElement {
  const attributes = new Map<string, string>();
  for (const { prefix, local, value } of Object.values(tag.attributes)) {
    if (prefix === '' && local !== 'xmlns') attributes.set(local, value);
  }
  const declared = Object.entries(tag.ns);
  const scope = declared.length === 0 ? outer : new Map([...outer, ...declared]);
  return { namespace: tag.uri, local: tag.local, attributes, children: [], scope, place };
}

export function parseWsdlTree(text: string, file = ''): WsdlElement {
  const lines = new Lines(text, file);
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: OpenElement[] = [];
  let root: WsdlElement | undefined;
  let start = 0;
  const fail = (message: string, position: number): never => {
    throw new ContractMistake(`${describePlace(lines.find(position))}: ${message}`);
  };
  parser.on('error', (error) => fail(`not XML: ${error.message.replace(/^.*?\d+:\d+: /, '')}`, parser.position));
  parser.on('doctype', () => fail('a DOCTYPE is not allowed', text.indexOf('<!DOCTYPE')));
  parser.on('opentagstart', () => (start = text.lastIndexOf('<', parser.position - 1)));
  parser.on('opentag', (tag) => {
    const outer = open.at(-1);
    const element = openElement(tag, outer?.scope ?? new Map(), lines.find(start));
    outer?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  return root ?? fail('not XML: there is no element', 0);
}

export function getAttribute(element: WsdlElement, name: string): string {
  return element.attributes.get(name) ?? refuse(element, `<${element.local}> has no attribute "${name}"`);
}

/** Children of one namespace and name. */
export function listChildren(element: WsdlElement, namespace: string, local: string): WsdlElement[] {
  return element.children.filter((child) => child.namespace === namespace && child.local === local);
}

export function getOnlyChild(element: WsdlElement, namespace: string, local: string): WsdlElement {
  const found = listChildren(element, namespace, local);
  if (found.length !== 1) refuse(element, `<${element.local}> needs one <${local}>, it has ${found.length}`);
  return found[0]!;
}

export interface Allowed {
  readonly attributes: readonly string[];
  readonly children: readonly string[];
  /** What to do about a known thing that is not allowed, by its name. */
  readonly advice?: Readonly<Record<string, string>>;
}

/** Refuses every attribute and child that the caller does not name: nothing in a contract may be ignored. */
export function allowOnly(element: WsdlElement, { attributes, children, advice = {} }: Allowed): void {
  const whole = quoteElement(element);
  for (const attribute of element.attributes.keys()) {
    if (attribute === 'id' || attributes.includes(attribute)) continue;
    refuse(element, `attribute "${attribute}" of ${whole} is not supported`, advice[attribute] ?? 'remove it');
  }
  for (const child of element.children) {
    if (child.local === 'annotation' || child.local === 'documentation') continue;
    if (!children.includes(child.local)) {
      refuse(child, `<${child.local}> in ${whole} is not supported`, advice[child.local] ?? 'remove it');
    }
  }
}
