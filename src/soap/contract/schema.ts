// The types of a contract as data: what its XML Schema says, without a trace of how it was written there. The reader and
// the writer are compiled from it.

export type ScalarKind =
  | 'string'
  | 'boolean'
  | 'integer'
  | 'int'
  | 'long'
  | 'decimal'
  | 'double'
  | 'dateTime'
  | 'date'
  | 'time'
  | 'base64Binary'
  | 'hexBinary'
  | 'duration'
  | 'gYearMonth'
  | 'gYear'
  | 'gMonthDay'
  | 'gDay'
  | 'gMonth'
  | 'QName'
  | 'list'
  | 'union';

export type WhiteSpace = 'preserve' | 'replace' | 'collapse';

/** One end of a range. `text` is of the type's own lexical form. */
export interface Bound {
  readonly text: string;
  readonly exclusive: boolean;
}

/** One <pattern>, or several of one restriction, of which one must match. */
export interface Pattern {
  /** As in the schema, for messages. */
  readonly text: string;
  readonly matches: (text: string) => boolean;
}

/** A type whose value is a text. Facets that a restriction inherits are here as well. */
export interface ScalarType {
  readonly kind: ScalarKind;
  /** The only values allowed, if the schema lists them. */
  readonly values?: ReadonlySet<string>;
  /** In characters; of base64Binary and hexBinary in bytes; of a list in items. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly totalDigits?: number;
  readonly fractionDigits?: number;
  readonly least?: Bound;
  readonly most?: Bound;
  /** All must match: each restriction of a chain adds one. */
  readonly patterns?: readonly Pattern[];
  /** Of kind string; absent = preserve. All other kinds are trimmed anyway. */
  readonly whiteSpace?: WhiteSpace;
  /** Of kind list. */
  readonly item?: ScalarType;
  /** Of kind union, in schema order: the first that fits is taken. */
  readonly members?: readonly ScalarType[];
}

/** An element without a type, or of xs:anyType. Its value is the exact XML inside it. */
export interface AnyType {
  readonly kind: 'anyType';
}

export const anyType: AnyType = { kind: 'anyType' };

export interface Field {
  readonly name: string;
  /** '' if the element is unqualified. */
  readonly namespace: string;
  readonly type: ScalarType | ComplexType | AnyType;
  readonly nillable: boolean;
  /** May be absent: minOccurs="0", or inside a choice or an optional group. */
  readonly optional: boolean;
  /** More than one may come, so its value is an array: maxOccurs above 1, or inside a repeated group. */
  readonly repeated: boolean;
  /** minOccurs and maxOccurs of the element itself; most is Infinity if unbounded. */
  readonly least: number;
  readonly most: number;
  readonly default?: string;
  readonly fixed?: string;
}

export interface AttributeField {
  readonly name: string;
  /** '' if the attribute is unqualified. */
  readonly namespace: string;
  readonly type: ScalarType;
  readonly use: 'required' | 'optional' | 'prohibited';
  readonly default?: string;
  readonly fixed?: string;
}

/** The namespaces of xs:any and xs:anyAttribute. */
export interface Wildcard {
  /** The listed namespaces ('' = none), or all but them. */
  readonly namespaces: ReadonlySet<string>;
  readonly except: boolean;
}

/** The content model of a type, as a tree. */
export type Particle = ElementParticle | AnyParticle | GroupParticle;

interface Occurrences {
  readonly least: number;
  /** Infinity if unbounded. */
  readonly most: number;
}

export interface ElementParticle extends Occurrences {
  readonly kind: 'element';
  readonly field: Field;
}

/** xs:any: elements that are kept as XML under the key #any. */
export interface AnyParticle extends Occurrences {
  readonly kind: 'any';
  readonly wildcard: Wildcard;
}

export interface GroupParticle extends Occurrences {
  readonly kind: 'sequence' | 'choice' | 'all';
  readonly particles: readonly Particle[];
}

/** A type with elements or attributes. */
export interface ComplexType {
  /** For messages to people; an anonymous type is named after its element. */
  readonly name: string;
  /** Of the schema that declares it. */
  readonly namespace: string;
  /** All its elements, in schema order, those of its base first. */
  readonly fields: readonly Field[];
  readonly attributes: readonly AttributeField[];
  /** xs:anyAttribute */
  readonly anyAttribute?: Wildcard;
  /** The type of its text (simpleContent); it has no elements then. */
  readonly text?: ScalarType;
  /** Absent if it has no elements. */
  readonly particle?: GroupParticle;
  /** One sequence of elements, each at most once or unbounded, and nothing else: read and written by the fast road. */
  readonly isPlain: boolean;
  readonly isAbstract: boolean;
  /** Named types that extend or restrict it, at any distance: xsi:type may name them. By "{namespace}name". */
  readonly derived: ReadonlyMap<string, ComplexType>;
}

export function isComplex(type: ScalarType | ComplexType | AnyType): type is ComplexType {
  return 'fields' in type;
}

export function isAny(type: ScalarType | ComplexType | AnyType): type is AnyType {
  return !('fields' in type) && type.kind === 'anyType';
}
