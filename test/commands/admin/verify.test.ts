// `kkm verify`: an infobase in use adds up; a sum spoilt on purpose is named, and so is one that only the facts betray.
import { nameOperator } from '../../../src/commands/name-operator.ts';
import { insertBillingDocument, postBillingLine, postUncheckedLine } from '../../../src/db/billing/billing-register.ts';
import { enterExclusiveMode } from '../../../src/db/admin/exclusive-mode.ts';
import { statement } from '../../../src/db/statement.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { buildReturn, buildSale, moment, register } from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

const card = '2900000000001';
const other = '2900000000002';
const noon = moment('2026-01-01T12:00:00');

let line: TestingLine;
let infobase: Infobase;
beforeEach(async () => {
  line = openTestingLine();
  await line.run('infobase', 'create', 'trade', '--test', '--at', noon);
  const life = ['--life', 'days:10', '--delay', 'days:2'];
  await line.run('rules', 'set', 'B', '--register', 'bonus', '--name', 'B', ...life);
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая', '--bonus-rule', 'B');
  await line.run('cards', 'range', '--from', card, '--to', other, '--kind', 'BASE');
  await line.run('settings', 'set', 'stage', 'billing');
  // As the service opens it: with the subscription that the command line has as well.
  const file = `${line.dataDir}/trade.sqlite`;
  infobase = await Infobase.open({ name: 'trade', file, hasSubscription: true });
});
afterEach(async () => {
  await infobase.close();
  await line.close();
});

/** Sales, a return of one, a document and nights: every register of both cards has something. */
async function trade(): Promise<void> {
  for (const [index, cardNumber] of [card, other, card].entries()) {
    const sale = buildSale({ cardNumber, receiptNumber: index + 1, receiptAt: noon, bonusAccruedKopecks: 500 });
    expect((await register(infobase, sale, noon)).code).toBe(0);
    if (index === 2) await register(infobase, buildReturn(sale, { sumWithDiscountKopecks: 5_000 }), noon);
  }
  await line.run('clock', 'advance', '--days', '2');
  await line.run('document', 'accrual', '--card', card, '--bonus', '7', '--credit-date', '2026-02-01');
  const at = moment('2026-01-03T12:00:00');
  await register(
    infobase,
    buildSale({ cardNumber: other, receiptNumber: 9, receiptAt: at, bonusAccruedKopecks: 1 }),
    at,
  );
}

const change = (table: string, changes: Record<string, number>) =>
  statement<Record<string, never>>((knex) => knex(table).update(changes));
const spoil = (table: string, changes: Record<string, number>) =>
  infobase.db.write((trx) => trx.change(change(table, changes), {}));

test('an infobase in use adds up, and its cards are in order', async () => {
  await trade();
  expect(await line.run('verify', '--deep')).toEqual({
    code: 0,
    out: [
      'balances of «Накопления»: in order',
      'balances of billing: in order',
      'accruals by write-off date: in order',
      'pending credits: in order',
      'gift certificates: in order',
      'accruals: no row is below zero',
      'nights: no balance is above the accruals that cover it after 2026-01-03',
      'cards: 2 calculated from their receipts and documents, all in order',
    ],
    err: [],
  });
  await line.run('clock', 'advance', '--days', '60');
  expect(await line.runJson('verify', '--deep')).toMatchObject({
    ok: true,
    invariants: { belowZero: null, lastNight: '2026-03-04', uncovered: null },
    cards: { code: 'done', cards: 2, wrong: 0 },
  });
});

test.each([
  ['accumulation_balance', 'balances of «Накопления»', { receipts: 77 }, 'bonus 0.00, accumulation 0.00, receipts 75'],
  ['billing_balance', 'balances of billing', { bonus: 1 }, `bonus -7.49, accumulation 0.00, receipts 0`],
  ['accrual_turnover', 'accruals by write-off date', { bonus: 751 }, 'bonus 0.01, accumulation 0.00, receipts 0'],
  ['pending_credit', 'pending credits', { bonus: 600 }, 'bonus -1.00, accumulation 0.00, receipts 0'],
])('%s spoilt on purpose is named, with the card and by how much', async (table, name, changes, by) => {
  await trade();
  await spoil(table, changes);
  const { code, out } = await line.run('verify');
  const wrong = out.slice(0, 5).filter((text) => !text.endsWith(': in order'));
  expect([code, out.length, wrong]).toEqual([
    1,
    7,
    [`card ${card}: ${name} differ from the sum of the movements by ${by}`],
  ]);
  const { registers } = (await line.runJson('verify')) as {
    registers: { register: string; difference: object | null }[];
  };
  expect(registers.filter(({ difference }) => difference !== null)).toMatchObject([
    { register: table, difference: { card } },
  ]);
});

test('every register that is wrong is named, not the first alone', async () => {
  await trade();
  await spoil('billing_balance', { accumulation: 1 });
  await spoil('pending_credit', { receipts: 1 });
  const named = (await line.run('verify')).out.filter((text) => text.includes('differ from the sum'));
  expect(named).toHaveLength(2);
});

test('a running sum without any movement is named', async () => {
  const bare = statement<Record<string, never>>((knex) =>
    knex('billing_balance').insert({ card_id: 2, bonus: 0, accumulation: 0, receipts: 3 }),
  );
  await infobase.db.write((trx) => trx.change(bare, {}));
  expect((await line.run('verify')).out).toContain(
    `card ${other}: balances of billing differ from the sum of the movements by bonus 0.00, accumulation 0.00, receipts 3`,
  );
});

test('what adds up but does not follow from the facts, the deep check names', async () => {
  await trade();
  await infobase.db.write(async (trx) => {
    const head = {
      kind: 'Accrual',
      origin: 'compensation',
      effectiveOn: null,
      receiptId: null,
      documentId: null,
    } as const;
    const id = await insertBillingDocument(trx, { ...head, datedAt: noon, recordedAt: noon, comment: null });
    const row = { measure: 'bonus', writeOffOn: '2027-01-01' as LocalDate, amount: 5 } as const;
    const effect = { balance: { bonus: 5, accumulation: 0, receipts: 0 }, rows: [row], pending: [] };
    await postBillingLine(trx, id, 1, 2, effect, null);
  });
  expect((await line.run('verify')).code).toBe(0);
  const { code, out } = await line.run('verify', '--deep');
  expect([code, ...out.slice(-2)]).toEqual([
    1,
    'cards: 1 of 2 differ from their receipts and documents',
    `  card ${other}: the balance lacks bonus -0.05; rows of accruals that differ: 1 (bonus to 2027-01-01 -0.05)`,
  ]);
  expect(await line.runJson('verify', '--deep')).toMatchObject({
    ok: false,
    cards: { wrong: 1, differences: [{ card: other, lacks: { bonus: '-0.05' }, rows: 1, pending: 0 }] },
  });
});

/** As returns of old sales and the nights after them were posted before: a row below zero, and what burned for it. */
async function breakCard(burned = 5_000): Promise<void> {
  await infobase.db.write(async (trx) => {
    const head = { effectiveOn: null, receiptId: null, documentId: null, datedAt: noon, recordedAt: noon } as const;
    const receipt = { ...head, kind: 'KkmOperation', origin: 'receipt', comment: null } as const;
    const night = { ...head, kind: 'WriteOff', origin: 'night', comment: null } as const;
    const row = { measure: 'bonus', writeOffOn: '2027-01-01' as LocalDate, amount: -10_000 } as const;
    const none = { bonus: 0, accumulation: 0, receipts: 0 };
    const taken = { balance: none, rows: [row], pending: [] };
    await postUncheckedLine(trx, await insertBillingDocument(trx, receipt), 1, 1, taken, null);
    const lost = { balance: { ...none, bonus: -burned }, rows: [], pending: [] };
    if (burned > 0) await postUncheckedLine(trx, await insertBillingDocument(trx, night), 1, 1, lost, null);
  });
}

async function showCard() {
  const shown = (await line.runJson('cards', 'show', card)) as Record<string, unknown> & { movements: object[] };
  return { sums: [shown['bonus'], shown['accumulation'], shown['receipts']], movements: shown.movements };
}

describe('a row of accruals below zero', () => {
  test('is named; what has burned for it is given back by a document that says why, and then nothing is left', async () => {
    await trade();
    const before = await showCard();
    await breakCard();
    const broken = await line.run('verify');
    expect([broken.code, broken.out[5]]).toEqual([
      1,
      `card ${card}: its accruals to 2027-01-01 are below zero: bonus -100.00`,
    ]);
    const lacks = 'the balance lacks bonus 50.00; rows of accruals that differ: 1 (bonus to 2027-01-01 100.00)';
    const dry = await line.run('verify', '--deep');
    expect([dry.code, ...dry.out.slice(-2)]).toEqual([
      1,
      'cards: 1 of 2 differ from their receipts and documents',
      `  card ${card}: ${lacks}`,
    ]);
    // Looking changes nothing.
    expect(await line.run('verify', '--deep')).toEqual(dry);
    const tried = await line.run('verify', '--deep', '--repair', '--dry-run');
    expect([tried.code, ...tried.out.slice(-2)]).toEqual([0, `  card ${card}: ${lacks}`, '1 card would be corrected']);
    expect(await line.run('verify', '--deep')).toEqual(dry);
    const repaired = await line.run('verify', '--deep', '--repair');
    expect([repaired.code, ...repaired.out.slice(5)]).toEqual([
      0,
      'accruals: no row is below zero',
      'nights: no balance is above the accruals that cover it after 2026-01-03',
      'cards: 1 of 2 differed from their receipts and documents',
      `  card ${card}: ${lacks}`,
      expect.stringMatching(/^corrected by: Начисление на дисконтные карты \S+ от 03\.01\.2026/),
    ]);
    expect(await line.runJson('changes', '--limit', '1')).toMatchObject({
      changes: [
        {
          by: nameOperator(),
          door: 'cli',
          subject: 'document',
          key: expect.stringMatching(/^Начисление/),
          before: null,
        },
      ],
    });
    const after = await showCard();
    expect(after.sums).toEqual(before.sums);
    expect(after.movements[0]).toMatchObject({
      documentKind: 'Accrual',
      comment: expect.stringMatching(/^Исправление.*: бонусы \+50\.00; бонусы до 01\.01\.2027 \+100\.00$/),
    });
    // A second time there is nothing to do.
    expect(await line.runJson('verify', '--deep', '--repair')).toMatchObject({
      ok: true,
      cards: { wrong: 0 },
      repaired: [],
    });
    await line.run('clock', 'advance', '--days', '15');
    expect((await line.run('verify', '--deep')).code).toBe(0);
  });

  test('takes nothing from the card in the nights until it is repaired', async () => {
    await trade();
    await breakCard(0);
    await line.run('clock', 'advance', '--days', '5');
    expect((await showCard()).sums).toEqual(['7.50', '150.00', 2]);
    expect((await line.run('verify', '--deep', '--repair')).code).toBe(0);
    await line.run('clock', 'advance', '--days', '4');
    expect((await showCard()).sums[0]).toBe('7.50');
    // The bonus of the 1st, credited on the 3rd, lives ten days.
    await line.run('clock', 'advance', '--days', '1');
    expect((await showCard()).sums[0]).toBe('0.00');
  });
});

test('a balance above what covers it after the night is named, and what has come since the night is not', async () => {
  await trade();
  const at = moment('2026-01-03T13:00:00');
  const spent = buildSale({ cardNumber: card, receiptNumber: 20, receiptAt: at, bonusRedeemedKopecks: 100 });
  await register(infobase, spent, at);
  await line.run('clock', 'advance', '--days', '10');
  // Given back on the day whose night has taken the rest: it burns the next night.
  const later = moment('2026-01-13T13:00:00');
  const back = buildReturn(spent, { receiptAt: later });
  expect((await register(infobase, back, later)).bonusBalance).toBe(100);
  expect((await line.run('verify')).code).toBe(0);
  await spoil('accrual_turnover', { receipts: 0 });
  const { code, out } = await line.run('verify');
  expect([code, out[6]]).toEqual([
    1,
    `card ${card}: after the night of 2026-01-13 the balance is above the accruals that cover it by receipts 2 (2 cards)`,
  ]);
});

test('--repair goes with --deep, in stage billing, and not while billing is being switched', async () => {
  expect(await line.run('verify', '--repair')).toMatchObject({ code: 2 });
  await line.run('infobase', 'create', 'plain');
  const plain = await line.run('verify', '--deep', '--repair', '--infobase', 'plain');
  expect([plain.code, plain.err]).toEqual([1, [expect.stringContaining('there is nothing to repair')]]);
  await infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
  const busy = await line.run('verify', '--deep', '--repair');
  expect([busy.code, busy.err]).toEqual([1, [expect.stringContaining('billing is being switched on or off')]]);
});

test('outside stage billing there is nothing to calculate', async () => {
  await line.run('infobase', 'create', 'plain');
  const { code, out } = await line.run('verify', '--deep', '--infobase', 'plain');
  expect([code, out.at(-1)]).toEqual([
    0,
    'cards: the infobase is not in stage billing, so there is nothing to calculate',
  ]);
});

test('it goes on beside a service that writes', async () => {
  await trade();
  const bell = { isStopped: false };
  const ringing = (async () => {
    let rung = 0;
    for (; !bell.isStopped; rung += 1) {
      const receiptAt = moment('2026-01-03T12:00:00');
      const sale = buildSale({ cardNumber: card, receiptNumber: 100 + rung, receiptAt, bonusAccruedKopecks: 3 });
      expect((await register(infobase, sale, receiptAt)).code).toBe(0);
    }
    return rung;
  })();
  for (let round = 0; round < 10; round += 1) expect((await line.run('verify', '--deep')).code).toBe(0);
  bell.isStopped = true;
  expect(await ringing).toBeGreaterThan(0);
});
