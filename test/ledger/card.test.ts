// Whether a card may take part in an operation: its status first, then its dates, both ends included.
import { isNewCardNumber, judgeCard, judgeRedemption, type CardStatus } from '../../src/ledger/card.ts';
import type { LocalDate } from '../../src/ledger/local-date-time.ts';

type Row = [status: CardStatus, from: string | null, to: string | null, on: string, accrue: number, spend: number];

test.each<Row>([
  ['active', null, null, '2026-11-22', 0, 0],
  ['active', '2026-11-22', '2026-11-22', '2026-11-22', 0, 0],
  ['active', '2026-11-23', null, '2026-11-22', 3, 3],
  ['active', null, '2026-11-21', '2026-11-22', 3, 3],
  ['active', '2026-01-01', '2026-12-31', '2026-11-22', 0, 0],
  ['active', '2026-01-01', '2026-12-31', '2027-01-01', 3, 3],
  ['active', '2026-01-01', '2026-12-31', '2025-12-31', 3, 3],
  ['accrue_only', null, null, '2026-11-22', 0, 4],
  ['accrue_only', '2026-11-23', null, '2026-11-22', 3, 3],
  ['accrue_only', null, '2026-11-21', '2026-11-22', 3, 3],
  ['blocked', null, null, '2026-11-22', 2, 2],
  ['blocked', null, '2026-11-21', '2026-11-22', 2, 2],
])('%s, valid from %s to %s, on %s: to accrue %d, to spend %d', (status, from, to, on, accrue, spend) => {
  const card = { status, validFrom: from as LocalDate | null, validTo: to as LocalDate | null };
  expect(judgeCard(card, on as LocalDate)).toBe(accrue);
  expect(judgeRedemption(card, on as LocalDate)).toBe(spend);
});

test.each([
  ['2900000000001', true],
  ['A-29/1', true],
  ['Ж7', true],
  ['', false],
  ['Итого', false],
  ['VIP', false],
  ['29 01', false],
  ['29\u00A001', false],
  ['29\t01', false],
  ['=A1', false],
  ['Итого:5', false],
  ['"29"', false],
  ["'29", false],
  ['«29»', false],
  ['“29”', false],
])('a new card may be called %j: %s', (number, isAllowed) => {
  expect(isNewCardNumber(number)).toBe(isAllowed);
});
