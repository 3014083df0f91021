// The service as usually written: express, node-soap mounted on it, Knex on better-sqlite3 with a transaction per receipt.
// The journal is WAL and synchronous is better-sqlite3's default for it, NORMAL.
import { createServer } from 'node:http';
import express from 'express';
import { knex as makeKnex, type Knex } from 'knex';
import { listen } from 'soap';
import { announce, databaseArgument } from '../variant.ts';
import {
  describeCard,
  describePosted,
  isTill,
  path,
  storeReply,
  toMove,
  toReceiptRow,
  wsdl,
  type Balance,
  type CardArguments,
  type CardRow,
  type Posted,
  type ReceiptArguments,
} from './usual-soap.ts';

const now = (): string => new Date().toISOString().slice(0, 19);

function findCard(knex: Knex, number: string): Promise<CardRow | undefined> {
  return knex('card')
    .join('card_kind', 'card_kind.code', 'card.kind_code')
    .leftJoin('accumulation_balance', 'accumulation_balance.card_id', 'card.id')
    .where('card.number', number)
    .first({
      id: 'card.id',
      number: 'card.number',
      holder: 'card.holder',
      status: 'card.status',
      kindName: 'card_kind.name',
      discount: 'card_kind.discount',
      maxRedeem: 'card_kind.max_redeem_percent_hundredths',
      accrual: 'card_kind.accrual_percent_hundredths',
      bonus: 'accumulation_balance.bonus',
      accumulation: 'accumulation_balance.accumulation',
      receipts: 'accumulation_balance.receipts',
    });
}

async function sumHolds(knex: Knex, cardId: number): Promise<number> {
  const held = await knex('hold')
    .where({ card_id: cardId, state: 'active' })
    .where('expires_at', '>', now())
    .sum({ held: 'amount' })
    .first();
  return Number(held?.held ?? 0);
}

async function post(trx: Knex.Transaction, call: ReceiptArguments): Promise<Posted | undefined> {
  const card = await findCard(trx, call.Receipt.CardNumber);
  if (card === undefined) return undefined;
  const row = toReceiptRow(call, card.id);
  const { kkm, shift_number, receipt_number, receipt_on, kind } = row;
  const key = { kkm, shift_number, receipt_number, receipt_on, kind };
  const known = await trx('receipt').where(key).orWhere({ operation_id: row.operation_id }).first('id');
  const cancel = await trx('receipt_cancel').where(key).first('id');
  if (known !== undefined || cancel !== undefined) throw new Error('the receipt is known');
  const [receipt] = await trx('receipt').insert(row).returning('id');
  const move = toMove(row);
  const [after] = (await trx('accumulation_balance')
    .insert({ card_id: card.id, ...move })
    .onConflict('card_id')
    .merge({
      bonus: trx.raw('accumulation_balance.bonus + excluded.bonus'),
      accumulation: trx.raw('accumulation_balance.accumulation + excluded.accumulation'),
      receipts: trx.raw('accumulation_balance.receipts + excluded.receipts'),
    })
    .returning(['bonus', 'accumulation', 'receipts'])) as [Balance];
  const [document] = await trx('document')
    .insert({
      kind: 'KkmOperation',
      dated_at: row.receipt_at,
      recorded_at: now(),
      receipt_id: receipt.id,
      reply: storeReply(row, after),
    })
    .returning('id');
  await trx('accumulation_movement').insert({
    document_id: document.id,
    card_id: card.id,
    ...move,
    bonus_after: after.bonus,
  });
  return { operationId: row.operation_id, documentId: document.id, at: row.receipt_at, after };
}

function main(): void {
  const knex = makeKnex({
    client: 'better-sqlite3',
    connection: { filename: databaseArgument() },
    useNullAsDefault: true,
    pool: {
      afterCreate(connection: { pragma(text: string): void }, done: () => void) {
        connection.pragma('journal_mode = WAL');
        connection.pragma('foreign_keys = ON');
        done();
      },
    },
  });
  const port = {
    async GetCardInfo({ Request: request }: CardArguments): Promise<object> {
      const card = await findCard(knex, request.CardNumber);
      return describeCard(card, card === undefined ? 0 : await sumHolds(knex, card.id));
    },
    async RegisterReceipt(call: ReceiptArguments): Promise<object> {
      return describePosted(await knex.transaction((trx) => post(trx, call)));
    },
  };
  const app = express();
  app.use((request, response, next) => {
    if (isTill(request.headers.authorization)) next();
    else response.status(401).end();
  });
  const server = createServer(app);
  listen(app as never, path, { KKMTransfer: { KKMTransferSoap: port, KKMTransferSoap12: port } } as never, wsdl, () =>
    server.listen(0, '127.0.0.1', () => announce(server)),
  );
}

main();
