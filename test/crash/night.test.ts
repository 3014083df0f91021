// Nights that a starting service catches up, in its worker, killed before any of their steps and started again: the registers
// come to the state of an unbroken catch-up, and what tills were answered before is answered so again.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Infobase } from '../../src/operations/infobase.ts';
import { setClock } from '../../src/operations/admin/move-clock.ts';
import { hashBase } from '../operations/night/testing-night.ts';
import { moment } from '../operations/testing-infobase.ts';
import { countKills, openCrashShop, type CrashShop } from './crash-shop.ts';
import { wasKilled, type KillPoint } from './killed-program.ts';

let shop: CrashShop;
beforeEach(async () => {
  shop = await openCrashShop({ stage: 'billing', rules: { bonus: 'days:9 days:2', accumulation: 'days:20' } });
});
afterEach(() => shop.workshop.close());

/** Two weeks later, as nobody served: every night of them is due. */
const later = moment('2026-12-06T12:00:00');

async function withInfobase<T>(work: (infobase: Infobase) => Promise<T>): Promise<T> {
  const infobase = await Infobase.open({ name: 'trade', file: shop.file, hasSubscription: true });
  try {
    return await work(infobase);
  } finally {
    await infobase.close();
  }
}

/** @returns whether it was killed before it was ready; otherwise it is stopped then. */
async function catchUp(killAt?: KillPoint, environment: Readonly<Record<string, string>> = {}): Promise<boolean> {
  const service = await shop.killer.serve({ killAt, environment });
  service?.child.kill('SIGTERM');
  return service === undefined || wasKilled(await service.ended);
}

test('a catch-up that is killed at any step goes on at the next start to the state of an unbroken one', async () => {
  const first = await shop.serve();
  await shop.fleet.run(first.port, {}, 40);
  await shop.checkAfterKill(first);
  first.child.kill('SIGKILL');
  await first.ended;
  await shop.verify();
  await withInfobase((infobase) => setClock(infobase, later, { nightTime: '02:00:00' }));
  const before = join(shop.workshop.folder, 'before.sqlite');
  copyFileSync(shop.file, before);
  const steps = await shop.killer.countSteps('worker', (environment) => catchUp(undefined, environment));
  const unbroken = await withInfobase(hashBase);
  const kills = countKills(3);
  for (let kill = 0; kill < kills;) {
    for (const ending of ['', '-wal', '-shm']) rmSync(shop.file + ending, { force: true });
    copyFileSync(before, shop.file);
    for (let isKilled = true, time = 1; isKilled && kill < kills; time += 1) {
      isKilled = await catchUp({ thread: 'worker', step: shop.pick(1, Math.ceil(steps / time)), from: 'start' });
      if (isKilled) kill += 1;
      shop.checkLedger();
    }
  }
  const last = await shop.serve();
  expect(await withInfobase(hashBase)).toBe(unbroken);
  await shop.checkAll(last);
  last.child.kill('SIGTERM');
  expect(await last.ended).toEqual([0, null]);
  shop.report('night', kills);
});
