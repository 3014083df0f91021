// Shift files of the exchange folder, loaded under kills while their tills ring: each receipt is in the books once, whether it
// came online, by file or by both, and each file is put away once.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noon } from '../operations/testing-infobase.ts';
import { writeShift } from '../jobs/exchange/write-shift.ts';
import { cardNumbers, countKills, openCrashShop, type CrashShop } from './crash-shop.ts';
import { readLedger } from './shop-ledger.ts';
import { receiptOf, writeSale, type TillCall } from './till-call.ts';

let shop: CrashShop;
beforeEach(async () => {
  shop = await openCrashShop({ stage: 'billing' });
});
afterEach(() => shop.workshop.close());

/** More than are posted in one transaction. */
const fileReceipts = 120;
let written = 0;

/** Receipts of a till that had no line, and some that were rung online before. */
function leaveShift(folder: string, kkm: string): readonly TillCall[] {
  const online = [...shop.journal.entries.values()].flatMap(({ call, reply }) =>
    call.kind === 'Sale' && call.receipt?.kkm === kkm && reply !== undefined ? [call] : [],
  );
  const offline = Array.from({ length: fileReceipts }, (_, index) => {
    written += 1;
    const [receiptNumber, sumWithDiscountKopecks] = [100_000 + written, 1_000 + shop.pick(0, 50_000)];
    const cardNumber = cardNumbers[index % cardNumbers.length] ?? '';
    const own = { kkm, receiptNumber, receiptAt: noon, cardNumber, sumWithDiscountKopecks, bonusAccruedKopecks: 100 };
    return writeSale({ ...own, offline: true });
  });
  const calls = [...offline, ...online.slice(-20)];
  for (const call of calls) shop.journal.noteSent(call, true);
  mkdirSync(join(folder, kkm), { recursive: true });
  writeFileSync(join(folder, kkm, `shift-${written}.json`), writeShift(kkm, calls.map(receiptOf)));
  return calls;
}

const listReports = (folder: string, kkm: string, place: string): string[] => {
  try {
    return readdirSync(join(folder, kkm, place)).filter((name) => name.endsWith('.report.json'));
  } catch {
    return [];
  }
};

test('killed at any step a load is gone on with: each receipt is there once, each file put away once', async () => {
  const service = await shop.serve();
  const folder = join(shop.workshop.folder, 'exchange');
  const load = ['receipts', 'load', folder];
  const tills = ['K-01', 'K-02'];
  await shop.fleet.run(service.port, {}, 10);
  const leave = (): TillCall[] => tills.flatMap((kkm) => leaveShift(folder, kkm));
  leave();
  const steps = await shop.killer.countSteps('main', (environment) => shop.killer.run(load, { environment }));
  const kills = countKills(2);
  let rounds = 1;
  for (let kill = 0; kill < kills;) {
    const calls = leave();
    rounds += 1;
    // A load that is gone on with is killed as well, until it has nothing left to do.
    for (let isKilled = true; isKilled && kill < kills;) {
      const step = shop.pick(1, steps);
      const ringing = shop.fleet.run(service.port, {}, 4);
      ({ isKilled } = await shop.killer.run(load, { killAt: { thread: 'main', step, from: 'start' } }));
      await ringing;
      if (isKilled) kill += 1;
      await shop.checkAfterKill(service);
    }
    expect(await shop.killer.run(load)).toMatchObject({ code: 0 });
    const there = new Set(readLedger(shop.file).receipts.map(({ key }) => key));
    expect(calls.filter(({ key }) => !there.has(key))).toEqual([]);
  }
  for (const kkm of tills) {
    expect([kkm, listReports(folder, kkm, 'done').length]).toEqual([kkm, rounds]);
    expect(readdirSync(join(folder, kkm)).filter((name) => name.startsWith('shift'))).toEqual([]);
    expect(listReports(folder, kkm, 'failed')).toEqual([]);
  }
  await shop.checkAll(service);
  service.child.kill('SIGTERM');
  expect(await service.ended).toEqual([0, null]);
  shop.report('exchange', kills);
});
