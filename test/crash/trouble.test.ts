// What goes wrong with a disk and its files while tills ring: /readyz names it, a call that is refused is not recorded, one that
// is answered is kept, and the service goes on when it is over, without a restart and after a kill in the middle of it.
import { copyFileSync, existsSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { get, waitForStatus, waitUntil, type BuiltService } from '../commands/service/built-service.ts';
import { callOnce, admin as user } from '../soap/testing-service.ts';
import { cardNumbers, openCrashShop, type CrashShop, type ShopOptions } from './crash-shop.ts';
import { limitFiles, openSmallDisk, type Shortage } from './small-disk.ts';
import { writeRead } from './till-call.ts';

const tills = 4;

let shop: CrashShop;
let shortage: Shortage | undefined;
afterEach(() => {
  shortage?.release();
  shortage = undefined;
  shop.workshop.close();
});

async function open(prepare?: ShopOptions['prepare']): Promise<void> {
  shop = await openCrashShop({ stage: 'billing', tills, ...(prepare === undefined ? {} : { prepare }) });
}

/** Asks until /readyz says so: a busy machine may say first that the database does not answer in time. */
async function expectTrouble(service: BuiltService, says: string): Promise<void> {
  while ((await get(service, '/readyz'))?.text.includes(says) !== true) await sleep(50);
}

/** Each till rings until it gets a fault, until /readyz has found out. */
async function ringUntilTrouble(service: BuiltService, says: string): Promise<void> {
  do await shop.fleet.run(service.port);
  while ((await get(service, '/readyz'))?.text.includes(says) !== true);
}

async function end(service: BuiltService): Promise<void> {
  await waitForStatus(service, '/readyz', 200);
  await shop.fleet.run(service.port, {}, 10);
  await shop.checkAfterKill(service);
  await shop.checkAll(service);
  service.child.kill('SIGTERM');
  expect(await service.ended).toEqual([0, null]);
}

const shortages: readonly (readonly [name: string, open: (dataDir: string) => Shortage])[] = [
  ['a disk that fills up and is emptied', openSmallDisk],
  ['a write that fails', limitFiles],
];

test.each(shortages)('%s', async (_name, begin) => {
  let own: Shortage | undefined;
  await open((dataDir) => {
    own = shortage = begin(dataDir);
  });
  if (own === undefined) throw new Error('nothing was prepared');
  const { says, outlivesService, begin: runOut, end: stop } = own;
  let service = await shop.serve();
  for (const isKilled of [false, true]) {
    await shop.fleet.run(service.port, {}, 10);
    runOut(service);
    const { refused } = shop.journal;
    await ringUntilTrouble(service, says);
    expect(shop.journal.refused).toBeGreaterThanOrEqual(refused + tills);
    shop.checkLedger();
    // What needs no write is answered all the same.
    expect((await callOnce(service, { body: writeRead('K-01', cardNumbers[0] ?? '').body, user })).status).toBe(200);
    if (isKilled) {
      service.child.kill('SIGKILL');
      await service.ended;
      service = await shop.serve();
      // It starts without room as well.
      if (outlivesService) await ringUntilTrouble(service, says);
    }
    if (!isKilled || outlivesService) stop(service);
    await waitForStatus(service, '/readyz', 200);
    await shop.checkAfterKill(service);
  }
  await end(service);
});

const moved = 'the database file, or its log (-wal), was moved, removed or replaced';

test('files that vanish: moved away and back, a log that is removed, a database that is put back as the guide says', async () => {
  await open();
  const log = join(shop.workshop.folder, 'kkm.log');
  const service = await shop.serve({ KKM_LOG_FILE: log });
  await shop.fleet.run(service.port, {}, 10);
  for (const ending of ['', '-wal']) {
    renameSync(shop.file + ending, join(shop.workshop.folder, 'away'));
    await expectTrouble(service, moved);
    await shop.fleet.run(service.port, {}, 5);
    renameSync(join(shop.workshop.folder, 'away'), shop.file + ending);
    await waitForStatus(service, '/readyz', 200);
    await shop.checkAfterKill(service);
  }
  rmSync(log);
  await shop.fleet.run(service.port, {}, 5);
  service.child.kill('SIGHUP');
  await waitUntil(() => existsSync(log) && readFileSync(log, 'utf8').includes('log reopened'));
  rmSync(shop.file);
  await expectTrouble(service, moved);
  await shop.fleet.run(service.port, {}, 5);
  copyFileSync(findOpenFile(service, `${shop.file} (deleted)`), `${shop.file}.saved`);
  copyFileSync(`${shop.file}-wal`, `${shop.file}.saved-wal`);
  service.child.kill('SIGKILL');
  await service.ended;
  for (const ending of ['', '-wal']) renameSync(`${shop.file}.saved${ending}`, shop.file + ending);
  const next = await shop.serve();
  await shop.checkAfterKill(next);
  await end(next);
});

function findOpenFile({ child }: BuiltService, target: string): string {
  const folder = `/proc/${child.pid}/fd`;
  const link = readdirSync(folder).find((name) => readLink(join(folder, name)) === target);
  if (link === undefined) throw new Error(`the service has no ${target}`);
  return join(folder, link);
}

/** A descriptor may be closed while they are listed. */
function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
