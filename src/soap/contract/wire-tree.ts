// The values of a request or a reply as they are on the wire: exact text, keyed by the names of the schema.
export type WireValue = string | null | WireTree | readonly WireValue[];

/** An absent key is an absent element; null is xsi:nil. */
export interface WireTree {
  readonly [name: string]: WireValue;
}
