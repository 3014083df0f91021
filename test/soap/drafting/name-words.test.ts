// Names of contracts as meanings: Russian, Latin and transliterated words of one thing are one meaning.
import { readName, splitName } from '../../../src/soap/drafting/name-words.ts';
import { scoreName } from '../../../src/soap/drafting/score-name.ts';

test.each([
  ['НомерДисконтнойКарты', ['номер', 'дисконтной', 'карты']],
  ['KKMNumber', ['kkm', 'number']],
  ['discount_card-no', ['discount', 'card', 'no']],
  ['Счёт2', ['счет', '2']],
])('%s is split', (name, words) => {
  expect(splitName(name)).toEqual(words);
});

test.each([
  ['НомерКарты', ['number', 'card']],
  ['CardNumber', ['card', 'number']],
  ['nomer_karty', ['number', 'card']],
  ['cardnumber', ['card', 'number']],
  ['КодККМ', ['code', 'till']],
  ['СуммаСоСкидкой', ['sum', 'with', 'discount']],
  ['ПериодС', ['period', 'from']],
  ['ПериодПо', ['period', 'to']],
  ['ПолучитьСведенияПоКарте', ['get', 'info', 'card']],
  ['ДатаСписания', ['date', 'redeem']],
  ['WriteOffDate', ['redeem', 'date']],
  ['СертификатаНомер', ['certificate', 'number']],
  // An edit away from a known word, and a word that nobody knows.
  ['Сертефикат', ['certificate']],
  ['Тростник', ['?тростник']],
])('%s means %j', (name, meanings) => {
  expect([...readName(name)]).toEqual(meanings);
});

const context = { around: new Set<string>(), subject: new Set<string>() };

function score(name: string, phrase: string, more: Partial<typeof context> = {}): number {
  return scoreName(readName(name), [phrase], { ...context, ...more }).score;
}

test('the same meanings score 1, others less, none 0', () => {
  expect(score('НомерКарты', 'card number')).toBe(1);
  expect(score('Номер', 'card number')).toBeCloseTo(2 / 3);
  expect(score('Номер', 'card number', { around: new Set(['card']) })).toBeGreaterThan(0.9);
  expect(score('Цена', 'card number', { around: new Set(['card']) })).toBe(0);
  expect(score('НомерДисконтнойКарты', 'card number')).toBeCloseTo(0.8);
  expect(score('НомерДисконтнойКарты', 'card number', { subject: new Set(['discount']) })).toBeGreaterThan(0.9);
});

test.each([
  ['СуммаБезСкидки', 'sum with discount'],
  ['SumAfterDiscount', 'sum before discount'],
  ['ПериодС', 'period to'],
  ['БонусовНачислено', 'bonus redeem'],
])('%s is the opposite of "%s", however much they have in common', (name, phrase) => {
  expect(score(name, phrase)).toBe(0);
});
