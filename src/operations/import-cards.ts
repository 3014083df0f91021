// «Загрузка дисконтных карт»: adds the cards of a table file, all of them or none, and names every mistake in it.
import { findCard, updateCard, type NewCard } from '../db/card.ts';
import { insertCardIfNew } from '../db/card-catalog.ts';
import { listCardKinds } from '../db/card-kind.ts';
import type { Trx } from '../db/db.ts';
import { isOutOfOrder, listChanged } from './card-change.ts';
import type { Infobase } from './infobase.ts';
import { readCardSheet, type CardRow, type CardSheet } from './read-card-sheet.ts';
import type { CsvMistake, CsvTable } from './read-csv.ts';

export interface ImportCardsOptions {
  /** Kind of new cards whose row names none. */
  readonly kindCode?: string;
  /** Whether a known number is edited: only the columns of the file, where an empty value clears; else a mistake. */
  readonly mayUpdate?: boolean;
  readonly isDryRun?: boolean;
  readonly ignoredColumns?: readonly string[];
}

export type ImportCardsOutcome =
  | { readonly ok: true; readonly added: number; readonly updated: number; readonly unchanged: number }
  /** `why` where the call itself is wrong, else the mistakes of the file, by line. */
  | { readonly ok: false; readonly why: string | null; readonly mistakes: readonly CsvMistake[] };

/**
 * Rows of one file: the one transaction that writes them takes about 4 us a card, and a service waits 10 s for the
 * database before it refuses a till.
 */
export const importLimit = 1_000_000;

/**
 * The file is checked whole before anything is written, outside any transaction; then one transaction writes it whole.
 * Tills' writes wait for that one (200,000 cards: about a second); their reads do not.
 */
export async function importCards(
  infobase: Infobase,
  table: CsvTable,
  options: ImportCardsOptions,
): Promise<ImportCardsOutcome> {
  if (table.rows.length > importLimit) {
    return { ok: false, why: `the file has ${table.rows.length} rows; ${importLimit} at most`, mistakes: [] };
  }
  const kinds = await infobase.db.read(listCardKinds);
  const { kindCode, ignoredColumns = [] } = options;
  if (kindCode !== undefined && !kinds.some(({ code }) => code === kindCode)) {
    return { ok: false, why: `there is no card kind "${kindCode}"`, mistakes: [] };
  }
  const sheet = readCardSheet(table, { kinds, ignoredColumns });
  const plan = await infobase.db.read((trx) => planImport(trx, sheet, options));
  const mistakes = [...sheet.mistakes, ...plan.mistakes].toSorted((a, b) => a.line - b.line);
  if (mistakes.length > 0) return { ok: false, why: null, mistakes };
  if (options.isDryRun !== true) {
    const taken = await infobase.db.write((trx) => writePlan(trx, plan)).catch(catchTaken);
    if (taken !== undefined) return { ok: false, why: null, mistakes: [knownNumber(sheet, taken.row)] };
  }
  const { added, updated } = plan;
  return { ok: true, added: added.length, updated: updated.length, unchanged: plan.unchanged };
}

interface ImportPlan {
  readonly added: readonly { readonly row: CardRow; readonly card: NewCard }[];
  readonly updated: readonly CardRow[];
  readonly unchanged: number;
  readonly mistakes: readonly CsvMistake[];
}

async function planImport(trx: Trx, sheet: CardSheet, options: ImportCardsOptions): Promise<ImportPlan> {
  const added: { row: CardRow; card: NewCard }[] = [];
  const updated: CardRow[] = [];
  const mistakes: CsvMistake[] = [];
  let unchanged = 0;
  for (const row of sheet.rows) {
    const known = await findCard(trx, row.number);
    if (known !== undefined && options.mayUpdate !== true) {
      mistakes.push(knownNumber(sheet, row));
      continue;
    }
    if (!row.isWhole) continue;
    const card = known === undefined ? makeCard(row, options.kindCode) : { ...known, ...row.change };
    if (card === undefined) {
      const why = 'the row names no kind and none is given for the file';
      mistakes.push({ line: row.line, column: sheet.titleOf('kind'), value: '', why });
    } else if (isOutOfOrder(card)) {
      const why = `earlier than the card's first day, ${card.validFrom}`;
      mistakes.push({ line: row.line, column: sheet.titleOf('validTo'), value: card.validTo, why });
    } else if (known === undefined) added.push({ row, card });
    else if (listChanged(known, card).length === 0) unchanged += 1;
    else updated.push(row);
  }
  return { added, updated, unchanged, mistakes };
}

/** Thrown inside the transaction to undo it: another process added the number since the check. */
class NumberTaken extends Error {
  readonly row: CardRow;
  constructor(row: CardRow) {
    super(`the number ${row.number} is taken`);
    this.row = row;
  }
}

async function writePlan(trx: Trx, plan: ImportPlan): Promise<undefined> {
  for (const { row, card } of plan.added) {
    if (!(await insertCardIfNew(trx, card))) throw new NumberTaken(row);
  }
  for (const row of plan.updated) {
    // Read again: what the file does not name may have been edited since the check.
    const known = await findCard(trx, row.number);
    if (known !== undefined) await updateCard(trx, { ...known, ...row.change });
  }
  return undefined;
}

function catchTaken(reason: unknown): NumberTaken {
  if (reason instanceof NumberTaken) return reason;
  throw reason;
}

function makeCard(row: CardRow, fallbackKind: string | undefined): NewCard | undefined {
  const kindCode = row.change.kindCode ?? fallbackKind;
  if (kindCode === undefined) return undefined;
  const blank = { holder: null, status: 'active', validFrom: null, validTo: null, note: null } as const;
  return { ...blank, ...row.change, number: row.number, kindCode };
}

function knownNumber(sheet: CardSheet, row: CardRow): CsvMistake {
  const why = 'there is a card of this number already (--update edits it)';
  return { line: row.line, column: sheet.titleOf('number'), value: row.number, why };
}
