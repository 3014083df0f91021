// `kkm certificates`, from the kind to what became of one that a till has sold and spent.
import { join } from 'node:path';
import { redeemCertificate, sellCertificate } from '../../src/operations/certificates.ts';
import { Infobase } from '../../src/operations/infobase.ts';
import { moment, read } from '../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from './testing-io.ts';

let line: TestingLine;
beforeEach(() => {
  line = openTestingLine();
});
afterEach(() => line.close());

const setKind = (...flags: readonly string[]) => line.run('certificates', 'set-kind', 'GIFT', ...flags);
const issue = (...flags: readonly string[]) =>
  line.run('certificates', 'issue', '--kind', 'GIFT', '--prefix', 'G', '--width', '3', ...flags);

test('a kind is added, changed and listed; a mistake names the flag and changes nothing', async () => {
  expect(await line.run('certificates', 'kinds')).toMatchObject({ code: 1 });
  expect(await setKind()).toMatchObject({ code: 1, err: [expect.stringContaining('--name: a new kind needs one')] });
  expect(await setKind('--name', 'Подарочный', '--nominal', '1000', '--life', 'years:1')).toEqual({
    code: 0,
    out: ['kind of certificates "GIFT" added'],
    err: [],
  });
  expect(await setKind('--nominal', '0')).toMatchObject({ code: 1, err: [expect.stringContaining('--nominal')] });
  expect(await setKind('--nominal', 'much')).toMatchObject({
    code: 2,
    err: [expect.stringContaining('got "much"'), expect.anything()],
  });
  expect(await setKind('--life', 'weeks:1')).toMatchObject({
    code: 1,
    err: [expect.stringContaining('got "weeks:1"')],
  });
  expect(await setKind('--life', 'fixed_date:2020-01-01')).toMatchObject({
    code: 1,
    err: [expect.stringMatching(/--life: fixed_date:2020-01-01 is not after today/)],
  });
  expect(await line.runJson('certificates', 'kinds')).toEqual([
    { code: 'GIFT', name: 'Подарочный', nominal: '1000.00', life: 'years:1' },
  ]);
  expect(await setKind('--nominal', 'free')).toMatchObject({ out: ['kind of certificates "GIFT" changed'] });
  expect((await line.run('certificates', 'kinds')).out.at(-1)).toMatch(/^GIFT +Подарочный +free +years:1$/);
});

test('a range is made once; what a dry run tells is what is made', async () => {
  await setKind('--name', 'Подарочный');
  expect(await line.run('certificates', 'list')).toMatchObject({ out: ['there is no certificate yet'] });
  expect(await issue('--from', '1', '--to', '20', '--dry-run')).toMatchObject({
    out: ['would make 20 certificates from G001 to G020; there already: 0'],
  });
  expect(await line.runJson('certificates', 'list')).toEqual([]);
  expect(await issue('--from', '1', '--to', '20')).toMatchObject({
    out: ['made 20 certificates from G001 to G020; there already: 0'],
  });
  expect(await issue('--from', '15', '--to', '25')).toMatchObject({
    out: ['made 5 certificates from G015 to G025; there already: 6'],
  });
  expect(await line.runJson('certificates', 'list')).toHaveLength(25);
  expect(await issue('--from', '5', '--to', '1')).toMatchObject({
    code: 1,
    err: ['kkm certificates issue: --from: 5 is above 1'],
  });
  expect(await line.run('certificates', 'issue', '--kind', 'NONE', '--from', '1', '--to', '2')).toMatchObject({
    code: 1,
    err: [expect.stringContaining('--kind: there is no kind of certificates "NONE"')],
  });
});

test('a certificate is shown with everything that moved it', async () => {
  await setKind('--name', 'Подарочный', '--nominal', '1000', '--life', 'fixed_date:2999-01-01');
  await issue('--from', '1', '--to', '1');
  await line.run('settings', 'set', 'stage', 'billing');
  const file = join(line.dataDir, 'trade.sqlite');
  const infobase = await Infobase.open({ name: 'trade', file, hasSubscription: true });
  const at = moment('2998-01-01T10:00:00');
  const call = { operationId: null, kkm: 'K-1', shiftNumber: 1, receiptAt: at, certificateNumber: 'G001' };
  await sellCertificate(infobase, at, read({ ...call, receiptNumber: 1, amountKopecks: 100_000 }));
  await redeemCertificate(infobase, at, read({ ...call, receiptNumber: 2, amountKopecks: 25_050 }));
  await infobase.close();
  const shown = await line.run('certificates', 'show', 'G001');
  expect(shown.out[1]).toMatch(/^G001 +GIFT +pre_redeemed +1000\.00 +749\.50 +2998-01-01T10:00:00 +2999-01-01$/);
  expect(shown.out.slice(2)).toEqual([
    '01.01.2998 10:00:00 1000.00, then 1000.00: CertificateSale 1, till K-1, receipt 1',
    '01.01.2998 10:00:00 -250.50, then 749.50: CertificateRedemption 2, till K-1, receipt 2',
  ]);
  expect(await line.runJson('certificates', 'show', 'G001')).toMatchObject({
    number: 'G001',
    state: 'pre_redeemed',
    balance: '749.50',
    movements: [{ amount: '1000.00' }, { amount: '-250.50', balanceAfter: '749.50', kkm: 'K-1', receiptNumber: 2 }],
  });
  expect(await line.run('certificates', 'show', 'NONE')).toMatchObject({
    code: 1,
    err: ['kkm certificates show: there is no certificate "NONE"'],
  });
});
