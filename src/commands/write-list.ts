// A catalog as `list` commands tell it: one JSON document, a table, or a line where there is nothing.
import type { CommandIo } from './command-io.ts';
import { formatTable } from './format-table.ts';

export interface ShownList<T> {
  readonly entries: readonly T[];
  readonly heading: readonly string[];
  readonly showRow: (entry: T) => readonly string[];
  /** The line where there are none. */
  readonly none: string;
}

/** @param isJson the entries as they are, instead of lines. */
export function writeList<T>(io: CommandIo, isJson: boolean, { entries, heading, showRow, none }: ShownList<T>): void {
  if (isJson) io.out(JSON.stringify(entries, null, 2));
  else if (entries.length === 0) io.out(none);
  else for (const line of formatTable(heading, entries.map(showRow))) io.out(line);
}
