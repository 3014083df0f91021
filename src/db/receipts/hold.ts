// Bonus set aside for receipts that are being rung up.
import type { HoldState } from '../../ledger/hold.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { ReceiptKey } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import { statement, written } from '../statement.ts';

export interface Hold {
  readonly id: number;
  readonly operationId: string | null;
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptNumber: number;
  readonly receiptOn: string;
  readonly cardId: number;
  readonly amount: Kopecks;
  readonly state: HoldState;
  readonly expiresAt: LocalDateTime;
  /** The answers to ReserveBonus and to ReleaseBonus, as JSON. */
  readonly reply: string | null;
  readonly releaseReply: string | null;
}

const columns = {
  id: 'id',
  operationId: 'operation_id',
  kkm: 'kkm',
  shiftNumber: 'shift_number',
  receiptNumber: 'receipt_number',
  receiptOn: 'receipt_on',
  cardId: 'card_id',
  amount: 'amount',
  state: 'state',
  expiresAt: 'expires_at',
  reply: 'reply',
  releaseReply: 'release_reply',
};

const byOperationId = statement<{ operationId: string }, Hold>((knex, p) =>
  knex('hold').select(columns).where('operation_id', p.operationId),
);

type HoldKeyParameters = {
  kkm: string;
  shiftNumber: number;
  receiptNumber: number;
  receiptOn: string;
  cardId: number;
};

const standingOfReceipt = statement<HoldKeyParameters & { now: string }, Hold>((knex, p) =>
  knex('hold')
    .select(columns)
    .where('kkm', p.kkm)
    .where('shift_number', p.shiftNumber)
    .where('receipt_number', p.receiptNumber)
    .where('receipt_on', p.receiptOn)
    .where('card_id', p.cardId)
    .where('state', 'active')
    .where('expires_at', '>', p.now)
    .orderBy('id', 'desc')
    .limit(1, written),
);

type SaveParameters = HoldKeyParameters & {
  operationId: string | null;
  amount: number;
  state: string;
  expiresAt: string;
  reply: string | null;
  releaseReply: string | null;
};

const insert = statement<SaveParameters, { id: number }>((knex, p) =>
  knex('hold')
    .insert({
      operation_id: p.operationId,
      kkm: p.kkm,
      shift_number: p.shiftNumber,
      receipt_number: p.receiptNumber,
      receipt_on: p.receiptOn,
      card_id: p.cardId,
      amount: p.amount,
      state: p.state,
      expires_at: p.expiresAt,
      reply: p.reply,
      release_reply: p.releaseReply,
    })
    .returning('id'),
);

type UpdateParameters = {
  id: number;
  state: string;
  expiresAt: string;
  reply: string | null;
  releaseReply: string | null;
};

const update = statement<UpdateParameters>((knex, p) =>
  knex('hold')
    .where('id', p.id)
    .update({ state: p.state, expires_at: p.expiresAt, reply: p.reply, release_reply: p.releaseReply }),
);

export function findHoldByOperationId(trx: Trx, operationId: string): Promise<Hold | undefined> {
  return trx.first(byOperationId, { operationId });
}

/** The latest hold for this receipt and card among those that are active at the moment asked for. */
export function findActiveHoldOfReceipt(
  trx: Trx,
  key: ReceiptKey,
  cardId: number,
  now: LocalDateTime,
): Promise<Hold | undefined> {
  const { kkm, shiftNumber, receiptNumber, receiptAt } = key;
  return trx.first(standingOfReceipt, { kkm, shiftNumber, receiptNumber, receiptOn: dateOf(receiptAt), cardId, now });
}

/** @returns the new hold's id. */
export async function insertHold(trx: Trx, hold: Omit<Hold, 'id'>): Promise<number> {
  return trx.insert(insert, { ...hold });
}

export async function updateHold(trx: Trx, hold: Hold): Promise<void> {
  const { id, state, expiresAt, reply, releaseReply } = hold;
  await trx.change(update, { id, state, expiresAt, reply, releaseReply });
}

const expire = statement<{ cardId: number; now: string }>((knex, p) =>
  knex('hold')
    .where('card_id', p.cardId)
    .where('state', 'active')
    .where('expires_at', '<=', p.now)
    .update({ state: 'expired' }),
);

/** Records which holds of a card have timed out, so that the index of active holds stays small. */
export async function expireHolds(trx: Trx, cardId: number, now: LocalDateTime): Promise<void> {
  await trx.change(expire, { cardId, now });
}
