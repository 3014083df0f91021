// Switching billing on over what tills have rung, killed again and again before any of its steps: it goes on to the state of an
// unbroken run. Tills are answered 10 meanwhile, and afterwards each call is answered as it was before.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Infobase } from '../../src/operations/infobase.ts';
import { hashBase } from '../operations/night/testing-night.ts';
import { callOnce, admin as user } from '../soap/testing-service.ts';
import { countKills, openCrashShop, type CrashShop } from './crash-shop.ts';
import type { Ended, KillOptions } from './killed-program.ts';
import { writeSale } from './till-call.ts';

let shop: CrashShop;
beforeEach(async () => {
  shop = await openCrashShop({ stage: 'online', rules: { bonus: 'days:20 days:2', accumulation: 'months:3' } });
});
afterEach(() => shop.workshop.close());

const enable = ['billing', 'enable', '--start-date', '2026-11-21'];

async function hashFile(file: string): Promise<string> {
  const infobase = await Infobase.open({ name: 'trade', file, hasSubscription: true });
  const hash = await hashBase(infobase);
  await infobase.close();
  return hash;
}

/** A copy of the shop as it was before, in a folder of its own. */
function copyShop(name: string): { readonly file: string; readonly dataDir: readonly string[] } {
  const folder = join(shop.workshop.folder, name);
  mkdirSync(folder);
  copyFileSync(join(shop.workshop.folder, 'before.sqlite'), join(folder, 'trade.sqlite'));
  return { file: join(folder, 'trade.sqlite'), dataDir: ['--data-dir', folder] };
}

/** Goes on; where the kill came before the first step was there, begins. */
async function goOn(dataDir: readonly string[], options: KillOptions = {}): Promise<Ended> {
  const ended = await shop.killer.run(['billing', 'continue', ...dataDir], options);
  return ended.err.includes('is not being switched on') ? shop.killer.run([...enable, ...dataDir], options) : ended;
}

test('killed at any step and gone on with, it comes to the state of an unbroken run', async () => {
  const first = await shop.serve();
  await shop.fleet.run(first.port, {}, 60);
  await shop.checkAfterKill(first);
  first.child.kill('SIGKILL');
  await first.ended;
  await shop.run(['verify', '--deep']);
  copyFileSync(shop.file, join(shop.workshop.folder, 'before.sqlite'));
  const unbroken = copyShop('unbroken');
  const steps = await shop.killer.countSteps('main', (environment) =>
    shop.killer.run([...enable, ...unbroken.dataDir], { environment }),
  );
  const hash = await hashFile(unbroken.file);
  const kills = countKills(3);
  for (let kill = 0, round = 0; kill < kills; round += 1) {
    const { file, dataDir } = copyShop(`round-${round}`);
    // The steps of a round are few in the end: it is killed three times at most.
    for (let time = 0; time < 3 && kill < kills; time += 1) {
      const step = shop.pick(1, Math.ceil(steps / (time + 1)));
      const { isKilled } = await goOn(dataDir, { killAt: { thread: 'main', step, from: 'start' } });
      if (!isKilled) break;
      kill += 1;
    }
    expect((await goOn(dataDir)).isKilled).toBe(false);
    expect([round, await hashFile(file)]).toEqual([round, hash]);
  }
  await serveThrough(steps);
  shop.report('switching on', kills);
});

/** The shop's own infobase under a running service. */
async function serveThrough(steps: number): Promise<void> {
  const service = await shop.serve();
  const step = Math.floor(steps / 2);
  await shop.killer.run([...enable, '--data-dir', shop.workshop.dataDir], {
    killAt: { thread: 'main', step, from: 'start' },
  });
  const refused = await callOnce(service, { body: writeSale({ kkm: 'K-99' }).body, user });
  expect(refused.body.toString()).toContain('<m:ResultCode>10</m:ResultCode>');
  expect((await goOn(['--data-dir', shop.workshop.dataDir])).code).toBe(0);
  await shop.checkAll(service);
  service.child.kill('SIGTERM');
  expect(await service.ended).toEqual([0, null]);
}
