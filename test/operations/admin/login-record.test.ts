// How long a pair of address and name has to wait after wrong passwords, and what is forgotten when.
import { freeFailures, openLoginRecord, pairOf } from '../../../src/operations/admin/login-record.ts';

const pair = pairOf('10.0.0.1', 'till');

function failTimes(record: ReturnType<typeof openLoginRecord>, times: number, atMs = 0, of = pair): void {
  for (let index = 0; index < times; index += 1) record.noteFailure(of, atMs);
}

test('a few wrong passwords cost nothing, then each doubles the wait, up to a minute', () => {
  const record = openLoginRecord();
  const waits = Array.from({ length: freeFailures + 9 }, () => {
    record.noteFailure(pair, 0);
    return record.countWaitMs(pair, 0) / 1000;
  });
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
});

test('the wait runs from the last failure', () => {
  const record = openLoginRecord();
  failTimes(record, freeFailures + 2, 10_000);
  expect([10_000, 11_000, 13_999, 14_000, 20_000].map((ms) => record.countWaitMs(pair, ms))).toEqual([
    4_000, 3_000, 1, 0, 0,
  ]);
});

test('a success ends it; a quarter of an hour without a failure forgets it', () => {
  const record = openLoginRecord();
  failTimes(record, freeFailures);
  record.noteSuccess(pair);
  failTimes(record, freeFailures - 1);
  expect(record.countWaitMs(pair, 0)).toBe(0);
  record.noteFailure(pair, 0);
  expect(record.countWaitMs(pair, 0)).toBe(1_000);
  failTimes(record, freeFailures - 1, 15 * 60_000);
  expect(record.countWaitMs(pair, 15 * 60_000)).toBe(0);
});

test('another address, and another name, wait for nothing', () => {
  const record = openLoginRecord();
  failTimes(record, 20);
  expect(record.countWaitMs(pairOf('10.0.0.2', 'till'), 0)).toBe(0);
  expect(record.countWaitMs(pairOf('10.0.0.1', 'admin'), 0)).toBe(0);
  // A letter may come decomposed; it is the same name.
  failTimes(record, freeFailures, 0, pairOf('A', 'Йод'.normalize('NFC')));
  expect(record.countWaitMs(pairOf('A', 'Йод'.normalize('NFD')), 0)).toBe(1_000);
});

test('only a pair that has logged in is acquainted', () => {
  const record = openLoginRecord();
  failTimes(record, 3);
  expect(record.isAcquainted(pair)).toBe(false);
  record.noteSuccess(pair);
  failTimes(record, 3);
  expect(record.isAcquainted(pair)).toBe(true);
  expect(record.isAcquainted(pairOf('10.0.0.2', 'till'))).toBe(false);
});

test('names without end take the place of the pair that failed longest ago', () => {
  const record = openLoginRecord();
  const [old, steady] = [pairOf('A', 'old'), pairOf('A', 'steady')];
  failTimes(record, freeFailures, 0, old);
  failTimes(record, freeFailures, 0, steady);
  for (let index = 0; index < 9_998; index += 1) record.noteFailure(pairOf('B', `n${index}`), 0);
  record.noteFailure(steady, 0);
  record.noteFailure(pairOf('B', 'one more'), 0);
  expect(record.countWaitMs(old, 0)).toBe(0);
  expect(record.countWaitMs(steady, 0)).toBe(2_000);
});
