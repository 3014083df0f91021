// Reads the rows of a file of opening balances into the stage, good ones and what is wrong with the others alike.
import { stageMistakes, type StagedMistake } from '../../db/opening/import-mistake.ts';
import { stageRows, type StagedRow } from '../../db/opening/import-stage.ts';
import type { Infobase } from '../infobase.ts';
import { knowsCard } from '../cards/knows-card.ts';
import type { TableMistake } from '../../tables/table-mistake.ts';
import type { TableRow } from '../../tables/table-row.ts';
import type { OpeningSheet } from './read-opening-sheet.ts';
import { readTable } from '../../tables/read-table.ts';

export interface StagedRows {
  /** Of the table, bad ones among them. */
  readonly rows: number;
  readonly badRows: number;
}

/** @throws HeaderMistakes, UnreadableTable */
export async function stageOpeningRows(
  infobase: Infobase,
  sheet: OpeningSheet,
  pieces: AsyncIterable<readonly TableRow[]>,
  onRows: (rows: number) => void,
): Promise<StagedRows> {
  const { reader } = sheet;
  let [rows, badRows, kept] = [0, 0, 0];
  let staged: StagedRow[] = [];
  let mistakes: TableMistake[] = [];
  const keep = async (found: readonly TableMistake[]): Promise<void> => {
    const from = kept;
    kept += found.length;
    if (found.length > 0) await infobase.db.stage((trx) => stageMistakes(trx, found.map(toStaged), from));
  };
  await readTable(reader, pieces, {
    isKnownKey: knowsCard(infobase),
    take: (row) => {
      const read = sheet.read(row);
      rows += 1;
      if (read.row !== undefined) staged.push(read.row);
      else {
        badRows += 1;
        mistakes.push(...read.mistakes);
      }
    },
    afterPiece: async () => {
      // Each of the reader's own is of a row by itself.
      const found = reader.mistakes.splice(0);
      rows += found.length;
      badRows += found.length;
      const taken = staged;
      const wrong = [...found, ...mistakes];
      [staged, mistakes] = [[], []];
      if (taken.length > 0) await infobase.db.stage((trx) => stageRows(trx, taken));
      await keep(wrong);
      onRows(rows);
    },
  });
  await keep(reader.footMistakes);
  return { rows, badRows };
}

function toStaged({ line, column, value, why, reason }: TableMistake): StagedMistake {
  return { line, column, value, why, reason: reason ?? null };
}
