// Switching billing on over live history: how far it has come, and the documents to post again in their order, each with
// its state. The rows stay when it is finished, for an operator to look at.
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement, written } from '../statement.ts';

/** opening: the base is still in stage online; posting: balances are opened, documents and nights are under way. */
export type EnablingPhase = 'opening' | 'posting' | 'done';

export interface Enabling {
  readonly startOn: LocalDate;
  readonly phase: EnablingPhase;
  /** Whether the runner is asked to stop after its step. */
  readonly isPaused: boolean;
  /** Number of documents to post again; 0 before they are listed. */
  readonly documents: number;
  /** «Ввод начальных остатков»; null if no card had a sum. */
  readonly openingDocumentId: number | null;
  readonly beganAt: LocalDateTime;
  readonly finishedAt: LocalDateTime | null;
  /** Of the latest run, by the machine's clock: when it began, when its last step ended, what it has posted. */
  readonly runBeganMs: number;
  readonly runLastStepMs: number;
  readonly runPosted: number;
}

type None = Record<string, never>;
type Row = Omit<Enabling, 'isPaused'> & { readonly isPaused: number };

const row = statement<None, Row>((knex) =>
  knex('enabling').select({
    startOn: 'start_on',
    phase: 'phase',
    isPaused: 'is_paused',
    documents: 'documents',
    openingDocumentId: 'opening_document_id',
    beganAt: 'began_at',
    finishedAt: 'finished_at',
    runBeganMs: 'run_began_ms',
    runLastStepMs: 'run_turned_ms',
    runPosted: 'run_posted',
  }),
);

const insert = statement<{ startOn: string; beganAt: string; nowMs: number }>((knex, p) =>
  knex('enabling').insert({
    id: 1,
    start_on: p.startOn,
    phase: 'opening',
    is_paused: 0,
    documents: 0,
    opening_document_id: null,
    began_at: p.beganAt,
    finished_at: null,
    run_began_ms: p.nowMs,
    run_turned_ms: p.nowMs,
    run_posted: 0,
  }),
);

const pause = statement<{ isPaused: number }>((knex, p) => knex('enabling').update({ is_paused: p.isPaused }));

const beginRun = statement<{ nowMs: number }>((knex, p) =>
  knex('enabling').update({ is_paused: 0, run_began_ms: p.nowMs, run_turned_ms: p.nowMs, run_posted: 0 }),
);

const countStep = statement<{ nowMs: number; posted: number }>((knex, p) =>
  knex('enabling').update({ run_turned_ms: p.nowMs, run_posted: knex.raw('run_posted + ?', [p.posted]) }),
);

const beginPosting = statement<{ documents: number; openingDocumentId: number | null }>((knex, p) =>
  knex('enabling').update({
    phase: 'posting',
    documents: p.documents,
    opening_document_id: p.openingDocumentId,
  }),
);

const finish = statement<{ finishedAt: string }>((knex, p) =>
  knex('enabling').update({ phase: 'done', finished_at: p.finishedAt }),
);

const remove = statement<None>((knex) => knex('enabling').delete());
const removeItems = statement<None>((knex) => knex('enabling_item').delete());

/** Undefined if billing was never switched on over live history, or has been switched off since. */
export async function findEnabling(trx: Trx): Promise<Enabling | undefined> {
  const found = await trx.first(row, {});
  return found === undefined ? undefined : { ...found, isPaused: found.isPaused === 1 };
}

/** Whether billing is being switched on: begun, and neither finished nor undone. */
export async function isEnablingUnfinished(trx: Trx): Promise<boolean> {
  const found = await trx.first(row, {});
  return found !== undefined && found.phase !== 'done';
}

export async function insertEnabling(
  trx: Trx,
  enabling: { readonly startOn: LocalDate; readonly beganAt: LocalDateTime; readonly nowMs: number },
): Promise<void> {
  await trx.change(insert, { ...enabling });
}

export async function pauseEnabling(trx: Trx): Promise<void> {
  await trx.change(pause, { isPaused: 1 });
}

/** Begins a run without a request to pause. */
export async function beginEnablingRun(trx: Trx, nowMs: number): Promise<void> {
  await trx.change(beginRun, { nowMs });
}

export async function countEnablingStep(trx: Trx, nowMs: number, posted: number): Promise<void> {
  await trx.change(countStep, { nowMs, posted });
}

export async function beginEnablingPosting(
  trx: Trx,
  documents: number,
  openingDocumentId: number | null,
): Promise<void> {
  await trx.change(beginPosting, { documents, openingDocumentId });
}

export async function finishEnabling(trx: Trx, finishedAt: LocalDateTime): Promise<void> {
  await trx.change(finish, { finishedAt });
}

export async function removeEnabling(trx: Trx): Promise<void> {
  await trx.change(removeItems, {});
  await trx.change(remove, {});
}

export type EnablingItemState = 'waiting' | 'posted' | 'failed';

/** A trade document to re-post, by its receipt. */
export interface EnablingItem {
  readonly position: number;
  readonly receiptId: number;
  readonly documentId: number;
  readonly receiptAt: LocalDateTime;
  readonly state: EnablingItemState;
  /** Why it failed; null if it has not. */
  readonly why: string | null;
}

// Oldest first. Of one moment the sale comes before its returns, as billing calculates them, and then what came first.
const listAll = statement<{ startOn: string }>((knex, p) =>
  knex.raw(
    `insert into enabling_item (position, receipt_id, document_id, receipt_at, state, why)
     select row_number() over (order by receipt.receipt_at, case receipt.kind when 'Sale' then 0 else 1 end, receipt.id),
       receipt.id, (select min(document.id) from document where document.receipt_id = receipt.id),
       receipt.receipt_at, 'waiting', null
     from receipt where receipt.receipt_on >= ? and receipt.state = 'posted' order by 1`,
    [p.startOn],
  ),
);

const itemColumns = {
  position: 'position',
  receiptId: 'receipt_id',
  documentId: 'document_id',
  receiptAt: 'receipt_at',
  state: 'state',
  why: 'why',
};

// The states are literals: with a parameter the planner could not see that the small index fits.
const waiting = statement<{ limit: number }, EnablingItem>((knex) =>
  knex('enabling_item').select(itemColumns).whereRaw(`state = 'waiting'`).orderBy('position').limit(limitMark),
);

const anyFailed = statement<None, { position: number }>((knex) =>
  knex('enabling_item').select('position').whereRaw(`state = 'failed'`).limit(1, written),
);

const ofReceipt = statement<{ receiptId: number }, EnablingItem>((knex, p) =>
  knex('enabling_item').select(itemColumns).where('receipt_id', p.receiptId),
);

const setState = statement<{ position: number; state: string; why: string | null }>((knex, p) =>
  knex('enabling_item').where('position', p.position).update({ state: p.state, why: p.why }),
);

const setPosted = statement<{ upTo: number }>((knex, p) =>
  knex('enabling_item').whereRaw(`state = 'waiting'`).where('position', '<=', p.upTo).update({ state: 'posted' }),
);

const retryFailed = statement<None>((knex) =>
  knex('enabling_item').whereRaw(`state = 'failed'`).update({ state: 'waiting', why: null }),
);

const counts = statement<None, { state: EnablingItemState; items: number }>((knex) =>
  knex('enabling_item').groupBy('state').select('state').count({ items: 'position' }),
);

/** Lists every live receipt dated since the start. @returns how many. */
export function listEnablingItems(trx: Trx, startOn: LocalDate): Promise<number> {
  return trx.change(listAll, { startOn });
}

/** The waiting documents, in the order in which they are posted. */
export function listWaitingItems(trx: Trx, limit: number): Promise<EnablingItem[]> {
  return trx.list(waiting, { limit });
}

export async function hasFailedItems(trx: Trx): Promise<boolean> {
  return (await trx.first(anyFailed, {})) !== undefined;
}

export function findItemOfReceipt(trx: Trx, receiptId: number): Promise<EnablingItem | undefined> {
  return trx.first(ofReceipt, { receiptId });
}

export async function setItemState(
  trx: Trx,
  position: number,
  state: EnablingItemState,
  why: string | null = null,
): Promise<void> {
  await trx.change(setState, { position, state, why });
}

/** The waiting documents up to that position, all of which a step has posted. */
export async function markPosted(trx: Trx, upTo: number): Promise<void> {
  await trx.change(setPosted, { upTo });
}

/** @returns how many failed documents wait again. */
export function retryFailedItems(trx: Trx): Promise<number> {
  return trx.change(retryFailed, {});
}

export async function countItems(trx: Trx): Promise<Readonly<Record<EnablingItemState, number>>> {
  const found = { waiting: 0, posted: 0, failed: 0 };
  for (const { state, items } of await trx.list(counts, {})) found[state] = items;
  return found;
}

/** A failed document as an operator sees it. */
export interface FailedItem {
  readonly receiptId: number;
  readonly kind: string;
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptNumber: number;
  readonly receiptAt: LocalDateTime;
  readonly cardNumber: string;
  readonly why: string;
}

const failed = statement<{ limit: number }, FailedItem>((knex) =>
  knex('enabling_item')
    .join('receipt', 'receipt.id', 'enabling_item.receipt_id')
    .join('card', 'card.id', 'receipt.card_id')
    .whereRaw(`enabling_item.state = 'failed'`)
    .orderBy('enabling_item.position')
    .limit(limitMark)
    .select({
      receiptId: 'receipt.id',
      kind: 'receipt.kind',
      kkm: 'receipt.kkm',
      shiftNumber: 'receipt.shift_number',
      receiptNumber: 'receipt.receipt_number',
      receiptAt: 'receipt.receipt_at',
      cardNumber: 'card.number',
      why: 'enabling_item.why',
    }),
);

export function listFailedItems(trx: Trx, limit: number): Promise<FailedItem[]> {
  return trx.list(failed, { limit });
}

const countDated = statement<{ startOn: string }, { before: number; since: number }>((knex, p) =>
  knex.raw(
    `select coalesce(sum(case when receipt_on < ? then 1 else 0 end), 0) as "before",
       coalesce(sum(case when receipt_on >= ? then 1 else 0 end), 0) as "since"
     from receipt where state = 'posted'`,
    [p.startOn, p.startOn],
  ),
);

/** Counts of live receipts dated before the date, and since. */
export async function countReceiptsRound(
  trx: Trx,
  startOn: LocalDate,
): Promise<{ readonly before: number; readonly since: number }> {
  return (await trx.first(countDated, { startOn })) ?? { before: 0, since: 0 };
}
