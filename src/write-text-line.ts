// A log line for people: "2026-11-22T14:05:00.123Z info request infobase=trade status=200". One record a line, whatever is in
// it; a value that is more than a word stands in quotation marks.

const word = /^[\w!#$%&'()*+,./:;<>?@[\]^`|~а-яА-ЯёЁ№-]+$/;
/** Line ends, and what a terminal would obey. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Nothing of that: told in a tenth of the time that a search by Unicode's classes takes. */
const ordinary = /^[\x20-\x7e\u0400-\u04ff№«»]*$/;

const escape = (one: string): string => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`;

export function writeTextValue(value: string): string {
  return word.test(value) ? value : escapeUnprintable(JSON.stringify(value));
}

function escapeUnprintable(text: string): string {
  return ordinary.test(text) ? text : text.replace(unprintable, escape);
}

/** @param replacer as of JSON.stringify, for values that are objects. */
export function writeTextLine(
  { timestamp, level, message, ...fields }: Readonly<Record<string, unknown>>,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  let line = `${String(timestamp)} ${String(level)} ${String(message)}`;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const text = typeof value === 'string' ? value : (JSON.stringify(value, replacer) ?? '');
    line += ` ${name}=${typeof value === 'object' ? escapeUnprintable(text) : writeTextValue(text)}`;
  }
  return line;
}
