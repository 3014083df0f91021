// Namespaces and attributes in the tags of a reply. A namespace that is not the wrapper's gets a prefix in the manner of 1C:
// d5p1 is the first one declared by an element at depth 5, the envelope being at depth 1.
import { ReplyDefect } from './write-scalar.ts';
import { escapeAttribute } from './text-escape.ts';

/** Prefixes by namespace. */
export type Scope = ReadonlyMap<string, string>;

const qualifiedName = /^(?:\{([^{}]*)\})?(.*)$/s;

export function splitExpanded(name: string): { readonly namespace: string; readonly local: string } {
  const [, namespace = '', local = ''] = qualifiedName.exec(name)!;
  return { namespace, local };
}

export function withPrefix(scope: Scope, namespace: string, local: string): string {
  return namespace === '' ? local : `${scope.get(namespace)!}:${local}`;
}

export interface Declared {
  readonly scope: Scope;
  /** Declarations, for the tag. */
  readonly written: readonly string[];
}

/** `depth` is that of the element, counted from 0. */
export function declare(outer: Scope, namespaces: Iterable<string>, depth: number): Declared {
  let scope: Map<string, string> | undefined;
  const written: string[] = [];
  for (const namespace of namespaces) {
    if (namespace === '' || (scope ?? outer).has(namespace)) continue;
    const prefix = `d${depth + 1}p${written.length + 1}`;
    scope = (scope ?? new Map(outer)).set(namespace, prefix);
    written.push(`xmlns:${prefix}="${escapeAttribute(namespace)}"`);
  }
  return { scope: scope ?? outer, written };
}

/** The attributes of one element while it is written: some of its namespaces come with its values. */
export class ElementHead {
  private declared: Declared;
  private readonly depth: number;
  private readonly fixed: readonly string[];
  private readonly attributes: string[] = [];

  /** @param fixed attributes that the element always has. */
  constructor(declared: Declared, fixed: readonly string[], depth: number) {
    this.declared = declared;
    this.fixed = fixed;
    this.depth = depth;
  }

  /** A name with the prefix that its namespace has or gets. */
  writeName(expanded: string): string {
    const { namespace, local } = splitExpanded(expanded);
    if (namespace !== '' && !this.declared.scope.has(namespace)) {
      const { scope, written } = this.declared;
      const prefix = `d${this.depth + 1}p${written.length + 1}`;
      this.declared = {
        scope: new Map([...scope, [namespace, prefix]]),
        written: [...written, `xmlns:${prefix}="${escapeAttribute(namespace)}"`],
      };
    }
    return withPrefix(this.declared.scope, namespace, local);
  }

  /** @param name of the attribute, "{namespace}name". */
  add(name: string, value: string): void {
    const written = `${this.writeName(name)}="${escapeAttribute(value)}"`;
    this.attributes.push(written);
  }

  addText(name: string, value: unknown): void {
    if (typeof value !== 'string') throw new ReplyDefect(`attribute ${name}: text is expected, not ${typeof value}`);
    this.add(name, value);
  }

  write(indent: string): string {
    return joinAttributes([...this.declared.written, ...this.fixed, ...this.attributes], indent);
  }
}

/** The first attribute on the element's line, each further one on its own. */
export function joinAttributes(attributes: readonly string[], indent: string): string {
  return attributes.length === 0 ? '' : ` ${attributes.join(indent)}`;
}
