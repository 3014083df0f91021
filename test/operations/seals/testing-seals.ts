// A shop under billing whose days are sealed, with everything in it that a seal covers, in a database file that a test changes
// behind the product's back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { saveLifeRule } from '../../../src/db/catalogs/life-rule.ts';
import { addDays, type LocalDate } from '../../../src/ledger/local-date-time.ts';
import { changeServiceUser } from '../../../src/operations/admin/users.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { makeDocument } from '../../../src/operations/billing/make-document.ts';
import { editCards } from '../../../src/operations/cards/edit-cards.ts';
import { saveShop, saveTill } from '../../../src/operations/catalogs/shops.ts';
import { issueCertificates, saveKind } from '../../../src/operations/certificates/certificate-catalog.ts';
import {
  cancelCertificate,
  redeemCertificate,
  sellCertificate,
} from '../../../src/operations/certificates/certificates.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { sealDay, type SealEnd, type SealOptions } from '../../../src/operations/seals/make-seal.ts';
import { verifySeals, type SealsCheck } from '../../../src/operations/seals/verify-seals.ts';
import { addRuledKind, parseRule, passNightsTo } from '../billing/testing-billing.ts';
import {
  addCard,
  buildCancel,
  buildReserve,
  buildReturn,
  buildSale,
  cancel,
  copyEmptyDatabase,
  moment,
  read,
  register,
  reserve,
  setSetting,
  upload,
} from '../testing-infobase.ts';

export const nightTime = '02:00:00';
export const sealRunner = { holder: 'seals', readMs: () => 0, nightTime } as const;
export const firstDay = '2026-01-01' as LocalDate;

export interface SealTrial {
  readonly folder: string;
  readonly file: string;
  readonly infobase: Infobase;
  end(): Promise<void>;
}

/** A new file, stage billing from the first day. */
export async function openSealTrial(): Promise<SealTrial> {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-seals-'));
  const file = join(folder, 'trade.sqlite');
  await copyEmptyDatabase(file);
  const infobase = await openFile(file);
  await fill(infobase);
  await tradeDay(infobase, 0);
  tamper(file, (database) => database.exec(loaded));
  return {
    folder,
    file,
    infobase,
    async end() {
      await infobase.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function openFile(file: string): Promise<Infobase> {
  const opened = await Infobase.open({ name: 'trade', file, hasSubscription: true });
  // The log's machine clock goes with the days of the test.
  return opened.by({ name: 'tester', door: 'cli', readMs: () => wall });
}

let wall = Date.parse(`${firstDay}T09:00:00Z`);

async function fill(infobase: Infobase): Promise<void> {
  wall = Date.parse(`${firstDay}T09:00:00Z`);
  await addRuledKind(infobase, 'SHORT', { bonus: 'days:2', accumulation: 'days:3 days:2' });
  for (let number = 1; number <= 4; number += 1) {
    await addCard(infobase, { number: `29000000${number}`, kindCode: 'SHORT', holder: `Покупатель ${number}` });
  }
  await infobase.db.write((trx) => saveLifeRule(trx, parseRule('bonus', 'days:9')));
  await setSetting(infobase, 'holdTimeout', '600');
  const started = await saveSetting(infobase, moment(`${firstDay}T09:00:00`), 'stage', 'billing');
  if (!started.ok) throw new Error(started.why);
  await saveShop(infobase, 'S1', 'Первый');
  await saveTill(infobase, 'KKM-1', { shopCode: 'S1' });
  await saveKind(infobase, moment(`${firstDay}T09:00:00`), {
    code: 'G',
    name: 'Подарок',
    nominal: 1_000,
    life: 'days:9',
  });
  await issueCertificates(infobase, { kindCode: 'G', prefix: 'G', from: '1', to: '9', width: undefined });
}

/** What comes from files, which nothing changes later. */
const loaded = `
  insert into exchange_file values ('00ff', 'KKM-1', 'смена.xml', '2026-01-01T09:00:00', 1, 0, 0);
  insert into import_run (kind, file_name, file_sha256, dated_on, recorded_at, document_id, rows, bad_rows, cards, created,
      bonus, accumulation, receipts, made_by)
    values ('opening-accumulation', 'остатки.csv', 'aa', '2025-12-31', '2026-01-01T09:00:00', 1, 1, 0, 1, 0, 0, 0, 0, 'a');
  insert into opening_group values (1, 1, '{}');
  insert into service_user values ('petrov', 'till', 'hash', '2026-01-01T09:00:00')`;

const card = (number: number): string => `29000000${number}`;

/** One business day: sales, returns, a cancel, late facts of the day before, a document by hand, certificates, changes. */
export async function tradeDay(infobase: Infobase, day: number): Promise<void> {
  const on = addDays(firstDay, day);
  const now = moment(`${on}T12:00:00`);
  wall = Date.parse(`${on}T12:00:00Z`);
  const sale = (number: number, fields = {}) => {
    const figures = { bonusAccruedKopecks: 100, sumWithDiscountKopecks: 10_000 + number };
    const own = { kkm: 'KKM-1', shiftNumber: day + 1, receiptNumber: number, receiptAt: now };
    return buildSale({ ...own, ...figures, cardNumber: card(1 + (number % 4)), ...fields });
  };
  for (let number = 1; number <= 6; number += 1) await register(infobase, sale(number), now);
  await reserve(infobase, buildReserve(sale(7, { bonusRedeemedKopecks: 50 })), now);
  await register(infobase, sale(7, { bonusRedeemedKopecks: 50 }), now);
  // Nobody takes it before the night.
  await reserve(infobase, buildReserve(sale(8, { bonusRedeemedKopecks: 30 })), moment(`${addDays(on, 1)}T01:55:00`));
  await register(infobase, buildReturn(sale(2), { receiptNumber: 102 }), now);
  await cancel(infobase, buildCancel(sale(3)), now);
  if (day > 0) await tellLate(infobase, day, now);
  await upload(infobase, [sale(4, { sumWithDiscountKopecks: 7_000 }), sale(20)], now);
  // After its report: the till's own call.
  await register(infobase, sale(20, { sumWithDiscountKopecks: 6_000 }), now);
  await makeDocument(infobase, now, {
    sort: 'accrual',
    comment: `День ${day}`,
    fileName: `день-${day}.csv`,
    rows: [{ ...byHand, cardNumber: card(1), writeOffOn: addDays(on, 3) }],
  });
  const call = {
    operationId: null,
    kkm: 'KKM-1',
    shiftNumber: day + 1,
    receiptAt: now,
    certificateNumber: `G${day + 1}`,
  };
  await sellCertificate(infobase, now, read({ ...call, receiptNumber: 50, amountKopecks: 1_000 }));
  await redeemCertificate(infobase, now, read({ ...call, receiptNumber: 51, amountKopecks: 300 }));
  if (day % 2 === 1) await cancelCertificate(infobase, now, read({ ...call, receiptNumber: 51, amountKopecks: 300 }));
  await editCards(infobase, { where: [`number=${card(2)}`], set: [`note=день ${day}`] });
  await saveSetting(infobase, now, 'holdTimeout', String(600 + day));
  await saveShop(infobase, 'S1', `Первый ${day}`);
  await changeServiceUser(infobase, 'petrov', { role: day % 2 === 0 ? 'auditor' : 'till' });
}

const byHand = {
  line: 1,
  ruleCode: null,
  creditOn: null,
  comment: null,
  sums: { bonus: 500, accumulation: 0, receipts: 0 },
};

/** Late: the day before gets a cancel, another content, and a return of its sale. */
async function tellLate(infobase: Infobase, day: number, now: ReturnType<typeof moment>): Promise<void> {
  const before = moment(`${addDays(firstDay, day - 1)}T12:00:00`);
  const old = (number: number, fields = {}) =>
    buildSale({
      kkm: 'KKM-1',
      shiftNumber: day,
      receiptNumber: number,
      receiptAt: before,
      cardNumber: card(1 + (number % 4)),
      bonusAccruedKopecks: 100,
      sumWithDiscountKopecks: 10_000 + number,
      ...fields,
    });
  await cancel(infobase, buildCancel(old(5)), now);
  await upload(infobase, [old(6, { sumWithDiscountKopecks: 5_000 })], now);
  await register(
    infobase,
    { ...buildReturn(old(1), { receiptNumber: 103 }), receiptAt: now, shiftNumber: day + 1 },
    now,
  );
}

/** The night after the business day, and the seal of the day. */
export async function closeDay(infobase: Infobase, day: number, options: Partial<SealOptions> = {}): Promise<SealEnd> {
  const next = addDays(firstDay, day + 1);
  wall = Date.parse(`${next}T02:10:00Z`);
  await passNightsTo(infobase, next);
  return sealDay(infobase, moment(`${next}T02:10:00`), { ...sealRunner, ...options });
}

export async function verify(infobase: Infobase, against?: string): Promise<SealsCheck> {
  // All reads of a turn have one snapshot: what another connection has changed meanwhile is seen in the next.
  await new Promise((resolve) => void setImmediate(resolve));
  return verifySeals(infobase, { limit: 20, ...(against === undefined ? {} : { against }) });
}

/** Changes the file as somebody with an editor of databases would: without its triggers and its references. */
export function tamper<T>(file: string, change: (database: BetterSqlite.Database) => T): T {
  const database = new BetterSqlite(file);
  try {
    database.pragma('foreign_keys = off');
    return change(database);
  } finally {
    database.close();
  }
}
