// A WSDL file as a tree of elements with their namespaces resolved. It is read once, at start, by a library's
// parser; input from the network goes through scanner.ts instead.
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export interface WsdlElement {
  readonly namespace: string;
  readonly local: string;
  /** Unprefixed attributes only: a prefixed one belongs to an extension that nothing here reads. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly WsdlElement[];
  /** Prefixes in scope, for names in attribute values; '' is the default namespace. */
  readonly scope: ReadonlyMap<string, string>;
}

export interface QualifiedName {
  readonly namespace: string;
  readonly local: string;
}

type ParsedNode = Record<string, unknown>;

function splitName(name: string): [prefix: string, local: string] {
  const colon = name.indexOf(':');
  return colon === -1 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)];
}

export function resolveName(element: WsdlElement, name: string): QualifiedName {
  const [prefix, local] = splitName(name);
  const namespace = element.scope.get(prefix);
  if (namespace === undefined && prefix !== '') throw new Error(`prefix of ${name} is not declared`);
  return { namespace: namespace ?? '', local };
}

function convert(node: ParsedNode, outer: ReadonlyMap<string, string>): WsdlElement | undefined {
  const name = Object.keys(node).find((key) => key !== ':@');
  if (name === undefined || name === '#text') return undefined;
  const scope = new Map(outer);
  const attributes = new Map<string, string>();
  for (const [key, value] of Object.entries((node[':@'] ?? {}) as Record<string, string>)) {
    const [prefix, local] = splitName(key);
    if (key === 'xmlns') scope.set('', value);
    else if (prefix === 'xmlns') scope.set(local, value);
    else if (prefix === '') attributes.set(local, value);
  }
  const [prefix, local] = splitName(name);
  const namespace = scope.get(prefix);
  if (namespace === undefined && prefix !== '') throw new Error(`prefix of <${name}> is not declared`);
  const children = (node[name] as ParsedNode[]).flatMap((child) => convert(child, scope) ?? []);
  return { namespace: namespace ?? '', local, attributes, children, scope };
}

export function parseWsdlTree(text: string): WsdlElement {
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw new Error(`not XML, line ${verdict.err.line}: ${verdict.err.msg}`);
  if (/<!DOCTYPE/i.test(text)) throw new Error('a DOCTYPE is not allowed');
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  const roots = (parser.parse(text) as ParsedNode[]).flatMap((node) => convert(node, new Map()) ?? []);
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw new Error('one root element is expected');
  return root;
}

export function getAttribute(element: WsdlElement, name: string): string {
  const value = element.attributes.get(name);
  if (value === undefined) throw new Error(`<${element.local}> has no attribute "${name}"`);
  return value;
}

/** Children of one namespace and name. */
export function listChildren(element: WsdlElement, namespace: string, local: string): WsdlElement[] {
  return element.children.filter((child) => child.namespace === namespace && child.local === local);
}

export function getOnlyChild(element: WsdlElement, namespace: string, local: string): WsdlElement {
  const found = listChildren(element, namespace, local);
  if (found.length !== 1) throw new Error(`<${element.local}> needs one <${local}>, it has ${found.length}`);
  return found[0]!;
}

/** Refuses every attribute and child that the caller does not name: nothing in a contract may be ignored. */
export function allowOnly(element: WsdlElement, attributes: readonly string[], children: readonly string[]): void {
  const name = element.attributes.get('name');
  const place = name === undefined ? `<${element.local}>` : `<${element.local} name="${name}">`;
  for (const attribute of element.attributes.keys()) {
    if (!attributes.includes(attribute)) throw new Error(`attribute "${attribute}" of ${place} is not supported`);
  }
  for (const child of element.children) {
    if (child.local === 'annotation' || child.local === 'documentation') continue;
    if (!children.includes(child.local)) throw new Error(`<${child.local}> in ${place} is not supported`);
  }
}
