// The values of a request or a reply as they are on the wire: exact text, keyed by the names of the schema.
export type WireValue = string | null | CData | WireTree | readonly WireValue[];

/** A text of a reply that is written as CDATA, not with its special characters escaped. */
export class CData {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An absent key is an absent element; null is xsi:nil. */
export interface WireTree {
  readonly [name: string]: WireValue;
}
