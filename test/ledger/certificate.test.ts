// The gift certificate's rules as a table.
import {
  mayRedeem,
  maySell,
  stateOfRest,
  takeRedemption,
  type CertificateStanding,
} from '../../src/ledger/certificate.ts';
import type { LocalDate } from '../../src/ledger/local-date-time.ts';

const on = (text: string): LocalDate => text as LocalDate;
const sold: CertificateStanding = {
  state: 'issued',
  isSold: true,
  nominal: 100,
  balance: 100,
  writeOffOn: on('2026-12-01'),
};

test.each([
  [100, 100, 'issued'],
  [100, 99, 'pre_redeemed'],
  [100, 1, 'pre_redeemed'],
  [100, 0, 'redeemed'],
])('of %d with %d left it is %s', (nominal, balance, state) => {
  expect(stateOfRest(nominal, balance)).toBe(state);
});

test.each<[what: string, standing: Partial<CertificateStanding>, may: boolean]>([
  ['made and not sold', { isSold: false }, true],
  ['sold', {}, false],
  ['annulled', { isSold: false, state: 'annulled' }, false],
])('%s: may be sold %#', (_, standing, may) => {
  expect(maySell({ ...sold, ...standing })).toBe(may);
});

test.each<[amount: number, date: string, standing: Partial<CertificateStanding>, may: boolean]>([
  [100, '2026-11-30', {}, true],
  [101, '2026-11-30', {}, false],
  [1, '2026-12-01', {}, false],
  [1, '2026-11-30', { isSold: false, balance: 0 }, false],
  [50, '2026-11-30', { balance: 49 }, false],
  [49, '2999-01-01', { balance: 49, writeOffOn: null }, true],
])('%d on %s of %j: %s', (amount, date, standing, may) => {
  expect(mayRedeem({ ...sold, ...standing }, on(date), amount)).toBe(may);
});

test('the rest burns with a redemption, or stays', () => {
  expect([takeRedemption(100, 30, 'burns'), takeRedemption(100, 30, 'stays')]).toEqual([100, 30]);
});
