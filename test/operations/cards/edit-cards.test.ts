// The bulk edit: which cards it means, what it changes, and what it refuses as a whole.
import { findCard, type Card } from '../../../src/db/cards/card.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import { createCardRange } from '../../../src/operations/cards/create-card-range.ts';
import { editCards } from '../../../src/operations/cards/edit-cards.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { addCard, addKind, openTestInfobase } from '../testing-infobase.ts';

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
  await addKind(infobase, { code: 'GOLD', name: 'Золотая' });
  await addCard(infobase, { number: '29001', holder: 'Иванова' });
  await addCard(infobase, { number: '29002', status: 'blocked' });
  await addCard(infobase, { number: '29003', kindCode: 'GOLD', validFrom: '2026-06-01' as LocalDate });
});
afterEach(() => infobase.close());

const find = async (number: string): Promise<Card> => {
  const card = await infobase.db.read((trx) => findCard(trx, number));
  if (card === undefined) throw new Error(`card ${number} is missing`);
  return card;
};

test('changes what the filter means, and counts what has these values already', async () => {
  const edit = { where: ['number=29001..29003'], set: ['status=blocked'] };
  expect(await editCards(infobase, edit)).toMatchObject({ ok: true, matched: 3, changed: 2 });
  expect(await editCards(infobase, edit)).toMatchObject({ ok: true, matched: 3, changed: 0, edits: [] });
  expect((await find('29001')).holder).toBe('Иванова');
});

test('several fields at once; an empty value clears', async () => {
  const set = ['kind=Золотая', 'holder=', 'validTo=31.12.2027', 'note=обмен; смена вида'];
  expect(await editCards(infobase, { where: ['number=29001'], set })).toMatchObject({ matched: 1, changed: 1 });
  expect(await find('29001')).toMatchObject({
    kindCode: 'GOLD',
    holder: null,
    validTo: '2027-12-31',
    note: 'обмен; смена вида',
  });
});

test('no condition means every card', async () => {
  expect(await editCards(infobase, { where: [], set: ['note=все'] })).toMatchObject({ matched: 3, changed: 3 });
});

test('a dry run shows the change of each card and makes none', async () => {
  const edit = { where: ['kind=BASE'], set: ['status=blocked', 'validTo=2027-12-31'] };
  expect(await editCards(infobase, edit, { isDryRun: true })).toEqual({
    ok: true,
    matched: 2,
    changed: 2,
    edits: [
      {
        number: '29001',
        before: { status: 'active', validTo: null },
        after: { status: 'blocked', validTo: '2027-12-31' },
      },
      { number: '29002', before: { validTo: null }, after: { validTo: '2027-12-31' } },
    ],
  });
  expect(await find('29001')).toMatchObject({ status: 'active', validTo: null });
});

test('an edit that one card cannot take changes none', async () => {
  const edit = { where: [], set: ['validTo=2026-05-31'] };
  expect(await editCards(infobase, edit)).toEqual({
    ok: false,
    sort: 'cards',
    mistakes: ['card 29003 would be valid from 2026-06-01 to 2026-05-31'],
  });
  expect((await find('29001')).validTo).toBeNull();
});

test.each([
  [[], 'nothing to set'],
  [['status'], 'field=value'],
  [['number=5'], 'field=value'],
  [['status=lost'], 'expected one of'],
  [['kind='], 'expected a card kind'],
  [['validTo=soon'], 'expected a date'],
  [['status=active', 'status=blocked'], 'given twice'],
])('set %j is refused', async (set, why) => {
  expect(await editCards(infobase, { where: [], set })).toEqual({
    ok: false,
    sort: 'request',
    mistakes: [expect.stringContaining(why)],
  });
});

test('a wrong filter and a wrong value are told together', async () => {
  const outcome = await editCards(infobase, { where: ['kind=NONE,status=lost'], set: ['validTo=soon'] });
  expect(outcome.ok ? [] : outcome.mistakes).toHaveLength(3);
});

test('many cards go in turns, and a card changed meanwhile keeps its other fields', async () => {
  const range = { prefix: '5', from: '1', to: '4500', width: '5', kindCode: 'GOLD' };
  await createCardRange(infobase, range);
  const turns: number[] = [];
  const afterTurn = async (changed: number): Promise<void> => {
    if (turns.length === 0) await editCards(infobase, { where: ['number=504500'], set: ['holder=Кассир'] });
    turns.push(changed);
  };
  const edit = { where: ['kind=GOLD'], set: ['status=accrue_only'] };
  expect(await editCards(infobase, edit, { afterTurn })).toMatchObject({ matched: 4501, changed: 4501 });
  // Two of the first two thousand are of another kind.
  expect(turns).toEqual([1998, 3998, 4501]);
  expect(await find('504500')).toMatchObject({ holder: 'Кассир', status: 'accrue_only' });
});
