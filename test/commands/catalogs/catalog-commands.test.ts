// The commands of the catalog, from the command line to the database and back, in words and in JSON.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dateOf } from '../../../src/ledger/local-date-time.ts';
import { enableBilling } from '../../../src/operations/enabling/enable-billing.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { findServiceUser } from '../../../src/operations/admin/users.ts';
import { verifyPassword } from '../../../src/operations/admin/password.ts';
import { buildSale, noon, register } from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

const fixtures = join(__dirname, '../../../fixtures/import');
let line: TestingLine;
beforeEach(() => {
  line = openTestingLine();
});
afterEach(() => line.close());

const setGold = (...args: string[]) => line.run('kinds', 'set', 'GOLD', '--name', 'Золотая', ...args);

test('kkm user: a password made is shown once, one given is not', async () => {
  const made = await line.run('user', 'add', 'kassa1', '--role', 'till');
  expect(made).toMatchObject({ code: 0, out: ['user "kassa1" (till) added to infobase "trade"', expect.any(String)] });
  const password = made.out[1]?.replace('password: ', '') ?? '';
  expect(await line.runWith('тайна 1\r\n', 'user', 'add', 'root', '--role', 'admin', '--password-stdin')).toEqual({
    code: 0,
    out: ['user "root" (admin) added to infobase "trade"'],
    err: [],
  });
  const infobase = await line.open();
  expect(await verifyPassword(password, (await findServiceUser(infobase, 'kassa1'))?.passwordHash ?? '')).toBe(true);
  expect(await verifyPassword('тайна 1', (await findServiceUser(infobase, 'root'))?.passwordHash ?? '')).toBe(true);
  const { out } = await line.run('user', 'list');
  expect(out.map((text) => text.split(/\s+/).slice(0, 2))).toEqual([
    ['name', 'role'],
    ['kassa1', 'till'],
    ['root', 'admin'],
  ]);
  expect(JSON.stringify(await line.runJson('user', 'list'))).not.toContain('scrypt');
});

test('kkm user: a short password needs --force', async () => {
  const add = ['user', 'add', 'root', '--role', 'admin', '--password-stdin'];
  expect(await line.runWith('x\n', ...add)).toEqual({
    code: 1,
    out: [],
    err: ['kkm user add: --password-stdin: the password has fewer than 6 characters; --force takes it'],
  });
  expect(await line.runWith('x\n', ...add, '--force')).toMatchObject({ code: 0 });
  expect(await line.runWith('x\n', ...add, '--update')).toMatchObject({ code: 1 });
  expect((await line.runWith('secret\0\n', ...add, '--update', '--force')).err).toEqual([
    'kkm user add: --password-stdin: the password has control characters, or is not in UTF-8',
  ]);
});

test('kkm user: a known name, an unknown name, the last administrator', async () => {
  await line.run('user', 'add', 'root', '--role', 'admin');
  expect(await line.run('user', 'add', 'root', '--role', 'admin')).toEqual({
    code: 1,
    out: [],
    err: ['kkm user add: NAME: there is a user "root" already'],
  });
  expect(await line.runJson('user', 'add', 'root', '--role', 'auditor', '--update')).toMatchObject({
    name: 'root',
    role: 'auditor',
    isNew: false,
    password: expect.any(String),
  });
  expect((await line.runWith('', 'user', 'add', 'x', '--role', 'till', '--password-stdin')).code).toBe(1);
  expect(await line.run('user', 'remove', 'nobody')).toMatchObject({ code: 1, out: [] });
  expect(await line.run('user', 'remove', 'root')).toMatchObject({
    code: 0,
    err: [expect.stringContaining('no administrator is left')],
  });
});

test('kkm kinds: set, set a part, list, remove', async () => {
  const full = ['--discount', 'fixed:5', '--max-redeem-percent', '30', '--accrual-percent', '12.5'];
  expect((await setGold(...full)).out).toEqual([
    'card kind "GOLD" added: "Золотая", discount, discount fixed:5, max redeem 30, accrual 12.5, rules: bonus none, ' +
      'accumulation none',
  ]);
  expect((await line.run('kinds', 'set', 'GOLD', '--max-redeem-percent', 'none')).code).toBe(0);
  expect(await line.runJson('kinds', 'list')).toEqual([
    {
      code: 'GOLD',
      name: 'Золотая',
      purpose: 'discount',
      discount: { sort: 'fixed', percent: '5' },
      maxRedeemPercent: null,
      accrualPercent: '12.5',
      bonusRule: null,
      accumulationRule: null,
      cards: 0,
    },
  ]);
  expect(await line.run('kinds', 'set', 'NEW')).toMatchObject({
    code: 2,
    err: ['kkm kinds set: --name is missing: a new kind needs a name', expect.anything()],
  });
  expect(await line.run('kinds', 'set', 'GOLD', '--purpose', 'payment')).toMatchObject({ code: 1 });
  await line.run('cards', 'range', '--from', '1', '--to', '2', '--kind', 'GOLD');
  expect(await line.run('kinds', 'remove', 'GOLD')).toMatchObject({
    code: 1,
    err: [expect.stringContaining('it has 2 cards')],
  });
  expect(await line.run('kinds', 'remove', 'NONE')).toMatchObject({ code: 1 });
  await line.run('kinds', 'set', 'OLD', '--name', 'Старая');
  expect(await line.run('kinds', 'remove', 'OLD')).toEqual({ code: 0, out: ['card kind "OLD" removed'], err: [] });
});

test('kkm kinds: a scale from a file, and every bad row of one', async () => {
  const good = join(fixtures, 'scale-ru-windows-1251.csv');
  expect((await setGold('--discount', `scale:${good}`)).code).toBe(0);
  const { out } = await line.run('kinds', 'list');
  expect(out).toContain('  GOLD: from 10000.00 and 10 receipts: 5 %');
  const bad = join(fixtures, 'scale-bad.csv');
  const refused = await setGold('--discount', `scale:${bad}`);
  expect([refused.code, refused.err.length]).toEqual([1, 7]);
  expect(refused.err[0]).toBe(
    `${bad}: line 3, column "accumulation", value "-5": expected a sum in rubles such as 10000 or 9999,99`,
  );
  expect((await setGold('--discount', 'scale:nowhere.csv')).err).toEqual([
    'kkm kinds set: cannot read nowhere.csv: there is no such file',
  ]);
});

test('kkm cards range: tells what it made and what there was', async () => {
  await setGold();
  const range = ['--prefix', '29', '--from', '1', '--to', '1000', '--width', '11', '--kind', 'GOLD'];
  expect((await line.run('cards', 'range', ...range, '--dry-run')).out).toEqual([
    'would make 1000 cards from 2900000000001 to 2900000001000 of kind "GOLD"',
  ]);
  expect((await line.run('cards', 'range', ...range)).out).toEqual([
    'made 1000 cards from 2900000000001 to 2900000001000 of kind "GOLD"',
  ]);
  expect(await line.runJson('cards', 'range', ...range)).toEqual({
    first: '2900000000001',
    last: '2900000001000',
    created: 0,
    skipped: 1000,
    isDryRun: false,
  });
  expect(await line.run('cards', 'range', '--from', '1', '--to', '2', '--kind', 'NONE')).toMatchObject({
    code: 1,
    err: ['kkm cards range: --kind: there is no card kind "NONE"'],
  });
  expect(await line.run('cards', 'range', '--from', '2', '--to', '1', '--kind', 'GOLD')).toMatchObject({ code: 2 });
});

test('kkm cards import: all of a file, or a report', async () => {
  await setGold();
  await line.run('kinds', 'set', 'SILVER', '--name', 'Серебряная');
  const file = join(fixtures, 'cards-windows-1251-tab.txt');
  expect((await line.run('cards', 'import', file, '--dry-run')).out).toEqual([
    `${file}: windows-1251, delimiter tab`,
    '3 cards would be added',
  ]);
  expect((await line.run('cards', 'import', file)).out).toEqual([
    `${file}: windows-1251, delimiter tab`,
    '3 cards added',
  ]);
  expect((await line.run('cards', 'import', file)).err.at(-1)).toBe(
    `kkm cards import: nothing was written: 3 mistakes in ${file}`,
  );
  expect(await line.runJson('cards', 'import', file, '--update')).toMatchObject({ added: 0, updated: 0, unchanged: 3 });
  const bad = join(fixtures, 'cards-bad-rows.csv');
  const report = await line.runJson('cards', 'import', bad);
  expect(report).toMatchObject({ ok: false, mistakes: expect.arrayContaining([expect.objectContaining({ line: 4 })]) });
  expect((await line.run('cards', 'import', file, '--encoding', 'koi8')).code).toBe(2);
  expect((await line.run('cards', 'import', file, '--encoding', 'utf8')).code).toBe(1);
  expect((await line.run('cards', 'import', file, '--kind', 'NONE')).code).toBe(1);
  expect((await line.run('cards', 'import', join(line.dataDir, 'none.csv'))).code).toBe(1);
});

test('kkm cards set: a filter, a dry run, every card', async () => {
  await setGold();
  await line.run('cards', 'range', '--prefix', '29', '--from', '1', '--to', '30', '--width', '3', '--kind', 'GOLD');
  const edit = ['--where', 'kind=GOLD', '--where', 'number=29001..29025', 'status=blocked', 'holder=Иванова'];
  const tried = await line.run('cards', 'set', ...edit, '--dry-run');
  expect(tried.out).toHaveLength(22);
  expect(tried.out[0]).toBe('29001: holder none -> "Иванова", status "active" -> "blocked"');
  expect(tried.out.slice(-2)).toEqual(['... and 5 more', '25 cards would be changed']);
  expect((await line.run('cards', 'set', ...edit)).out).toEqual(['25 cards changed']);
  expect((await line.run('cards', 'set', '--all', 'status=blocked')).out).toEqual([
    '5 cards changed; 25 have these values already',
  ]);
  expect(await line.runJson('cards', 'set', '--where', 'number=29001', 'status=active')).toEqual({
    matched: 1,
    changed: 1,
    isDryRun: false,
  });
  expect(await line.run('cards', 'set', '--where', 'kind=NONE', 'status=active')).toMatchObject({ code: 2 });
  const dates = await line.run('cards', 'set', '--all', 'validFrom=2027-01-01', 'validTo=2026-01-01');
  expect([dates.code, dates.err[0]]).toEqual([1, expect.stringContaining('card 29001 would be valid from 2027-01-01')]);
});

test('kkm cards show: a card in words and in JSON', async () => {
  await setGold('--discount', 'fixed:5');
  const file = join(line.dataDir, 'one.csv');
  writeFileSync(file, 'number,holder,valid_to\n0012345678905,Иванова Мария,2027-12-31\n');
  await line.run('cards', 'import', file, '--kind', 'GOLD');
  expect((await line.run('cards', 'show', '0012345678905')).out).toEqual([
    'card         0012345678905',
    'kind         GOLD "Золотая" (discount, discount fixed:5)',
    'holder       Иванова Мария',
    'status       active',
    'valid        ... to 2027-12-31',
    'note         -',
    'bonus        0.00',
    'available    0.00',
    'accumulation 0.00',
    'receipts     0',
    'discount     5 %',
  ]);
  expect(await line.runJson('cards', 'show', '0012345678905', '--at', '2026-11-22')).toMatchObject({
    number: '0012345678905',
    at: '2026-11-22T23:59:59',
    bonus: '0.00',
    available: null,
  });
  expect(await line.run('cards', 'show', '12345678905')).toMatchObject({
    code: 1,
    err: ['kkm cards show: there is no card "12345678905" in infobase "trade"'],
  });
});

test('kkm cards show tells the shop that the till stood in, in stage online and under billing', async () => {
  await setGold();
  await line.run('cards', 'range', '--prefix', 'N', '--from', '1', '--to', '2', '--width', '1', '--kind', 'GOLD');
  await line.run('shops', 'set', 'CENTER', '--name', 'Центральный');
  await line.run('tills', 'set', 'KKM-1', '--shop', 'CENTER');
  const file = join(line.dataDir, 'trade.sqlite');
  for (const [index, stage] of ['online', 'billing'].entries()) {
    const infobase = await Infobase.open({ name: 'trade', file, hasSubscription: true });
    const cardNumber = `N${index + 1}`;
    if (stage === 'billing') {
      expect(await saveSetting(infobase, noon, 'stage', stage)).toMatchObject({ ok: false });
      const options = { holder: 'test', readMs: () => 0 };
      expect(await enableBilling(infobase, noon, dateOf(noon), options)).toEqual({ code: 'done' });
    }
    await register(infobase, buildSale({ cardNumber, receiptNumber: index + 1 }));
    await infobase.close();
    expect((await line.run('cards', 'show', cardNumber)).out.at(-1)).toContain(
      ` KKM-1 receipt ${index + 1}, shop CENTER`,
    );
    expect(await line.runJson('cards', 'show', cardNumber)).toMatchObject({ movements: [{ shopCode: 'CENTER' }] });
  }
});

test('kkm settings: list, get, set', async () => {
  expect((await line.run('settings', 'set', 'stage', 'cards')).out).toEqual(['stage = cards (was online)']);
  expect((await line.run('settings', 'get', 'stage')).out).toEqual(['cards']);
  expect((await line.run('settings', 'get', 'colour')).code).toBe(2);
  expect(await line.runJson('settings', 'list')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'stage', value: 'cards', isOwn: true }),
      expect.objectContaining({ name: 'lineEnds', value: 'crlf', isOwn: false }),
    ]),
  );
});

test('a setting of the process is the default of the infobase', async () => {
  const other = openTestingLine({ HOLD_TIMEOUT: '60' });
  await other.run('settings', 'set', 'stage', 'online');
  expect((await other.run('settings', 'get', 'holdTimeout')).out).toEqual(['60']);
  await other.close();
});
