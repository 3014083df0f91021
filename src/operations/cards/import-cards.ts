// «Загрузка дисконтных карт»: adds the cards of a table file, all of them or none, and names every mistake in it.
import { findCard, updateCard, type NewCard } from '../../db/cards/card.ts';
import { insertCardIfNew } from '../../db/cards/card-catalog.ts';
import { listCardKinds } from '../../db/catalogs/card-kind.ts';
import type { Trx } from '../../db/db.ts';
import { isOutOfOrder, listChanged, type CardChange } from './card-change.ts';
import { recordChange } from '../admin/record-change.ts';
import type { Infobase } from '../infobase.ts';
import { CardSheet, type CardColumn, type CardRow } from './read-card-sheet.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import type { TableMistake } from '../../tables/table-mistake.ts';
import type { TableRow } from '../../tables/table-row.ts';
import { knowsCard } from './knows-card.ts';
import { readTable } from '../../tables/read-table.ts';
import { HeaderMistakes } from '../../tables/table-header.ts';
import type { LeftOut } from '../../tables/table-reader.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { writeOrRehearse } from '../rehearse.ts';

export interface ImportCardsOptions {
  /** Kind of new cards whose row names none. */
  readonly kindCode?: string;
  /** Whether a known number is edited: only the columns of the file, where an empty value clears; else a mistake. */
  readonly mayUpdate?: boolean;
  readonly isDryRun?: boolean;
  readonly columns?: ColumnChoice<CardColumn>;
  /** As its owner calls the file, for the log of changes. */
  readonly fileName?: string;
}

export type ImportCardsOutcome =
  | {
      readonly ok: true;
      readonly added: number;
      readonly updated: number;
      readonly unchanged: number;
      readonly leftOut: LeftOut;
    }
  /** `why` where the call itself is wrong, else the mistakes of the file, by line. */
  | { readonly ok: false; readonly why: null; readonly mistakes: readonly TableMistake[] }
  | (Refusal<'kindCode'> & { readonly mistakes: readonly TableMistake[] });

/**
 * Rows of one file: the one transaction that writes them takes about 4 us a card, and a service waits 10 s for the
 * database before it refuses a till.
 */
export const importLimit = 1_000_000;

/**
 * The file is checked whole before anything is written, outside any transaction that writes; then one transaction writes it
 * whole. Tills' writes wait for that one (200,000 cards: about a second); their reads do not.
 */
export async function importCards(
  infobase: Infobase,
  pieces: AsyncIterable<readonly TableRow[]>,
  options: ImportCardsOptions,
): Promise<ImportCardsOutcome> {
  const kinds = await infobase.db.read(listCardKinds);
  const { kindCode } = options;
  if (kindCode !== undefined && !kinds.some(({ code }) => code === kindCode)) {
    const terms = { field: 'kindCode', sort: 'not_found' } as const;
    return { ...refuse(`there is no card kind "${kindCode}"`, terms), mistakes: [] };
  }
  const sheet = new CardSheet(kinds, options.columns);
  const plan = new ImportPlan(sheet, options);
  try {
    await readAll(infobase, plan, pieces);
  } catch (reason) {
    if (reason instanceof HeaderMistakes) return { ok: false, why: null, mistakes: reason.mistakes };
    if (reason instanceof TooManyRows) {
      return { ...refuse(`the file has more than ${importLimit} rows`), mistakes: [] };
    }
    throw reason;
  }
  const mistakes = [...plan.mistakes, ...sheet.reader.footMistakes].toSorted((a, b) => a.line - b.line);
  if (mistakes.length > 0) return { ok: false, why: null, mistakes };
  const isDryRun = options.isDryRun === true;
  const taken = await writeOrRehearse(infobase, isDryRun, (trx) => writePlan(trx, infobase, plan, options)).catch(
    catchTaken,
  );
  if (taken !== undefined) {
    return { ok: false, why: null, mistakes: [knownNumber(sheet, taken.line, taken.number)] };
  }
  const { added, updated, unchanged } = plan;
  const counts = { added: added.length, updated: updated.length, unchanged };
  return { ok: true, ...counts, leftOut: sheet.reader.leftOut };
}

class TooManyRows extends Error {}

/** Rows are checked against the catalog by the piece: no transaction waits for the disk. */
async function readAll(
  infobase: Infobase,
  plan: ImportPlan,
  pieces: AsyncIterable<readonly TableRow[]>,
): Promise<void> {
  const { sheet } = plan;
  let waiting: CardRow[] = [];
  let rows = 0;
  await readTable(sheet.reader, pieces, {
    isKnownKey: knowsCard(infobase),
    take: (row) => {
      rows += 1;
      if (rows > importLimit) throw new TooManyRows();
      waiting.push(sheet.read(row));
    },
    afterPiece: async () => {
      plan.mistakes.push(...sheet.reader.mistakes.splice(0));
      const taken = waiting;
      waiting = [];
      if (taken.length > 0) await infobase.db.read((trx) => plan.take(trx, taken));
    },
  });
}

class ImportPlan {
  readonly added: { readonly line: number; readonly card: NewCard }[] = [];
  readonly updated: { readonly number: string; readonly change: CardChange }[] = [];
  readonly mistakes: TableMistake[] = [];
  unchanged = 0;
  readonly sheet: CardSheet;
  private readonly options: ImportCardsOptions;
  private readonly lineOf = new Map<string, number>();

  constructor(sheet: CardSheet, options: ImportCardsOptions) {
    this.sheet = sheet;
    this.options = options;
  }

  async take(trx: Trx, rows: readonly CardRow[]): Promise<void> {
    const { sheet, options, mistakes } = this;
    for (const row of rows) {
      const { line, number, change } = row;
      mistakes.push(...row.mistakes);
      if (number === null) continue;
      const earlier = this.lineOf.get(number);
      if (earlier === undefined) this.lineOf.set(number, line);
      else {
        const why = `the same number as on line ${earlier}`;
        mistakes.push({ line, column: sheet.reader.titleOf('number'), value: number, why });
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
      else if (known === undefined) this.added.push({ line, card });
      else if (listChanged(known, card).length === 0) this.unchanged += 1;
      else this.updated.push({ number, change });
    }
  }
}

/** What is wrong with the card that the row makes, where every value of the row is right by itself. */
function findCardMistake(sheet: CardSheet, { line }: CardRow, card: NewCard | undefined): TableMistake | undefined {
  if (card === undefined) {
    const why = 'the row names no kind and none is given for the file';
    return { line, column: sheet.reader.titleOf('kind'), value: '', why, reason: 'no_kind' };
  }
  if (!isOutOfOrder(card)) return undefined;
  const why = `earlier than the card's first day, ${card.validFrom}`;
  return { line, column: sheet.reader.titleOf('validTo'), value: card.validTo, why };
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

async function writePlan(
  trx: Trx,
  infobase: Infobase,
  plan: ImportPlan,
  { fileName = '' }: ImportCardsOptions,
): Promise<undefined> {
  for (const { line, card } of plan.added) {
    if (!(await insertCardIfNew(trx, card))) throw new NumberTaken(line, card.number);
  }
  for (const { number, change } of plan.updated) {
    // Read again: what the file does not name may have been edited since the check.
    const known = await findCard(trx, number);
    if (known !== undefined) await updateCard(trx, { ...known, ...change });
  }
  const [added, updated] = [plan.added.length, plan.updated.length];
  if (added + updated > 0) {
    await recordChange(trx, infobase, { subject: 'cards', key: fileName, after: { added, updated } });
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

function knownNumber(sheet: CardSheet, line: number, number: string): TableMistake {
  const why = 'there is a card of this number already';
  return { line, column: sheet.reader.titleOf('number'), value: number, why, reason: 'known_card' };
}
