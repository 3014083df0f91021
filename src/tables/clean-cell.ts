// A value of a table without what spreadsheets add to it.

/** Characters that nobody sees: a soft hyphen, zero-width characters, marks of the direction of writing, a byte order mark. */
const unseen = '\\u00AD\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064\\u2066-\\u2069\\uFEFF';
const everyUnseen = new RegExp(`[${unseen}]`, 'g');
const anyAddition = new RegExp(`[='${unseen}]`);

/** Whether any value in a text may have something to be taken off: one look at a whole piece of a file. */
export function mayNeedCleaning(text: string): boolean {
  return anyAddition.test(text);
}

/** `="2900..."` and `'2900...` are ways to keep a number as a text; what they keep is the value. Blanks at the ends go too. */
export function cleanCell(cell: string): string {
  const text = cell.replace(everyUnseen, '').trim();
  if (text.startsWith('="')) {
    const [, kept] = /^="((?:[^"]|"")*)"$/.exec(text) ?? [];
    return kept === undefined ? text : kept.replaceAll('""', '"').trim();
  }
  if (!text.startsWith("'")) return text;
  return text.slice(1, text.length > 1 && text.endsWith("'") ? -1 : undefined).trim();
}
