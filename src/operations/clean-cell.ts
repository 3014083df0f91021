// A value of a table without what spreadsheets add to it.

/** Signs that nobody sees: a soft hyphen, zero-width signs, marks of the direction of writing, a byte order mark. */
const unseen = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/;
const everyUnseen = new RegExp(unseen.source, 'g');

/** `="2900..."` and `'2900...` are ways to keep a number as a text; what they keep is the value. Blanks at the ends go too. */
export function cleanCell(cell: string): string {
  if (isPlain(cell)) return cell;
  const text = (unseen.test(cell) ? cell.replace(everyUnseen, '') : cell).trim();
  const first = text.charCodeAt(0);
  if (first === equalsSign) {
    const [, kept] = /^="((?:[^"]|"")*)"$/.exec(text) ?? [];
    return kept === undefined ? text : kept.replaceAll('""', '"').trim();
  }
  if (first !== apostrophe) return text;
  return text.slice(1, text.length > 1 && text.endsWith("'") ? -1 : undefined).trim();
}

const equalsSign = 0x3d;
const apostrophe = 0x27;

/** Most cells are figures, and a look at each sign is several times faster than two patterns. */
function isPlain(cell: string): boolean {
  const first = cell.charCodeAt(0);
  if (first <= 0x20 || first === equalsSign || first === apostrophe) return false;
  for (let at = 1; at < cell.length; at += 1) if (cell.charCodeAt(at) > 0x7e) return false;
  return !(first > 0x7e) && cell.charCodeAt(cell.length - 1) > 0x20;
}
