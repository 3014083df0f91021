// Bonus set aside: how long a hold is active, and what is left to spend besides it.
import { countAvailable, isHoldActive, type HoldState } from '../../src/ledger/hold.ts';
import type { LocalDateTime } from '../../src/ledger/local-date-time.ts';

test.each<[state: HoldState, now: string, isStanding: boolean]>([
  ['active', '2026-11-22T12:00:00', true],
  ['active', '2026-11-22T12:14:59', true],
  ['active', '2026-11-22T12:15:00', false],
  ['active', '2026-11-22T12:15:01', false],
  ['active', '2026-11-23T00:00:00', false],
  ['taken', '2026-11-22T12:00:00', false],
  ['released', '2026-11-22T12:00:00', false],
])('%s until 12:15:00, at %s: %s', (state, now, isStanding) => {
  expect(isHoldActive(state, '2026-11-22T12:15:00' as LocalDateTime, now as LocalDateTime)).toBe(isStanding);
});

test.each<[balance: number, held: number, available: number]>([
  [100, 0, 100],
  [100, 30, 70],
  [100, 100, 0],
  [100, 130, 0],
  [0, 0, 0],
  [-50, 0, 0],
  [-50, 30, 0],
])('a balance of %d with %d held leaves %d', (balance, held, available) => {
  expect(countAvailable(balance, held)).toBe(available);
});
