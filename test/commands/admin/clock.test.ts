// `kkm clock`: what is refused, and that a running service goes by the clock, the rules and the kinds from its next call.
import { openServingLine, type ServingLine } from '../service/serving-line.ts';

const card = '2900000000001';

let line: ServingLine;
beforeEach(async () => {
  line = openServingLine('shop');
  await line.run('infobase', 'create', 'shop', '--test', '--at', '2026-01-01T12:00:00');
});
afterEach(() => line.close());

const readCard = () => line.call('GetCardInfo', `<Request><KKM>K-01</KKM><CardNumber>${card}</CardNumber></Request>`);

let receiptNumber = 0;
function ring(receiptAt: string, accrued: string) {
  receiptNumber += 1;
  const key = `<ShiftNumber>1</ShiftNumber><ReceiptNumber>${receiptNumber}</ReceiptNumber>`;
  const sums = `<Sum>1000</Sum><SumWithDiscount>1000</SumWithDiscount><BonusAccrued>${accrued}</BonusAccrued>`;
  const head = `<Kind>Sale</Kind><KKM>K-01</KKM>${key}<ReceiptDate>${receiptAt}</ReceiptDate>`;
  const rest = `<CardNumber>${card}</CardNumber>${sums}<BonusRedeemed>0</BonusRedeemed><Offline>false</Offline>`;
  return line.call('RegisterReceipt', `<Receipt>${head}${rest}</Receipt>`);
}

async function makeCatalog(): Promise<void> {
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  await line.run('cards', 'range', '--from', card, '--to', card, '--kind', 'BASE');
}

test('show, set, advance', async () => {
  const stands = '(a test infobase: the clock stands still)';
  expect((await line.run('clock', 'show')).out).toEqual([`2026-01-01T12:00:00 ${stands}`]);
  expect((await line.run('clock', 'set', '2026-01-02')).out).toEqual([
    'the clock moved from 2026-01-01T12:00:00 to 2026-01-02T00:00:00',
  ]);
  expect((await line.run('clock', 'advance', '--days', '2')).out).toEqual([
    'the clock moved from 2026-01-02T00:00:00 to 2026-01-04T00:00:00',
    'no night is run: billing is off: the infobase is not in stage billing',
  ]);
  expect(await line.runJson('clock', 'advance', '--to', '2026-01-05T10:00:00')).toEqual({
    infobase: 'shop',
    isDryRun: false,
    before: '2026-01-04T00:00:00',
    now: '2026-01-05T10:00:00',
    dueNights: 0,
    nights: [],
    obstacle: 'billing_off',
  });
  expect(await line.runJson('clock', 'show')).toEqual({ infobase: 'shop', isTest: true, now: '2026-01-05T10:00:00' });
});

test('nights on the way are told one by one, and those left by set as a number', async () => {
  await line.run('settings', 'set', 'stage', 'billing');
  const { out } = await line.run('clock', 'advance', '--days', '1');
  expect(out).toEqual([
    'the clock moved from 2026-01-01T12:00:00 to 2026-01-02T12:00:00',
    'night of 2026-01-01: lines of «Списание» 0, of «Начисление» 0',
    'night of 2026-01-02: lines of «Списание» 0, of «Начисление» 0',
  ]);
  expect((await line.run('clock', 'advance', '--days', '3', '--dry-run')).out).toEqual([
    'the clock would move from 2026-01-02T12:00:00 to 2026-01-05T12:00:00',
    'nights that would be run: 3',
  ]);
  expect((await line.run('clock', 'set', '2026-01-04T02:00:00')).out[1]).toBe('nights that are due and not run: 2');
  expect(await line.runJson('clock', 'advance', '--days', '0')).toMatchObject({
    nights: [{ businessOn: '2026-01-03' }, { businessOn: '2026-01-04' }],
  });
});

test('a moment with a zone, as the log writes it, is shown on the clock of the infobase', async () => {
  expect((await line.run('clock', 'set', '2026-01-01T10:00:00.123Z')).out).toEqual([
    'the clock moved from 2026-01-01T12:00:00 to 2026-01-01T13:00:00',
  ]);
  expect(await line.runJson('clock', 'advance', '--to', '2026-01-02T00:00:00+07:00')).toMatchObject({
    now: '2026-01-01T20:00:00',
  });
  await line.run('infobase', 'create', 'far', '--test', '--at', '2026-01-01T21:30:00Z');
  expect(await line.runJson('clock', 'show', '--infobase', 'far')).toMatchObject({ now: '2026-01-02T00:30:00' });
});

test.each([
  [['set'], 'DATETIME is missing'],
  [['set', 'tomorrow'], 'DATETIME: expected a moment such as 2026-11-22T14:05:00 or 22.11.2026 14:05, got "tomorrow"'],
  [['set', '2026-02-30'], 'DATETIME: expected a moment'],
  [['advance'], 'give either --days N or --to DATETIME'],
  [['advance', '--days', '1', '--to', '2026-02-01'], 'give either --days N or --to DATETIME'],
  [['advance', '--days=-1'], '--days: expected a whole number from 0 to 3653, got "-1"'],
  [['advance', '--days', '3654'], '--days: expected a whole number from 0 to 3653'],
  [['advance', '--days', '1.5'], '--days: expected a whole number'],
  [['advance', '--to', '2026'], '--to: expected a moment'],
])('%j is a mistake of usage', async (args, told) => {
  const { code, out, err } = await line.run('clock', ...args);
  expect([code, out, err[0]]).toEqual([2, [], expect.stringContaining(told)]);
});

test.each([
  [['set', '2026-01-01T11:59:59'], 'the clock stands at 2026-01-01T12:00:00 and moves forward only'],
  [['advance', '--to', '2025-12-31'], 'moves forward only'],
  [['advance', '--to', '2036-01-03'], 'is more than 3653 days: go in steps'],
  [['set', '3000-01-01'], 'is after 2999-12-31T23:59:59'],
])('%j is refused', async (args, told) => {
  const { code, out, err } = await line.run('clock', ...args);
  expect([code, out, err]).toEqual([1, [], [expect.stringContaining(told)]]);
  expect(await line.runJson('clock', 'show')).toMatchObject({ now: '2026-01-01T12:00:00' });
});

test('an ordinary infobase keeps the time of the machine', async () => {
  await line.run('infobase', 'create', 'plain');
  expect(await line.runJson('clock', 'show', '--infobase', 'plain')).toMatchObject({ isTest: false });
  for (const args of [
    ['set', '2099-01-01'],
    ['advance', '--days', '1'],
    ['advance', '--days', '0'],
  ]) {
    const { code, err } = await line.run('clock', ...args, '--infobase', 'plain');
    expect([code, err[0]]).toEqual([1, expect.stringContaining('keeps the machine')]);
  }
});

test('the first day of billing is that of the test clock', async () => {
  await makeCatalog();
  await line.run('settings', 'set', 'stage', 'billing');
  await line.start();
  expect(await line.call('GetServiceInfo', '')).toMatchObject({
    ServerTime: '2026-01-01T12:00:00',
    BillingStartDate: '2026-01-01T00:00:00',
  });
});

test('a running service goes by the clock, the rules and the kinds that commands have changed, at once', async () => {
  await makeCatalog();
  await line.run('settings', 'set', 'stage', 'billing');
  await line.start();
  expect((await ring('2026-01-01T12:00:00', '10')).ResultCode).toBe('0');
  expect(await readCard()).toMatchObject({ BonusBalance: '10', DiscountPercent: '0', ExpiringBonus: '0' });
  await line.run('rules', 'set', 'B', '--register', 'bonus', '--name', 'B', '--life', 'days:3', '--delay', 'days:1');
  await line.run('kinds', 'set', 'BASE', '--bonus-rule', 'B', '--discount', 'fixed:7');
  await ring('2026-01-01T12:00:00', '5');
  expect(await readCard()).toMatchObject({ BonusBalance: '10', BonusPending: '5', DiscountPercent: '7' });
  await line.run('clock', 'advance', '--days', '1');
  expect((await line.call('GetServiceInfo', '')).ServerTime).toBe('2026-01-02T12:00:00');
  expect(await readCard()).toMatchObject({
    BonusBalance: '15',
    BonusPending: '0',
    ExpiringDate: '2026-01-05T00:00:00',
  });
  await line.run('rules', 'set', 'B', '--delay', 'none');
  await ring('2026-01-02T12:00:00', '1');
  expect(await readCard()).toMatchObject({ BonusBalance: '16', BonusPending: '0' });
  await line.run('clock', 'advance', '--to', '2026-01-05T02:00:00');
  // 5 of the first rule and 1 of the second have come to their end together.
  expect((await line.call('GetServiceInfo', '')).ServerTime).toBe('2026-01-05T02:00:00');
  expect(await readCard()).toMatchObject({ BonusBalance: '10', ExpiringBonus: '0' });
});

test('a reserve stands as long as the clock does', async () => {
  await makeCatalog();
  await line.start();
  await ring('2026-01-01T12:00:00', '10');
  const key = '<KKM>K-01</KKM><ShiftNumber>1</ShiftNumber><ReceiptNumber>99</ReceiptNumber>';
  const hold = `${key}<ReceiptDate>2026-01-01T12:00:00</ReceiptDate><CardNumber>${card}</CardNumber><Amount>4</Amount>`;
  await line.call('ReserveBonus', `<Reserve>${hold}</Reserve>`);
  expect((await readCard()).BonusAvailable).toBe('6');
  await line.run('clock', 'set', '2026-01-01T12:14:59');
  expect((await readCard()).BonusAvailable).toBe('6');
  await line.run('clock', 'set', '2026-01-01T12:15:00');
  expect((await readCard()).BonusAvailable).toBe('10');
});
