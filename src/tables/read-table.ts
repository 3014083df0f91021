// Goes through the rows of a table file, and passes on those that are rows of its table.
import type { TableMistake } from './table-mistake.ts';
import type { TableRow } from './table-row.ts';
import { HeaderMistakes } from './table-header.ts';
import type { TableReader } from './table-reader.ts';

export interface TableWork {
  /** Called for each row of the table, in the order of the file. */
  readonly take: (row: TableRow) => void;
  /** Whether a key that does not have the form of a new one is known all the same. */
  readonly isKnownKey?: ((key: string) => Promise<boolean>) | undefined;
  /** Awaited after each piece of the file, and once more after the last. */
  readonly afterPiece?: () => Promise<void>;
}

/** @throws HeaderMistakes, UnreadableTable */
export async function readTable<F extends string>(
  reader: TableReader<F>,
  pieces: AsyncIterable<readonly TableRow[]>,
  { take, isKnownKey, afterPiece }: TableWork,
): Promise<void> {
  for await (const rows of pieces) {
    for (const row of rows) {
      let sort = reader.classify(row);
      if (sort === 'doubtful') sort = reader.classify(row, (await isKnownKey?.(reader.keyOf(row))) ?? false);
      if (sort === 'data') take(row);
    }
    await afterPiece?.();
  }
  reader.end();
  await afterPiece?.();
}

/** A sheet of a table small enough to be held. */
export interface WholeSheet<F extends string> {
  readonly reader: TableReader<F>;
  read(row: TableRow): void;
  /** After the last row. */
  end?(): void;
}

/**
 * Reads a table whole into a sheet.
 * @returns what is wrong with it, in the order of its lines.
 */
export async function readWholeTable<F extends string>(
  sheet: WholeSheet<F>,
  pieces: AsyncIterable<readonly TableRow[]>,
  isKnownKey?: (key: string) => Promise<boolean>,
): Promise<readonly TableMistake[]> {
  const { reader } = sheet;
  try {
    await readTable(reader, pieces, { take: (row) => sheet.read(row), isKnownKey });
  } catch (reason) {
    if (reason instanceof HeaderMistakes) return reason.mistakes;
    throw reason;
  }
  sheet.end?.();
  return [...reader.mistakes, ...reader.footMistakes].toSorted((a, b) => a.line - b.line);
}
