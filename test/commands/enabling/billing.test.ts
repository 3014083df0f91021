// `kkm billing`: what is asked for and refused, what is told, a real kill in the middle, and confirmations one by one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite from 'better-sqlite3';
import { runCli } from '../../../src/cli.ts';
import type { LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { continueEnabling } from '../../../src/operations/enabling/enable-billing.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import { hashBase } from '../../operations/night/testing-night.ts';
import { openOnline } from '../../operations/enabling/testing-enabling.ts';
import { addCard, buildSale, moment, upload } from '../../operations/testing-infobase.ts';
import { cli } from '../service/built-service.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

const now = moment('2026-11-06T20:00:00');

let line: TestingLine;
beforeEach(() => {
  line = openTestingLine();
});
afterEach(() => line.close());

/** The infobase `name` in stage online with a card and receipts spread over the first five days of November. */
async function openShop(receipts: number, name = 'trade'): Promise<void> {
  const file = join(line.dataDir, `${name}.sqlite`);
  const infobase = await openOnline({ K: { bonus: 'days:3' } }, {}, { file });
  await addCard(infobase, { number: 'A', kindCode: 'K' });
  await giveTestClock(infobase, now);
  const sales = Array.from({ length: receipts }, (_, index) =>
    buildSale({
      receiptNumber: index + 1,
      receiptAt: `2026-11-0${1 + Math.floor((5 * index) / receipts)}T12:00:00` as LocalDateTime,
      cardNumber: 'A',
      bonusAccruedKopecks: 100,
    }),
  );
  await upload(infobase, sales, now);
  await infobase.close();
}

test('switches billing on, tells how it stands, and switches it off', async () => {
  await openShop(20);
  expect(await line.run('billing', 'status')).toEqual({ code: 0, out: ['the stage is online'], err: [] });
  const foretold = await line.run('billing', 'enable', '--start-date', '2026-11-03', '--dry-run');
  expect(foretold.out).toEqual([
    'cards with an opening balance: 1; receipts before 2026-11-03: 8',
    'receipts to post again: 12; nights to run: 4',
  ]);
  const on = await line.run('billing', 'enable', '--start-date', '2026-11-03');
  expect([on.code, on.err]).toEqual([0, []]);
  expect(on.out.slice(0, 2)).toEqual([
    'opening balances: 1 card; receipts to post again: 12',
    'billing is on since 2026-11-03: 12 receipts posted, nights done up to 2026-11-06',
  ]);
  const standing = await line.run('billing', 'status');
  expect(standing.out.slice(0, 3)).toEqual([
    'billing is on since 2026-11-03, nights are done up to 2026-11-06',
    'switching on from 2026-11-03: done',
    'documents 12: posted 12, waiting 0, failed 0; nights 4 of 4',
  ]);
  expect((await line.run('verify', '--deep')).code).toBe(0);
  const backup = join(line.dataDir, 'before.sqlite');
  const confirmed = ['--confirm-infobase', 'trade', '--confirm-start-date', '2026-11-03', '--confirm-destruction'];
  const off = await line.run('billing', 'disable', ...confirmed, '--backup', backup);
  expect([off.code, off.err]).toEqual([0, []]);
  expect(off.out.at(-1)).toBe(`billing is off, the stage is online; the backup is ${backup}`);
  expect(existsSync(backup)).toBe(true);
  expect(await line.run('billing', 'disable', ...confirmed)).toMatchObject({
    code: 1,
    err: ['kkm billing disable: billing is off'],
  });
});

test.each([
  [['enable'], 2, /--start-date D is missing; the first of the month is usual: 2026-11-01/],
  [['enable', '--start-date', '31.11.2026'], 2, /expected a date such as 2026-11-22 or 22.11.2026/],
  [['enable', '--start-date', '2026-11-07'], 1, /2026-11-07 is after 2026-11-06/],
  [['continue'], 1, /billing is not being switched on/],
  [['pause'], 1, /billing is not being switched on/],
  [['repost', 'x'], 2, /expected the number of a receipt/],
  [['repost', '1'], 1, /billing is not being switched on/],
  [['disable'], 2, /--confirm-infobase is missing: each of the three confirmations must be given/],
  [['disable', '--dry-run'], 1, /billing is off/],
])('kkm billing %j is refused with the reason', async (args, code, why) => {
  await openShop(1);
  const ran = await line.run('billing', ...args);
  expect([ran.code, ran.out, ran.err[0]]).toEqual([code, [], expect.stringMatching(why)]);
});

test('each of the three confirmations is asked for on its own, and one wrong answer ends it', async () => {
  await openShop(3);
  await line.run('billing', 'enable', '--start-date', '2026-11-01');
  const withAnswers = async (...answers: string[]): Promise<readonly [number, readonly string[], string]> => {
    const asked: string[] = [];
    const err: string[] = [];
    const io = {
      out: () => undefined,
      err: (text: string) => void err.push(text),
      readStdin: async () => '',
      isTerminal: true,
      environment: { DATA_DIR: line.dataDir },
      ask: async (question: string) => {
        asked.push(question);
        return answers[asked.length - 1] ?? '';
      },
    };
    return [await runCli(['billing', 'disable'], io), asked, err.join()];
  };
  const questions = [
    expect.stringMatching(/infobase/),
    expect.stringMatching(/date/),
    expect.stringMatching(/destroy/),
  ];
  expect(await withAnswers('other')).toEqual([1, questions.slice(0, 1), expect.stringMatching(/nothing was done/)]);
  expect(await withAnswers('trade', '2026-11-02')).toEqual([
    1,
    questions.slice(0, 2),
    expect.stringMatching(/"2026-11-01"/),
  ]);
  expect(await withAnswers('trade', '2026-11-01', 'yes')).toEqual([1, questions, expect.stringMatching(/"destroy"/)]);
  const unasked = await line.run('billing', 'disable', '--confirm-infobase', 'trade');
  expect([unasked.code, unasked.err[0]]).toEqual([2, expect.stringMatching(/--confirm-start-date is missing/)]);
  expect(await withAnswers('trade', '2026-11-01', 'destroy')).toEqual([0, questions, '']);
});

test('a dry run of posting again says what would fail again, and of going on what is left; nothing of it stays', async () => {
  await openShop(3);
  const file = join(line.dataDir, 'trade.sqlite');
  const change = (text: string): void => {
    const connection = new BetterSqlite(file);
    connection.exec(text);
    connection.close();
  };
  change(`create trigger poison before insert on billing_document
    when new.origin = 'receipt' and new.dated_at < '2026-11-03' begin select raise(abort, 'no room for it'); end`);
  expect(await line.run('billing', 'enable', '--start-date', '2026-11-01')).toMatchObject({ code: 1 });
  const infobase = await line.open();
  const before = await hashBase(infobase);
  const failed = ((await line.runJson('billing', 'status')) as { enabling: { failed: { receiptId: number }[] } })
    .enabling.failed;
  const [one, two] = failed.map(({ receiptId }) => receiptId);
  expect((await line.run('billing', 'repost', 'failed', '--dry-run')).out).toEqual([
    'documents that would be posted: 2',
    'of those that had failed: 0 would be posted, 2 would fail again',
    `${one} would fail: no room for it`,
    `${two} would fail: no room for it`,
  ]);
  change('drop trigger poison');
  expect(await line.runJson('billing', 'repost', String(one), '--dry-run')).toEqual({
    infobase: 'trade',
    isDryRun: true,
    waiting: 1,
    mended: 1,
    failing: [],
  });
  expect(await line.run('billing', 'repost', '77', '--dry-run')).toMatchObject({
    code: 1,
    err: ['kkm billing repost: receipt 77 is not among the documents to re-post'],
  });
  expect((await line.run('billing', 'continue', '--dry-run')).out).toEqual(['documents that would be posted: 0']);
  expect((await line.run('billing', 'pause', '--dry-run')).out).toEqual(['would be paused']);
  expect(await hashBase(infobase)).toBe(before);
  expect(await line.runJson('billing', 'status')).toMatchObject({ enabling: { isPaused: false }, holder: null });
  expect((await line.run('billing', 'repost', 'failed')).code).toBe(0);
});

test('a failure is one document for a machine, with how billing stands', async () => {
  await openShop(1);
  expect(await line.runJson('billing', 'continue')).toMatchObject({
    ok: false,
    code: 'refused',
    message: 'billing is not being switched on',
    end: { code: 'refused' },
    stage: 'online',
  });
  expect(await line.runJson('billing', 'enable', '--start-date', '2030-01-01')).toMatchObject({
    ok: false,
    code: 'refused',
    field: '--start-date',
  });
  expect(await line.runJson('billing', 'disable')).toMatchObject({
    ok: false,
    code: 'usage',
    field: '--confirm-infobase',
  });
});

test('killed outright in the middle, it is gone on with to the state of an unbroken run', async () => {
  const receipts = 1_500;
  await openShop(receipts);
  await openShop(receipts, 'other');
  expect((await line.run('billing', 'enable', '--start-date', '2026-11-01', '--infobase', 'other')).code).toBe(0);
  const child = spawn(process.execPath, [cli, 'billing', 'enable', '--start-date', '2026-11-01'], {
    env: { ...process.env, KKM_DATA_DIR: line.dataDir },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const countPosted = async (): Promise<number> => {
    const { enabling } = (await line.runJson('billing', 'status')) as {
      enabling: { counts: { posted: number } } | null;
    };
    return enabling?.counts.posted ?? 0;
  };
  while ((await countPosted()) === 0 && child.exitCode === null) await sleep(5);
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  const posted = await countPosted();
  expect([posted > 0, posted < receipts]).toEqual([true, true]);
  const [infobase, other] = [await line.open(), await line.open('other')];
  const file = join(line.dataDir, 'trade.sqlite');
  const subscribed = await Infobase.open({ name: 'trade', file, hasSubscription: true });
  // Behind the dead runner's lease.
  const later = { holder: 'two', readMs: () => Date.now() + 60_000 };
  expect(await continueEnabling(subscribed, now, later)).toEqual({ code: 'done' });
  await subscribed.close();
  expect(await hashBase(infobase)).toBe(await hashBase(other));
});
