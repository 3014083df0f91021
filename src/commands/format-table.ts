// Columns of text for a person at a terminal.

/** Without control characters: a till's text must not move the cursor or colour the screen. */
export function toOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** A heading line and the rows, each column as wide as its widest value. */
export function formatTable(heading: readonly string[], given: readonly (readonly string[])[]): string[] {
  const rows = given.map((row) => row.map(toOneLine));
  const widths = heading.map((title, place) => Math.max(title.length, ...rows.map((row) => row[place]?.length ?? 0)));
  const format = (row: readonly string[]): string =>
    row
      .map((value, place) => value.padEnd(widths[place] ?? 0))
      .join('  ')
      .trimEnd();
  return [heading, ...rows].map(format);
}
