// A well-formed SOAP envelope as a tree, and the many ways of writing the same tree down again. Written apart from the
// service's own scanner, and only for envelopes that are known to be good.
export interface EnvelopeNode {
  namespace: string;
  local: string;
  nil: boolean;
  text: string;
  children: EnvelopeNode[];
}

export interface Style {
  /** What stands before the envelope: a declaration, comments, a byte order mark's worth of nothing. */
  readonly prolog: string;
  readonly epilog: string;
  readonly envelopePrefix: string;
  readonly contractPrefix: string;
  /** Where the contract's namespace is declared. */
  readonly declareAt: 'envelope' | 'body' | 'wrapper' | 'each';
  readonly xsiPrefix: string;
  readonly header: (envelopePrefix: string) => string;
  /** Put into the start tag of the envelope, the body, the wrapper, and of the elements below. */
  readonly envelopeAttributes: string;
  readonly bodyAttributes: string;
  readonly wrapperAttributes: string;
  readonly leafAttributes: string;
  readonly quote: '"' | "'";
  readonly equals: string;
  /** Before the end of every tag. */
  readonly tagEnd: string;
  /** Between elements, given their depth. */
  readonly between: (depth: number) => string;
  readonly writeText: (text: string) => string;
  readonly writeEmpty: (name: string, attributes: string) => string;
}

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const plainStyle: Style = {
  prolog: '<?xml version="1.0" encoding="UTF-8"?>',
  epilog: '',
  envelopePrefix: 'soap',
  contractPrefix: 'm',
  declareAt: 'wrapper',
  xsiPrefix: 'xsi',
  header: () => '',
  envelopeAttributes: '',
  bodyAttributes: '',
  wrapperAttributes: '',
  leafAttributes: '',
  quote: '"',
  equals: '=',
  tagEnd: '',
  between: () => '',
  writeText: escapeXml,
  writeEmpty: (name, attributes) => `<${name}${attributes}/>`,
};

function unescapeXml(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (_, name: string) => {
    if (/^#x/i.test(name)) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    return name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : named[name]!;
  });
}

/** The envelope without its header and its declarations. */
export function parseEnvelope(xml: string): EnvelopeNode {
  const root: EnvelopeNode = { namespace: '', local: '', nil: false, text: '', children: [] };
  const stack = [{ node: root, scope: new Map<string, string>() }];
  for (const [token] of xml.replace(/<\?[^]*?\?>/g, '').matchAll(/<[^>]+>|[^<]+/g)) {
    const top = stack.at(-1)!;
    if (token.startsWith('</')) stack.pop();
    else if (!token.startsWith('<')) top.node.text += unescapeXml(token);
    else {
      const [, prefix = '', local = ''] = /^<(?:([^\s:/>]+):)?([^\s/>]+)/.exec(token)!;
      const scope = new Map(top.scope);
      const attributes = [...token.matchAll(/\s([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/g)].map(
        ([, name, value]) => [name!, unescapeXml(value!.slice(1, -1))] as const,
      );
      for (const [name, value] of attributes) {
        if (name === 'xmlns') scope.set('', value);
        else if (name.startsWith('xmlns:')) scope.set(name.slice(6), value);
      }
      const nil = attributes.some(([name, value]) => {
        const [before, after] = name.split(':');
        return after === 'nil' && scope.get(before!) === xsi && /^(true|1)$/.test(value);
      });
      const node = { namespace: scope.get(prefix) ?? '', local, nil, text: '', children: [] };
      top.node.children.push(node);
      if (!token.endsWith('/>')) stack.push({ node, scope });
    }
  }
  const envelope = root.children[0]!;
  envelope.children = envelope.children.filter((child) => child.local === 'Body');
  const clean = (node: EnvelopeNode): void => {
    if (node.children.length > 0 || node.nil) node.text = '';
    node.children.forEach(clean);
  };
  clean(envelope);
  return envelope;
}

export function renderEnvelope(envelope: EnvelopeNode, style: Style): string {
  const { quote, equals, tagEnd, between } = style;
  const attribute = (name: string, value: string) => ` ${name}${equals}${quote}${value}${quote}`;
  const declare = (prefix: string, uri: string) => attribute(prefix === '' ? 'xmlns' : `xmlns:${prefix}`, uri);
  const body = envelope.children[0]!;
  const contract = body.children[0]?.namespace ?? '';

  function attributesOf(node: EnvelopeNode, depth: number): string {
    let text = '';
    const [own, declaredAt] = [style.contractPrefix, style.declareAt];
    if (depth === 0) text += declare(style.envelopePrefix, envelope.namespace) + style.envelopeAttributes;
    if (depth === 1) text += style.bodyAttributes;
    if (depth === 2) text += style.wrapperAttributes;
    const isPlace =
      (depth === 0 && declaredAt === 'envelope') ||
      (depth === 1 && declaredAt === 'body') ||
      (depth === 2 && declaredAt === 'wrapper');
    // A default namespace can only be declared where the elements outside it are no longer to come.
    const late = own === '' && style.envelopePrefix === '' ? depth === 2 : isPlace;
    if (late || (depth >= 2 && declaredAt === 'each')) text += declare(own, contract);
    if (node.nil) text += declare(style.xsiPrefix, xsi) + attribute(`${style.xsiPrefix}:nil`, 'true');
    if (depth > 2 && node.children.length === 0) text += style.leafAttributes;
    return text;
  }

  function render(node: EnvelopeNode, depth: number): string {
    const prefix = depth < 2 ? style.envelopePrefix : style.contractPrefix;
    const name = prefix === '' ? node.local : `${prefix}:${node.local}`;
    const attributes = attributesOf(node, depth);
    if (node.children.length === 0 && node.text === '') return style.writeEmpty(name, attributes + tagEnd);
    const open = `<${name}${attributes}${tagEnd}>`;
    const close = `</${name}${tagEnd}>`;
    if (node.children.length === 0) return open + style.writeText(node.text) + close;
    const header = depth === 0 ? style.header(style.envelopePrefix === '' ? '' : `${style.envelopePrefix}:`) : '';
    const inside = node.children.map((child) => between(depth + 1) + render(child, depth + 1)).join('');
    return open + header + inside + between(depth) + close;
  }

  return style.prolog + render(envelope, 0) + style.epilog;
}

export function mapLeaves(node: EnvelopeNode, change: (text: string, local: string) => string): EnvelopeNode {
  if (node.children.length === 0) return { ...node, text: node.nil ? '' : change(node.text, node.local) };
  return { ...node, children: node.children.map((child) => mapLeaves(child, change)) };
}
