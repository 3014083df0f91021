// Rules of life as they are kept: what is refused and why, what a partial edit leaves, and whom a change touches.
import { listBillingHistory } from '../../../src/db/billing/billing-history.ts';
import { statement } from '../../../src/db/statement.ts';
import { parseDelay, parseLife, type LifeRule } from '../../../src/ledger/life-rule.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { listLifeRules } from '../../../src/operations/catalogs/list-life-rules.ts';
import { removeLifeRule } from '../../../src/operations/catalogs/remove-life-rule.ts';
import { saveCardKind } from '../../../src/operations/catalogs/save-card-kind.ts';
import { saveLifeRule, type LifeRuleChange } from '../../../src/operations/catalogs/save-life-rule.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { addCard, buildSale, moment, openTestInfobase, register, testCard } from '../testing-infobase.ts';

const now = moment('2026-03-10T12:00:00');

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase({ hasSubscription: true });
});
afterEach(() => infobase.close());

const twoWeeks: LifeRule = {
  code: 'B14',
  name: 'Две недели',
  register: 'bonus',
  delay: { sort: 'none' },
  life: { sort: 'days', count: 14 },
  lifeFrom: 'credit',
};
const save = (change: Partial<LifeRuleChange>, isDryRun = false) =>
  saveLifeRule(infobase, now, { code: 'B14', ...change }, { isDryRun });

test('a new rule is credited at once and counts its life from the credit by default', async () => {
  const { code, name, register: kept, life } = twoWeeks;
  const outcome = await saveLifeRule(infobase, now, { code, name, register: kept, life });
  expect(outcome).toEqual({ ok: true, isNew: true, rule: twoWeeks, kinds: [] });
  expect(await save({ delay: { sort: 'next_month' } })).toMatchObject({
    isNew: false,
    rule: { ...twoWeeks, delay: { sort: 'next_month' } },
  });
  expect(await listLifeRules(infobase)).toEqual([{ ...twoWeeks, delay: { sort: 'next_month' }, kinds: [] }]);
});

const delay = (text: string) => ({ delay: parseDelay(text)! });
const life = (text: string) => ({ life: parseLife(text)! });

test.each<[Partial<LifeRuleChange>, keyof LifeRule, string]>([
  [{ code: 'none' }, 'code', 'takes a kind'],
  [{ code: '' }, 'code', '1 to 50'],
  [{ code: 'A,B' }, 'code', '1 to 50'],
  [{ name: '' }, 'name', '1 to 100'],
  [{ name: ' x' }, 'name', '1 to 100'],
  [life('fixed_date:2026-03-10'), 'life', 'is not after 2026-03-10'],
  [life('fixed_date:2025-01-01'), 'life', 'is not after 2026-03-10'],
  [{ ...life('fixed_date:2026-03-20'), ...delay('days:10') }, 'life', 'is not after 2026-03-20'],
  [{ ...life('days:14'), ...delay('days:14'), lifeFrom: 'operation' }, 'life', 'credits on 2026-03-24'],
  [{ ...life('end_of_month:0'), ...delay('next_month'), lifeFrom: 'operation' }, 'life', 'the delay reaches the life'],
  // The last days of a quarter, not today: every date to come is tried.
  [{ ...life('end_of_quarter:0'), ...delay('days:20'), lifeFrom: 'operation' }, 'life', 'of 2026-03-12'],
])('%j is refused', async (change, field, why) => {
  const outcome = await save({ ...twoWeeks, ...change });
  expect(outcome).toMatchObject({ ok: false, field });
  expect(outcome.ok ? '' : outcome.why).toContain(why);
  expect(await listLifeRules(infobase)).toEqual([]);
});

test.each<[Partial<LifeRuleChange>]>([
  [{ ...life('days:14'), ...delay('days:14') }],
  [{ ...life('days:15'), ...delay('days:14'), lifeFrom: 'operation' }],
  [{ ...life('fixed_date:2026-03-11') }],
  [{ ...life('unlimited'), ...delay('months:1'), lifeFrom: 'operation' }],
])('%j can be kept', async (change) => {
  expect(await save({ ...twoWeeks, ...change })).toMatchObject({ ok: true });
});

test.each<[keyof LifeRule]>([['register'], ['name'], ['life']])('a new rule needs its %s', async (field) => {
  const { [field]: _, ...rest } = twoWeeks;
  expect(await save(rest as LifeRuleChange)).toMatchObject({ ok: false, field, why: expect.stringContaining('needs') });
});

test('a rule that a kind has chosen keeps its register and stays', async () => {
  await save(twoWeeks);
  expect(await save({ register: 'accumulation' })).toMatchObject({ ok: true });
  await save({ register: 'bonus' });
  await saveCardKind(infobase, { code: 'BASE', bonusRuleCode: 'B14' });
  expect(await save({ register: 'accumulation' })).toEqual({
    ok: false,
    field: 'register',
    why: 'the rule is chosen by card kinds (BASE): its register stays',
  });
  expect(await save(life('days:20'))).toMatchObject({ ok: true, kinds: ['BASE'] });
  expect(await removeLifeRule(infobase, 'B14')).toEqual({ sort: 'used', kinds: ['BASE'] });
  await saveCardKind(infobase, { code: 'BASE', bonusRuleCode: null });
  expect(await removeLifeRule(infobase, 'B14')).toEqual({ sort: 'removed' });
  expect(await removeLifeRule(infobase, 'B14')).toEqual({ sort: 'unknown' });
});

test.each([
  [{ bonusRuleCode: 'NONE' }, 'bonusRuleCode', 'there is no rule of life "NONE"'],
  [{ accumulationRuleCode: 'B14' }, 'accumulationRuleCode', 'rule "B14" is of the register bonus, not accumulation'],
])('a kind cannot choose %j', async (change, field, why) => {
  await save(twoWeeks);
  expect(await saveCardKind(infobase, { code: 'BASE', ...change })).toEqual({ ok: false, field, why });
});

test('a dry run saves nothing', async () => {
  expect(await save(twoWeeks, true)).toMatchObject({ ok: true, isNew: true });
  expect(await listLifeRules(infobase)).toEqual([]);
});

const cardId = statement<{ number: string }, { id: number }>((knex, p) =>
  knex('card').select('id').where('number', p.number),
);

test('a change of a rule touches new accruals only', async () => {
  await save(twoWeeks);
  await saveCardKind(infobase, { code: 'BASE', bonusRuleCode: 'B14' });
  await addCard(infobase);
  await saveSetting(infobase, now, 'stage', 'billing');
  const ring = (receiptNumber: number) =>
    register(infobase, buildSale({ receiptNumber, receiptAt: now, bonusAccruedKopecks: 100 }), now);
  await ring(1);
  await save(life('days:20'));
  await ring(2);
  await saveCardKind(infobase, { code: 'BASE', bonusRuleCode: null });
  await ring(3);
  const rows = await infobase.db.read(async (trx) => {
    const { id } = (await trx.first(cardId, { number: testCard.number }))!;
    return listBillingHistory(trx, id, { from: moment('2026-01-01'), to: moment('2027-01-01') }, 10);
  });
  expect(rows.map(({ writeOffOn }) => writeOffOn)).toEqual(['2026-03-24', '2026-03-30', '3999-12-31']);
});

test('a payment kind lives for ever unless its rule says otherwise', async () => {
  await save(twoWeeks);
  const outcome = await saveCardKind(infobase, { code: 'PAY', name: 'Платёжная', purpose: 'payment' });
  expect(outcome).toMatchObject({ kind: { bonusRuleCode: null, accumulationRuleCode: null } });
  const change = { code: 'PAY', bonusRuleCode: 'B14' };
  expect(await saveCardKind(infobase, change)).toMatchObject({ ok: true, kind: { bonusRuleCode: 'B14' } });
});
