// The gift certificate's rules as a table.
import { stateOfRest, takeRedemption, type CertificateStanding } from '../../src/ledger/certificate.ts';
import {
  describeCertificateObstacle,
  findRedemptionObstacle,
  findSaleObstacle,
  type CertificateObstacle,
} from '../../src/ledger/certificate-obstacle.ts';
import type { LocalDate } from '../../src/ledger/local-date-time.ts';

const on = (text: string): LocalDate => text as LocalDate;
const sold: CertificateStanding = {
  state: 'issued',
  isSold: true,
  nominal: 100_000,
  balance: 100_000,
  writeOffOn: on('2026-12-01'),
};
const unsold: CertificateStanding = { ...sold, isSold: false, nominal: 0, balance: 0, writeOffOn: null };

test.each([
  [100, 100, 'issued'],
  [100, 99, 'pre_redeemed'],
  [100, 1, 'pre_redeemed'],
  [100, 0, 'redeemed'],
])('of %d with %d left it is %s', (nominal, balance, state) => {
  expect(stateOfRest(nominal, balance)).toBe(state);
});

const tell = (obstacle: CertificateObstacle | undefined, act: 'sale' | 'redemption'): string | undefined =>
  obstacle === undefined ? undefined : describeCertificateObstacle(obstacle, act);

test.each<[what: string, standing: CertificateStanding, reason: string | undefined]>([
  ['made and not sold', unsold, undefined],
  ['sold', sold, 'Сертификат уже продан: возьмите другой сертификат.'],
  [
    'partly spent',
    { ...sold, state: 'pre_redeemed', balance: 1 },
    'Сертификат уже продан: возьмите другой сертификат.',
  ],
  [
    'spent',
    { ...sold, state: 'redeemed', balance: 0 },
    'Сертификат использован полностью: возьмите другой сертификат.',
  ],
  ['annulled', { ...sold, state: 'annulled', balance: 0 }, 'Сертификат аннулирован: возьмите другой сертификат.'],
  [
    'run out',
    { ...sold, writeOffOn: on('2026-11-22') },
    'Сертификат действовал по 21.11.2026: возьмите другой сертификат.',
  ],
])('a sale of one that is %s', (_, standing, reason) => {
  expect(tell(findSaleObstacle(standing, on('2026-11-22')), 'sale')).toBe(reason);
});

test.each<
  [amount: number, date: string, standing: CertificateStanding, price: number | null, reason: string | undefined]
>([
  [100_000, '2026-11-30', sold, null, undefined],
  [4_900, '2999-01-01', { ...sold, balance: 4_900, writeOffOn: null }, null, undefined],
  [100_001, '2026-11-30', sold, null, 'На сертификате осталось 1000: уменьшите сумму оплаты сертификатом.'],
  [
    6_000_001,
    '2026-11-30',
    { ...sold, state: 'pre_redeemed', balance: 60_050 },
    null,
    'На сертификате осталось 600.50: уменьшите сумму оплаты сертификатом.',
  ],
  [1, '2026-12-01', sold, null, 'Сертификат действовал по 30.11.2026: примите другую оплату.'],
  [
    1,
    '2026-12-05',
    { ...sold, state: 'annulled', balance: 0 },
    null,
    'Сертификат действовал по 30.11.2026: примите другую оплату.',
  ],
  [1, '2026-11-30', { ...sold, state: 'annulled', balance: 0 }, null, 'Сертификат аннулирован: примите другую оплату.'],
  [
    1,
    '2026-11-30',
    { ...sold, state: 'redeemed', balance: 0 },
    null,
    'Сертификат использован полностью: примите другую оплату.',
  ],
  [
    1,
    '2026-11-30',
    unsold,
    100_000,
    'Сертификат ещё не продан, его цена 1000: сначала пробейте его продажу или примите другую оплату.',
  ],
  [1, '2026-11-30', unsold, null, 'Сертификат ещё не продан: сначала пробейте его продажу или примите другую оплату.'],
  // Asked for nothing, only its end counts: that nothing is asked is another mistake.
  [0, '2026-11-30', { ...sold, state: 'redeemed', balance: 0 }, null, undefined],
])('%d on %s of %j at %s: %s', (amount, date, standing, price, reason) => {
  expect(tell(findRedemptionObstacle(standing, on(date), amount, price), 'redemption')).toBe(reason);
});

test('the rest burns with a redemption, or stays', () => {
  expect([takeRedemption(100, 30, 'burns'), takeRedemption(100, 30, 'stays')]).toEqual([100, 30]);
});
