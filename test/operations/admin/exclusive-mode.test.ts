// Tills kept out: exclusive mode refuses every call with 10, and `acceptCards` those alone that ask of the card in hand.
import { enterExclusiveMode, findExclusiveMode, leaveExclusiveMode } from '../../../src/db/admin/exclusive-mode.ts';
import { resultCodes } from '../../../src/ledger/result.ts';
import { describeService } from '../../../src/operations/admin/describe-service.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { listCardOperations } from '../../../src/operations/cards/list-card-operations.ts';
import {
  addCard,
  buildCancel,
  buildReserve,
  buildSale,
  cancel,
  noon,
  openBalances,
  openTestInfobase,
  register,
  release,
  reserve,
  setSetting,
  showCard,
  testCard,
  upload,
} from '../testing-infobase.ts';

const { done, exclusiveMode, moduleOff } = resultCodes;

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
  await addCard(infobase);
  await openBalances(infobase, testCard.number, { bonus: 1_000 });
});
afterEach(() => infobase.close());

const enter = (): Promise<boolean> =>
  infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));

async function callAll(): Promise<Record<string, number>> {
  const sale = buildSale({ bonusAccruedKopecks: 100 });
  const history = { ok: true, value: { cardNumber: testCard.number, from: null, to: null, limit: null } } as const;
  const uploaded = await upload(infobase, [buildSale({ receiptNumber: 3 })]);
  return {
    service: (await describeService(infobase, noon, '1')).code,
    read: (await showCard(infobase)).code,
    reserve: (await reserve(infobase, buildReserve(sale, { amountKopecks: 50 }))).code,
    release: (await release(infobase, buildReserve(sale))).code,
    online: (await register(infobase, sale)).code,
    offline: (await register(infobase, buildSale({ receiptNumber: 2, offline: true }))).code,
    upload: uploaded.code,
    cancel: (await cancel(infobase, buildCancel(sale))).code,
    history: (await listCardOperations(infobase, history)).code,
  };
}

test('in exclusive mode every call is answered 10, and afterwards is served as before', async () => {
  expect(await enter()).toBe(true);
  const refused = await callAll();
  expect(refused).toEqual(Object.fromEntries(Object.keys(refused).map((name) => [name, exclusiveMode])));
  await infobase.db.write(leaveExclusiveMode);
  const served = await callAll();
  expect(served).toEqual(Object.fromEntries(Object.keys(served).map((name) => [name, done])));
});

test('exclusive mode is entered once, and left once', async () => {
  expect(await enter()).toBe(true);
  expect(await infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'disabling', sinceAt: noon }))).toBe(
    false,
  );
  expect(await infobase.db.read(findExclusiveMode)).toEqual({ purpose: 'enabling', sinceAt: noon });
  expect(await infobase.db.write(leaveExclusiveMode)).toBe(true);
  expect(await infobase.db.write(leaveExclusiveMode)).toBe(false);
});

test('where the module is off, 8 comes before 10', async () => {
  await setSetting(infobase, 'stage', 'cards');
  await enter();
  expect((await showCard(infobase)).code).toBe(moduleOff);
});

test('where cards are not accepted, what asks of a card gets 10 and what has happened is taken note of', async () => {
  await setSetting(infobase, 'acceptCards', 'false');
  expect(await callAll()).toEqual({
    service: done,
    read: exclusiveMode,
    reserve: exclusiveMode,
    release: done,
    online: exclusiveMode,
    offline: done,
    upload: done,
    cancel: done,
    history: done,
  });
});
