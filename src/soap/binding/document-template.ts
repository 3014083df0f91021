// The form of an XML document that travels inside a string, taken from an example of it: names, order, and which elements
// come more than once.
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { escapeAttribute } from '../contract/text-escape.ts';
import type { AttributeField, ComplexType, Field, ScalarType } from '../contract/schema.ts';

export interface TemplateNode {
  /** As in the example, with its prefix. */
  readonly tag: string;
  readonly local: string;
  /** Declarations of namespaces, as text with a blank before each. */
  readonly declarations: string;
  readonly attributes: readonly { readonly tag: string; readonly local: string }[];
  readonly children: readonly TemplateNode[];
  readonly isList: boolean;
  /** Neither attributes nor elements inside: its value is a text. */
  readonly isText: boolean;
  /** Whether an element with attributes has a text as well: the example shows one. */
  readonly hasText: boolean;
}

export interface DocumentTemplate {
  readonly root: TemplateNode;
  /** '' if the example has none. */
  readonly declaration: string;
  /** What stands before an element of the first level: a line end with a blank or a tab, or ''. */
  readonly lineBreak: string;
  /** The document as a type: its one field is the root. */
  readonly type: ComplexType;
}

interface OpenNode {
  readonly tag: string;
  readonly local: string;
  declarations: string;
  readonly attributes: Map<string, string>;
  readonly children: Map<string, OpenNode>;
  isList: boolean;
  hasText: boolean;
}

const text: ScalarType = { kind: 'string' };

/**
 * @param lists paths of elements that stand once in the example and may come more than once: "Check/Line".
 * @throws Error if the example is not XML, or a list is not in it.
 */
export function readDocumentTemplate(example: string, lists: readonly string[]): DocumentTemplate {
  const document = readExample(example);
  for (const list of lists) findNode(document, list).isList = true;
  const [root] = document.children.values();
  if (root === undefined) throw new Error('the example has no element');
  const node = close(root);
  return {
    root: node,
    declaration: /^\s*(<\?xml\s[^>]*\?>)/.exec(example)?.[1] ?? '',
    lineBreak: /^[^>]*>(\r?\n[ \t]*)</.exec(example.slice(example.indexOf(`<${root.tag}`)))?.[1] ?? '',
    type: makeType(node.local, [makeField(node, false)], []),
  };
}

function openNode(tag: string): OpenNode {
  const local = tag.slice(tag.indexOf(':') + 1);
  return { tag, local, declarations: '', attributes: new Map(), children: new Map(), isList: false, hasText: false };
}

function readExample(example: string): OpenNode {
  const document = openNode('');
  const open = [document];
  // How often each child has come in the element that is open now.
  const counts: Map<string, number>[] = [new Map()];
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => {
    throw new Error(error.message);
  });
  parser.on('opentag', (tag: SaxesTagPlain) => {
    const outer = open.at(-1)!;
    const node = outer.children.get(tag.name) ?? openNode(tag.name);
    outer.children.set(tag.name, node);
    const count = (counts.at(-1)!.get(tag.name) ?? 0) + 1;
    counts.at(-1)!.set(tag.name, count);
    if (count > 1) node.isList = true;
    for (const [name, value] of Object.entries(tag.attributes)) {
      if (name !== 'xmlns' && !name.startsWith('xmlns:')) node.attributes.set(name, name.slice(name.indexOf(':') + 1));
      else if (!node.declarations.includes(` ${name}=`)) node.declarations += ` ${name}="${escapeAttribute(value)}"`;
    }
    open.push(node);
    counts.push(new Map());
  });
  parser.on('text', (content) => {
    if (content.trim() !== '') open.at(-1)!.hasText = true;
  });
  parser.on('cdata', () => {
    open.at(-1)!.hasText = true;
  });
  parser.on('closetag', () => {
    open.pop();
    counts.pop();
  });
  parser.write(example).close();
  return document;
}

function findNode(document: OpenNode, path: string): OpenNode {
  let node: OpenNode | undefined = document;
  for (const step of path.split('/')) node = [...(node?.children.values() ?? [])].find(({ local }) => local === step);
  if (node === undefined) throw new Error(`the example has no element ${path}`);
  return node;
}

function close(node: OpenNode): TemplateNode {
  const attributes = [...node.attributes].map(([tag, local]) => ({ tag, local }));
  const children = [...node.children.values()].map(close);
  const isText = attributes.length === 0 && children.length === 0;
  const hasText = !isText && children.length === 0 && node.hasText;
  const { tag, local, declarations, isList } = node;
  return { tag, local, declarations, attributes, children, isList, isText, hasText };
}

function makeField(node: TemplateNode, isInside: boolean): Field {
  const { local, isList, isText } = node;
  return {
    name: local,
    namespace: '',
    type: isText ? text : makeStructure(node),
    nillable: false,
    optional: isInside,
    repeated: isList,
    least: isInside ? 0 : 1,
    most: isList ? Infinity : 1,
  };
}

function makeStructure({ local, attributes, children, hasText }: TemplateNode): ComplexType {
  const own = attributes.map(({ local: name }): AttributeField => ({
    name,
    namespace: '',
    type: text,
    use: 'optional',
  }));
  const fields = children.map((child) => makeField(child, true));
  return { ...makeType(local, fields, own), ...(hasText ? { text } : {}) };
}

function makeType(name: string, fields: readonly Field[], attributes: readonly AttributeField[]): ComplexType {
  return { name, namespace: '', fields, attributes, isPlain: false, isAbstract: false, derived: new Map() };
}
