// Every result code has its sentence for the cashier, in Russian.
import { describeResult, resultCodes, type ResultCode } from '../../src/ledger/result.ts';

const codes = Object.values(resultCodes);

test('the codes are those of the contract', () => {
  expect(resultCodes).toEqual({
    done: 0,
    cardNotFound: 1,
    cardBlocked: 2,
    cardOutOfDates: 3,
    cardOnlyAccrues: 4,
    notEnoughBonus: 5,
    otherContent: 6,
    originalNotFound: 7,
    moduleOff: 8,
    noSubscription: 9,
    exclusiveMode: 10,
    badArgument: 11,
    beforeBilling: 12,
    certificateState: 13,
    alreadyCancelled: 14,
  });
});

test.each(codes)('code %d: one sentence of its own, in Russian', (code) => {
  const sentence = describeResult(code);
  expect(sentence).toMatch(/^[А-ЯЁ][^.]*\.$/);
  expect(codes.filter((other) => describeResult(other) === sentence)).toEqual([code]);
});

test.each<[code: ResultCode, sentence: string]>([
  [6, 'Операция с таким ключом уже принята с другим значением поля Sum: обратитесь к администратору.'],
  [11, 'Неверное значение поля Sum: ожидается не больше 100.'],
])('code %d names the field as the door calls it', (code, sentence) => {
  expect(describeResult(code, { field: 'Sum', expected: 'не больше 100' })).toBe(sentence);
});
