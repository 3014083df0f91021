// How the text of a setting is read: its value, or what was expected instead.

/** Parses a text, or throws the words for "expected ...". */
export type Parse<T> = (text: string) => T;

export class Expected extends Error {
  /** The text must not be shown. */
  readonly isSecret: boolean;
  constructor(expected: string, isSecret = false) {
    super(expected);
    this.isSecret = isSecret;
  }
}

export const parseCount =
  (least: number, greatest: number): Parse<number> =>
  (text) => {
    const isCount = /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= greatest;
    if (!isCount) throw new Expected(`a whole number from ${least} to ${greatest}`);
    return Number(text);
  };

export const parseSize: Parse<number> = (text) => {
  const match = /^(\d{1,9})(b|kb|mb|gb)?$/i.exec(text.trim());
  if (match === null) throw new Expected('a size such as 2mb or 512kb');
  const powers: Record<string, number> = { b: 0, kb: 1, mb: 2, gb: 3 };
  const bytes = Number(match[1]) * 1024 ** (powers[(match[2] ?? 'b').toLowerCase()] ?? 0);
  if (bytes < 1024 || bytes > 256 * 1024 ** 2) throw new Expected('a size between 1kb and 256mb');
  return bytes;
};

export const parseTimeZone: Parse<string> = (text) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new Expected('a time zone such as Europe/Moscow');
  }
};

export const parseUrl: Parse<string> = (text) => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Expected('a URL such as https://shop.example');
  }
  return text.replace(/\/+$/, '');
};

export const parseOneOf =
  (values: readonly string[]): Parse<string> =>
  (text) => {
    if (!values.includes(text)) throw new Expected(`one of: ${values.join(', ')}`);
    return text;
  };

export const parseText: Parse<string> = (value) => value;
