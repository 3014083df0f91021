// Card kinds and settings: what is kept of a partial edit, and what is refused.
import { getRevision } from '../../../src/db/admin/setting.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { listCardKinds } from '../../../src/operations/catalogs/list-card-kinds.ts';
import { listSettings } from '../../../src/operations/admin/list-settings.ts';
import { removeCardKind } from '../../../src/operations/catalogs/remove-card-kind.ts';
import { saveCardKind, type CardKindChange } from '../../../src/operations/catalogs/save-card-kind.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { addCard, noon, openTestInfobase } from '../testing-infobase.ts';

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
});
afterEach(() => infobase.close());

test('what an edit does not name stays', async () => {
  const discount = { sort: 'fixed', percentHundredths: 500 } as const;
  await saveCardKind(infobase, { code: 'GOLD', name: 'Золотая', discount, maxRedeemPercentHundredths: 3000 });
  expect(await saveCardKind(infobase, { code: 'GOLD', accrualPercentHundredths: 500 })).toEqual({
    ok: true,
    isNew: false,
    kind: {
      code: 'GOLD',
      name: 'Золотая',
      purpose: 'discount',
      discount,
      maxRedeemPercentHundredths: 3000,
      accrualPercentHundredths: 500,
      bonusRuleCode: null,
      accumulationRuleCode: null,
    },
  });
  expect(await saveCardKind(infobase, { code: 'GOLD', maxRedeemPercentHundredths: null })).toMatchObject({
    kind: { maxRedeemPercentHundredths: null, accrualPercentHundredths: 500 },
  });
});

test.each<[CardKindChange, string]>([
  [{ code: 'NEW' }, 'name'],
  [{ code: 'NEW', name: '' }, 'name'],
  [{ code: 'NEW', name: ' x' }, 'name'],
  [{ code: 'NEW', name: 'x\u0007' }, 'name'],
  [{ code: 'NEW', name: 'x'.repeat(101) }, 'name'],
  [{ code: '', name: 'x' }, 'code'],
  [{ code: 'A,B', name: 'x' }, 'code'],
  [{ code: 'A|B', name: 'x' }, 'code'],
  [{ code: '-A', name: 'x' }, 'code'],
  [{ code: 'x'.repeat(51), name: 'x' }, 'code'],
  [{ code: 'PAY', name: 'x', purpose: 'payment', accrualPercentHundredths: 100 }, 'accrualPercentHundredths'],
])('%j is refused', async (change, field) => {
  expect(await saveCardKind(infobase, change)).toMatchObject({ ok: false, field });
});

test('a kind cannot become a payment kind while it accrues', async () => {
  await saveCardKind(infobase, { code: 'GOLD', name: 'Золотая', accrualPercentHundredths: 500 });
  expect(await saveCardKind(infobase, { code: 'GOLD', purpose: 'payment' })).toMatchObject({ ok: false });
  const change = { code: 'GOLD', purpose: 'payment', accrualPercentHundredths: null } as const;
  expect(await saveCardKind(infobase, change)).toMatchObject({ ok: true });
});

test('a dry run saves nothing', async () => {
  expect(await saveCardKind(infobase, { code: 'GOLD', name: 'Золотая' }, { isDryRun: true })).toMatchObject({
    ok: true,
    isNew: true,
  });
  expect((await listCardKinds(infobase)).map(({ code }) => code)).toEqual(['BASE']);
});

test('a kind that cards are of stays', async () => {
  await addCard(infobase);
  expect(await removeCardKind(infobase, 'BASE')).toEqual({ sort: 'used', cards: 1 });
  expect(await removeCardKind(infobase, 'NONE')).toEqual({ sort: 'unknown' });
  await saveCardKind(infobase, { code: 'GOLD', name: 'Золотая' });
  expect((await listCardKinds(infobase)).map(({ code, cards }) => [code, cards])).toEqual([
    ['BASE', 1],
    ['GOLD', 0],
  ]);
  expect(await removeCardKind(infobase, 'GOLD')).toEqual({ sort: 'removed' });
});

test('a setting is saved with its revision, and only where it is valid', async () => {
  const before = await infobase.db.read(getRevision);
  expect(await saveSetting(infobase, noon, 'stage', 'cards')).toEqual({ ok: true, before: 'online' });
  expect(await infobase.db.read(getRevision)).toBeGreaterThan(before);
  expect(await saveSetting(infobase, noon, 'stage', 'sold')).toMatchObject({ ok: false });
  expect(await saveSetting(infobase, noon, 'constructor', 'x')).toMatchObject({ ok: false });
  const settings = await listSettings(infobase);
  expect(settings.find(({ name }) => name === 'stage')).toMatchObject({ value: 'cards', isOwn: true });
  expect(settings.find(({ name }) => name === 'lineEnds')).toMatchObject({ value: 'crlf', isOwn: false });
});
