// `kkm verify`: an infobase in use adds up; a sum spoilt on purpose is named, and so is one that only the facts betray.
import { insertBillingDocument, postBillingLine } from '../../src/db/billing-register.ts';
import { statement } from '../../src/db/statement.ts';
import type { LocalDate } from '../../src/ledger/local-date-time.ts';
import { Infobase } from '../../src/operations/infobase.ts';
import { buildReturn, buildSale, moment, register } from '../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from './testing-io.ts';

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
      'accumulation_balance: every card adds up',
      'billing_balance: every card adds up',
      'accrual_turnover: every card adds up',
      'pending_credit: every card adds up',
      'certificate: every card adds up',
      'cards: 2 reckoned from their receipts and documents, all in order',
    ],
    err: [],
  });
  await line.run('clock', 'advance', '--days', '60');
  expect(await line.runJson('verify', '--deep')).toMatchObject({
    ok: true,
    cards: { code: 'done', cards: 2, wrong: 0 },
  });
});

test.each([
  ['accumulation_balance', { receipts: 77 }, 'bonus 0.00, accumulation 0.00, receipts 75'],
  ['billing_balance', { bonus: 1 }, `bonus -7.49, accumulation 0.00, receipts 0`],
  ['accrual_turnover', { bonus: 751 }, 'bonus 0.01, accumulation 0.00, receipts 0'],
  ['pending_credit', { bonus: 600 }, 'bonus -1.00, accumulation 0.00, receipts 0'],
])('%s spoilt on purpose is named, with the card and by how much', async (table, changes, by) => {
  await trade();
  await spoil(table, changes);
  const { code, out } = await line.run('verify');
  const wrong = out.filter((text) => !text.endsWith('every card adds up'));
  expect([code, out.length, wrong]).toEqual([
    1,
    5,
    [`card ${card}: ${table} differs from the sum of its movements by ${by}`],
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
  expect((await line.run('verify')).out.filter((text) => text.startsWith('card '))).toHaveLength(2);
});

test('a running sum without any movement is named', async () => {
  const bare = statement<Record<string, never>>((knex) =>
    knex('billing_balance').insert({ card_id: 2, bonus: 0, accumulation: 0, receipts: 3 }),
  );
  await infobase.db.write((trx) => trx.change(bare, {}));
  expect((await line.run('verify')).out).toContain(
    `card ${other}: billing_balance differs from the sum of its movements by bonus 0.00, accumulation 0.00, receipts 3`,
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
    'cards: 1 of 2 are not what their receipts and documents make',
    `  card ${other}: the balance lacks bonus -0.05; rows of accruals that differ: 1`,
  ]);
  expect(await line.runJson('verify', '--deep')).toMatchObject({
    ok: false,
    cards: { wrong: 1, differences: [{ card: other, lacks: { bonus: '-0.05' }, rows: 1, pending: 0 }] },
  });
});

test('outside stage billing there is nothing to reckon', async () => {
  await line.run('infobase', 'create', 'plain');
  const { code, out } = await line.run('verify', '--deep', '--infobase', 'plain');
  expect([code, out.at(-1)]).toEqual([0, 'cards: the infobase is not in stage billing, so there is nothing to reckon']);
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
