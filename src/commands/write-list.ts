// A catalog as `list` commands show it: one JSON document, a table, or a line where there is nothing.
import { answer } from './answer.ts';
import type { CommandIo } from './command-io.ts';
import { formatTable } from './format-table.ts';

export interface ShownList<T> {
  readonly entries: readonly T[];
  readonly heading: readonly string[];
  readonly showRow: (entry: T) => readonly string[];
  /** The line where there are none. */
  readonly none: string;
  /** What a machine is given; default: the entries as they are. */
  readonly json?: unknown;
}

/** @returns the exit code: done. */
export function writeList<T>(io: CommandIo, flags: { readonly json: boolean }, list: ShownList<T>): 0 {
  const { entries, heading, showRow, none, json = entries } = list;
  const lines = entries.length === 0 ? none : formatTable(heading, entries.map(showRow));
  return answer(io, flags, { json, lines });
}
