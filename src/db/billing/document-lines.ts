// The lines of a document, a card each: what it has moved, and under billing what it has accrued to which date.
import type { MeasureName } from '../../ledger/account.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { measures, namedMeasureSums } from '../measure-sql.ts';
import { statement, type Statement } from '../statement.ts';

export interface DocumentLine extends Measures {
  readonly cardId: number;
  readonly cardNumber: string;
  /** 1 in «Накопления», where a document has one line of a card. */
  readonly line: number;
  readonly bonusAfter: number;
  readonly reason: string | null;
  /** S(T) of each measure that a night took something of; otherwise null. */
  readonly covered: Readonly<Record<MeasureName, number | null>>;
}

type LineRow = Omit<DocumentLine, 'covered'> & {
  readonly coveredBonus: number | null;
  readonly coveredAccumulation: number | null;
  readonly coveredReceipts: number | null;
};

type PageParameters = { documentId: number; cardId: number; line: number; limit: number };

interface LineSource {
  readonly table: string;
  /** Columns that the registers do not share. */
  readonly own: string;
  /** The lines after the one asked for, and their order. */
  readonly after: string;
  readonly order: string;
}

const sources = {
  accumulation: {
    table: 'accumulation_movement',
    own: `1 as line, cast(null as text) as reason, cast(null as bigint) as "coveredBonus",
      cast(null as bigint) as "coveredAccumulation", cast(null as bigint) as "coveredReceipts"`,
    after: 'm.card_id > ? and 1 >= ?',
    order: 'm.card_id',
  },
  billing: {
    table: 'billing_movement',
    own: `m.line as line, m.reason as reason, m.covered_bonus as "coveredBonus",
      m.covered_accumulation as "coveredAccumulation", m.covered_receipts as "coveredReceipts"`,
    after: '(m.card_id, m.line) > (?, ?)',
    order: 'm.card_id, m.line',
  },
} as const satisfies Readonly<Record<string, LineSource>>;

const linePage = ({ table, own, after, order }: LineSource): Statement<PageParameters, LineRow> =>
  statement((knex, p) =>
    knex.raw(
      `select m.card_id as "cardId", card.number as "cardNumber", m.bonus as bonus, m.accumulation as accumulation,
              m.receipts as receipts, m.bonus_after as "bonusAfter", ${own}
         from ${table} m join card on card.id = m.card_id
         where m.document_id = ? and ${after} order by ${order} limit ?`,
      [p.documentId, p.cardId, p.line, p.limit],
    ),
  );

const pages = { accumulation: linePage(sources.accumulation), billing: linePage(sources.billing) } as const;
type Register = keyof typeof pages;

/** A line of a document; the first line comes after `beforeFirst`. */
export interface LinePlace {
  readonly cardId: number;
  readonly line: number;
}

export const beforeFirst: LinePlace = { cardId: 0, line: 0 };

export interface DocumentPlace {
  readonly register: Register;
  readonly id: number;
}

/** The next lines after that place, by card. */
export async function listDocumentLines(
  trx: Trx,
  { register, id }: DocumentPlace,
  after: LinePlace,
  limit: number,
): Promise<DocumentLine[]> {
  const rows = await trx.list(pages[register], { documentId: id, ...after, limit });
  return rows.map(({ coveredBonus, coveredAccumulation, coveredReceipts, ...row }) => ({
    ...row,
    covered: { bonus: coveredBonus, accumulation: coveredAccumulation, receipts: coveredReceipts },
  }));
}

type SumParameters = { documentId: number; afterCardId: number; toCardId: number };

const bounds = (table: string): Statement<{ documentId: number }, { first: number | null; last: number | null }> =>
  statement((knex, p) =>
    knex(table).where('document_id', p.documentId).min({ first: 'card_id' }).max({ last: 'card_id' }),
  );

const sums = (table: string): Statement<SumParameters, { count: number } & { [M in MeasureName]: number | null }> =>
  statement((knex, p) =>
    knex(table)
      .where('document_id', p.documentId)
      .where('card_id', '>', p.afterCardId)
      .where('card_id', '<=', p.toCardId)
      .select(knex.raw(`count(*) as count, ${namedMeasureSums}`)),
  );

const totals = {
  accumulation: { bounds: bounds(sources.accumulation.table), sums: sums(sources.accumulation.table) },
  billing: { bounds: bounds(sources.billing.table), sums: sums(sources.billing.table) },
} as const;

/** The ids of the first and the last card that the document has a line of; undefined if it has none. */
export async function findCardBounds(
  trx: Trx,
  { register, id }: DocumentPlace,
): Promise<{ readonly first: number; readonly last: number } | undefined> {
  const found = await trx.first(totals[register].bounds, { documentId: id });
  return found === undefined || found.first === null || found.last === null
    ? undefined
    : { first: found.first, last: found.last };
}

/** How many lines the cards with ids up to `toCardId` have, and what they add up to. */
export async function sumDocumentLines(
  trx: Trx,
  { register, id }: DocumentPlace,
  afterCardId: number,
  toCardId: number,
): Promise<Measures & { readonly count: number }> {
  const row = await trx.first(totals[register].sums, { documentId: id, afterCardId, toCardId });
  return {
    count: row?.count ?? 0,
    bonus: row?.bonus ?? 0,
    accumulation: row?.accumulation ?? 0,
    receipts: row?.receipts ?? 0,
  };
}

type OfLineParameters = { documentId: number; cardId: number };

const accruals = statement<OfLineParameters, Measures & { readonly writeOffOn: LocalDate }>((knex, p) =>
  knex('accrual_movement')
    .where({ document_id: p.documentId, card_id: p.cardId })
    .orderBy('write_off_on')
    .select(knex.raw(`write_off_on as "writeOffOn", ${measures}`)),
);

type DelayedRow = Measures & { readonly creditOn: LocalDate; readonly writeOffOn: LocalDate };

const delayed = statement<OfLineParameters, DelayedRow>((knex, p) =>
  knex('pending_movement')
    .where({ document_id: p.documentId, card_id: p.cardId })
    .orderBy(['credit_on', 'write_off_on', 'source'])
    .select(knex.raw(`credit_on as "creditOn", write_off_on as "writeOffOn", ${measures}`)),
);

/** What a document of billing has posted to «Обороты начислений» for one card, by write-off date. */
export function listAccrualsOfLine(
  trx: Trx,
  documentId: number,
  cardId: number,
): Promise<(Measures & { readonly writeOffOn: LocalDate })[]> {
  return trx.list(accruals, { documentId, cardId });
}

/** What it has left to be credited later, or has taken back of that. */
export function listDelayedOfLine(trx: Trx, documentId: number, cardId: number): Promise<DelayedRow[]> {
  return trx.list(delayed, { documentId, cardId });
}

const importerOf = (column: string): Statement<{ id: number }, { madeBy: string | null; fileName: string }> =>
  statement((knex, p) =>
    knex('import_run').where(column, p.id).select({ madeBy: 'made_by', fileName: 'file_name' }).orderBy('id'),
  );

const importers = { accumulation: importerOf('document_id'), billing: importerOf('billing_document_id') } as const;

const fileOf = statement<{ id: number }, { fileName: string }>((knex, p) =>
  knex('document_file').where('billing_document_id', p.id).select({ fileName: 'file_name' }),
);

/** The file that a document came from, and who brought it in, where that is known. */
export async function findDocumentSource(
  trx: Trx,
  { register, id }: DocumentPlace,
): Promise<{ readonly fileName: string | null; readonly madeBy: string | null }> {
  const imported = await trx.first(importers[register], { id });
  if (imported !== undefined) return imported;
  const file = register === 'billing' ? await trx.first(fileOf, { id }) : undefined;
  return { fileName: file?.fileName ?? null, madeBy: null };
}
