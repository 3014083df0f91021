// The worked examples of returns through the whole service: what has burned is taken once, what is older than billing
// comes off the opening row, what came late is not in billing. The file has them in words; here each is played by its id.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import file from '../../../fixtures/ledger/returns.json';
import type { LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { enable, openOnline } from '../enabling/testing-enabling.ts';
import {
  addCard,
  buildCancel,
  buildReturn,
  buildSale,
  cancel,
  moment,
  register,
  showCard,
  upload,
} from '../testing-infobase.ts';
import { listFaults } from './plays.ts';
import { addRuledKind, day, openBilling, passNightsTo } from './testing-billing.ts';

/** The cases name a month and a day. */
const dateOf = (text: string) => day(`2026-${text}`);
const at = (text: string, time = '12:00:00'): LocalDateTime => moment(`${dateOf(text)}T${time}`);

interface ReturnCase {
  readonly id: string;
  readonly rule: string;
  readonly kindRule?: string;
  readonly expect: Readonly<Record<string, unknown>>;
}

const cases = file.cases as readonly ReturnCase[];
const cardNumber = 'C';

/** A shop with one card of a kind whose bonus rule is the case's; receipts are numbered as they come. */
class Play {
  readonly infobase: Infobase;
  private numbers = 0;

  private constructor(infobase: Infobase) {
    this.infobase = infobase;
  }

  static async open(infobase: Infobase, bonusRule: string): Promise<Play> {
    await addRuledKind(infobase, 'K', { bonus: bonusRule });
    await addCard(infobase, { number: cardNumber, kindCode: 'K' });
    return new Play(infobase);
  }

  async sale(on: string, sums: Partial<Receipt> = {}, code = 0): Promise<Receipt> {
    const fields = { cardNumber, receiptNumber: (this.numbers += 1), receiptAt: at(on), ...sums };
    const sale = buildSale(fields);
    // Offline, so that it comes when the test says, whatever its date.
    expect((await register(this.infobase, { ...sale, offline: true }, at(on))).code).toBe(code);
    return sale;
  }

  async back(on: string, of: Receipt, sums: Partial<Receipt> = {}, code = 0): Promise<void> {
    const back = buildReturn(of, { receiptAt: at(on), receiptNumber: (this.numbers += 1), ...sums });
    expect((await register(this.infobase, back, at(on))).code).toBe(code);
  }

  night(on: string): Promise<void> {
    return passNightsTo(this.infobase, dateOf(on));
  }

  /** The bonus balance in rubles; nothing about the card may be out of order. */
  async balance(now: string): Promise<string> {
    expect(await listFaults(this.infobase, cardNumber)).toEqual([]);
    return rubles((await this.show(now)).bonusBalance);
  }

  /** The balance with the month and day whose night takes it. */
  async burns(now: string): Promise<string | undefined> {
    const { bonusBalance, expiringBonus, expiringAt } = await this.show(now);
    expect(expiringBonus).toBe(bonusBalance);
    return expiringAt?.slice(5, 10);
  }

  show(now: string): ReturnType<typeof showCard> {
    return showCard(this.infobase, cardNumber, at(now));
  }
}

const rubles = (kopecks: number): string => (kopecks / 100).toFixed(2);

const opened: Infobase[] = [];
afterEach(async () => {
  for (const infobase of opened.splice(0)) await infobase.close();
});

async function inBilling(start: string, bonusRule = 'days:3'): Promise<Play> {
  const infobase = await openBilling({ start: dateOf(start) });
  opened.push(infobase);
  return Play.open(infobase, bonusRule);
}

/** R1 and R2 up to the night that burns: the sale that accrued 100. */
async function burn(play: Play, spent: number): Promise<Receipt> {
  const sale = await play.sale('02-01', { bonusAccruedKopecks: 10_000 });
  if (spent > 0) await play.sale('02-02', { bonusRedeemedKopecks: spent });
  await play.night('02-04');
  expect(await play.balance('02-04')).toBe('0.00');
  return sale;
}

/** R5 up to the start: two sales of stage online, +100 and -100, and billing since 03-01. */
async function enableOver(rule: string): Promise<{ play: Play; accrued: Receipt; spent: Receipt }> {
  const infobase = await openOnline();
  opened.push(infobase);
  const play = await Play.open(infobase, rule);
  const accrued = await play.sale('02-26', { bonusAccruedKopecks: 10_000 });
  const spent = await play.sale('02-26', { bonusRedeemedKopecks: 10_000 });
  expect(await enable(infobase, dateOf('03-01'), dateOf('03-05'))).toEqual({ code: 'done' });
  return { play, accrued, spent };
}

/** By the id of the case; `expected` is what the file says of it. */
const plays: Readonly<Record<string, (expected: ReturnCase['expect'], rule: string | undefined) => Promise<void>>> = {
  R1: async (expected) => {
    const play = await inBilling('02-01');
    await play.back('02-05', await burn(play, 0));
    expect({ balance: await play.balance('02-05') }).toEqual(expected);
  },
  R2: async (expected) => {
    const play = await inBilling('02-01');
    await play.back('02-05', await burn(play, 4_000));
    expect({ balance: await play.balance('02-05') }).toEqual(expected);
  },
  R3: async (expected) => {
    const play = await inBilling('02-01');
    const sale = await burn(play, 4_000);
    const balances: string[] = [];
    for (let half = 0; half < 2; half += 1) {
      await play.back('02-05', sale, { sumWithDiscountKopecks: 5_000 });
      balances.push(await play.balance('02-05'));
    }
    expect({ 'after the first': balances[0], 'after the second': balances[1] }).toEqual(expected);
  },
  R4: async (expected) => {
    const balances: string[] = [];
    for (const spent of [0, 4_000]) {
      const play = await inBilling('02-01');
      const sale = await burn(play, spent);
      expect((await cancel(play.infobase, buildCancel(sale), at('02-05'))).code).toBe(0);
      balances.push(await play.balance('02-05'));
    }
    expect({ R1: balances[0], R2: balances[1] }).toEqual(expected);
  },
  R5: async (expected, rule = '') => {
    const { play, spent } = await enableOver(rule);
    await play.back('03-05', spent);
    expect({ balance: await play.balance('03-05'), burns: await play.burns('03-05') }).toEqual(expected);
  },
  R6: async (expected, rule = '') => {
    for (const first of ['accrued', 'spent'] as const) {
      const { play, ...sales } = await enableOver(rule);
      await play.back('03-05', sales[first]);
      await play.back('03-05', sales[first === 'accrued' ? 'spent' : 'accrued']);
      await play.sale('03-05', { bonusAccruedKopecks: 5_000 });
      await play.night('03-06');
      const ends = { balance: await play.balance('03-06'), burns: await play.burns('03-06') };
      expect({ first, ...ends }).toEqual({ first, ...expected });
    }
  },
  R7: async (expected, rule = '') => {
    const { play, accrued } = await enableOver(rule);
    await play.back('03-05', accrued);
    const owed = await play.balance('03-05');
    await play.sale('03-05', { bonusAccruedKopecks: 15_000 });
    await play.night('03-06');
    const left = `${await play.balance('03-06')}, which lives its own term`;
    expect({ balance: owed, 'then a new sale accrued 150': left }).toEqual(expected);
    expect(await play.burns('03-06')).toBe('09-05');
  },
  R8: async (expected) => {
    const play = await inBilling('04-01');
    const sale = { ...buildSale({ cardNumber, receiptAt: at('03-10'), bonusAccruedKopecks: 777 }), offline: true };
    expect((await register(play.infobase, sale, at('04-05'))).code).toBe(12);
    const back = buildReturn(sale, { receiptAt: at('04-05') });
    expect((await register(play.infobase, back, at('04-05'))).code).toBe(12);
    const { accumulation, receipts } = await play.show('04-05');
    const balance = await play.balance('04-05');
    expect({ balance, accumulation: rubles(accumulation), receipts }).toEqual(expected);
  },
  R9: async (expected, rule = '') => {
    const play = await inBilling('02-26', rule);
    const unknown = buildSale({ cardNumber, receiptNumber: 9, receiptAt: at('02-20') });
    const back = buildReturn(unknown, { receiptAt: at('02-26'), bonusRedeemedKopecks: 10_000 });
    expect((await upload(play.infobase, [back], at('02-26'))).results[0]?.code).toBe(0);
    expect({ balance: await play.balance('02-26'), burns: await play.burns('02-26') }).toEqual(expected);
  },
};

/** Cases of another subject, by the test that plays them. */
const playedElsewhere: Readonly<Record<string, string>> = {
  R10: 'operations/billing/hold-over-night.test.ts',
  R12: 'soap/zoned-dates.test.ts',
  R13: 'operations/billing/register-limit.test.ts',
};

test.each(cases.filter(({ id }) => plays[id] !== undefined))(
  '$id $rule',
  async ({ id, kindRule, expect: expected }) => {
    await plays[id]?.(expected, kindRule);
  },
);

test('every case of the file is played', () => {
  for (const [id, name] of Object.entries(playedElsewhere)) {
    expect(readFileSync(path.join(__dirname, '../..', name), 'utf8')).toContain(`'${id}`);
  }
  // Of payment cards there is no test yet.
  const played = [...Object.keys(plays), ...Object.keys(playedElsewhere), 'R11'];
  expect(cases.map(({ id }) => id).toSorted()).toEqual(played.toSorted());
});
