// `kkm certificates`, from the kind to what became of one that a till has sold and spent.
import { join } from 'node:path';
import {
  cancelCertificate,
  redeemCertificate,
  sellCertificate,
} from '../../../src/operations/certificates/certificates.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { moment, read } from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
beforeEach(() => {
  line = openTestingLine();
});
afterEach(() => line.close());

const told = (text: string): string => `kkm certificates set-kind: ${text}`;
const setKind = (...flags: readonly string[]) => line.run('certificates', 'set-kind', 'GIFT', ...flags);
const issue = (...flags: readonly string[]) =>
  line.run('certificates', 'issue', '--kind', 'GIFT', '--prefix', 'G', '--width', '3', ...flags);

test('a kind is added, changed and listed; a mistake names the flag and changes nothing', async () => {
  expect(await line.run('certificates', 'kinds')).toMatchObject({ code: 1 });
  const refusal = async (...flags: readonly string[]): Promise<unknown> => {
    const { code, out, err } = await setKind(...flags);
    return [code, out, err[0]];
  };
  expect(await refusal()).toEqual([2, [], told('--name is missing: a new kind needs a name')]);
  expect(await setKind('--name', 'Подарочный', '--nominal', '1000', '--life', 'years:1', '--dry-run')).toMatchObject({
    out: ['kind of certificates "GIFT" would be added'],
  });
  expect(await line.runJson('certificates', 'kinds')).toEqual([]);
  expect(await setKind('--name', 'Подарочный', '--nominal', '1000', '--life', 'years:1')).toEqual({
    code: 0,
    out: ['kind of certificates "GIFT" added'],
    err: [],
  });
  const nominal = '--nominal: expected rubles such as 1000 or 999.50, or free, got';
  expect(await refusal('--nominal', '0')).toEqual([2, [], told(`${nominal} "0"`)]);
  expect(await refusal('--nominal', 'much')).toEqual([2, [], told(`${nominal} "much"`)]);
  const life = '--life: expected one such as years:1 or unlimited, got "weeks:1"';
  expect(await refusal('--life', 'weeks:1')).toEqual([2, [], told(life)]);
  expect(await refusal('--life', 'fixed_date:2020-01-01')).toEqual([
    1,
    [],
    expect.stringMatching(/--life: fixed_date:2020-01-01 is not after today/),
  ]);
  expect(await line.runJson('certificates', 'kinds')).toEqual([
    { code: 'GIFT', name: 'Подарочный', nominal: '1000.00', life: 'years:1' },
  ]);
  expect(await setKind('--nominal', 'free')).toMatchObject({ out: ['kind of certificates "GIFT" changed'] });
  expect((await line.run('certificates', 'kinds')).out.at(-1)).toMatch(/^GIFT +Подарочный +free +years:1$/);
});

test('a range is made once; what a dry run shows is what is made', async () => {
  await setKind('--name', 'Подарочный');
  const list = async (...flags: readonly string[]): Promise<readonly string[]> => {
    const { certificates } = (await line.runJson('certificates', 'list', ...flags)) as {
      readonly certificates: readonly { readonly number: string }[];
    };
    return certificates.map(({ number }) => number);
  };
  expect(await line.run('certificates', 'list')).toMatchObject({ out: ['there are no such certificates'] });
  expect(await issue('--from', '1', '--to', '20', '--dry-run')).toMatchObject({
    out: ['would make 20 certificates from G001 to G020 of kind "GIFT"'],
  });
  expect(await list()).toEqual([]);
  expect(await issue('--from', '1', '--to', '20')).toMatchObject({
    out: ['made 20 certificates from G001 to G020 of kind "GIFT"'],
  });
  const half = ['--from', '20', '--to', '21'];
  const made = ['made 1 certificate from G020 to G021 of kind "GIFT"; 1 number exists already'];
  expect((await issue(...half, '--dry-run')).out).toEqual(made.map((text) => text.replace('made', 'would make')));
  expect((await issue(...half)).out).toEqual(made);
  expect(await list()).toHaveLength(21);
  expect(await issue('--from', '5', '--to', '1')).toMatchObject({
    code: 2,
    err: ['kkm certificates issue: --from: 5 is above 1', expect.anything()],
  });
  expect(await line.run('certificates', 'issue', '--kind', 'NONE', '--from', '1', '--to', '2')).toMatchObject({
    code: 1,
    err: [expect.stringContaining('--kind: there is no kind of certificates "NONE"')],
  });
});

/** Ten certificates of 1000: G001 is spent in part, G002 wholly, G003 annulled, G004 sold, the others not. */
async function playCertificates(): Promise<void> {
  await setKind('--name', 'Подарочный', '--nominal', '1000', '--life', 'fixed_date:2999-01-01');
  await issue('--from', '1', '--to', '10');
  await line.run('settings', 'set', 'stage', 'billing');
  const file = join(line.dataDir, 'trade.sqlite');
  const infobase = await Infobase.open({ name: 'trade', file, hasSubscription: true });
  const at = moment('2998-01-01T10:00:00');
  const build = (certificateNumber: string, receiptNumber: number, amountKopecks: number) =>
    read({
      operationId: null,
      kkm: 'K-1',
      shiftNumber: 1,
      receiptAt: at,
      certificateNumber,
      receiptNumber,
      amountKopecks,
    });
  for (const number of ['G001', 'G002', 'G003', 'G004']) {
    await sellCertificate(infobase, at, build(number, 1, 100_000));
  }
  await redeemCertificate(infobase, at, build('G001', 2, 25_050));
  await redeemCertificate(infobase, at, build('G002', 2, 100_000));
  await cancelCertificate(infobase, at, build('G003', 1, 100_000));
  await infobase.close();
}

test('the list is of a state, of sold ones or not, of a kind, and goes on from page to page', async () => {
  await playCertificates();
  await line.run('certificates', 'set-kind', 'FREE', '--name', 'На любую сумму');
  await line.run('certificates', 'issue', '--kind', 'FREE', '--prefix', 'F', '--from', '1', '--to', '1');
  const list = async (...flags: readonly string[]): Promise<unknown> => {
    const { certificates, next } = (await line.runJson('certificates', 'list', ...flags)) as {
      readonly certificates: readonly { readonly number: string }[];
      readonly next: string | null;
    };
    return [certificates.map(({ number }) => number).join(' '), next];
  };
  expect(await list('--state', 'pre_redeemed')).toEqual(['G001', null]);
  expect(await list('--state', 'redeemed')).toEqual(['G002', null]);
  expect(await list('--state', 'annulled')).toEqual(['G003', null]);
  expect(await list('--state', 'issued', '--sold', 'yes')).toEqual(['G004', null]);
  expect(await list('--sold', 'no', '--kind', 'GIFT')).toEqual(['G010 G009 G008 G007 G006 G005', null]);
  expect(await list('--kind', 'FREE')).toEqual(['F1', null]);
  expect(await list('--limit', '4', '--sold', 'no')).toEqual(['F1 G010 G009 G008', 'G008']);
  expect(await list('--limit', '4', '--sold', 'no', '--after', 'G008')).toEqual(['G007 G006 G005', null]);
  expect(await list('--limit', '3', '--sold', 'no', '--after', 'G008')).toEqual(['G007 G006 G005', null]);
  const page = await line.run('certificates', 'list', '--limit', '2', '--sold', 'no');
  expect(page.out.slice(1)).toEqual([
    expect.stringMatching(/^F1 +FREE +issued +free +0\.00 +not yet +-$/),
    expect.stringMatching(/^G010 +GIFT +issued +1000\.00 +0\.00 +not yet +-$/),
  ]);
  expect(page.err).toEqual(['there are more: --after G010']);
  expect(await line.run('certificates', 'list', '--state', 'lost')).toMatchObject({ code: 2, out: [] });
  expect(await line.run('certificates', 'list', '--limit', '0')).toMatchObject({ code: 2, out: [] });
  expect(await line.run('certificates', 'list', '--after', 'G999')).toMatchObject({
    code: 1,
    err: ['kkm certificates list: --after: there is no certificate "G999"'],
  });
});

test('one that is not sold shows the price of its kind; a sold one what it was sold for', async () => {
  await playCertificates();
  await setKind('--nominal', '1500');
  expect(await line.runJson('certificates', 'show', 'G010')).toMatchObject({
    state: 'issued',
    isSold: false,
    price: '1500.00',
    balance: '0.00',
    soldAt: null,
  });
  expect(await line.runJson('certificates', 'show', 'G004')).toMatchObject({ isSold: true, price: '1000.00' });
});

test('a certificate is shown with everything that moved it', async () => {
  await playCertificates();
  const shown = await line.run('certificates', 'show', 'G001');
  expect(shown.out[1]).toMatch(/^G001 +GIFT +pre_redeemed +1000\.00 +749\.50 +2998-01-01T10:00:00 +2999-01-01$/);
  expect(shown.out.slice(2)).toEqual([
    '01.01.2998 10:00:00 1000.00, then 1000.00: CertificateSale 1, till K-1, receipt 1',
    '01.01.2998 10:00:00 -250.50, then 749.50: CertificateRedemption 5, till K-1, receipt 2',
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
