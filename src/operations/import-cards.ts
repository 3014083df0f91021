// «Загрузка дисконтных карт»: adds the cards of a table file, all of them or none, and names every mistake in it.
import { findCard, updateCard, type NewCard } from '../db/card.ts';
import { insertCardIfNew } from '../db/card-catalog.ts';
import { listCardKinds } from '../db/card-kind.ts';
import type { Trx } from '../db/db.ts';
import { isOutOfOrder, listChanged, type CardChange } from './card-change.ts';
import type { Infobase } from './infobase.ts';
import { readCardSheet, type CardRow, type CardSheet } from './read-card-sheet.ts';
import type { CsvMistake, CsvTable } from './read-csv.ts';
import { writeOrRehearse } from './rehearse.ts';

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
  if (table.rowCount > importLimit) {
    return { ok: false, why: `the file has ${table.rowCount} rows; ${importLimit} at most`, mistakes: [] };
  }
  const kinds = await infobase.db.read(listCardKinds);
  const { kindCode, ignoredColumns = [] } = options;
  if (kindCode !== undefined && !kinds.some(({ code }) => code === kindCode)) {
    return { ok: false, why: `there is no card kind "${kindCode}"`, mistakes: [] };
  }
  const read = readCardSheet(table, { kinds, ignoredColumns });
  if (!read.ok) return { ok: false, why: null, mistakes: read.mistakes };
  const plan = await infobase.db.read((trx) => planImport(trx, read.sheet, options));
  if (plan.mistakes.length > 0) return { ok: false, why: null, mistakes: plan.mistakes };
  const isDryRun = options.isDryRun === true;
  const taken = await writeOrRehearse(infobase, isDryRun, (trx) => writePlan(trx, plan)).catch(catchTaken);
  if (taken !== undefined) {
    return { ok: false, why: null, mistakes: [knownNumber(read.sheet, taken.line, taken.number)] };
  }
  const { added, updated } = plan;
  return { ok: true, added: added.length, updated: updated.length, unchanged: plan.unchanged };
}

interface ImportPlan {
  readonly added: readonly { readonly line: number; readonly card: NewCard }[];
  readonly updated: readonly { readonly number: string; readonly change: CardChange }[];
  readonly unchanged: number;
  readonly mistakes: readonly CsvMistake[];
}

async function planImport(trx: Trx, sheet: CardSheet, options: ImportCardsOptions): Promise<ImportPlan> {
  const added: { line: number; card: NewCard }[] = [];
  const updated: { number: string; change: CardChange }[] = [];
  const mistakes: CsvMistake[] = [];
  const lineOf = new Map<string, number>();
  let unchanged = 0;
  for (const row of sheet.rows) {
    const { line, number, change } = row;
    mistakes.push(...row.mistakes);
    if (number === null) continue;
    const earlier = lineOf.get(number);
    if (earlier === undefined) lineOf.set(number, line);
    else {
      const why = `the same number as on line ${earlier}`;
      mistakes.push({ line, column: sheet.titleOf('number'), value: number, why });
      continue;
    }
    const known = await findCard(trx, number);
    const isRefused = known !== undefined && options.mayUpdate !== true;
    if (isRefused) mistakes.push(knownNumber(sheet, line, number));
    if (isRefused || row.mistakes.length > 0) continue;
    const card = known === undefined ? makeCard(number, change, options.kindCode) : { ...known, ...change };
    const mistake = findCardMistake(sheet, row, card);
    if (mistake !== undefined) mistakes.push(mistake);
    else if (card === undefined) continue;
    else if (known === undefined) added.push({ line, card });
    else if (listChanged(known, card).length === 0) unchanged += 1;
    else updated.push({ number, change });
  }
  return { added, updated, unchanged, mistakes };
}

/** What is wrong with the card that the row makes, where every value of the row is right by itself. */
function findCardMistake(sheet: CardSheet, { line }: CardRow, card: NewCard | undefined): CsvMistake | undefined {
  if (card === undefined) {
    const why = 'the row names no kind and none is given for the file';
    return { line, column: sheet.titleOf('kind'), value: '', why };
  }
  if (!isOutOfOrder(card)) return undefined;
  const why = `earlier than the card's first day, ${card.validFrom}`;
  return { line, column: sheet.titleOf('validTo'), value: card.validTo, why };
}

/** Thrown inside the transaction to undo it: another process added the number since the check. */
class NumberTaken extends Error {
  readonly line: number;
  readonly number: string;
  constructor(line: number, number: string) {
    super(`the number ${number} is taken`);
    this.line = line;
    this.number = number;
  }
}

async function writePlan(trx: Trx, plan: ImportPlan): Promise<undefined> {
  for (const { line, card } of plan.added) {
    if (!(await insertCardIfNew(trx, card))) throw new NumberTaken(line, card.number);
  }
  for (const { number, change } of plan.updated) {
    // Read again: what the file does not name may have been edited since the check.
    const known = await findCard(trx, number);
    if (known !== undefined) await updateCard(trx, { ...known, ...change });
  }
  return undefined;
}

function catchTaken(reason: unknown): NumberTaken {
  if (reason instanceof NumberTaken) return reason;
  throw reason;
}

function makeCard(number: string, change: CardChange, fallbackKind: string | undefined): NewCard | undefined {
  const { kindCode = fallbackKind, holder = null, status = 'active', validFrom = null, validTo = null } = change;
  if (kindCode === undefined) return undefined;
  return { number, kindCode, holder, status, validFrom, validTo, note: change.note ?? null };
}

function knownNumber(sheet: CardSheet, line: number, number: string): CsvMistake {
  const why = 'there is a card of this number already';
  return { line, column: sheet.titleOf('number'), value: number, why, remedy: 'update_known' };
}
