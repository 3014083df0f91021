// What the contract says about a reply's elements: the kind of the value, and its type unless xsi:type gives another. Only where the type is a number are two texts one number: a card 0012 is not the card 12.
import type { CanonicalElement } from './canonical.ts';

/** How a value is compared: as it is written, or as a number or a moment. */
export type ValueKind = 'text' | 'integer' | 'decimal' | 'dateTime';

/** A type of the contract: the kind of a simple one, the name and the fields of one with elements of its own. */
export interface ElementType {
  readonly kind?: string;
  readonly name?: string;
  readonly fields?: readonly ElementField[];
}

interface ElementField {
  readonly name: string;
  /** '' if it has none. */
  readonly namespace: string;
  readonly type: ElementType;
}

export interface ReplyTypes {
  readonly namespace: string;
  /** The elements of a reply's Body, by their local names. */
  readonly wrappers: ReadonlyMap<string, ElementType>;
}

export interface ElementTyping {
  readonly kind: ValueKind;
  /** The declared type as xsi:type would name it: "{namespace}name". */
  readonly declared: string;
}

const schemaNamespace = 'http://www.w3.org/2001/XMLSchema';

const kinds: Readonly<Record<string, ValueKind>> = {
  integer: 'integer',
  int: 'integer',
  long: 'integer',
  decimal: 'decimal',
  double: 'decimal',
  dateTime: 'dateTime',
};

/** Elements that the contract does not know have no entry: a fault, a reply of another service. */
export function findTypings(root: CanonicalElement, types: ReplyTypes): Map<CanonicalElement, ElementTyping> {
  const typings = new Map<CanonicalElement, ElementTyping>();
  const typeContent = (element: CanonicalElement, { fields = [] }: ElementType): void => {
    for (const child of element.children) {
      const field = fields.find(({ name, namespace }) => name === child.local && namespace === child.namespace);
      if (field === undefined) continue;
      typings.set(child, describeType(field.type, types.namespace));
      typeContent(child, field.type);
    }
  };
  const search = (element: CanonicalElement): void => {
    const wrapper = element.namespace === types.namespace ? types.wrappers.get(element.local) : undefined;
    if (wrapper === undefined) element.children.forEach(search);
    else typeContent(element, wrapper);
  };
  search(root);
  return typings;
}

function describeType({ kind, name = '' }: ElementType, namespace: string): ElementTyping {
  if (kind === undefined) return { kind: 'text', declared: `{${namespace}}${name}` };
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return { kind: known ?? 'text', declared: `{${schemaNamespace}}${kind}` };
}
