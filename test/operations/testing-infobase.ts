// An infobase in memory for tests: opening it, filling its catalogs, facts as tills report them, and what the registers hold.
import { existsSync, writeFileSync } from 'node:fs';
import BetterSqlite from 'better-sqlite3';
import { insertCard, type NewCard } from '../../src/db/cards/card.ts';
import { saveCardKind } from '../../src/db/catalogs/card-kind.ts';
import { migrateDatabase } from '../../src/db/sqlite/migrate.ts';
import { saveSetting } from '../../src/db/admin/setting.ts';
import { statement } from '../../src/db/statement.ts';
import type { CardKind } from '../../src/ledger/card.ts';
import type { HoldRequest } from '../../src/ledger/hold.ts';
import { parseLocalDateTime, type LocalDateTime } from '../../src/ledger/local-date-time.ts';
import type { Measures } from '../../src/ledger/measures.ts';
import type { Receipt, ReceiptKey, ReceiptLine } from '../../src/ledger/receipt.ts';
import type { SettingName } from '../../src/ledger/settings.ts';
import { cancelReceipt, type CancelRequest } from '../../src/operations/receipts/cancel-receipt.ts';
import type { Checked } from '../../src/operations/checked.ts';
import { Infobase, type InfobaseOptions } from '../../src/operations/infobase.ts';
import type { OperationReply } from '../../src/operations/operation-reply.ts';
import { postDocument } from '../../src/operations/receipts/post-document.ts';
import { readCard, type CardReply } from '../../src/operations/cards/read-card.ts';
import { registerReceipt } from '../../src/operations/receipts/register-receipt.ts';
import { releaseBonus, reserveBonus } from '../../src/operations/receipts/reserve-bonus.ts';
import { uploadReceipts, type UploadReply } from '../../src/operations/receipts/upload-receipts.ts';
import { makeOncePerRun } from '../make-once-per-run.ts';

/** The clock of a test that does not care for time. */
export const noon = moment('2026-11-22T12:00:00');
export const testKind: CardKind = {
  code: 'BASE',
  name: 'Базовая',
  purpose: 'discount',
  discount: { sort: 'none' },
  maxRedeemPercentHundredths: null,
  accrualPercentHundredths: null,
  bonusRuleCode: null,
  accumulationRuleCode: null,
};
export const testCard: NewCard = {
  number: '2900000001',
  kindCode: testKind.code,
  holder: null,
  status: 'active',
  validFrom: null,
  validTo: null,
  note: null,
};

/** A wall-clock moment written out in a test; a date alone is its midnight. */
export function moment(text: string): LocalDateTime {
  const at = parseLocalDateTime(text);
  if (at === undefined) throw new Error(`${text} is no moment`);
  return at;
}

let image: Promise<Buffer> | undefined;

/** The bytes of an empty migrated database: opening them costs a thousandth of migrating. */
async function makeImage(): Promise<Buffer> {
  const connection = new BetterSqlite(':memory:');
  await migrateDatabase(connection);
  const bytes = connection.serialize();
  connection.close();
  return bytes;
}

/** Writes an empty migrated database, as opening the file would make it; a file that is there stays as it is. */
export async function copyEmptyDatabase(file: string): Promise<void> {
  image ??= makeOncePerRun('empty.sqlite', makeImage);
  const bytes = await image;
  if (!existsSync(file)) writeFileSync(file, bytes, { mode: 0o600 });
}

/** A migrated infobase, in memory unless a file is named, stage online, with the kind BASE and no card. Close it when done. */
export async function openTestInfobase(options: Partial<InfobaseOptions> = {}): Promise<Infobase> {
  const { file = ':memory:' } = options;
  image ??= makeOncePerRun('empty.sqlite', makeImage);
  if (file !== ':memory:') await copyEmptyDatabase(file);
  const start = file === ':memory:' ? { image: await image } : {};
  const infobase = await Infobase.open({ name: 'test', hasSubscription: false, ...options, file, ...start });
  await addKind(infobase);
  return infobase;
}

export function addKind(infobase: Infobase, kind: Partial<CardKind> = {}): Promise<void> {
  return infobase.db.write((trx) => saveCardKind(trx, { ...testKind, ...kind }));
}

export function addCard(infobase: Infobase, card: Partial<NewCard> = {}): Promise<void> {
  return infobase.db.write((trx) => insertCard(trx, { ...testCard, ...card }));
}

export function setSetting(infobase: Infobase, name: SettingName, value: string): Promise<void> {
  return infobase.db.write((trx) => saveSetting(trx, name, value));
}

/** Gives a card its opening sums by a document, as the operator's «Ввод остатков накоплений» does. */
export function openBalances(infobase: Infobase, cardNumber: string, sums: Partial<Measures>): Promise<void> {
  return infobase.db.write(async (trx) => {
    const card = await trx.first(cardIdByNumber, { number: cardNumber });
    if (card === undefined) throw new Error(`card ${cardNumber} is missing`);
    const document = {
      kind: 'OpeningAccumulation',
      datedAt: moment('2026-01-01'),
      recordedAt: noon,
      receiptId: null,
      comment: null,
    } as const;
    const move = { bonus: 0, accumulation: 0, receipts: 0, ...sums };
    await postDocument(trx, document, [{ cardId: card.id, move }]);
  });
}

/** A sale of 100 rubles without bonus: receipt 1 of shift 1 of the till KKM-1, at noon. */
export function buildSale(fields: Partial<Receipt> = {}): Receipt {
  const sumWithDiscountKopecks = fields.sumWithDiscountKopecks ?? 10_000;
  return {
    operationId: null,
    kind: 'Sale',
    kkm: 'KKM-1',
    shiftNumber: 1,
    receiptNumber: 1,
    receiptAt: noon,
    cardNumber: testCard.number,
    sumKopecks: sumWithDiscountKopecks,
    sumWithDiscountKopecks,
    bonusAccruedKopecks: 0,
    bonusRedeemedKopecks: 0,
    accumulationDeltaKopecks: null,
    receiptCountDelta: null,
    offline: false,
    cashier: null,
    fn: null,
    fd: null,
    fp: null,
    original: null,
    lines: [],
    ...fields,
  };
}

/** A return of the whole sale, in the same till and shift, without figures of its own; number 101 unless told. */
export function buildReturn(sale: Receipt, fields: Partial<Receipt> = {}): Receipt {
  const { kkm, shiftNumber, receiptAt, cardNumber, sumWithDiscountKopecks } = sale;
  const same = { kkm, shiftNumber, receiptAt, cardNumber, sumWithDiscountKopecks };
  return buildSale({ ...same, kind: 'Return', receiptNumber: 101, original: keyOf(sale), ...fields });
}

/** What a cancel of the receipt says; the card is left out, as it may be. */
export function buildCancel(receipt: Receipt, fields: Partial<CancelRequest> = {}): CancelRequest {
  return { ...keyOf(receipt), operationId: null, kind: receipt.kind, cardNumber: null, reason: null, ...fields };
}

/** What a till asks before it rings up the receipt: the sum it will redeem, under the receipt's own key. */
export function buildReserve(receipt: Receipt, fields: Partial<HoldRequest> = {}): HoldRequest {
  const { operationId, cardNumber, bonusRedeemedKopecks } = receipt;
  return { ...keyOf(receipt), operationId, cardNumber, amountKopecks: bonusRedeemedKopecks, ...fields };
}

export function buildLine(fields: Partial<ReceiptLine> = {}): ReceiptLine {
  const sums = { sumKopecks: 10_000, discountKopecks: 0 };
  return { number: 1, code: 'A-1', name: 'Чай', quantity: '1', price: '100', ...sums, ...fields };
}

export function keyOf({ kkm, shiftNumber, receiptNumber, receiptAt }: ReceiptKey): ReceiptKey {
  return { kkm, shiftNumber, receiptNumber, receiptAt };
}

/** A command that a door could read. */
export function read<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function register(infobase: Infobase, receipt: Receipt, now = noon): Promise<OperationReply> {
  return registerReceipt(infobase, now, read(receipt));
}

export function upload(infobase: Infobase, receipts: readonly Receipt[], now = noon): Promise<UploadReply> {
  return uploadReceipts(infobase, now, read({ kkm: receipts[0]?.kkm ?? 'KKM-1', receipts: receipts.map(read) }));
}

export function cancel(infobase: Infobase, request: CancelRequest, now = noon): Promise<OperationReply> {
  return cancelReceipt(infobase, now, read(request));
}

export function reserve(infobase: Infobase, request: HoldRequest, now = noon): Promise<OperationReply> {
  return reserveBonus(infobase, now, read(request));
}

export function release(infobase: Infobase, request: HoldRequest, now = noon): Promise<OperationReply> {
  return releaseBonus(infobase, now, read(request));
}

export function showCard(infobase: Infobase, cardNumber = testCard.number, now = noon): Promise<CardReply> {
  return readCard(infobase, now, read({ kkm: 'KKM-1', cardNumber, operationAt: null }));
}

const cardIdByNumber = statement<{ number: string }, { id: number }>((knex, p) =>
  knex('card').select('id').where('number', p.number),
);

/** A movement as the register «Накопления» holds it, with the document that made it. */
export interface RegisterRow extends Measures {
  readonly documentId: number;
  readonly bonusAfter: number;
  readonly documentKind: string;
  readonly comment: string | null;
}

const movementsOfCard = statement<{ number: string }, RegisterRow>((knex, p) =>
  knex('accumulation_movement')
    .join('card', 'card.id', 'accumulation_movement.card_id')
    .join('document', 'document.id', 'accumulation_movement.document_id')
    .where('card.number', p.number)
    .orderBy('document.id')
    .select({
      documentId: 'document.id',
      documentKind: 'document.kind',
      comment: 'document.comment',
      bonus: 'accumulation_movement.bonus',
      accumulation: 'accumulation_movement.accumulation',
      receipts: 'accumulation_movement.receipts',
      bonusAfter: 'accumulation_movement.bonus_after',
    }),
);

/** Every movement of a card, in the order they were posted. */
export function listMovements(infobase: Infobase, cardNumber = testCard.number): Promise<RegisterRow[]> {
  return infobase.db.read((trx) => trx.list(movementsOfCard, { number: cardNumber }));
}

const balanceOfCard = statement<{ number: string }, Measures>((knex, p) =>
  knex('accumulation_balance')
    .join('card', 'card.id', 'accumulation_balance.card_id')
    .where('card.number', p.number)
    .select('bonus', 'accumulation', 'receipts'),
);

/** The running balance as it is stored; zeros where the card has never moved. */
export async function getBalance(infobase: Infobase, cardNumber = testCard.number): Promise<Measures> {
  const stored = await infobase.db.read((trx) => trx.first(balanceOfCard, { number: cardNumber }));
  return { bonus: 0, accumulation: 0, receipts: 0, ...stored };
}

/** The balance that the movements add up to; it must equal the stored one, always. */
export function sumMovements(rows: readonly Measures[]): Measures {
  return rows.reduce(
    (total, row) => ({
      bonus: total.bonus + row.bonus,
      accumulation: total.accumulation + row.accumulation,
      receipts: total.receipts + row.receipts,
    }),
    { bonus: 0, accumulation: 0, receipts: 0 },
  );
}

const flagsOfReceipt = statement<{ kkm: string; receiptNumber: number; kind: string }, { flags: string }>((knex, p) =>
  knex('receipt')
    .select('flags')
    .where('kkm', p.kkm)
    .where('receipt_number', p.receiptNumber)
    .where('kind', p.kind)
    .orderBy('id', 'desc'),
);

/** What an operator is shown of a receipt; undefined where it is not known. */
export async function findFlags(infobase: Infobase, receipt: Receipt): Promise<readonly string[] | undefined> {
  const { kkm, receiptNumber, kind } = receipt;
  const row = await infobase.db.read((trx) => trx.first(flagsOfReceipt, { kkm, receiptNumber, kind }));
  return row?.flags.split(',').filter((flag) => flag !== '');
}
