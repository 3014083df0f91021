// Commands beside a running service: another connection to the same file that writes all the while and sees every change.
import { spawn } from 'node:child_process';
import { findCard } from '../../../src/db/cards/card.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { findServiceUser } from '../../../src/operations/admin/users.ts';
import { buildSale, getBalance, register, showCard, testCard } from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';
import { cli } from './built-service.ts';

let line: TestingLine;
let service: Infobase;
beforeEach(async () => {
  line = openTestingLine();
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  await line.run('cards', 'range', '--from', testCard.number, '--to', testCard.number, '--kind', 'BASE');
  service = await line.open();
});
afterEach(() => line.close());

/** Rings sales one after another until told to stop; how many. */
function ringSales(): { stop(): Promise<number> } {
  const bell = { isStopped: false };
  const ringing = (async () => {
    let rung = 0;
    while (!bell.isStopped) {
      const reply = await register(service, buildSale({ receiptNumber: rung + 1, bonusAccruedKopecks: 100 }));
      if (reply.code !== 0) throw new Error(`code ${reply.code}`);
      rung += 1;
    }
    return rung;
  })();
  return {
    stop() {
      bell.isStopped = true;
      return ringing;
    },
  };
}

test('settings, users and cards changed by commands are seen by the service at its next call', async () => {
  expect((await showCard(service)).code).toBe(0);
  await line.run('settings', 'set', 'stage', 'cards');
  expect((await showCard(service)).code).toBe(8);
  await line.run('settings', 'set', 'stage', 'online');
  await line.run('cards', 'set', '--where', `number=${testCard.number}`, 'status=blocked');
  expect((await showCard(service)).code).toBe(2);
  await line.run('kinds', 'set', 'BASE', '--discount', 'fixed:7');
  expect((await showCard(service)).discountPercentHundredths).toBe(700);
  await line.run('user', 'add', 'kassa1', '--role', 'till');
  expect((await findServiceUser(service, 'kassa1'))?.role).toBe('till');
});

test('a range, a bulk edit and a check go on beside a service that writes, and no sale is lost', async () => {
  const sales = ringSales();
  const range = ['--prefix', '29', '--from', '1', '--to', '10000', '--width', '11', '--kind', 'BASE'];
  expect(await line.runJson('cards', 'range', ...range)).toMatchObject({ created: 10_000 });
  expect(await line.runJson('cards', 'set', '--all', 'note=проверено')).toMatchObject({ changed: 10_001 });
  expect((await line.run('doctor')).code).toBe(0);
  const rung = await sales.stop();
  expect(rung).toBeGreaterThan(0);
  expect(await getBalance(service)).toEqual({ bonus: rung * 100, accumulation: rung * 10_000, receipts: rung });
  const last = await service.db.read((trx) => findCard(trx, '2900000010000'));
  expect(last?.note).toBe('проверено');
});

test('kkm as a process of its own works on the file of a service that writes', async () => {
  const sales = ringSales();
  const args = ['user', 'add', 'Касса 2', '--role', 'till', '--password-stdin', '--data-dir', line.dataDir];
  const { code, out, err } = await runProcess(args, 'тайна-2\n');
  await sales.stop();
  expect([code, out, err]).toEqual([0, 'user "Касса 2" (till) added to infobase "trade"\n', '']);
  expect(await findServiceUser(service, 'Касса 2')).toBeDefined();
  expect((await runProcess(['cards', 'shuffle'], '')).code).toBe(2);
});

function runProcess(
  args: readonly string[],
  stdin: string,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [cli, ...args]);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}
