// A date written as text in a form of its own, "DD.MM.YYYY HH:mm:ss": read to the text of the schema's dateTime and written
// back from it.

const parts = {
  YYYY: { digits: '(\\d{4})', start: 0, end: 4 },
  MM: { digits: '(\\d{2})', start: 5, end: 7 },
  DD: { digits: '(\\d{2})', start: 8, end: 10 },
  HH: { digits: '(\\d{2})', start: 11, end: 13 },
  mm: { digits: '(\\d{2})', start: 14, end: 16 },
  ss: { digits: '(\\d{2})', start: 17, end: 19 },
} as const;

type Part = keyof typeof parts;

const partNames = /YYYY|MM|DD|HH|mm|ss/g;
const midnight = '0001-01-01T00:00:00';

export interface DateForm {
  /** "05.03.2024" -> "2024-03-05T00:00:00"; undefined if it is not of the form. The calendar is not checked. */
  readonly read: (text: string) => string | undefined;
  /** @param at "2024-03-05T10:11:12". */
  readonly write: (at: string) => string;
}

/** @throws Error if the form names no part of a date, or one twice. */
export function compileDateForm(form: string): DateForm {
  const found = form.match(partNames) as Part[] | null;
  if (found === null) throw new Error(`form "${form}": expected YYYY, MM, DD, HH, mm and ss with what is between them`);
  const twice = found.find((part, index) => found.indexOf(part) !== index);
  if (twice !== undefined) throw new Error(`form "${form}" has ${twice} twice`);
  const between = form.split(partNames).map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  const pattern = found.reduce((all, part, index) => all + parts[part].digits + between[index + 1]!, between[0]!);
  const matcher = new RegExp(`^${pattern}$`);
  return {
    read(text) {
      const match = matcher.exec(text);
      if (match === null) return undefined;
      let at = midnight;
      for (const [index, part] of found.entries()) {
        const { start, end } = parts[part];
        at = at.slice(0, start) + match[index + 1]! + at.slice(end);
      }
      return at;
    },
    write: (at) => form.replace(partNames, (part) => at.slice(parts[part as Part].start, parts[part as Part].end)),
  };
}
