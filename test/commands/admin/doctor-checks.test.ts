// The checks of `kkm doctor` that judge what stands in the database: each with what is well and what is not. What is documented
// is what there is.
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkExchange } from '../../../src/commands/admin/checks/check-exchange.ts';
import { checkNames, type Finding } from '../../../src/commands/admin/checks/finding.ts';
import { judgeClockJump } from '../../../src/commands/admin/checks/judge-clock-jump.ts';
import { judgeExchangeTroubles } from '../../../src/commands/admin/checks/judge-exchange-troubles.ts';
import { judgeHashes } from '../../../src/commands/admin/checks/judge-hashes.ts';
import { judgeLeases } from '../../../src/commands/admin/checks/judge-leases.ts';
import { judgeSeals } from '../../../src/commands/admin/checks/judge-seals.ts';
import { judgeSwitching } from '../../../src/commands/admin/checks/judge-switching.ts';
import { judgeTimeZone } from '../../../src/commands/admin/checks/judge-time-zone.ts';
import { readConfig } from '../../../src/config.ts';
import { statement } from '../../../src/db/statement.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import { hashPassword, judgeHash } from '../../../src/operations/admin/password.ts';
import type { Upkeep } from '../../../src/operations/admin/read-upkeep.ts';
import { codeIn, readDocument, rowsUnder } from '../../docs/markdown.ts';
import { moment, noon } from '../../operations/testing-infobase.ts';
import { openTestingLine } from '../testing-io.ts';

const hour = 3_600_000;
const later = moment('2026-11-22T13:00:00');
const clocks = { now: noon, machineNow: noon };
const idle = { exclusive: null, enabling: null, billingHolder: null };
const enabling = (fields: object): Upkeep['enabling'] => ({ phase: 'posting', isPaused: false, ...fields }) as never;
const seal = { businessOn: '2026-11-20' } as Upkeep['seals']['last'];
const on = (date: string): LocalDate => date as LocalDate;

test.each<[string, Finding, string, RegExp]>([
  ['no switching', judgeSwitching(idle), 'ok', /not being switched/],
  ['a switching that is done', judgeSwitching({ ...idle, enabling: enabling({ phase: 'done' }) }), 'ok', /not being/],
  ['somebody is at it', judgeSwitching({ ...idle, enabling: enabling({}), billingHolder: 'A' }), 'warn', /A is at it/],
  ['interrupted', judgeSwitching({ ...idle, enabling: enabling({}) }), 'fail', /on was interrupted/],
  ['paused', judgeSwitching({ ...idle, enabling: enabling({ isPaused: true }) }), 'fail', /on was paused/],
  [
    'switching off interrupted',
    judgeSwitching({ ...idle, exclusive: { purpose: 'disabling', sinceAt: noon } }),
    'fail',
    /off was interrupted/,
  ],
  ['no lease', judgeLeases([], hour), 'ok', /nobody/],
  ['a lease', judgeLeases([{ name: 'night', holder: 'A', untilMs: hour + 15_000 }], hour), 'ok', /night: A/],
  ['one that has run out', judgeLeases([{ name: 'night', holder: 'A', untilMs: 5 }], hour), 'ok', /nobody/],
  ['one of hours', judgeLeases([{ name: 'night', holder: 'A', untilMs: 3 * hour }], hour), 'fail', /120 more minutes/],
  ['no document', judgeClockJump({ lastDocumentAt: null, lastChangeAt: null }, clocks), 'ok', /nothing/],
  ['a document now', judgeClockJump({ lastDocumentAt: noon, lastChangeAt: noon }, clocks), 'ok', /nothing/],
  ['a later document', judgeClockJump({ lastDocumentAt: later, lastChangeAt: null }, clocks), 'fail', /document/],
  ['a later change', judgeClockJump({ lastDocumentAt: noon, lastChangeAt: later }, clocks), 'fail', /change/],
  ['no service', judgeTimeZone([], 'UTC'), 'ok', /UTC/],
  ['the same zone', judgeTimeZone([{ timeZone: 'UTC', isUp: true }], 'UTC'), 'ok', /UTC/],
  ['a dead service of another', judgeTimeZone([{ timeZone: 'Asia/Omsk', isUp: false }], 'UTC'), 'ok', /UTC/],
  ['another zone', judgeTimeZone([{ timeZone: 'Asia/Omsk', isUp: true }], 'UTC'), 'fail', /Asia\/Omsk/],
  [
    'two zones',
    judgeTimeZone(
      ['UTC', 'Asia/Omsk'].map((timeZone) => ({ timeZone, isUp: true })),
      'UTC',
    ),
    'fail',
    /UTC and Asia/,
  ],
  ['no old hash', judgeHashes([]), 'ok', /this version/],
  ['a weaker hash', judgeHashes([{ user: 'till', isReadable: true }]), 'warn', /less work.*: till/],
  ['an unreadable one', judgeHashes([{ user: 'root', isReadable: false }]), 'fail', /cannot log in.*: root/],
  ['no seal', judgeSeals({ last: null, dueOn: on('2026-11-21') }), 'ok', /no day is sealed/],
  ['sealed', judgeSeals({ last: seal, dueOn: null }), 'ok', /2026-11-20/],
  ['a day is due', judgeSeals({ last: seal, dueOn: on('2026-11-21') }), 'warn', /one day/],
  ['days are due', judgeSeals({ last: seal, dueOn: on('2026-11-23') }), 'fail', /3 days/],
])('%s', (_what, finding, verdict, found) => {
  expect(finding).toMatchObject({ verdict, found: expect.stringMatching(found) });
  expect(finding.remedy === null).toBe(verdict === 'ok');
});

test('what the exchange could not take is warned of, one by one', () => {
  expect(judgeExchangeTroubles([])).toEqual([]);
  const trouble = { place: 'KKM-9', why: 'no such till', sinceAt: noon };
  expect(judgeExchangeTroubles([trouble])).toMatchObject([{ check: 'exchange', verdict: 'warn' }]);
});

test('a hash is judged by the work it asks for', async () => {
  const hash = await hashPassword('secret');
  expect(judgeHash(hash)).toBe('current');
  expect(judgeHash(hash.replace(/ln=\d+/, 'ln=10'))).toBe('weaker');
  expect(judgeHash('md5')).toBe('unreadable');
});

test('the exchange folder must be there, and be one', () => {
  const line = openTestingLine();
  const folder = join(line.dataDir, 'exchange');
  const config = readConfig({ DATA_DIR: line.dataDir, EXCHANGE_DIR: folder });
  expect(checkExchange(readConfig({ DATA_DIR: line.dataDir }), 'trade')).toEqual([]);
  expect(checkExchange(config, 'trade')).toMatchObject([{ check: 'exchange', verdict: 'fail' }]);
  mkdirSync(folder);
  expect(checkExchange(config, 'trade')).toMatchObject([{ check: 'exchange', verdict: 'ok' }]);
  chmodSync(folder, 0o500);
  // Root may write it all the same.
  const verdict = process.getuid?.() === 0 ? 'ok' : 'fail';
  expect(checkExchange(config, 'trade')).toMatchObject([{ check: 'exchange', verdict }]);
  chmodSync(folder, 0o700);
  return line.close();
});

test('the command finds them in the database, and ends with 1 where somebody must act', async () => {
  const line = openTestingLine();
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  const infobase = await line.open();
  const spoil = statement<Record<string, never>>((knex) =>
    knex('lease').insert({ name: 'night', holder: 'other', until_ms: Date.now() + 24 * hour }),
  );
  await infobase.db.write((trx) => trx.change(spoil, {}));
  const { code, out } = await line.run('doctor');
  expect([code, out.join('\n')]).toEqual([1, expect.stringMatching(/fail leases +other has "night"/)]);
  await line.close();
});

test.each(['docs/doctor.md', 'docs/doctor.ru.md'])('%s has a row for every check, and no other', (file) => {
  const document = readDocument(file);
  const rows = rowsUnder(document, document.headings[1] ?? '');
  expect([...new Set(rows.flatMap(([first = '']) => codeIn(first)))].toSorted()).toEqual([...checkNames].toSorted());
  for (const [first, finding = '', remedy = ''] of rows)
    expect([first, finding !== '', remedy !== '']).toEqual([first, true, true]);
});
