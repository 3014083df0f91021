// What a text says: a value, or what was expected in its place.

export interface Unread {
  readonly ok: false;
  readonly expected: string;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | Unread;

const limit = 10_000;

/** The same for a column in which a file repeats a few texts millions of times. */
export function rememberParsed<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let parsed = known.get(text);
    if (parsed === undefined) {
      parsed = parse(text);
      if (known.size < limit) known.set(text, parsed);
    }
    return parsed;
  };
}
