// `kkm backup` beside a service that tills ring at, killed before any of its steps: there is a whole backup or none, the
// service notices nothing, and what was answered before a backup began is in it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { countKills, openCrashShop, type CrashShop } from './crash-shop.ts';
import { readLedger } from './shop-ledger.ts';

let shop: CrashShop;
beforeEach(async () => {
  shop = await openCrashShop({ stage: 'billing' });
});
afterEach(() => shop.workshop.close());

const listAnswered = (): string[] =>
  [...shop.journal.entries.values()]
    .filter(({ call, reply }) => call.receipt !== undefined && reply !== undefined)
    .map(({ call }) => call.key);

test('killed at any step there is a whole backup or none; the last one is restored with every call before it', async () => {
  const service = await shop.serve();
  const nameFile = (index: number): string => join(shop.workshop.folder, `${index}.backup`);
  const steps = await shop.killer.countSteps('main', (environment) =>
    shop.killer.run(['backup', nameFile(0)], { environment }),
  );
  const kills = countKills(2);
  let round = 0;
  for (let kill = 0; kill < kills;) {
    round += 1;
    const file = nameFile(round);
    const answered = listAnswered();
    const step = shop.pick(1, steps);
    const ringing = shop.fleet.run(service.port, {}, 10);
    const { isKilled } = await shop.killer.run(['backup', file], { killAt: { thread: 'main', step, from: 'start' } });
    await ringing;
    if (isKilled) kill += 1;
    if (existsSync(file)) expectWhole(file, answered);
    else await shop.run(['backup', file]);
    expectWhole(file, answered);
    await shop.checkAfterKill(service);
  }
  await shop.checkAll(service);
  service.child.kill('SIGKILL');
  await service.ended;
  await shop.run(['restore', nameFile(round), '--replace']);
  await shop.verify();
  shop.report('backup', kills);
});

function expectWhole(file: string, answered: readonly string[]): void {
  expect(existsSync(`${file}.json`)).toBe(true);
  const there = new Set(readLedger(file).receipts.map(({ key }) => key));
  expect(answered.filter((key) => !there.has(key))).toEqual([]);
}
