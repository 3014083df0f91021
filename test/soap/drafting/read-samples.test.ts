// What recorded values say of their place.
import { chooseWords } from '../../../src/soap/drafting/choose-words.ts';
import type { ScalarPlace } from '../../../src/soap/drafting/draft-places.ts';
import {
  areCardNumbers,
  readDateSamples,
  readFlagSamples,
  readSumSamples,
} from '../../../src/soap/drafting/read-samples.ts';
import { ownWords, type WordKind } from '../../../src/soap/binding/command-fields.ts';

test.each([
  [[], 'none'],
  [['2026-11-22T14:05:00', '2026-11-22'], 'wire'],
  [['22.11.2026 14:05:00'], { form: 'DD.MM.YYYY HH:mm:ss' }],
  [['22.11.2026', '01.02.2026'], { form: 'DD.MM.YYYY' }],
  [['20261122140500'], { form: 'YYYYMMDDHHmmss' }],
  [['22.11.2026', '2026-11-22'], 'unknown'],
  [['вчера'], 'unknown'],
])('dates %j', (samples, read) => {
  expect(readDateSamples(samples)).toEqual(read);
});

test.each([
  [['2900000001', '2900000002'], true],
  [['0012345678905'], true],
  [['K-01'], false],
  [['290000'], false],
  [[], false],
])('card numbers %j', (samples, are) => {
  expect(areCardNumbers(samples)).toBe(are);
});

test.each([
  [['true', '0', 'Истина'], {}],
  [['Y', 'N'], { words: ['Y', 'N'] }],
  [['N'], { words: ['Y', 'N'] }],
  [['maybe'], 'unknown'],
])('flags %j', (samples, read) => {
  expect(readFlagSamples(samples)).toEqual(read);
});

test.each([
  [['100,50'], 'string', { point: ',' }, true],
  [['1 100,50'], 'string', { point: ',' }, true],
  [['100.50', '7'], 'string', {}, true],
  [['10050', '99900'], 'whole', { unit: 'hundredths' }, true],
  [['10050', '7'], 'whole', { unit: 'hundredths' }, false],
  [[], 'whole', { unit: 'hundredths' }, false],
  [[], 'string', { point: ',' }, false],
  [['100'], 'decimal', {}, true],
] as const)('sums %j of a %s', (samples, type, options, isSure) => {
  expect(readSumSamples(samples, type)).toMatchObject({ options, isSure });
});

const place = (samples: readonly string[], path = 'Status', values?: readonly string[]): ScalarPlace => ({
  path,
  type: { kind: 'string', ...(values === undefined ? {} : { values: new Set(values) }) },
  isList: false,
  mayBeMissing: true,
  isOptional: true,
  optionalOuters: [],
  name: new Set(['status']),
  around: new Set(),
  samples,
  cameEmpty: false,
  alike: [],
});

test.each<[WordKind, readonly string[], object]>([
  [
    'cardStatus',
    ['Действует', 'ТолькоНачисление', 'Заблокирована'],
    { Действует: 'active', ТолькоНачисление: 'accrue_only', Заблокирована: 'blocked' },
  ],
  [
    'cardStatus',
    ['Неактивна', 'Активна', 'Накопительная'],
    { Неактивна: 'blocked', Активна: 'active', Накопительная: 'accrue_only' },
  ],
  [
    'certificateState',
    ['Выпущен', 'Погашен', 'ПогашенЧастично', 'Аннулирован'],
    { Выпущен: 'issued', Погашен: 'redeemed', ПогашенЧастично: 'pre_redeemed', Аннулирован: 'annulled' },
  ],
  ['stage', ['Карты', 'НаСвязи', 'Бонусы'], { Карты: 'cards', НаСвязи: 'online', Бонусы: 'billing' }],
  ['receiptKind', ['Продажа', 'Возврат'], { Продажа: 'Sale', Возврат: 'Return' }],
])('words of %s: %j', (kind, words, table) => {
  const chosen = { transform: 'table', table };
  expect(chooseWords(kind, place(words))).toMatchObject(chosen);
  expect(chooseWords(kind, place([], 'Status', words))).toMatchObject(chosen);
});

test('words that are not known keep a table whole, and say so', () => {
  const { table = {}, factor, why } = chooseWords('cardStatus', place(['OPEN']));
  expect(Object.values(table).toSorted()).toEqual([...ownWords.cardStatus].toSorted());
  expect([table.OPEN, factor < 0.6, why]).toEqual(['active', true, 'words for accrue_only, blocked are not known']);
});

test("the service's own words need no table; beside a Russian name that is not sure", () => {
  expect(chooseWords('stage', place(['online']))).toEqual({ transform: 'text', factor: 1 });
  expect(chooseWords('stage', place([]))).toEqual({ transform: 'text', factor: 1 });
  expect(chooseWords('stage', place([], 'Этап')).factor).toBeLessThan(0.6);
});

test("a person's words never become words of a table", () => {
  expect(chooseWords('cardStatus', place(['Иванова Жанна Ивановна, 2900000001']))).toEqual({
    transform: 'text',
    factor: 1,
  });
});
