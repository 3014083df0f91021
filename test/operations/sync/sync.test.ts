// Pseudo-online sync: what must be so before a document, that tills end with exactly what was posted whatever they skip or
// repeat, that a maker that dies leaves nothing a till sees, and who has not confirmed.
import { releaseLease } from '../../../src/db/lease.ts';
import { getLastSyncVersion } from '../../../src/db/sync/sync.ts';
import { resultCodes } from '../../../src/ledger/result.ts';
import { createSync, type SyncOptions } from '../../../src/operations/sync/create-sync.ts';
import { findMissingReports } from '../../../src/operations/sync/find-missing-reports.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { listSyncs, showSync } from '../../../src/operations/sync/list-syncs.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { confirmSyncPackage, getSyncPackage, type SyncReply } from '../../../src/operations/sync/serve-sync.ts';
import { saveShop, saveTill } from '../../../src/operations/catalogs/shops.ts';
import { fileSeed } from '../../deep.ts';
import { openBilling, passNightsTo, billingStart } from '../billing/testing-billing.ts';
import { makeRandom, withWrites } from '../night/testing-night.ts';
import {
  addCard,
  buildSale,
  moment,
  noon,
  openBalances,
  openTestInfobase,
  read,
  register,
  setSetting,
  upload,
} from '../testing-infobase.ts';

const opened: Infobase[] = [];
afterEach(async () => {
  for (const infobase of opened.splice(0)) await infobase.close();
});

async function openShop(cards: number): Promise<Infobase> {
  const infobase = await openTestInfobase();
  opened.push(infobase);
  for (let card = 1; card <= cards; card += 1) {
    await addCard(infobase, { number: `C${card}` });
    await openBalances(infobase, `C${card}`, { bonus: card * 100, accumulation: card, receipts: card });
  }
  return infobase;
}

const make = (infobase: Infobase, options: Partial<SyncOptions> = {}) =>
  createSync(infobase, noon, { cardNumbers: [], holder: 'test', readMs: () => 1_000_000, pageCards: 3, ...options });

const fetchPage = (infobase: Infobase, kkm: string, lastVersion: number | null): Promise<SyncReply> =>
  getSyncPackage(infobase, noon, read({ kkm, lastVersion }));

const confirm = (infobase: Infobase, kkm: string, version: number) =>
  confirmSyncPackage(infobase, noon, read({ kkm, version }));

/** What a till without a line keeps. */
class Till {
  readonly sums = new Map<string, number>();
  version: number | null = null;

  take({ version, isFull, cards }: SyncReply): boolean {
    if (isFull) this.sums.clear();
    for (const { cardNumber, bonus } of cards) this.sums.set(cardNumber, bonus);
    const isNew = this.version !== version && version > 0;
    this.version = version;
    return isNew;
  }
}

/** The infobase of a process that is killed before a transaction. */
function dieAfter(infobase: Infobase, writes: number): Infobase {
  let left = writes;
  return withWrites(infobase, async (write) => {
    left -= 1;
    if (left < 0) throw new Error('killed');
    return write();
  });
}

test('before it cards are refused on tills and every shift is reported; what is missing is told', async () => {
  const infobase = await openShop(2);
  const sale = buildSale({ cardNumber: 'C1' });
  await register(infobase, sale);
  const unreported = [{ kkm: 'KKM-1', shiftNumber: 1, receiptOn: '2026-11-22', receipts: 1 }];
  expect(await make(infobase)).toEqual({ code: 'not_ready', isAccepting: true, unreported });
  await setSetting(infobase, 'acceptCards', 'false');
  expect(await make(infobase)).toEqual({ code: 'not_ready', isAccepting: false, unreported });
  await upload(infobase, [sale]);
  const dry = await make(infobase, { isDryRun: true });
  expect([dry.code, await listSyncs(infobase)]).toEqual(['done', []]);
  expect(await make(infobase, { cardNumbers: ['C1', 'X'] })).toEqual({ code: 'unknown_card', cardNumber: 'X' });
  expect(await make(infobase)).toMatchObject({ code: 'done', cards: 2, firstVersion: 1, lastVersion: 1 });
});

test('tills that fetch, skip and repeat at random end with exactly what was posted', async () => {
  const random = makeRandom(fileSeed);
  const infobase = await openShop(10);
  await setSetting(infobase, 'acceptCards', 'false');
  const tills = Array.from({ length: 4 }, () => new Till());
  const expected = new Map<string, number>();
  const bonus = new Map(Array.from({ length: 10 }, (_, index) => [`C${index + 1}`, (index + 1) * 100]));
  for (let round = 0; round < 60; round += 1) {
    const number = `C${1 + Math.floor(random() * 10)}`;
    await openBalances(infobase, number, { bonus: 7 });
    bonus.set(number, (bonus.get(number) ?? 0) + 7);
    if (random() < 0.3) {
      const isFull = expected.size === 0 || random() < 0.3;
      const listed = [...bonus.keys()].filter(() => random() < 0.4);
      const cardNumbers = isFull || listed.length === 0 ? [] : listed;
      expect((await make(infobase, { cardNumbers })).code).toBe('done');
      if (cardNumbers.length === 0) expected.clear();
      for (const one of cardNumbers.length === 0 ? bonus.keys() : cardNumbers) expected.set(one, bonus.get(one) ?? 0);
    }
    for (const [index, till] of tills.entries()) {
      if (random() < 0.5) continue;
      const page = await fetchPage(infobase, `K-${index}`, till.version);
      // An answer that is lost is asked for again.
      if (random() < 0.8) till.take(page);
    }
  }
  for (const [index, till] of tills.entries()) {
    while (till.take(await fetchPage(infobase, `K-${index}`, till.version)));
    expect([index, Object.fromEntries(till.sums)]).toEqual([index, Object.fromEntries(expected)]);
  }
});

test('pages hold the sums of the moment, of the register that the stage answers from', async () => {
  const billing = await openBilling({ kinds: { K: { bonus: 'days:3' } } });
  opened.push(billing);
  await addCard(billing, { number: 'B', kindCode: 'K' });
  await passNightsTo(billing, billingStart);
  await upload(billing, [buildSale({ cardNumber: 'B', receiptAt: noon, bonusAccruedKopecks: 500 })], noon);
  await setSetting(billing, 'acceptCards', 'false');
  expect((await make(billing)).code).toBe('done');
  await upload(
    billing,
    [buildSale({ receiptNumber: 2, cardNumber: 'B', receiptAt: noon, bonusAccruedKopecks: 1 })],
    noon,
  );
  const page = await fetchPage(billing, 'K-1', null);
  expect(page).toMatchObject({ isFull: true, cards: [{ cardNumber: 'B', bonus: 500, receipts: 1, status: 'active' }] });
});

test('a maker that dies at any commit leaves nothing that a till sees, and the next one starts afresh', async () => {
  let isFinished = false;
  for (let writes = 1; !isFinished; writes += 1) {
    const infobase = await openShop(7);
    await setSetting(infobase, 'acceptCards', 'false');
    const end = await make(dieAfter(infobase, writes)).catch((reason: Error) => reason.message);
    isFinished = end !== 'killed';
    if (isFinished) break;
    expect(await fetchPage(infobase, 'K-1', null)).toMatchObject({ version: 0, isFull: false, cards: [] });
    expect((await confirm(infobase, 'K-1', 1)).code).toBe(resultCodes.badArgument);
    const again = await make(infobase, { holder: 'two', readMs: () => 2_000_000 });
    expect(again).toMatchObject({ code: 'done', cards: 7, firstVersion: 1, lastVersion: 3 });
    expect(await infobase.db.read(getLastSyncVersion)).toBe(3);
  }
});

test('it is told who has fetched, who has confirmed and who has not; a repeat or a late call takes nothing back', async () => {
  const infobase = await openShop(4);
  await saveShop(infobase, 'S', 'Центральный');
  await saveTill(infobase, 'K-1', { shopCode: 'S', isSynced: true });
  await saveTill(infobase, 'K-2', { isSynced: true });
  await saveTill(infobase, 'K-9', { isSynced: false });
  await setSetting(infobase, 'acceptCards', 'false');
  const made = await make(infobase);
  if (made.code !== 'done' || made.id === null) throw new Error('no sync');
  await fetchPage(infobase, 'K-3', null);
  await fetchPage(infobase, 'K-3', 1);
  for (const version of [2, 2, 1]) expect((await confirm(infobase, 'K-1', version)).code).toBe(resultCodes.done);
  for (const version of [0, 3]) expect((await confirm(infobase, 'K-1', version)).code).toBe(resultCodes.badArgument);
  const shown = await showSync(infobase, made.id);
  expect(shown?.tills.map(({ kkm, state }) => [kkm, state])).toEqual([
    ['K-1', 'confirmed'],
    ['K-2', 'waiting'],
    ['K-3', 'fetched'],
  ]);
  expect(await showSync(infobase, 99)).toBeUndefined();
});

test('a maker that dies while it clears what another has left leaves nothing a till sees either', async () => {
  let isFinished = false;
  for (let writes = 1; !isFinished; writes += 1) {
    const infobase = await openShop(7);
    await setSetting(infobase, 'acceptCards', 'false');
    // The lease, nothing to clear, the document and two of its three pages.
    await make(dieAfter(infobase, 5)).catch(() => undefined);
    expect(await infobase.db.read(getLastSyncVersion)).toBe(2);
    const end = await make(dieAfter(infobase, writes), { holder: 'two', readMs: () => 2_000_000 }).catch(
      (reason: Error) => reason.message,
    );
    isFinished = end !== 'killed';
    if (!isFinished) {
      expect(await fetchPage(infobase, 'K-1', null)).toMatchObject({ version: 0, isFull: false, cards: [] });
      const again = await make(infobase, { holder: 'three', readMs: () => 3_000_000 });
      expect(again).toMatchObject({ code: 'done', cards: 7, firstVersion: 1, lastVersion: 3 });
    }
    expect((await listSyncs(infobase)).map(({ cards }) => cards)).toEqual([7]);
  }
});

test('what is changed while it is made stops it, and the next maker need not wait', async () => {
  const changes: readonly [(infobase: Infobase) => Promise<unknown>, object][] = [
    [(infobase) => setSetting(infobase, 'acceptCards', 'true'), { code: 'not_ready', isAccepting: true }],
    [
      (infobase) => register(infobase, buildSale({ cardNumber: 'C1', offline: true })),
      { code: 'not_ready', isAccepting: false, unreported: [{ kkm: 'KKM-1', receipts: 1 }] },
    ],
    [(infobase) => infobase.db.write((trx) => releaseLease(trx, 'sync', 'test')), { code: 'held' }],
  ];
  for (const [change, expected] of changes) {
    // After the check, and after each turn: the last page is full, so a turn that finds no card follows it.
    for (const turn of [0, 1, 2, 3]) {
      const infobase = await openShop(6);
      await setSetting(infobase, 'acceptCards', 'false');
      let pages = 0;
      const changing = withWrites(infobase, async (write) => {
        const got = await write();
        if (turn === 0 && pages === 0) await change(infobase);
        pages += 1;
        return got;
      });
      let turns = 0;
      const afterTurn = async (): Promise<void> => {
        turns += 1;
        if (turns === turn) await change(infobase);
      };
      const end = await make(turn === 0 ? changing : infobase, turn === 0 ? {} : { afterTurn });
      expect([turn, end]).toMatchObject([turn, expected]);
      expect(await listSyncs(infobase)).toEqual([]);
      await setSetting(infobase, 'acceptCards', 'false');
      const next = await make(infobase, { holder: 'two' });
      expect(next.code).toBe(end.code === 'not_ready' && !end.isAccepting ? 'not_ready' : 'done');
    }
  }
});

test('a change of the stage stops it: pages of two registers would not be of one moment', async () => {
  const infobase = await openTestInfobase({ hasSubscription: true });
  opened.push(infobase);
  await addCard(infobase, { number: 'C1' });
  await setSetting(infobase, 'acceptCards', 'false');
  const afterTurn = async (): Promise<void> => {
    expect(await saveSetting(infobase, noon, 'stage', 'billing')).toMatchObject({ ok: true });
  };
  expect(await make(infobase, { afterTurn, pageCards: 1 })).toEqual({ code: 'closed', why: 'stage_changed' });
  expect(await make(infobase, { holder: 'two' })).toMatchObject({ code: 'done', cards: 1, firstVersion: 1 });
});

test('a card that is listed twice counts once', async () => {
  const infobase = await openShop(5);
  await setSetting(infobase, 'acceptCards', 'false');
  const cardNumbers = ['C4', 'C2', 'C4', 'C1', 'C3', 'C2'];
  expect(await make(infobase, { cardNumbers, isDryRun: true })).toMatchObject({ code: 'done', cards: 4 });
  expect(await make(infobase, { cardNumbers })).toMatchObject({ code: 'done', cards: 4, lastVersion: 2 });
  const pages = [await fetchPage(infobase, 'K', null), await fetchPage(infobase, 'K', 1)];
  expect(pages.map(({ cards }) => cards.map(({ cardNumber }) => cardNumber).toSorted())).toEqual([
    ['C1', 'C2', 'C4'],
    ['C3'],
  ]);
});

test('shifts are counted over all pieces of a long table, oldest first', async () => {
  const infobase = await openShop(1);
  const sales = Array.from({ length: 40 }, (_, index) =>
    buildSale({
      cardNumber: 'C1',
      kkm: `KKM-${index % 2}`,
      shiftNumber: 1 + (index % 4),
      receiptNumber: index,
      receiptAt: moment(`2026-11-${21 - (index % 4)}T10:00:00`),
    }),
  );
  for (const sale of sales) await register(infobase, sale);
  // A report without one receipt of its shift.
  await upload(
    infobase,
    sales.filter((_sale, index) => index % 4 === 0 && index > 0),
  );
  const whole = await findMissingReports(infobase);
  expect(whole.shifts).toEqual([
    { kkm: 'KKM-1', shiftNumber: 4, receiptOn: '2026-11-18', receipts: 10 },
    { kkm: 'KKM-0', shiftNumber: 3, receiptOn: '2026-11-19', receipts: 10 },
    { kkm: 'KKM-1', shiftNumber: 2, receiptOn: '2026-11-20', receipts: 10 },
    { kkm: 'KKM-0', shiftNumber: 1, receiptOn: '2026-11-21', receipts: 1 },
  ]);
  for (const receiptsPerTurn of [1, 3, 39, 40]) {
    expect(await findMissingReports(infobase, receiptsPerTurn)).toEqual(whole);
  }
});

test.each([
  ['all cards', []],
  ['a list', ['C6', 'C1', 'C2', 'C3', 'C4', 'C5']],
])('%s that fill their pages make no empty one, which no till would confirm', async (_, cardNumbers) => {
  const infobase = await openShop(6);
  await setSetting(infobase, 'acceptCards', 'false');
  expect(await make(infobase, { cardNumbers })).toEqual({
    code: 'done',
    id: 1,
    cards: 6,
    firstVersion: 1,
    lastVersion: 2,
  });
  expect(await infobase.db.read(getLastSyncVersion)).toBe(2);
  const till = new Till();
  // A till takes what it is given while there are cards, and confirms the last of it.
  for (let page = await fetchPage(infobase, 'K-1', null); page.cards.length > 0;) {
    till.take(page);
    page = await fetchPage(infobase, 'K-1', till.version);
  }
  expect([till.version, till.sums.size]).toEqual([2, 6]);
  expect((await confirm(infobase, 'K-1', till.version ?? 0)).code).toBe(resultCodes.done);
  expect((await showSync(infobase, 1))?.tills.map(({ state }) => state)).toEqual(['confirmed']);
  expect(await make(infobase, { holder: 'two' })).toMatchObject({ firstVersion: 3, lastVersion: 4 });
});

test('a base without cards makes a document without a package, which every till has', async () => {
  const infobase = await openShop(0);
  await setSetting(infobase, 'acceptCards', 'false');
  await saveTill(infobase, 'K-1', { isSynced: true });
  expect(await make(infobase)).toEqual({ code: 'done', id: 1, cards: 0, firstVersion: null, lastVersion: null });
  expect(await fetchPage(infobase, 'K-1', null)).toMatchObject({ version: 0, isFull: false, cards: [] });
  expect(await showSync(infobase, 1)).toMatchObject({ document: { cards: 0 }, tills: [{ state: 'confirmed' }] });
  await addCard(infobase, { number: 'C1' });
  expect(await make(infobase, { holder: 'two' })).toMatchObject({ cards: 1, firstVersion: 1, lastVersion: 1 });
  expect(await fetchPage(infobase, 'K-1', null)).toMatchObject({ version: 1, isFull: true });
});

test('20,000 cards are fetched page by page, each once', async () => {
  const infobase = await openTestInfobase();
  opened.push(infobase);
  const cards = 20_000;
  for (let from = 0; from < cards; from += 1_000) {
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => addCard(infobase, { number: `N${from + index}` })));
  }
  await setSetting(infobase, 'acceptCards', 'false');
  expect(await make(infobase, { pageCards: 5_000 })).toMatchObject({ code: 'done', cards, lastVersion: 4 });
  const till = new Till();
  const sizes: number[] = [];
  for (;;) {
    const page = await fetchPage(infobase, 'K-1', till.version);
    if (!till.take(page)) break;
    sizes.push(page.cards.length);
  }
  expect(sizes).toEqual([5_000, 5_000, 5_000, 5_000]);
  expect(till.sums.size).toBe(cards);
}, 30_000);
