// An XML document inside a string of a request or a reply: read to a tree and written from one, by its example.
import { ContentError, isNil } from '../contract/content-reader.ts';
import { XmlError } from '../contract/lexer.ts';
import { XmlScanner } from '../contract/scanner.ts';
import { escapeAttribute, escapeText } from '../contract/text-escape.ts';
import type { WireTree, WireValue } from '../contract/wire-tree.ts';
import type { DocumentTemplate, TemplateNode } from './document-template.ts';

/** What is wrong with a document, in Russian. */
export class DocumentError extends Error {}

/** The document's root under its name. Elements and attributes that the example does not have are left out. */
export function readDocument({ root }: DocumentTemplate, xml: string): WireTree {
  const scanner = new XmlScanner(xml);
  try {
    scanner.begin();
    scanner.next();
    if (scanner.local !== root.local) {
      throw new DocumentError(`XML-документ с корневым элементом ${root.local}, получен ${scanner.local.slice(0, 40)}`);
    }
    const tree = { [root.local]: readNode(scanner, root) };
    while (scanner.next() !== 'done');
    return tree;
  } catch (error) {
    if (error instanceof XmlError || error instanceof ContentError)
      throw new DocumentError(`XML-документ (${error.message})`);
    throw error;
  }
}

/** Reads the element just opened, and its end. */
function readNode(scanner: XmlScanner, node: TemplateNode): WireValue {
  const { attributes } = scanner;
  const isNone = isNil(attributes, node.local);
  const tree = Object.create(null) as { [name: string]: WireValue };
  for (const { local, value } of attributes) {
    if (node.attributes.some((known) => known.local === local)) tree[`@${local}`] = value;
  }
  let text = '';
  for (let token = scanner.next(); token !== 'end'; token = scanner.next()) {
    if (token === 'text') text += scanner.text;
    else readChild(scanner, node, tree);
  }
  if (node.isText) return isNone ? null : text;
  if (node.hasText && !isNone) tree['#text'] = text;
  return tree;
}

function readChild(scanner: XmlScanner, node: TemplateNode, tree: { [name: string]: WireValue }): void {
  const { local } = scanner;
  const child = node.children.find((known) => known.local === local);
  if (child === undefined) {
    skipElement(scanner);
    return;
  }
  const value = readNode(scanner, child);
  if (child.isList) ((tree[local] ??= []) as WireValue[]).push(value);
  else if (Object.hasOwn(tree, local))
    throw new DocumentError(`XML-документ с одним элементом ${local} в ${node.local}`);
  else tree[local] = value;
}

function skipElement(scanner: XmlScanner): void {
  const { depth } = scanner;
  while (scanner.next() !== 'end' || scanner.depth >= depth);
}

/** What has no value is left out. */
export function writeDocument({ root, declaration, lineBreak }: DocumentTemplate, tree: WireTree): string {
  const unit = lineBreak.replace(/^\r?\n/, '');
  const lineEnd = lineBreak.slice(0, lineBreak.length - unit.length);
  const indent = (depth: number): string => (lineEnd === '' ? '' : lineEnd + unit.repeat(depth));
  const written = writeNode(root, tree[root.local] ?? null, 0, indent) ?? `<${root.tag}${root.declarations}/>`;
  return declaration === '' ? written : declaration + lineEnd + written;
}

type Indent = (depth: number) => string;

function writeNode(node: TemplateNode, value: WireValue, depth: number, indent: Indent): string | undefined {
  if (value === null) return undefined;
  const tree: WireTree = typeof value === 'string' ? { '#text': value } : (value as WireTree);
  let head = `<${node.tag}${node.declarations}`;
  for (const { tag, local } of node.attributes) {
    const attribute = tree[`@${local}`] ?? null;
    if (attribute !== null) head += ` ${tag}="${escapeAttribute(attribute as string)}"`;
  }
  let inside = escapeText((tree['#text'] ?? '') as string);
  for (const child of node.children) {
    for (const item of listItems(tree[child.local] ?? null)) {
      const written = writeNode(child, item, depth + 1, indent);
      if (written !== undefined) inside += indent(depth + 1) + written;
    }
  }
  if (inside === '') return `${head}/>`;
  return `${head}>${inside}${node.children.length === 0 ? '' : indent(depth)}</${node.tag}>`;
}

function listItems(value: WireValue): readonly WireValue[] {
  return Array.isArray(value) ? value : [value];
}

/** The text that XML stands for if no element is in it; otherwise the XML itself. */
export function readTextOfXml(xml: string): string {
  if (!/[<&\r]/.test(xml)) return xml;
  const scanner = new XmlScanner(`<t>${xml}</t>`);
  scanner.next();
  let text = '';
  for (let token = scanner.next(); token !== 'end'; token = scanner.next()) {
    if (token === 'start') return xml;
    text += scanner.text;
  }
  return text;
}
