// An infobase with some weeks of trade in stage billing, to be looked at: for the tests in a browser and for the screenshots.
// Everything in it is invented and follows from the options, so that it is the same each time.
import { addDays, dateOf, type LocalDate, type LocalDateTime } from '../../src/ledger/local-date-time.ts';
import type { LifeRule } from '../../src/ledger/life-rule.ts';
import type { Receipt } from '../../src/ledger/receipt.ts';
import { saveSetting } from '../../src/operations/admin/save-setting.ts';
import { makeDocument } from '../../src/operations/billing/make-document.ts';
import { readDocumentRow } from '../../src/operations/billing/read-document-sheet.ts';
import { saveLifeRule } from '../../src/operations/catalogs/save-life-rule.ts';
import { saveShop, saveTill } from '../../src/operations/catalogs/shops.ts';
import { issueCertificates, saveKind } from '../../src/operations/certificates/certificate-catalog.ts';
import type { Infobase } from '../../src/operations/infobase.ts';
import { createSync } from '../../src/operations/sync/create-sync.ts';
import { catchUpNights } from '../../src/operations/night/run-night.ts';
import {
  addCard,
  addKind,
  buildReserve,
  buildReturn,
  buildSale,
  moment,
  register,
  reserve,
  setSetting,
} from '../operations/testing-infobase.ts';

export interface ShownBaseOptions {
  readonly cards: number;
  readonly receiptsADay: number;
  readonly from: LocalDate;
  /** The end: the moment at which the base is looked at. */
  readonly until: LocalDateTime;
}

/** The card with the most to see: bonus that burns on several dates, some pending, some held. */
export const annaCard = '2900000000001';

const bonusRule: LifeRule = {
  code: 'B45',
  name: 'Через три дня, на 45 дней',
  register: 'bonus',
  delay: { sort: 'days', count: 3 },
  life: { sort: 'days', count: 45 },
  lifeFrom: 'credit',
};

const accumulationRule: LifeRule = {
  code: 'A12',
  name: 'Год',
  register: 'accumulation',
  delay: { sort: 'none' },
  life: { sort: 'months', count: 12 },
  lifeFrom: 'credit',
};

const firstNames = ['Анна', 'Вера', 'Дарья', 'Елена', 'Зоя', 'Ирина', 'Лидия', 'Мария', 'Нина', 'Ольга'];
const lastNames = ['Примерова', 'Образцова', 'Пробная', 'Тестова', 'Демидова', 'Условная', 'Учебная'];

export async function fillShownBase(infobase: Infobase, options: ShownBaseOptions): Promise<void> {
  const { from, until } = options;
  await fillCatalogs(infobase, options);
  must(await saveSetting(infobase, moment(`${from}T08:00:00`), 'stage', 'billing'));
  const sales: Receipt[] = [];
  for (let on = from; on <= dateOf(until); on = addDays(on, 1)) {
    await runNights(infobase, moment(`${on}T02:05:00`));
    for (const sale of planDay(on, options, sales.length)) {
      await mustAccept(register(infobase, sale, sale.receiptAt));
      sales.push(sale);
    }
  }
  await addRareFacts(infobase, sales, until);
}

async function fillCatalogs(infobase: Infobase, { cards, from }: ShownBaseOptions): Promise<void> {
  const start = moment(`${from}T08:00:00`);
  must(await saveLifeRule(infobase, start, bonusRule));
  must(await saveLifeRule(infobase, start, accumulationRule));
  const chosen = { bonusRuleCode: bonusRule.code, accumulationRuleCode: accumulationRule.code };
  const terms = { maxRedeemPercentHundredths: 3_000, accrualPercentHundredths: 300, ...chosen };
  const steps = [
    { accumulationKopecks: 0, receipts: 0, percentHundredths: 300 },
    { accumulationKopecks: 1_500_000, receipts: 0, percentHundredths: 500 },
    { accumulationKopecks: 5_000_000, receipts: 20, percentHundredths: 700 },
  ];
  await addKind(infobase, { ...terms, code: 'BASE', name: 'Базовая', discount: { sort: 'scale', steps } });
  await addKind(infobase, {
    ...terms,
    code: 'GOLD',
    name: 'Золотая',
    discount: { sort: 'fixed', percentHundredths: 1_000 },
  });
  for (let index = 0; index < cards; index += 1) {
    await addCard(infobase, {
      number: numberCard(index),
      kindCode: index % 9 === 4 ? 'GOLD' : 'BASE',
      holder: `${pick(firstNames, index)} ${pick(lastNames, index)}`,
      status: index % 29 === 7 ? 'blocked' : 'active',
    });
  }
  must(await saveShop(infobase, '01', 'Магазин на Садовой'));
  must(await saveShop(infobase, '02', 'Магазин у вокзала'));
  for (const [index, kkm] of tills.entries())
    must(await saveTill(infobase, kkm, { shopCode: index < 2 ? '01' : '02', isSynced: true }));
  await setSetting(infobase, 'acceptCards', 'false');
  const sync = { cardNumbers: [annaCard, numberCard(1)], holder: 'shown-base', readMs: () => 0 };
  const { code } = await createSync(infobase, start, sync);
  if (code !== 'done') throw new Error(`the sync ended: ${code}`);
  await setSetting(infobase, 'acceptCards', 'true');
  must(await saveKind(infobase, start, { code: 'GIFT', name: 'Подарочный, 1000', nominal: 100_000, life: 'years:1' }));
  must(await issueCertificates(infobase, { kindCode: 'GIFT', prefix: '55000', from: '1', to: '5', width: undefined }));
}

const tills = ['K-01', 'K-02', 'K-03'];

export function numberCard(index: number): string {
  return String(Number(annaCard) + index);
}

/** The sales of one day; every fourth day Anna is among the buyers. */
function planDay(on: LocalDate, { cards, receiptsADay }: ShownBaseOptions, before: number): Receipt[] {
  const sales: Receipt[] = [];
  // No two days are alike.
  const count = Math.max(1, Math.round((receiptsADay * (70 + ((before * 37) % 61))) / 100));
  for (let index = 0; index < count; index += 1) {
    const running = before + index + 1;
    const isAnna = index === 0 && Number(on.slice(8)) % 4 === 2;
    const card = isAnna ? 0 : (running * 13) % cards;
    if (card % 29 === 7) continue;
    const rubles = isAnna ? 1_200 + ((running * 331) % 2_900) : 240 + ((running * 457) % 4_700);
    const hour = String(9 + Math.floor((index * 11) / count)).padStart(2, '0');
    const minute = String((running * 17) % 60).padStart(2, '0');
    sales.push(
      buildSale({
        kkm: pick(tills, running),
        shiftNumber: Number(on.slice(5, 7)) * 31 + Number(on.slice(8)),
        receiptNumber: running,
        receiptAt: moment(`${on}T${hour}:${minute}:00`),
        cardNumber: numberCard(card),
        sumWithDiscountKopecks: rubles * 100,
        bonusAccruedKopecks: rubles * 3,
      }),
    );
  }
  return sales;
}

/** A gift with a date of its own, a return, bonus that is spent and held, a till that nobody has entered. */
async function addRareFacts(infobase: Infobase, sales: readonly Receipt[], until: LocalDateTime): Promise<void> {
  const { row } = readDocumentRow(1, { card: annaCard, bonus: '150', writeOffDate: addDays(dateOf(until), 6) });
  if (row === undefined) throw new Error('the row of the gift is wrong');
  must(await makeDocument(infobase, until, { sort: 'accrual', rows: [row], comment: 'Подарок ко дню рождения' }));
  const key = { shiftNumber: 400, receiptAt: until, cardNumber: annaCard, sumWithDiscountKopecks: 100_000 };
  const paid = buildSale({ ...key, kkm: 'K-02', receiptNumber: 9_001, bonusRedeemedKopecks: 5_000 });
  await mustAccept(register(infobase, paid, until));
  const held = buildSale({ ...key, kkm: 'K-01', receiptNumber: 9_002 });
  await mustAccept(reserve(infobase, buildReserve(held, { amountKopecks: 3_000 }), until));
  const sale = sales.at(-1) as Receipt;
  const { receiptNumber, sumWithDiscountKopecks } = sale;
  const back = { receiptNumber: receiptNumber + 10_000, sumKopecks: sumWithDiscountKopecks, receiptAt: until };
  await mustAccept(register(infobase, buildReturn(sale, back), until));
  const other = buildSale({ ...key, kkm: 'K-77', receiptNumber: 9_003, cardNumber: numberCard(2) });
  await mustAccept(register(infobase, other, until));
}

async function runNights(infobase: Infobase, now: LocalDateTime): Promise<void> {
  const { end } = await catchUpNights(infobase, now, { holder: 'shown-base', readMs: () => 0 });
  if (end.code !== 'up_to_date') throw new Error(`the night before ${now} ended: ${JSON.stringify(end)}`);
}

function must(outcome: { readonly ok: boolean }): void {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
}

async function mustAccept(doing: Promise<{ readonly code: number }>): Promise<void> {
  const reply = await doing;
  if (reply.code !== 0) throw new Error(JSON.stringify(reply));
}

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length] as T;
}
