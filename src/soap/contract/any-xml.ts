// XML that is kept as it was sent: the content of an element without a type, and elements where the schema allows any. The
// piece stands by itself: the prefixes that it uses and that are declared outside are declared on its elements.
import { XmlError } from './lexer.ts';
import type { Wildcard } from './schema.ts';
import { XmlScanner } from './scanner.ts';
import { escapeAttribute } from './text-escape.ts';

const quoted = /"[^"]*"|'[^']*'/g;
const valuePrefix = /^["']?\s*([^\s:<>&"'=/]+):/;

/** Prefixes of the names in a tag, '' for its own name without one, and those that values seem to begin with. */
function listPrefixes(tag: string): string[] {
  const names = tag.replace(quoted, '""');
  const used = [...names.matchAll(/[<\s]([^\s<>/=:"]+):/g)].map(([, prefix]) => prefix!);
  if (!/^<[^\s/>]+:/.test(tag)) used.push('');
  for (const [value] of tag.matchAll(quoted)) {
    const found = valuePrefix.exec(value);
    if (found !== null) used.push(found[1]!);
  }
  return used;
}

/** The element just opened, with its tags; the scanner is after it. */
export function captureElement(scanner: XmlScanner): string {
  const { depth, tagStart, tagNameEnd } = scanner;
  const outer = scanner.countOuterDeclarations();
  const declarations = new Map<string, string>();
  const use = (prefix: string): void => {
    const namespace = scanner.findOuterNamespace(prefix, outer);
    if (namespace !== undefined) declarations.set(prefix, namespace);
  };
  for (let token: string = 'start'; token !== 'end' || scanner.depth >= depth; token = scanner.next()) {
    if (token === 'start') listPrefixes(scanner.xml.slice(scanner.tagStart, scanner.position)).forEach(use);
    else if (token === 'text') {
      const found = valuePrefix.exec(scanner.text);
      if (found !== null) use(found[1]!);
    }
  }
  const written = [...declarations].map(
    ([prefix, uri]) => ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeAttribute(uri)}"`,
  );
  const { xml, position } = scanner;
  return xml.slice(tagStart, tagNameEnd) + written.join('') + xml.slice(tagNameEnd, position);
}

/** What is inside the element just opened; the scanner is after its end. */
export function captureInside(scanner: XmlScanner): string {
  const start = scanner.position;
  let from = start;
  let inside = '';
  for (let token = scanner.next(); token !== 'end'; token = scanner.next()) {
    if (token !== 'start') continue;
    inside += scanner.xml.slice(from, scanner.tagStart);
    inside += captureElement(scanner);
    from = scanner.position;
  }
  // An empty element has no end tag of its own.
  if (scanner.position === start) return '';
  return inside + scanner.xml.slice(from, scanner.xml.lastIndexOf('</', scanner.position - 1));
}

/** @returns what is wrong with it; undefined if it can stand inside any element. */
export function findFault(inside: string): string | undefined {
  const scanner = new XmlScanner(`<a>${inside}</a>`);
  try {
    while (scanner.next() !== 'done');
    return undefined;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return error.message;
  }
}

export function isAllowedBy({ namespaces, except }: Wildcard, namespace: string): boolean {
  return namespaces.has(namespace) !== except;
}
