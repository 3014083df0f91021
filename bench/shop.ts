// A shop that comes over, made up by chance from a seed: the export of its cards as 1C prints it, and an exchange folder
// with the shift files of its tills. docs/migration.md is rehearsed on it.
//   tsx bench/shop.ts --out DIR [--cards 200000] [--receipts 1000000] [--tills 50] [--from 2026-11-01] [--days 24]
//     [--seed 7]
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { addDays, addSeconds, parseLocalDate, startOf, type LocalDate } from '../src/ledger/local-date-time.ts';
import { formatRubles } from '../src/ledger/money.ts';

const firstNumber = 2_900_000_000_000;
const namespace = 'http://www.kkm.solutions/KKMTransfer';
/** A day of trade: from nine in the morning, twelve hours. */
const openSeconds = 12 * 3_600;
const returnOfEvery = 50;

interface Shop {
  readonly folder: string;
  readonly cards: number;
  readonly receipts: number;
  readonly tills: number;
  readonly from: LocalDate;
  readonly days: number;
  readonly next: (below: number) => number;
}

interface Sale {
  readonly receiptNumber: number;
  readonly receiptAt: string;
  readonly cardNumber: string;
  readonly sum: number;
}

/** The generator mulberry32: the same seed makes the same shop on every machine. */
function chanceOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const comma = (kopecks: number): string => formatRubles(kopecks).replace('.', ',');
const numberOf = (card: number): string => String(firstNumber + card);

async function writeCards({ folder, cards, next }: Shop): Promise<string> {
  const file = createWriteStream(join(folder, 'cards.csv'));
  file.write('\uFEFFВедомость по дисконтным картам;;;;;\r\nТорговое предприятие 7;;;;;\r\n\r\n');
  file.write('Номер карты;Владелец;Вид карты;Сумма накопления;Количество чеков;Сумма бонусов\r\n');
  const totals = { bonus: 0, accumulation: 0, receipts: 0 };
  for (let card = 0; card < cards; card += 1) {
    const receipts = 1 + next(40);
    const accumulation = receipts * (5_000 + next(300_000));
    const bonus = next(60_000);
    totals.bonus += bonus;
    totals.accumulation += accumulation;
    totals.receipts += receipts;
    const row = [numberOf(card), `Покупатель № ${card + 1}`, 'BONUS', comma(accumulation), receipts, comma(bonus)];
    if (!file.write(`${row.join(';')}\r\n`)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
  const { bonus, accumulation, receipts } = totals;
  return `--expect-cards ${cards} --expect-bonus ${formatRubles(bonus)} --expect-accumulation ${formatRubles(accumulation)} --expect-receipts ${receipts}`;
}

const element = (name: string, value: string | number): string => `<${name}>${value}</${name}>`;

function describeSale(shop: Shop, kkm: string, shift: number, sale: Sale, original: Sale | undefined): string {
  const { next } = shop;
  const isReturn = original !== undefined;
  const key = ({ receiptNumber, receiptAt }: Sale): string =>
    element('KKM', kkm) +
    element('ShiftNumber', shift) +
    element('ReceiptNumber', receiptNumber) +
    element('ReceiptDate', receiptAt);
  const accrued = isReturn ? 0 : Math.round(sale.sum * 0.03);
  const redeemed = !isReturn && next(10) === 0 ? Math.min(next(2_000), Math.floor(sale.sum * 0.3)) : 0;
  const sum = formatRubles(sale.sum);
  const line = `<Line>${element('Number', 1)}${element('Code', `T-${next(5_000)}`)}${element('Quantity', 1)}${element('Price', sum)}${element('Sum', sum)}${element('Discount', '0.00')}</Line>`;
  return `<Receipt>${element('Kind', isReturn ? 'Return' : 'Sale')}${key(sale)}${element('CardNumber', sale.cardNumber)}${element('Sum', sum)}${element('SumWithDiscount', sum)}${element('BonusAccrued', formatRubles(accrued))}${element('BonusRedeemed', formatRubles(redeemed))}${element('Offline', 'true')}${isReturn ? `<Original>${key(original)}</Original>` : ''}${line}</Receipt>\n`;
}

/** One shift of one till: every fiftieth receipt returns the first sale of the shift that is not returned yet. */
function writeShift(shop: Shop, till: number, day: number, receipts: number): void {
  const { folder, next, from } = shop;
  const kkm = `K-${String(till + 1).padStart(2, '0')}`;
  const opensAt = addSeconds(startOf(addDays(from, day)), 9 * 3_600);
  const shift = day + 1;
  const sales: Sale[] = [];
  let text = `<UploadReceipts xmlns="${namespace}"><Upload>${element('KKM', kkm)}${element('ShiftNumber', shift)}\n`;
  for (let index = 0; index < receipts; index += 1) {
    const receiptAt = addSeconds(opensAt, Math.floor((index * openSeconds) / receipts));
    const original = (index + 1) % returnOfEvery === 0 ? sales.shift() : undefined;
    const sale = {
      receiptNumber: index + 1,
      receiptAt,
      cardNumber: original?.cardNumber ?? numberOf(next(shop.cards)),
      sum: original?.sum ?? 1_000 + next(500_000),
    };
    text += describeSale(shop, kkm, shift, sale, original);
    if (original === undefined) sales.push(sale);
  }
  mkdirSync(join(folder, 'exchange', kkm), { recursive: true });
  writeFileSync(
    join(folder, 'exchange', kkm, `shift-${String(shift).padStart(3, '0')}.xml`),
    `${text}</Upload></UploadReceipts>\n`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      cards: { type: 'string', default: '200000' },
      receipts: { type: 'string', default: '1000000' },
      tills: { type: 'string', default: '50' },
      from: { type: 'string', default: '2026-11-01' },
      days: { type: 'string', default: '24' },
      seed: { type: 'string', default: '7' },
    },
  });
  const from = parseLocalDate(values.from);
  if (values.out === undefined || from === undefined) throw new Error('--out DIR is needed, and --from is a date');
  const [cards, receipts, tills, days] = [values.cards, values.receipts, values.tills, values.days].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  mkdirSync(values.out, { recursive: true });
  const shop: Shop = { folder: values.out, cards, receipts, tills, from, days, next: chanceOf(Number(values.seed)) };
  const expected = await writeCards(shop);
  const shifts = tills * days;
  for (let shift = 0; shift < shifts; shift += 1) {
    const count = Math.floor(((shift + 1) * receipts) / shifts) - Math.floor((shift * receipts) / shifts);
    writeShift(shop, shift % tills, Math.floor(shift / tills), count);
  }
  process.stdout.write(
    `cards.csv: ${cards} cards; exchange: ${receipts} receipts in ${shifts} files of ${tills} tills\n`,
  );
  process.stdout.write(`${expected}\n`);
}

void main();
