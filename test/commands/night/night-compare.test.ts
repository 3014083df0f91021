// `kkm night compare` as an operator types it.
import { runCommand, type CommandIo } from '../../../src/commands/command-io.ts';
import { nightCompare } from '../../../src/commands/night/night-compare.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { addRuledKind, day, passNight } from '../../operations/billing/testing-billing.ts';
import { addCard, buildSale, moment, register } from '../../operations/testing-infobase.ts';
import { openTestingLine, type Ran, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
beforeAll(async () => {
  line = openTestingLine();
  const file = `${line.dataDir}/trade.sqlite`;
  const infobase = await Infobase.open({ name: 'trade', file, hasSubscription: true });
  await addRuledKind(infobase, 'K', { bonus: 'days:29' });
  await addCard(infobase, { number: '29001', kindCode: 'K' });
  const at = moment('2021-01-01T12:00:00');
  await saveSetting(infobase, at, 'stage', 'billing');
  await passNight(infobase, day('2021-01-01'));
  const sale = (receiptNumber: number, fields: object) =>
    register(infobase, buildSale({ cardNumber: '29001', receiptAt: at, receiptNumber, ...fields }), at);
  await sale(1, { bonusAccruedKopecks: 10_000 });
  await sale(2, { bonusRedeemedKopecks: 5_000 });
  await addRuledKind(infobase, 'K', { bonus: 'days:9' });
  await sale(3, { bonusAccruedKopecks: 10_000 });
  await infobase.close();
});
afterAll(() => line.close());

async function run(...args: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const io: CommandIo = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    readStdin: () => Promise.resolve(''),
    isTerminal: false,
    environment: { DATA_DIR: line.dataDir, SUBSCRIPTION: 'extended' },
  };
  return { code: await runCommand('kkm night compare', nightCompare, [...args], io), out, err };
}

test('tells how far the two are apart, and on which cards', async () => {
  const { code, out, err } = await run('--date', '2021-01-10');
  expect([code, err]).toEqual([0, []]);
  expect(out).toEqual([
    'night of 2021-01-10: lines 1, different 1',
    'documented: bonus 50.00, accumulation 0.00, receipts 0',
    'lots:       bonus 100.00, accumulation 0.00, receipts 0',
    '',
    'card   measure  balance  covered  held  documented  lots    documented so far  lots so far',
    '29001  bonus    150.00   100.00   0.00  50.00       100.00  50.00              100.00',
  ]);
});

test('writes one document for machines', async () => {
  const { out } = await run('--date=2021-01-10', '--json');
  expect(JSON.parse(out.join('\n'))).toMatchObject({
    infobase: 'trade',
    businessOn: '2021-01-10',
    apart: 1,
    documented: { bonus: '50.00' },
    lots: { bonus: '100.00' },
    cards: [{ card: '29001', measure: 'bonus', documented: '50.00', lots: '100.00' }],
  });
});

test('without a date it is the next night; lines alike are listed on demand', async () => {
  expect((await run()).out).toEqual([
    'night of 2021-01-02: lines 0, different 0',
    'documented: bonus 0.00, accumulation 0.00, receipts 0',
    'lots:       bonus 0.00, accumulation 0.00, receipts 0',
  ]);
  expect((await run('--date', '2021-01-10', '--limit', '0')).out).toHaveLength(3);
  expect((await run('--date', '2021-01-10', '--all')).out).toHaveLength(6);
});

test.each([
  [['--date', '2020-12-31'], 1, 'billing began on 2021-01-01'],
  [['--date', '2041-01-01'], 1, 'too far ahead'],
  [['--date', '2021-01-32'], 2, 'expected a date'],
  [['--limit', 'all'], 2, 'expected a whole number'],
  [['today'], 2, 'one value too many'],
])('%j is refused', async (args, expected, text) => {
  const { code, out, err } = await run(...args);
  expect([code, out]).toEqual([expected, []]);
  expect(err[0]).toContain(text);
});
