// The common language of contracts: a command with its fields, and an answer with its own, all as text in the forms of the
// default contract (sums in rubles, dates of XML Schema), each under the name that the command has for it.

/** null is no value. */
export type Told = string | null | ToldFields | readonly Told[];

export interface ToldFields {
  readonly [field: string]: Told;
}

export interface ToldCall {
  readonly command: string;
  readonly fields: ToldFields;
}

/** A tree of the wire, or of a document in a string of it. */
export interface Tree {
  [name: string]: Told | Tree | readonly Tree[];
}

export const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';
export const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;
export type Version = keyof typeof envelopes;
export const versions = ['1.1', '1.2'] as const;
