// Dates that name a time zone, over HTTP: domain 10 and R12 of the worked examples. One moment is one receipt, however its
// zone is written and whichever call names it; a setting leaves zones out for tills that write a wrong one.
import { readFileSync } from 'node:fs';
import { saveSetting } from '../../src/operations/admin/save-setting.ts';
import { callOnce, startService, type TestingService } from './testing-service.ts';
import type { Before } from './testing-state.ts';

interface Case {
  readonly id: string;
  readonly steps: readonly string[];
  readonly expect: { readonly answers: readonly string[]; readonly 'business date': string };
}

const { cases } = JSON.parse(readFileSync('fixtures/ledger/returns.json', 'utf8')) as {
  readonly cases: readonly Case[];
};
const before: Before = { cards: [{ number: '2900000001', bonus: '100' }] };

interface Told {
  readonly code: number;
  readonly isDuplicate: boolean;
  readonly document: string;
  readonly xml: string;
}

async function ask(service: TestingService, operation: string, content: string): Promise<Told> {
  const body =
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://www.kkm.solutions/KKMTransfer"><s:Body>' +
    `<${operation}>${content}</${operation}></s:Body></s:Envelope>`;
  const xml = (await callOnce(service, { body })).body.toString();
  const valueOf = (name: string): string => new RegExp(`<m:${name}>([^<]*)<`).exec(xml)?.[1] ?? '';
  return {
    code: Number(valueOf('ResultCode')),
    isDuplicate: valueOf('Duplicate') === 'true',
    document: valueOf('Document'),
    xml,
  };
}

const keyAt = (at: string): string =>
  `<KKM>K-01</KKM><ShiftNumber>12</ShiftNumber><ReceiptNumber>345</ReceiptNumber><ReceiptDate>${at}</ReceiptDate>`;
const receiptAt = (at: string, kind = 'Sale', rest = ''): string =>
  `<Kind>${kind}</Kind>${keyAt(at)}<CardNumber>2900000001</CardNumber><Sum>100</Sum><SumWithDiscount>100</SumWithDiscount>` +
  `<BonusAccrued>5</BonusAccrued><BonusRedeemed>0</BonusRedeemed><Offline>false</Offline>${rest}`;
const register = (service: TestingService, at: string): Promise<Told> =>
  ask(service, 'RegisterReceipt', `<Receipt>${receiptAt(at)}</Receipt>`);

async function withService<T>(
  options: { readonly settings?: Before['settings']; readonly timeZone?: string },
  work: (service: TestingService) => Promise<T>,
): Promise<T> {
  const { settings = {}, timeZone } = options;
  const service = await startService({
    before: { ...before, settings },
    ...(timeZone === undefined ? {} : { settings: { TIMEZONE: timeZone } }),
  });
  try {
    return await work(service);
  } finally {
    await service.stop();
  }
}

const zones = cases.filter(({ id }) => id === 'R12');

test.each(zones)('$id of the worked examples', async ({ steps, expect: { answers, 'business date': date } }) => {
  const dates = steps.map((step) => /\d{4}-\d\d-\d\dT[\d:]+(?:Z|[+-][\d:]+)?/.exec(step)?.[0] ?? '');
  expect(dates).toHaveLength(3);
  await withService({ timeZone: 'Europe/Moscow' }, async (service) => {
    const told: Told[] = [];
    for (const at of dates) told.push(await register(service, at));
    expect(told.map(({ code, isDuplicate }) => `${code}${isDuplicate ? ' Duplicate' : ''}`)).toEqual(answers);
    const [year, month, day] = date.split('-');
    for (const { document } of told) expect(document).toContain(`от ${day}.${month}.${year} 00:30:00`);
  });
});

test('every call that names the receipt means the same one', async () => {
  await withService({}, async (service) => {
    // 22.11.2026 23:30 in Vladivostok, where it is another date than in Moscow an hour later.
    const [utc, local, west] = ['2026-11-22T21:30:00Z', '2026-11-23T00:30:00', '2026-11-22T11:30:00-10:00'];
    const hold = (at: string): string =>
      `<Reserve>${keyAt(at)}<CardNumber>2900000001</CardNumber><Amount>1</Amount></Reserve>`;
    expect(await ask(service, 'ReserveBonus', hold(utc))).toMatchObject({ code: 0, isDuplicate: false });
    expect(await ask(service, 'ReserveBonus', hold(west))).toMatchObject({ code: 0, isDuplicate: true });
    expect(await register(service, local)).toMatchObject({ code: 0, isDuplicate: false });
    const upload = `<Upload><KKM>K-01</KKM><Receipt>${receiptAt(west)}</Receipt></Upload>`;
    expect((await ask(service, 'UploadReceipts', upload)).xml).toContain('<m:Linked>1</m:Linked>');
    const original = `<Original>${keyAt(utc)}</Original>`;
    const part = `<Receipt>${receiptAt('2026-11-23T10:00:00+09:00', 'Return', original)}</Receipt>`;
    expect(await ask(service, 'RegisterReceipt', part)).toMatchObject({ code: 0 });
    const history = (from: string, to: string): Promise<Told> =>
      ask(
        service,
        'GetCardOperations',
        `<Request><CardNumber>2900000001</CardNumber><From>${from}</From><To>${to}</To></Request>`,
      );
    const { xml } = await history('2026-11-22T21:30:00Z', '2026-11-22T21:30:00Z');
    expect(xml.match(/<m:Date>[^<]*/g)).toEqual(['<m:Date>2026-11-23T00:30:00']);
    const cancel = `<Cancel><Kind>Sale</Kind>${keyAt(west)}</Cancel>`;
    expect(await ask(service, 'CancelReceipt', cancel)).toMatchObject({ code: 0, isDuplicate: false });
    expect(await register(service, utc)).toMatchObject({ code: 14 });
  });
});

test('clocks that are set back: two moments an hour apart have one date, and the date alone is of the key', async () => {
  await withService({ timeZone: 'Europe/Berlin' }, async (service) => {
    expect((await register(service, '2026-10-25T00:30:00Z')).document).toContain('от 25.10.2026 02:30:00');
    expect(await register(service, '2026-10-25T01:30:00Z')).toMatchObject({ code: 0, isDuplicate: true });
    // Midnight, an hour earlier in the summer than in the winter.
    expect(await register(service, '2026-10-24T22:00:00Z')).toMatchObject({ isDuplicate: true });
    expect(await register(service, '2026-10-24T21:59:59Z')).toMatchObject({ isDuplicate: false });
    expect(await register(service, '2026-10-25T22:59:59Z')).toMatchObject({ isDuplicate: true });
  });
});

test('where zones are dropped, the wall clock counts as it was written; a running service follows the setting', async () => {
  await withService({ settings: { zonedDates: 'drop' } }, async (service) => {
    const [utc, local] = ['2026-11-22T21:30:00Z', '2026-11-22T21:30:00'];
    expect((await register(service, utc)).document).toContain('от 22.11.2026 21:30:00');
    expect(await register(service, local)).toMatchObject({ code: 0, isDuplicate: true });
    const outcome = await saveSetting(service.infobase(), service.clock.now(), 'zonedDates', 'convert');
    expect(outcome).toEqual({ ok: true, before: 'drop' });
    expect((await register(service, utc)).document).toContain('от 23.11.2026 00:30:00');
  });
});

test('the empty date is empty in any zone, and a reply has none', async () => {
  await withService({}, async (service) => {
    for (const at of [
      '0001-01-01T00:00:00Z',
      '0001-01-01T00:00:00+03:00',
      '0001-01-03T00:00:00.000Z',
      '1970-01-01T00:00:00Z',
    ]) {
      const { xml } = await register(service, at);
      expect(xml).toContain('<m:ResultText>Неверное значение поля ReceiptDate: ожидается дата и время.</m:ResultText>');
      const card = `<Request><KKM>K-01</KKM><CardNumber>2900000001</CardNumber><OperationDate>${at}</OperationDate></Request>`;
      expect(await ask(service, 'GetCardInfo', card)).toMatchObject({ code: 0 });
    }
    const { xml } = await register(service, '9999-12-31T23:59:59Z');
    expect(xml).toContain(
      'Неверное значение поля ReceiptDate: ожидается дата и время, в часовом поясе базы — с 0001 по 9999 год.',
    );
    expect((await ask(service, 'GetServiceInfo', '')).xml).toMatch(/<m:ServerTime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d</);
  });
});
