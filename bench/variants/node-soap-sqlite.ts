// node-soap on bare node:http with better-sqlite3's prepared statements, synchronous=NORMAL and a transaction per receipt:
// the quickest that the same libraries give without a design of one's own.
import { createServer } from 'node:http';
import BetterSqlite from 'better-sqlite3';
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

const cardSql = `
  select card.id, card.number, card.holder, card.status, card_kind.name as kindName, card_kind.discount,
    card_kind.max_redeem_percent_hundredths as maxRedeem, card_kind.accrual_percent_hundredths as accrual,
    balance.bonus, balance.accumulation, balance.receipts
  from card
  join card_kind on card_kind.code = card.kind_code
  left join accumulation_balance balance on balance.card_id = card.id
  where card.number = ?`;

const heldSql = `select coalesce(sum(amount), 0) from hold where card_id = ? and state = 'active' and expires_at > ?`;

const knownSql = `
  select id from receipt where operation_id = @operation_id
  union all select id from receipt where kkm = @kkm and shift_number = @shift_number
    and receipt_number = @receipt_number and receipt_on = @receipt_on and kind = @kind
  union all select id from receipt_cancel where kkm = @kkm and shift_number = @shift_number
    and receipt_number = @receipt_number and receipt_on = @receipt_on and kind = @kind`;

const receiptSql = `
  insert into receipt (operation_id, kind, kkm, shift_number, receipt_number, receipt_on, receipt_at, card_id, sum,
    sum_with_discount, bonus_accrued, bonus_redeemed, offline, cashier, lines, road, state, flags)
  values (@operation_id, @kind, @kkm, @shift_number, @receipt_number, @receipt_on, @receipt_at, @card_id, @sum,
    @sum_with_discount, @bonus_accrued, @bonus_redeemed, @offline, @cashier, @lines, @road, @state, @flags)`;

const balanceSql = `
  insert into accumulation_balance (card_id, bonus, accumulation, receipts) values (?, ?, ?, ?)
  on conflict (card_id) do update set bonus = bonus + excluded.bonus,
    accumulation = accumulation + excluded.accumulation, receipts = receipts + excluded.receipts
  returning bonus, accumulation, receipts`;

const documentSql = `
  insert into document (kind, dated_at, recorded_at, receipt_id, reply) values ('KkmOperation', ?, ?, ?, ?)`;

const movementSql = `
  insert into accumulation_movement (document_id, card_id, bonus, accumulation, receipts, bonus_after)
  values (?, ?, ?, ?, ?, ?)`;

function preparePost(connection: BetterSqlite.Database): (call: ReceiptArguments) => Posted | undefined {
  const [findCard, findKnown] = [connection.prepare(cardSql), connection.prepare(knownSql)];
  const [insertReceipt, keepBalance] = [connection.prepare(receiptSql), connection.prepare(balanceSql)];
  const [insertDocument, insertMovement] = [connection.prepare(documentSql), connection.prepare(movementSql)];
  const post = connection.transaction((call: ReceiptArguments): Posted | undefined => {
    const card = findCard.get(call.Receipt.CardNumber) as CardRow | undefined;
    if (card === undefined) return undefined;
    const row = toReceiptRow(call, card.id);
    if (findKnown.get(row) !== undefined) throw new Error('the receipt is known');
    const receiptId = insertReceipt.run(row).lastInsertRowid;
    const { bonus, accumulation, receipts } = toMove(row);
    const after = keepBalance.get(card.id, bonus, accumulation, receipts) as Balance;
    const reply = storeReply(row, after);
    const documentId = insertDocument.run(row.receipt_at, now(), receiptId, reply).lastInsertRowid as number;
    insertMovement.run(documentId, card.id, bonus, accumulation, receipts, after.bonus);
    return { operationId: row.operation_id, documentId, at: row.receipt_at, after };
  });
  return (call) => post.immediate(call);
}

function main(): void {
  const connection = new BetterSqlite(databaseArgument());
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = NORMAL');
  connection.pragma('foreign_keys = ON');
  const findCard = connection.prepare(cardSql);
  const sumHolds = connection.prepare(heldSql).pluck();
  const post = preparePost(connection);
  const port = {
    GetCardInfo({ Request: request }: CardArguments): object {
      const card = findCard.get(request.CardNumber) as CardRow | undefined;
      return describeCard(card, card === undefined ? 0 : (sumHolds.get(card.id, now()) as number));
    },
    RegisterReceipt: (call: ReceiptArguments): object => describePosted(post(call)),
  };
  const server = createServer();
  const services = { KKMTransfer: { KKMTransferSoap: port, KKMTransferSoap12: port } };
  const soap = listen(server, path, services as never, wsdl, () =>
    server.listen(0, '127.0.0.1', () => announce(server)),
  );
  soap.authorizeConnection = (request) => isTill(request.headers.authorization);
}

main();
