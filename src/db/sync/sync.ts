// Pseudo-online sync: documents whose cards are kept page by page as they were, a version for each page. Tills see a document
// once it is posted.
import type { CardStatus } from '../../ledger/card.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { eachMeasure, measures } from '../measure-sql.ts';
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

const insertInto = `insert into sync_card (version, card_id, status, ${measures})
       select cast(? as bigint), card.id, card.status, ${eachMeasure((measure) => `coalesce(b.${measure}, 0)`)}`;

const fillPage = (register: SyncRegister, source: string) =>
  statement<PageParameters>((knex, p) =>
    knex.raw(
      `${insertInto}
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
      `${insertInto}
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

/** Removes a page on which there is no card. */
export async function removeSyncPage(trx: Trx, version: number): Promise<void> {
  await trx.change(removePage, { version });
}

/**
 * Puts the next cards after `afterId` on a page.
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

/** From now on tills see it. */
export async function postSyncDocument(trx: Trx, posted: PostParameters): Promise<void> {
  await trx.change(postDocument, posted);
}

/**
 * Removes one page of what a process that was killed has left; its versions are given again. All at once, a million cards
 * would delay every other writer by seconds.
 * @returns false where nothing is left.
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
