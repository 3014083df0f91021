// Every command that changes something leaves one row in the log of changes, with the name of the operator, and its dry run
// none; and `kkm changes` shows them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOperator } from '../../../src/commands/name-operator.ts';
import { setItemState } from '../../../src/db/enabling/enabling.ts';
import { dateOf } from '../../../src/ledger/local-date-time.ts';
import { enableBilling } from '../../../src/operations/enabling/enable-billing.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { readLog, whatOf, type LoggedWhat } from '../../operations/admin/testing-change-log.ts';
import { buildSale, noon, register } from '../../operations/testing-infobase.ts';
import { listCommands, openTestingLine, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
beforeAll(() => {
  line = openTestingLine({ SUBSCRIPTION: 'extended' });
});
afterAll(() => line.close());

async function withBase<T>(work: (infobase: Infobase) => Promise<T>): Promise<T> {
  const file = join(line.dataDir, 'trade.sqlite');
  const infobase = await Infobase.open({ name: 'trade', file, hasSubscription: true });
  try {
    return await work(infobase);
  } finally {
    await infobase.close();
  }
}

/** A run that was stopped after so many steps. */
function beginEnabling(steps: number): Promise<unknown> {
  let left = steps;
  const options = { holder: 'test', readMs: () => 0, shouldStop: () => (left -= 1) < 0 };
  return withBase((infobase) => enableBilling(infobase, noon, dateOf(noon), options));
}

interface Step {
  readonly args: string;
  readonly row: Partial<LoggedWhat>;
  /** What is there before it. */
  readonly prepare?: () => Promise<unknown>;
}

const rule = { code: 'R', name: 'Правило', register: 'bonus', delay: { sort: 'none' }, lifeFrom: 'credit' };
const lists = '--confirm-infobase trade --confirm-start-date 2026-11-01 --confirm-destruction';

const steps: readonly Step[] = [
  {
    args: 'infobase create trade --test --at 2026-11-22T12:00:00',
    row: { subject: 'clock', key: 'trade', before: null, after: { standsAt: noon } },
  },
  {
    args: 'user add kassa --role till --password-stdin',
    row: { subject: 'user', key: 'kassa', before: null, after: { role: 'till' } },
  },
  {
    args: 'user add kassa --role auditor --update --password-stdin',
    row: { subject: 'user', key: 'kassa', before: { role: 'till' }, after: { role: 'auditor', password: 'changed' } },
  },
  { args: 'user remove kassa', row: { subject: 'user', key: 'kassa', before: { role: 'auditor' }, after: null } },
  {
    args: 'settings set holdTimeout 300',
    row: { subject: 'setting', key: 'holdTimeout', before: { value: '900' }, after: { value: '300' } },
  },
  {
    args: 'rules set R --register bonus --name Правило --life days:5',
    row: { subject: 'life_rule', key: 'R', before: null, after: { ...rule, life: { sort: 'days', count: 5 } } },
  },
  {
    args: 'rules set R --life months:1',
    row: {
      subject: 'life_rule',
      key: 'R',
      before: { life: { sort: 'days', count: 5 } },
      after: { life: { sort: 'months', count: 1 } },
    },
  },
  {
    args: 'rules remove R',
    row: { subject: 'life_rule', key: 'R', before: { ...rule, life: { sort: 'months', count: 1 } }, after: null },
  },
  {
    args: 'kinds set BASE --name Базовая',
    row: { subject: 'card_kind', key: 'BASE', before: null, after: expect.objectContaining({ name: 'Базовая' }) },
  },
  {
    args: 'kinds set BASE --name Основная --accrual-percent 3',
    row: {
      subject: 'card_kind',
      key: 'BASE',
      before: { name: 'Базовая', accrualPercentHundredths: null },
      after: { name: 'Основная', accrualPercentHundredths: 300 },
    },
  },
  {
    args: 'kinds remove OLD',
    prepare: () => line.run('kinds', 'set', 'OLD', '--name', 'Старая'),
    row: { subject: 'card_kind', key: 'OLD', before: expect.objectContaining({ name: 'Старая' }), after: null },
  },
  {
    args: 'shops set S --name Центр',
    row: { subject: 'shop', key: 'S', before: null, after: { code: 'S', name: 'Центр' } },
  },
  {
    args: 'tills set K-1 --shop S',
    row: { subject: 'till', key: 'K-1', before: null, after: { kkm: 'K-1', shopCode: 'S', isSynced: false } },
  },
  {
    args: 'tills set K-1 --synced yes',
    row: { subject: 'till', key: 'K-1', before: { isSynced: false }, after: { isSynced: true } },
  },
  {
    args: 'tills remove K-1',
    row: { subject: 'till', key: 'K-1', before: { kkm: 'K-1', shopCode: 'S', isSynced: true }, after: null },
  },
  { args: 'shops remove S', row: { subject: 'shop', key: 'S', before: { code: 'S', name: 'Центр' }, after: null } },
  {
    args: 'cards range --prefix 29 --from 1 --to 3 --width 5 --kind BASE',
    row: { subject: 'cards', key: '2900001 - 2900003', before: null, after: { kindCode: 'BASE', numbers: 3 } },
  },
  {
    args: 'cards set --where number=2900001..2900002 note=проверить',
    row: {
      subject: 'cards',
      key: 'number=2900001..2900002',
      before: null,
      after: { set: 'note=проверить', cards: 2 },
    },
  },
  {
    args: 'cards set --where number=2900003 holder=Анна',
    row: { subject: 'cards', key: '2900003', before: { holder: null }, after: { holder: 'Анна' } },
  },
  {
    args: 'cards import FILE/cards.csv --update --kind BASE',
    row: { subject: 'cards', key: 'cards.csv', before: null, after: { added: 1, updated: 1 } },
  },
  {
    args: 'certificates set-kind GIFT --name Подарочный --nominal 1000',
    row: {
      subject: 'certificate_kind',
      key: 'GIFT',
      before: null,
      after: { code: 'GIFT', name: 'Подарочный', nominal: 100_000, life: 'unlimited' },
    },
  },
  {
    args: 'certificates issue --kind GIFT --from 1 --to 9',
    row: { subject: 'certificates', key: '1 - 9', before: null, after: { kindCode: 'GIFT', numbers: 9 } },
  },
  {
    args: 'clock set 2026-11-22T13:00:00',
    row: { subject: 'clock', key: 'trade', before: { standsAt: noon }, after: { standsAt: '2026-11-22T13:00:00' } },
  },
  {
    args: 'clock advance --to 2026-11-22T14:00:00',
    row: {
      subject: 'clock',
      key: 'trade',
      before: { standsAt: '2026-11-22T13:00:00' },
      after: { standsAt: '2026-11-22T14:00:00' },
    },
  },
  {
    args: 'import FILE/opening.csv --document opening-accumulation',
    row: {
      subject: 'import',
      key: '1',
      before: null,
      after: {
        document: expect.stringMatching(/^Ввод остатков накоплений/),
        fileName: 'opening.csv',
        rows: 1,
        cards: 1,
      },
    },
  },
  {
    args: 'import reverse 1',
    row: {
      subject: 'import',
      key: '2',
      before: null,
      after: { reverses: 1, document: expect.stringMatching(/^Ввод остатков накоплений/), cards: 1 },
    },
  },
  {
    args: 'sync create 2900001',
    prepare: () => line.run('settings', 'set', 'acceptCards', 'false'),
    row: { subject: 'sync', key: '1', before: null, after: { isFull: false, cards: 1 } },
  },
  {
    args: 'billing enable --start-date 2026-11-01',
    row: { subject: 'billing', key: 'enable', before: null, after: { startOn: '2026-11-01' } },
  },
  {
    args: 'document accrual --card 2900001 --bonus 50 --comment Подарок',
    row: {
      subject: 'document',
      key: expect.stringMatching(/^Начисление на дисконтные карты \d+ от 22\.11\.2026/),
      before: null,
      after: { comment: 'Подарок', cards: 1 },
    },
  },
  {
    args: 'document write-off --from FILE/write-off.csv',
    row: {
      subject: 'document',
      key: expect.stringMatching(/^Списание с дисконтных карт/),
      before: null,
      after: { fileName: 'write-off.csv', cards: 1 },
    },
  },
  {
    args: `billing disable ${lists}`,
    row: {
      subject: 'billing',
      key: 'disable',
      before: expect.objectContaining({ documents: 2, manualDocuments: 2 }),
      after: null,
    },
  },
  {
    args: 'billing pause',
    prepare: () => beginEnabling(0),
    row: { subject: 'billing', key: 'pause', before: null, after: { startOn: '2026-11-22' } },
  },
  {
    args: 'billing continue',
    row: { subject: 'billing', key: 'continue', before: null, after: { startOn: '2026-11-22' } },
  },
  {
    args: 'billing repost failed',
    prepare: async () => {
      const backup = join(line.dataDir, 'second.backup');
      const confirmed = lists.replace('11-01', '11-22').split(' ');
      await line.run('billing', 'disable', ...confirmed, '--backup', backup);
      await line.run('settings', 'set', 'acceptCards', 'true');
      await withBase((infobase) => register(infobase, buildSale({ cardNumber: '2900001' })));
      await beginEnabling(1);
      await withBase(({ db }) => db.write((trx) => setItemState(trx, 1, 'failed', 'disk I/O error')));
    },
    row: {
      subject: 'billing',
      key: 'repost',
      before: null,
      after: { startOn: '2026-11-22', which: 'failed' },
    },
  },
];

/** What writes, and has no row: receipts and nights are their own record; the infobase is gone with its log. */
const unnoted = ['receipts load', 'night run', 'infobase remove'];
/** Their rows are in the tests of these commands: one breaks a card first, one replaces the infobase. */
const elsewhere = ['verify', 'restore'];

test('every command that writes is here', async () => {
  const writers: string[] = [];
  for (const words of await listCommands(line)) {
    const { out } = await line.run(...words, '--help');
    if (out.some((text) => text.trim().startsWith('--dry-run '))) writers.push(words.join(' '));
  }
  const here = [...steps.map(({ args }) => args), ...unnoted, ...elsewhere];
  expect(writers.filter((writer) => !here.some((args) => `${args} `.startsWith(`${writer} `)))).toEqual([]);
});

// In order: each begins with what those before it have left.
test.each(steps.map((step) => [step.args, step] as const))('%s', async (text, { row, prepare }) => {
  if (text.includes('FILE')) {
    writeFileSync(join(line.dataDir, 'cards.csv'), 'number,holder\n2900001,Иванова\n2900009,Петров\n');
    writeFileSync(join(line.dataDir, 'opening.csv'), 'card;bonus\n2900001;5\n');
    writeFileSync(join(line.dataDir, 'write-off.csv'), 'card;bonus\n2900001;10\n');
  }
  await prepare?.();
  const args = text.split(' ').map((word) => word.replace('FILE', line.dataDir));
  const isNew = args[1] === 'create' && args[0] === 'infobase';
  const read = () => (isNew ? Promise.resolve([]) : withBase(readLog));
  const before = await read();
  await line.runWith('секрет-1', ...args, '--dry-run');
  expect(await read()).toEqual(before);
  const { code, err } = await line.runWith('секрет-1', ...args);
  expect([code, code === 0 ? [] : err]).toEqual([0, []]);
  const rows = (await withBase(readLog)).slice(before.length);
  expect(rows.map(whatOf)).toEqual([row]);
  expect(rows.map(({ by, door }) => [by, door])).toEqual([[nameOperator(), 'cli']]);
});

test('kkm changes lists them by sort, name, dates and pages, for people and for machines', async () => {
  const { out } = await line.run('changes', '--subject', 'user');
  expect(out.map((text) => text.split(/ {2,}/).slice(2))).toEqual([
    ['by', 'from', 'what', 'which', 'before', 'after'],
    [nameOperator(), 'cli', 'user', 'kassa', 'role auditor', '-'],
    [nameOperator(), 'cli', 'user', 'kassa', 'role till', 'role auditor, password changed'],
    [nameOperator(), 'cli', 'user', 'kassa', '-', 'role till'],
  ]);
  const first = (await line.runJson('changes', '--subject', 'user', '--limit', '2')) as {
    changes: object[];
    next: number;
  };
  expect(first).toMatchObject({ infobase: 'trade', changes: [{ before: { role: 'auditor' } }, {}] });
  const last = await line.runJson('changes', '--subject', 'user', '--limit', '2', '--after', String(first.next));
  expect(last).toMatchObject({ changes: [{ before: null, after: { role: 'till' } }], next: null });
  expect((await line.run('changes', '--by', 'nobody')).out).toEqual(['there are no such changes']);
  expect((await line.run('changes', '--to', '2020-01-01')).out).toEqual(['there are no such changes']);
  expect(await line.run('changes', '--subject', 'cat')).toMatchObject({
    code: 2,
    err: [expect.stringContaining('--subject: expected one of setting, user'), expect.any(String)],
  });
});
