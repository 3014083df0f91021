// «Журнал изменений»: every form of the console that changes something leaves one row with the name of its sender, and the page
// shows them in words, by filters and pages.
import { dateOf } from '../../../src/ledger/local-date-time.ts';
import { pages } from '../../../src/console/pages.ts';
import { setItemState } from '../../../src/db/enabling/enabling.ts';
import { giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { disableBilling, confirmations } from '../../../src/operations/enabling/disable-billing.ts';
import { enableBilling } from '../../../src/operations/enabling/enable-billing.ts';
import { readLog, whatOf, type LoggedWhat } from '../../operations/admin/testing-change-log.ts';
import { buildSale, noon, register } from '../../operations/testing-infobase.ts';
import { auditor, till } from '../../soap/testing-service.ts';
import { plain } from '../plain.ts';
import {
  actionOf,
  startConsole,
  tokenOf,
  waitForEnd,
  type Fields,
  type NamedFile,
  type ShownPage,
  type TestingConsole,
  type Visitor,
} from '../testing-console.ts';
import { backUp } from '../../operations/testing-backup.ts';

let trial: TestingConsole;
let visitor: Visitor;
const at = '/console/trade';
const card = '2900000000001';
const infobase = () => trial.service.infobase();

beforeAll(async () => {
  trial = await startConsole({
    settings: { SUBSCRIPTION: 'extended' },
    before: { kinds: [{ code: 'BASE', name: 'Базовая' }], cards: [{ number: card, holder: 'Анна' }] },
  });
  visitor = await trial.visit();
  await giveTestClock(infobase(), noon);
});
afterAll(() => trial.service.stop());

interface Step {
  /** Of the pages: "users/new". */
  readonly path: string;
  readonly row: Partial<LoggedWhat>;
  readonly prepare?: () => Promise<unknown>;
  /** Sends the form; by default the one of that very address, found on the page of that address. */
  readonly send?: () => Promise<ShownPage>;
  readonly fields?: Fields;
}

/** Opens a page and sends the form of it whose address ends so. */
async function send(page: string, end: string, fields: Fields = {}, file?: NamedFile): Promise<ShownPage> {
  const shown = await visitor.get(`${at}/${page}`);
  return waitForEnd(visitor, await visitor.send(shown, actionOf(shown, end), fields, file));
}

async function go(shown: ShownPage, end: string, fields: Fields = {}): Promise<ShownPage> {
  return waitForEnd(visitor, await visitor.send(shown, actionOf(shown, end), fields));
}

/** A run that was stopped after so many steps. */
function beginEnabling(steps: number): Promise<unknown> {
  let left = steps;
  const options = { holder: 'test', readMs: () => 0, shouldStop: () => (left -= 1) < 0 };
  return enableBilling(infobase(), noon, dateOf(noon), options);
}

async function switchOff(name: string): Promise<void> {
  const backupFile = `${trial.service.dataDir}/${name}.backup`;
  await disableBilling(infobase(), noon, {
    holder: 'test',
    readMs: () => 0,
    backupFile,
    backUp,
    confirm: confirmations,
  });
}

const rule = { code: 'R', name: 'Правило', register: 'bonus', delay: { sort: 'none' }, lifeFrom: 'credit' };

const steps: readonly Step[] = [
  {
    path: 'settings/:name',
    send: () => send('settings/holdTimeout', 'settings/holdTimeout', { value: '300' }),
    row: { subject: 'setting', key: 'holdTimeout', before: { value: '900' }, after: { value: '300' } },
  },
  {
    path: 'users/new',
    fields: { name: 'kassa', role: 'till', password: 'секрет-1' },
    row: { subject: 'user', key: 'kassa', before: null, after: { role: 'till' } },
  },
  {
    path: 'users/name/:name',
    send: () => send('users/name/kassa', 'users/name/kassa', { role: 'auditor', password: 'секрет-2' }),
    row: { subject: 'user', key: 'kassa', before: { role: 'till' }, after: { role: 'auditor', password: 'changed' } },
  },
  {
    path: 'users/name/:name/remove',
    send: () => send('users/name/kassa/remove', '/remove'),
    row: { subject: 'user', key: 'kassa', before: { role: 'auditor' }, after: null },
  },
  {
    path: 'rules/new',
    fields: { code: 'R', name: 'Правило', register: 'bonus', life: 'days:5' },
    row: { subject: 'life_rule', key: 'R', before: null, after: { ...rule, life: { sort: 'days', count: 5 } } },
  },
  {
    path: 'rules/code/:code',
    send: () => send('rules/code/R', 'rules/code/R', { life: 'months:1' }),
    row: {
      subject: 'life_rule',
      key: 'R',
      before: { life: { sort: 'days', count: 5 } },
      after: { life: { sort: 'months', count: 1 } },
    },
  },
  {
    path: 'rules/code/:code/remove',
    send: () => send('rules/code/R/remove', '/remove'),
    row: { subject: 'life_rule', key: 'R', before: expect.objectContaining({ name: 'Правило' }), after: null },
  },
  {
    path: 'kinds/new',
    fields: { code: 'GOLD', name: 'Золотая', discount: 'fixed', fixedPercent: '5' },
    row: {
      subject: 'card_kind',
      key: 'GOLD',
      before: null,
      after: expect.objectContaining({ discount: { sort: 'fixed', percentHundredths: 500 } }),
    },
  },
  {
    path: 'kinds/code/:code',
    send: () =>
      send('kinds/code/GOLD', 'kinds/code/GOLD', { name: 'Золото', discount: 'scale', steps: '0; 0; 3\n5000; 2; 7,5' }),
    row: {
      subject: 'card_kind',
      key: 'GOLD',
      before: { name: 'Золотая', discount: { sort: 'fixed', percentHundredths: 500 } },
      after: { name: 'Золото', discount: expect.objectContaining({ sort: 'scale' }) },
    },
  },
  {
    path: 'kinds/code/:code/remove',
    send: () => send('kinds/code/GOLD/remove', '/remove'),
    row: { subject: 'card_kind', key: 'GOLD', before: expect.objectContaining({ name: 'Золото' }), after: null },
  },
  {
    path: 'shops/new',
    fields: { code: 'S', name: 'Центр' },
    row: { subject: 'shop', key: 'S', before: null, after: { code: 'S', name: 'Центр' } },
  },
  {
    path: 'shops/code/:code',
    send: () => send('shops/code/S', 'shops/code/S', { name: 'На Мира' }),
    row: { subject: 'shop', key: 'S', before: { name: 'Центр' }, after: { name: 'На Мира' } },
  },
  {
    path: 'shops/till',
    fields: { kkm: 'K-1', shopCode: 'S' },
    row: { subject: 'till', key: 'K-1', before: null, after: { kkm: 'K-1', shopCode: 'S', isSynced: false } },
  },
  {
    path: 'shops/till/:kkm',
    send: () => send('shops/till/K-1', 'shops/till/K-1', { shopCode: '' }),
    row: { subject: 'till', key: 'K-1', before: { shopCode: 'S' }, after: { shopCode: null } },
  },
  {
    path: 'shops/till/:kkm/remove',
    send: () => send('shops/till/K-1/remove', '/remove'),
    row: { subject: 'till', key: 'K-1', before: { kkm: 'K-1', shopCode: null, isSynced: false }, after: null },
  },
  {
    path: 'shops/code/:code/remove',
    send: () => send('shops/code/S/remove', '/remove'),
    row: { subject: 'shop', key: 'S', before: { code: 'S', name: 'На Мира' }, after: null },
  },
  {
    path: 'cards/range',
    fields: { prefix: '77', from: '1', to: '3', width: '5', kindCode: 'BASE' },
    row: { subject: 'cards', key: '7700001 - 7700003', before: null, after: { kindCode: 'BASE', numbers: 3 } },
  },
  {
    path: 'cards/bulk/run',
    send: async () => {
      const asked = { 'w-from': '7700001', 'w-to': '7700002', 's-status': 'blocked' };
      return go(await send('cards/bulk', 'cards/bulk', asked), '/bulk/run');
    },
    row: { subject: 'cards', key: 'number=7700001..7700002', before: null, after: { set: 'status=blocked', cards: 2 } },
  },
  {
    path: 'cards/:number/edit',
    send: () => send(`cards/${card}/edit`, '/edit', { holder: '<b>Борис</b>' }),
    row: { subject: 'cards', key: card, before: { holder: 'Анна' }, after: { holder: '<b>Борис</b>' } },
  },
  {
    path: 'sync/make',
    prepare: () => saveSetting(infobase(), noon, 'acceptCards', 'false'),
    send: () => send('sync', '/make', { cards: '7700003' }),
    row: { subject: 'sync', key: '1', before: null, after: { isFull: false, cards: 1 } },
  },
  {
    path: 'shops/unknown',
    prepare: async () => {
      await saveSetting(infobase(), noon, 'acceptCards', 'true');
      await register(infobase(), buildSale({ cardNumber: card, kkm: 'K-9' }));
    },
    send: () => send('shops', '/unknown'),
    row: { subject: 'till', key: 'K-9', before: null, after: { kkm: 'K-9', shopCode: null, isSynced: false } },
  },
  {
    path: 'certificates/kinds/new',
    fields: { code: 'G', name: 'Подарок', nominal: '1 000', life: 'years:1' },
    row: {
      subject: 'certificate_kind',
      key: 'G',
      before: null,
      after: { code: 'G', name: 'Подарок', nominal: 100_000, life: 'years:1' },
    },
  },
  {
    path: 'certificates/kinds/code/:code',
    send: () => send('certificates/kinds/code/G', 'kinds/code/G', { nominal: '2 000' }),
    row: { subject: 'certificate_kind', key: 'G', before: { nominal: 100_000 }, after: { nominal: 200_000 } },
  },
  {
    path: 'certificates/issue',
    fields: { kindCode: 'G', prefix: '', from: '1', to: '9', width: '' },
    row: { subject: 'certificates', key: '1 - 9', before: null, after: { kindCode: 'G', numbers: 9 } },
  },
  {
    path: 'settings/clock/set',
    send: () => send('settings', 'clock/set', { to: '22.11.2026 13:00' }),
    row: { subject: 'clock', key: 'trade', before: { standsAt: noon }, after: { standsAt: '2026-11-22T13:00:00' } },
  },
  {
    path: 'settings/clock/advance',
    send: () => send('settings', 'clock/advance', { days: '1' }),
    row: {
      subject: 'clock',
      key: 'trade',
      before: { standsAt: '2026-11-22T13:00:00' },
      after: { standsAt: '2026-11-23T13:00:00' },
    },
  },
  {
    path: 'import/file/:id/run',
    send: async () => {
      const shown = await send('import', 'import', {}, { name: 'остатки.csv', bytes: `card;bonus\n${card};5\n` });
      return go(await go(shown, '/check'), '/run');
    },
    row: {
      subject: 'import',
      key: '1',
      before: null,
      after: { document: expect.stringMatching(/^Ввод остатков/), fileName: 'остатки.csv', rows: 1, cards: 1 },
    },
  },
  {
    path: 'import/:number/reverse',
    send: () => send('import/1/reverse', '/reverse', { name: 'trade' }),
    row: {
      subject: 'import',
      key: '2',
      before: null,
      after: { reverses: 1, document: expect.stringMatching(/^Ввод остатков/), cards: 1 },
    },
  },
  {
    path: 'billing/enable',
    send: async () => go(await send('billing', '/ask'), '/enable', { exclusive: 'yes' }),
    row: { subject: 'billing', key: 'enable', before: null, after: { startOn: '2026-11-01' } },
  },
  {
    path: 'cards/:number/accrue/make',
    send: async () => go(await send(`cards/${card}/accrue`, '/accrue', { bonus: '30', comment: 'Подарок' }), '/make'),
    row: {
      subject: 'document',
      key: expect.stringMatching(/^Начисление на дисконтные карты/),
      before: null,
      after: { comment: 'Подарок', cards: 1 },
    },
  },
  {
    path: 'cards/:number/write-off/make',
    send: async () => go(await send(`cards/${card}/write-off`, '/write-off', { bonus: '10' }), '/make'),
    row: { subject: 'document', key: expect.stringMatching(/^Списание/), before: null, after: { cards: 1 } },
  },
  {
    path: 'billing/disable',
    send: () => send('billing/disable', '/disable', { name: 'trade', startOn: '2026-11-01', destroy: 'yes' }),
    row: { subject: 'billing', key: 'disable', before: expect.objectContaining({ manualDocuments: 2 }), after: null },
  },
  {
    path: 'billing/pause',
    prepare: () => beginEnabling(0),
    // Its button is shown only while a run of this service is at work.
    send: async () => {
      const shown = await visitor.get(`${at}/billing/repost`);
      return visitor.post(`${at}/billing/pause`, { _token: tokenOf(shown) });
    },
    row: { subject: 'billing', key: 'pause', before: null, after: { startOn: '2026-11-22' } },
  },
  {
    path: 'billing/continue',
    send: () => send('billing/repost', '/continue'),
    row: { subject: 'billing', key: 'continue', before: null, after: { startOn: '2026-11-22' } },
  },
  {
    path: 'billing/repost',
    prepare: async () => {
      await switchOff('second');
      await beginEnabling(1);
      await infobase().db.write((trx) => setItemState(trx, 1, 'failed', 'disk I/O error'));
    },
    send: () => send('billing/repost', 'billing/repost'),
    row: expect.objectContaining({ subject: 'billing', key: 'repost' }),
  },
];

/** What changes nothing that is not a document of its own: questions, checks, receipts, nights, work asked to stop. */
const unnoted = [
  'backups',
  'import',
  'import/file/:id/check',
  'cards/:number/accrue',
  'cards/:number/write-off',
  'cards/bulk',
  'night/run',
  'night/preview',
  'night/compare',
  'exchange/look',
  'exchange/file',
  'work/:id/stop',
  'envelopes/:id/repeat',
  'billing/ask',
  'reports/:name',
];

test('every form of the console is here', () => {
  const forms = pages.filter(({ method }) => method === 'POST').map(({ path }) => path);
  expect([...steps.map(({ path }) => path), ...unnoted].toSorted()).toEqual(forms.toSorted());
});

// In order: each begins with what those before it have left.
test.each(steps.map((step) => [step.path, step] as const))('%s', async (path, step) => {
  await step.prepare?.();
  const before = await readLog(infobase());
  await (step.send?.() ?? send(path, path, step.fields));
  const rows = (await readLog(infobase())).slice(before.length);
  expect(rows.map(whatOf)).toEqual([step.row]);
  expect(rows.map(({ by, door }) => [by, door])).toEqual([['admin', 'console']]);
});

test('the page says it in words, and what was typed is text', async () => {
  const page = await visitor.get(`${at}/changes`);
  const text = plain(page.text);
  expect(page.status).toBe(200);
  expect(page.text).toContain('admin консоль Настройка holdTimeout значение: 900 значение: 300');
  expect(page.text).toContain(
    'Пользователь kassa роль: касса: без консоли роль: аудитор: только чтение пароль: изменён',
  );
  expect(page.text).toContain('Правило жизни R срок жизни: 5 дней срок жизни: 1 месяц');
  expect(page.text).toContain('Биллинг выключение');
  expect(text).toContain('Биллинг перепроведение — дата начала: 22.11.2026 документы: чек 1');
  expect(text).toContain('Вид сертификатов G — название: Подарок номинал: 1 000,00 срок жизни: 1 год');
  expect(text).toContain('Вид сертификатов G номинал: 1 000,00 номинал: 2 000,00');
  expect(text).toContain(
    'Вид карт GOLD название: Золотая скидка: 5 % название: Золото скидка: от 0,00: 3 %; от 5 000,00 / 2: 7,5 %',
  );
  expect(page.html).not.toContain('<b>Борис');
  expect(page.html).not.toContain('секрет');
  const english = await visitor.get(`/console/language?to=en&back=${at}/changes`);
  expect(english.text).toContain('Log of changes');
  expect(english.text).toContain('admin console Setting holdTimeout value: 900 value: 300');
  await visitor.get(`/console/language?to=ru&back=${at}/changes`);
});

const countRows = (page: ShownPage) => page.html.match(/<th scope="row">/g)?.length ?? 0;

test('it is read by filters and pages; a filter that cannot be read restricts nothing', async () => {
  const total = (await readLog(infobase())).length;
  expect(countRows(await visitor.get(`${at}/changes?subject=user`))).toBe(3);
  expect((await visitor.get(`${at}/changes?by=nobody`)).text).toContain('Таких изменений нет.');
  expect((await visitor.get(`${at}/changes?to=2020-01-01`)).text).toContain('Таких изменений нет.');
  expect(countRows(await visitor.get(`${at}/changes?subject=cat&from=x`))).toBe(total);
  expect(countRows(await visitor.get(`${at}/changes?after=4`))).toBe(3);
  const by = infobase().by({ name: 'скрипт', door: 'http', readMs: () => 0 });
  for (let count = 0; count < 60; count += 1) await saveSetting(by, noon, 'holdTimeout', String(1_000 + count));
  const first = await visitor.get(`${at}/changes?by=${encodeURIComponent('скрипт')}`);
  expect([countRows(first), first.text.includes('HTTP-сервис')]).toEqual([50, true]);
  const next = /href="([^"]*after=\d+)"/.exec(first.html)?.[1]?.replaceAll('&amp;', '&') as string;
  expect(countRows(await visitor.get(next))).toBe(10);
});

test('an auditor reads it, a till does not', async () => {
  const reader = await trial.visit(auditor);
  expect((await reader.get(`${at}/changes`)).status).toBe(200);
  await expect(trial.visit(till)).rejects.toThrow();
});
