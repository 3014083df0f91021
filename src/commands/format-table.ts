// Columns of text for a person at a terminal.

/** A heading line and the rows, each column as wide as its widest value; numbers are right-aligned by the caller. */
export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heading.map((title, place) => Math.max(title.length, ...rows.map((row) => row[place]?.length ?? 0)));
  const format = (row: readonly string[]): string =>
    row
      .map((value, place) => value.padEnd(widths[place] ?? 0))
      .join('  ')
      .trimEnd();
  return [heading, ...rows].map(format);
}
