// Facets and built-in types: values at their limits are read and written, those past them are refused.
import { item, loadType, plain, request, sequence } from './one-type-contract.ts';

type Row = readonly [base: string, facets: string, good: readonly string[], bad: readonly string[]];

const facets: readonly Row[] = [
  ['string', '<xs:length value="2"/>', ['аб', '😀я'], ['а', 'абв']],
  ['string', '<xs:minLength value="2"/><xs:maxLength value="3"/>', ['аб', 'абв'], ['а', 'абвг']],
  ['hexBinary', '<xs:length value="2"/>', ['C0DE'], ['C0', 'C0DE00', 'C0D']],
  ['base64Binary', '<xs:maxLength value="2"/>', ['', 'AAA='], ['AAAA']],
  ['NMTOKENS', '<xs:maxLength value="2"/>', ['а', 'а б'], ['', 'а б в']],
  [
    'decimal',
    '<xs:totalDigits value="4"/><xs:fractionDigits value="2"/>',
    ['12.34', '0.1', '1234', '1.500'],
    ['123.45', '0.123'],
  ],
  ['decimal', '<xs:minInclusive value="-1.5"/><xs:maxExclusive value="2"/>', ['-1.50', '1.999'], ['-1.51', '2.00']],
  ['integer', '<xs:minExclusive value="99999999999999999999"/>', ['100000000000000000000'], ['99999999999999999999']],
  ['decimal', '<xs:enumeration value="1.50"/><xs:enumeration value="2"/>', ['1.5', '2.0'], ['3']],
  ['double', '<xs:maxInclusive value="1e3"/>', ['1000', '-INF', '1E3'], ['1001', 'INF', 'NaN']],
  ['date', '<xs:minInclusive value="2026-01-01"/>', ['2026-01-01'], ['2025-12-31']],
  ['dateTime', '<xs:maxExclusive value="2026-01-01T00:00:00Z"/>', ['2025-12-31T23:59:59'], ['2026-01-01T00:00:00']],
  ['time', '<xs:maxInclusive value="12:00:00"/>', ['12:00:00'], ['12:00:01']],
  ['string', '<xs:pattern value="\\d{2}|\\p{Lu}"/>', ['12', 'Я'], ['1', '123', 'я']],
  ['string', '<xs:pattern value="[а-я-[б]]"/><xs:pattern value="\\i\\c*"/>', ['а', '_1', 'Ёж'], ['1', '']],
  // A pattern of a type and one of its restriction must both match.
  ['language', '<xs:pattern value="ru.*"/>', ['ru', 'ru-RU'], ['en', 'ru_']],
  ['string', '<xs:whiteSpace value="collapse"/><xs:maxLength value="3"/>', ['а б'], ['а б в']],
  ['normalizedString', '<xs:enumeration value="а б"/>', ['а б'], ['аб']],
  ['byte', '', ['-128', '127'], ['128', '1.0', '']],
  ['unsignedLong', '', ['0', '18446744073709551615'], ['-1', '18446744073709551616']],
  ['positiveInteger', '', ['1'], ['0']],
  ['nonPositiveInteger', '', ['0', '-1'], ['1']],
  ['duration', '', ['P1Y2M3DT4H5M6.7S', '-P1D', 'PT1S'], ['P', 'P1DT', '1D', 'P1S']],
  ['gYearMonth', '', ['2026-11', '2026-11+03:00'], ['2026-13', '26-11']],
  ['gYear', '', ['2026', '-0044Z'], ['26', '2026-1']],
  ['gMonthDay', '', ['--02-29', '--11-22Z'], ['--02-30', '--13-01', '-11-22']],
  ['gDay', '', ['---01'], ['---32', '01']],
  ['gMonth', '', ['--11'], ['--13', '11']],
  ['NCName', '', ['имя', '_x-1.2'], ['a:b', '1', '']],
  ['Name', '', ['a:b'], ['-a']],
  ['NMTOKEN', '', ['-1a'], ['a b', '']],
  ['anyURI', '', ['http://пример.example/?a=1'], []],
];

test.each(facets)('xs:%s %s', (of, inside, good, bad) => {
  const type = `<xs:simpleType><xs:restriction base="xs:${of}">${inside}</xs:restriction></xs:simpleType>`;
  const { read, write } = loadType(sequence(`<xs:element name="A">${type}</xs:element>`));
  for (const text of good) {
    const value = read(request('', `<A>${text}</A>`)).arguments;
    const reply = write('Op', '1.1', value, '\n').replaceAll('m:OpResponse', 'm:Op');
    expect(write('Op', '1.1', read(reply).arguments, '\n').replaceAll('m:OpResponse', 'm:Op')).toBe(reply);
  }
  for (const text of bad) expect(() => read(request('', `<A>${text}</A>`))).toThrow(/элемент T\/A: ожидалось: /);
});

test.each<[text: string, given: string, read: string]>([
  ['normalizedString', 'а\n\tб ', 'а  б '],
  ['token', ' а\n\t б ', 'а б'],
  ['hexBinary', ' c0de ', 'C0DE'],
])('blanks of xs:%s', (of, given, value) => {
  const { read } = loadType(item(`type="xs:${of}"`));
  expect(plain(read(request('', `<A>${given}</A>`)).arguments)).toEqual({ return: { A: value } });
});
