// The delimiter of a text table, which no file names.

/** The delimiter seen most often in the header, outside quotes; a file of one column has none. */
export function detectDelimiter(text: string): string {
  const header =
    text
      .slice(0, 100_000)
      .replace(/"[^"]*"/g, '')
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? '';
  let best = ';';
  for (const delimiter of [',', '\t']) {
    if (header.split(delimiter).length > header.split(best).length) best = delimiter;
  }
  return best;
}
