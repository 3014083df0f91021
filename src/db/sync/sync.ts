// Pseudo-online sync: documents whose cards are kept page by page as they were, a version a page, and how far each till
// has come. A document that is being made is of no till's concern.
import type { CardStatus } from '../../ledger/card.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { statement, written } from '../statement.ts';

type None = Record<string, never>;

export interface SyncDocument {
  readonly id: number;
  readonly datedAt: LocalDateTime;
  readonly isFull: boolean;
  readonly cards: number;
  /** Null where no card was in it. */
  readonly firstVersion: number | null;
  readonly lastVersion: number | null;
}

type DocumentRow = Omit<SyncDocument, 'isFull'> & { readonly isFull: number };

const insertDocument = statement<{ datedAt: string; isFull: number }, { id: number }>((knex, p) =>
  knex('sync_document')
    .insert({
      dated_at: p.datedAt,
      state: 'making',
      is_full: p.isFull,
      cards: 0,
      first_version: null,
      last_version: null,
    })
    .returning('id'),
);

const lastVersionOfAll = statement<None, { version: number | null }>((knex) =>
  knex('sync_page').max({ version: 'version' }),
);

const insertPage = statement<{ version: number; documentId: number }>((knex, p) =>
  knex('sync_page').insert({ version: p.version, document_id: p.documentId }),
);

type PageParameters = { version: number; afterId: number; limit: number };

/** The register that the stage answers from. */
export type SyncRegister = 'accumulation_balance' | 'billing_balance';

const fillPage = (register: SyncRegister, source: string) =>
  statement<PageParameters>((knex, p) =>
    knex.raw(
      `insert into sync_card (version, card_id, status, bonus, accumulation, receipts)
       select cast(? as bigint), card.id, card.status, coalesce(b.bonus, 0), coalesce(b.accumulation, 0),
         coalesce(b.receipts, 0)
       from ${source} left join ${register} b on b.card_id = card.id
       where card.id > ? order by card.id limit ?`,
      [p.version, p.afterId, p.limit],
    ),
  );

const fillFromAll = {
  accumulation_balance: fillPage('accumulation_balance', 'card'),
  billing_balance: fillPage('billing_balance', 'card'),
} as const;

const insertCard = (register: SyncRegister) =>
  statement<{ version: number; cardId: number }>((knex, p) =>
    knex.raw(
      `insert into sync_card (version, card_id, status, bonus, accumulation, receipts)
       select cast(? as bigint), card.id, card.status, coalesce(b.bonus, 0), coalesce(b.accumulation, 0),
         coalesce(b.receipts, 0)
       from card left join ${register} b on b.card_id = card.id where card.id = ?`,
      [p.version, p.cardId],
    ),
  );

const insertOne = {
  accumulation_balance: insertCard('accumulation_balance'),
  billing_balance: insertCard('billing_balance'),
} as const;

const lastOfPage = statement<{ version: number }, { cardId: number | null }>((knex, p) =>
  knex('sync_card').where('version', p.version).max({ cardId: 'card_id' }),
);

type PostParameters = { id: number; cards: number; firstVersion: number | null; lastVersion: number | null };

const postDocument = statement<PostParameters>((knex, p) =>
  knex('sync_document').where('id', p.id).update({
    state: 'posted',
    cards: p.cards,
    first_version: p.firstVersion,
    last_version: p.lastVersion,
  }),
);

const unfinishedVersion = statement<None, { version: number }>((knex) =>
  knex('sync_page')
    .join('sync_document', 'sync_document.id', 'sync_page.document_id')
    .where('sync_document.state', 'making')
    .select({ version: 'sync_page.version' })
    .limit(1, written),
);

const removeCardsOfPage = statement<{ version: number }>((knex, p) =>
  knex('sync_card').where('version', p.version).delete(),
);

const removePage = statement<{ version: number }>((knex, p) => knex('sync_page').where('version', p.version).delete());

const removeUnfinished = statement<None>((knex) => knex('sync_document').where('state', 'making').delete());

const columns = {
  id: 'id',
  datedAt: 'dated_at',
  isFull: 'is_full',
  cards: 'cards',
  firstVersion: 'first_version',
  lastVersion: 'last_version',
};

const documents = statement<None, DocumentRow>((knex) =>
  knex('sync_document').where('state', 'posted').select(columns).orderBy('id'),
);

export async function insertSyncDocument(trx: Trx, datedAt: LocalDateTime, isFull: boolean): Promise<number> {
  return trx.insert(insertDocument, { datedAt, isFull: isFull ? 1 : 0 });
}

/** The greatest version there is, in making or posted; 0 before the first. */
export async function getLastSyncVersion(trx: Trx): Promise<number> {
  return (await trx.first(lastVersionOfAll, {}))?.version ?? 0;
}

export async function insertSyncPage(trx: Trx, version: number, documentId: number): Promise<void> {
  await trx.change(insertPage, { version, documentId });
}

/** Takes away a page that has turned out to have no card. */
export async function removeSyncPage(trx: Trx, version: number): Promise<void> {
  await trx.change(removePage, { version });
}

/**
 * Puts the next cards behind `afterId` on a page.
 * @returns how many, and the last of them.
 */
export async function fillSyncPage(
  trx: Trx,
  register: SyncRegister,
  page: PageParameters,
): Promise<{ readonly cards: number; readonly lastId: number }> {
  const cards = await trx.change(fillFromAll[register], page);
  return { cards, lastId: (await trx.first(lastOfPage, { version: page.version }))?.cardId ?? page.afterId };
}

/** @returns false for a card that has left the catalog. */
export async function addSyncCard(trx: Trx, register: SyncRegister, version: number, cardId: number): Promise<boolean> {
  return (await trx.change(insertOne[register], { version, cardId })) > 0;
}

/** From here on tills see it. */
export async function postSyncDocument(trx: Trx, posted: PostParameters): Promise<void> {
  await trx.change(postDocument, posted);
}

/**
 * Takes away one page of what a maker that was killed has left; its versions are given again. All at once, a million cards
 * would hold every other writer up for seconds.
 * @returns false where nothing was left any more.
 */
export async function removeUnfinishedPage(trx: Trx): Promise<boolean> {
  const page = await trx.first(unfinishedVersion, {});
  if (page === undefined) return (await trx.change(removeUnfinished, {})) > 0;
  await trx.change(removeCardsOfPage, page);
  await trx.change(removePage, page);
  return true;
}

export async function listSyncDocuments(trx: Trx): Promise<SyncDocument[]> {
  return (await trx.list(documents, {})).map((row) => ({ ...row, isFull: row.isFull === 1 }));
}

const lastPosted = statement<None, { version: number | null }>((knex) =>
  knex('sync_document').where('state', 'posted').max({ version: 'last_version' }),
);

const newestFull = statement<None, { firstVersion: number }>((knex) =>
  knex('sync_document')
    .where({ state: 'posted', is_full: 1 })
    .whereNotNull('first_version')
    .orderBy('first_version', 'desc')
    .limit(1, written)
    .select({ firstVersion: 'first_version' }),
);

/** The last version that tills may have; 0 before the first. */
export async function getPostedVersion(trx: Trx): Promise<number> {
  return (await trx.first(lastPosted, {}))?.version ?? 0;
}

/** Where the newest full document begins; undefined before the first. */
export async function findNewestFull(trx: Trx): Promise<number | undefined> {
  return (await trx.first(newestFull, {}))?.firstVersion;
}

export interface SyncCard extends Measures {
  readonly cardNumber: string;
  readonly status: CardStatus;
}

const cardsOfPage = statement<{ version: number }, SyncCard>((knex, p) =>
  knex('sync_card')
    .join('card', 'card.id', 'sync_card.card_id')
    .where('sync_card.version', p.version)
    .orderBy('sync_card.card_id')
    .select({
      cardNumber: 'card.number',
      status: 'sync_card.status',
      bonus: 'sync_card.bonus',
      accumulation: 'sync_card.accumulation',
      receipts: 'sync_card.receipts',
    }),
);

export function listSyncCards(trx: Trx, version: number): Promise<SyncCard[]> {
  return trx.list(cardsOfPage, { version });
}

/** How far a till has come. */
export interface SyncTill {
  readonly kkm: string;
  readonly fetchedVersion: number;
  readonly fetchedAt: LocalDateTime | null;
  readonly confirmedVersion: number;
  readonly confirmedAt: LocalDateTime | null;
}

const tills = statement<None, SyncTill>((knex) =>
  knex('sync_till').orderBy('kkm').select({
    kkm: 'kkm',
    fetchedVersion: 'fetched_version',
    fetchedAt: 'fetched_at',
    confirmedVersion: 'confirmed_version',
    confirmedAt: 'confirmed_at',
  }),
);

// What a till was once given or has confirmed is never taken back by a call that comes late.
const noteFetch = statement<{ kkm: string; version: number; at: string }>((knex, p) =>
  knex.raw(
    `insert into sync_till (kkm, fetched_version, fetched_at, confirmed_version, confirmed_at) values (?, ?, ?, 0, null)
     on conflict (kkm) do update set fetched_at = excluded.fetched_at, fetched_version = excluded.fetched_version
       where sync_till.fetched_version < excluded.fetched_version`,
    [p.kkm, p.version, p.at],
  ),
);

const noteConfirmation = statement<{ kkm: string; version: number; at: string }>((knex, p) =>
  knex.raw(
    `insert into sync_till (kkm, fetched_version, fetched_at, confirmed_version, confirmed_at) values (?, 0, null, ?, ?)
     on conflict (kkm) do update set confirmed_at = excluded.confirmed_at, confirmed_version = excluded.confirmed_version
       where sync_till.confirmed_version < excluded.confirmed_version`,
    [p.kkm, p.version, p.at],
  ),
);

export function listSyncTills(trx: Trx): Promise<SyncTill[]> {
  return trx.list(tills, {});
}

export async function noteSyncFetch(trx: Trx, kkm: string, version: number, at: LocalDateTime): Promise<void> {
  await trx.change(noteFetch, { kkm, version, at });
}

export async function noteSyncConfirmation(trx: Trx, kkm: string, version: number, at: LocalDateTime): Promise<void> {
  await trx.change(noteConfirmation, { kkm, version, at });
}

/** A shift with receipts that came online and that no report has told. */
export interface UnreportedShift {
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptOn: string;
  readonly receipts: number;
}

type Between = { afterId: number; upToId: number };

const unreported = statement<Between, UnreportedShift>((knex, p) =>
  knex('receipt')
    .leftJoin('department_report as report', (on) =>
      on
        .on('report.kkm', '=', 'receipt.kkm')
        .andOn('report.shift_number', '=', 'receipt.shift_number')
        .andOn('report.report_on', '=', 'receipt.receipt_on'),
    )
    .leftJoin('department_report_receipt as told', (on) =>
      on
        .on('told.report_id', '=', 'report.id')
        .andOn('told.kind', '=', 'receipt.kind')
        .andOn('told.receipt_number', '=', 'receipt.receipt_number'),
    )
    .where('receipt.id', '>', p.afterId)
    .where('receipt.id', '<=', p.upToId)
    .where({ 'receipt.road': 'online', 'receipt.state': 'posted' })
    .whereNull('told.report_id')
    .groupBy('receipt.kkm', 'receipt.shift_number', 'receipt.receipt_on')
    .select({ kkm: 'receipt.kkm', shiftNumber: 'receipt.shift_number', receiptOn: 'receipt.receipt_on' })
    .count({ receipts: 'receipt.id' }),
);

/** Shifts whose report («Отчет отдела») is missing or lacks some of the receipts with ids above one and up to another. */
export function listUnreportedShifts(trx: Trx, afterId: number, upToId: number): Promise<UnreportedShift[]> {
  return trx.list(unreported, { afterId, upToId });
}

const lastReceipt = statement<None, { id: number | null }>((knex) => knex('receipt').max({ id: 'id' }));

/** The greatest id of a receipt; 0 before the first. */
export async function getLastReceiptId(trx: Trx): Promise<number> {
  return (await trx.first(lastReceipt, {}))?.id ?? 0;
}
