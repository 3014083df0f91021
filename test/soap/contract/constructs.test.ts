// Every construct of XML Schema that a contract may use: once as it should be, read, written and read again; and wrong, with
// the place that the refusal names.
import { parseModel } from '../../../src/soap/contract/model.ts';
import { compilePlainTree, PlainValueError } from '../../../src/soap/contract/plain-tree.ts';
import { compileReader } from '../../../src/soap/contract/reader.ts';
import { UnreadableRequest } from '../../../src/soap/contract/unreadable-request.ts';
import type { WireTree } from '../../../src/soap/contract/wire-tree.ts';
import { compileWriter } from '../../../src/soap/contract/writer.ts';
import { wsdlAround } from './wsdl-around.ts';

interface Construct {
  /** Inside the type of the value. */
  readonly type: string;
  /** Beside it in the schema. */
  readonly beside?: string;
  /** Attributes and content of the value's element, and the tree they make. */
  readonly good: readonly (readonly [attributes: string, content: string, tree: object])[];
  /** The same, with the element or attribute that is named. */
  readonly bad: readonly (readonly [attributes: string, content: string, element: string])[];
}

const a = '<xs:element name="A" type="xs:int"/>';
const b = '<xs:element name="B" type="xs:int"/>';
const c = '<xs:element name="C" type="xs:int" minOccurs="0"/>';
const sequence = (inside: string, counts = '') => `<xs:sequence${counts}>${inside}</xs:sequence>`;
const choice = (inside: string, counts = '') => `<xs:choice${counts}>${inside}</xs:choice>`;
const xa = (value: number) => `<A>${value}</A>`;
const xb = (value: number) => `<B>${value}</B>`;
const item = (attributes: string) => sequence(`<xs:element name="A" ${attributes}/>`);
const base = `<xs:complexType name="Base">${sequence(a)}<xs:attribute name="x" type="xs:int"/></xs:complexType>`;
const extend = (inside: string, of = 'Base') =>
  `<xs:complexContent><xs:extension base="t:${of}">${inside}</xs:extension></xs:complexContent>`;
const derived = `<xs:complexType name="Derived">${extend(sequence(b))}</xs:complexType>`;
const other = '<xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="2"/>';

const constructs: Readonly<Record<string, Construct>> = {
  all: {
    type: `<xs:all>${a}${b}${c}</xs:all>`,
    good: [
      ['', xb(2) + xa(1), { A: '1', B: '2' }],
      ['', `${xa(1)}<C>3</C>${xb(2)}`, { A: '1', B: '2', C: '3' }],
    ],
    bad: [
      ['', xa(1), 'B'],
      ['', xa(1) + xb(2) + xa(3), 'A'],
    ],
  },
  choice: {
    type: choice(a + sequence(b + c)),
    good: [
      ['', xa(1), { A: '1' }],
      ['', `${xb(2)}<C>3</C>`, { B: '2', C: '3' }],
    ],
    bad: [
      ['', '', 'T'],
      ['', xa(1) + xb(2), 'B'],
      ['', '<C>3</C>', 'T'],
    ],
  },
  'a choice several times keeps the order': {
    type: choice(a + b, ' minOccurs="0" maxOccurs="3"'),
    good: [
      ['', '', {}],
      ['', xb(1) + xa(2) + xb(3), { A: ['2'], B: ['1', '3'], '#order': ['B', 'A', 'B'] }],
    ],
    bad: [
      ['', xa(1) + xa(2) + xa(3) + xa(4), 'A'],
      ['', '<D/>', 'D'],
    ],
  },
  'a sequence several times': {
    type: sequence(a + b, ' minOccurs="2" maxOccurs="2"'),
    good: [['', xa(1) + xb(2) + xa(3) + xb(4), { A: ['1', '3'], B: ['2', '4'], '#order': ['A', 'B', 'A', 'B'] }]],
    bad: [
      ['', xa(1) + xb(2), 'A'],
      ['', xa(1) + xb(2) + xa(3), 'B'],
    ],
  },
  'an optional sequence': {
    type: sequence(sequence(a + b, ' minOccurs="0"') + c),
    good: [
      ['', '<C>3</C>', { C: '3' }],
      ['', xa(1) + xb(2), { A: '1', B: '2' }],
    ],
    bad: [
      ['', xa(1), 'B'],
      ['', `${xa(1)}<C>3</C>`, 'B'],
    ],
  },
  'counts of any number': {
    type: sequence('<xs:element name="A" type="xs:int" minOccurs="2" maxOccurs="3"/>'),
    good: [['', xa(1) + xa(2), { A: ['1', '2'] }]],
    bad: [
      ['', xa(1), 'A'],
      ['', xa(1) + xa(2) + xa(3) + xa(4), 'A'],
    ],
  },
  'an element that may never come': {
    type: sequence(`<xs:element name="A" type="xs:int" minOccurs="0" maxOccurs="0"/>${c}`),
    good: [['', '<C>1</C>', { C: '1' }]],
    bad: [['', xa(1), 'A']],
  },
  'a group': {
    type: '<xs:group ref="t:G" minOccurs="0"/>',
    beside: `<xs:group name="G">${sequence(a + b)}</xs:group>`,
    good: [
      ['', '', {}],
      ['', xa(1) + xb(2), { A: '1', B: '2' }],
    ],
    bad: [['', xa(1), 'B']],
  },
  'a reference to an element': {
    type: sequence('<xs:element ref="t:Общий" maxOccurs="unbounded"/>'),
    beside:
      '<xs:element name="Общий" type="t:Код" nillable="true"/><xs:simpleType name="Код"><xs:restriction base="xs:int"/></xs:simpleType>',
    good: [['', '<Общий>1</Общий><Общий i:nil="1"/>', { Общий: ['1', null] }]],
    bad: [['', '<Общий>x</Общий>', 'Общий']],
  },
  attributes: {
    type: `${sequence(c)}<xs:attribute name="x" type="xs:int" use="required"/><xs:attribute name="y" type="xs:date" form="qualified"/><xs:attribute name="z"/>`,
    good: [
      ['x=" 7 "', '', { '@x': '7' }],
      [
        'x="7" p:y="2026-11-22" z="&lt;&#10;&quot;"',
        '<C>1</C>',
        { '@x': '7', '@y': '2026-11-22', '@z': '<\n"', C: '1' },
      ],
    ],
    bad: [
      ['', '', 'x'],
      ['x="a"', '', 'x'],
      ['x="1" p:y="today"', '', 'y'],
    ],
  },
  'default, fixed and prohibited attributes': {
    type:
      '<xs:complexContent><xs:restriction base="t:Wide"><xs:attribute name="d" type="xs:int" default="5"/>' +
      '<xs:attribute name="f" fixed="руб"/><xs:attribute name="p" use="prohibited"/></xs:restriction></xs:complexContent>',
    beside: '<xs:complexType name="Wide"><xs:attribute name="p"/><xs:attribute name="q"/></xs:complexType>',
    good: [
      ['', '', { '@d': '5', '@f': 'руб' }],
      ['d="6" f="руб" q="1"', '', { '@d': '6', '@f': 'руб', '@q': '1' }],
    ],
    bad: [
      ['f="usd"', '', 'f'],
      ['p="1"', '', 'p'],
    ],
  },
  'an attribute group, a global attribute, xml:lang': {
    type: '<xs:attributeGroup ref="t:Два"/><xs:attribute ref="xml:lang"/>',
    beside:
      '<xs:attributeGroup name="Два"><xs:attribute name="x" type="xs:int"/><xs:attribute ref="t:g" use="required"/></xs:attributeGroup>' +
      '<xs:attribute name="g" type="xs:boolean"/>',
    good: [['x="1" p:g="1" xml:lang="ru"', '', { '@x': '1', '@g': 'true', '@lang': 'ru' }]],
    bad: [
      ['g="1"', '', 'g'],
      ['p:g="да"', '', 'g'],
    ],
  },
  'any attribute': {
    type: `${sequence(c)}<xs:anyAttribute namespace="##other" processContents="skip"/>`,
    good: [['xmlns:q="urn:q" q:w="1"', '', { '@{urn:q}w': '1' }]],
    bad: [['', xa(1), 'A']],
  },
  'any element': {
    type: sequence(a + other),
    good: [
      ['', xa(1), { A: '1' }],
      [
        'xmlns:q="urn:q"',
        `${xa(1)}<q:w q:x="1">2</q:w><e xmlns="urn:e"/>`,
        { A: '1', '#any': ['<q:w xmlns:q="urn:q" q:x="1">2</q:w>', '<e xmlns="urn:e"/>'] },
      ],
    ],
    bad: [
      ['', `${xa(1)}<D/>`, 'D'],
      ['xmlns:q="urn:q"', `${xa(1)}<q:w/><q:w/><q:w/>`, 'w'],
    ],
  },
  extension: {
    type: extend(`${sequence(b)}<xs:attribute name="y"/>`),
    beside: base,
    good: [['x="1" y="2"', xa(1) + xb(2), { '@x': '1', '@y': '2', A: '1', B: '2' }]],
    bad: [
      ['', xb(2) + xa(1), 'A'],
      ['x="a"', xa(1) + xb(2), 'x'],
    ],
  },
  restriction: {
    type: `<xs:complexContent><xs:restriction base="t:Base">${sequence('<xs:element name="A" type="xs:byte"/>')}</xs:restriction></xs:complexContent>`,
    beside: base,
    good: [['x="1"', xa(127), { '@x': '1', A: '127' }]],
    bad: [['', xa(128), 'A']],
  },
  'a type named by the sender': {
    type: sequence('<xs:element name="E" type="t:Base" maxOccurs="unbounded"/>'),
    beside: base + derived,
    good: [
      [
        '',
        `<E i:type="p:Base">${xa(1)}</E><E i:type="p:Derived">${xa(1)}${xb(2)}</E><E>${xa(3)}</E>`,
        { E: [{ A: '1' }, { A: '1', B: '2', '@xsi:type': '{urn:t}Derived' }, { A: '3' }] },
      ],
    ],
    bad: [
      ['', `<E>${xa(1)}${xb(2)}</E>`, 'B'],
      ['', `<E i:type="p:T">${xa(1)}</E>`, 'Base'],
      ['', `<E i:type="q:Derived">${xa(1)}</E>`, 'Base'],
    ],
  },
  'an abstract type': {
    type: sequence('<xs:element name="E" type="t:Base"/>'),
    beside: base.replace('name="Base"', 'name="Base" abstract="true"') + derived,
    good: [
      ['', `<E i:type="p:Derived">${xa(1)}${xb(2)}</E>`, { E: { A: '1', B: '2', '@xsi:type': '{urn:t}Derived' } }],
    ],
    bad: [['', `<E>${xa(1)}</E>`, 'Base']],
  },
  'a text with attributes': {
    type: '<xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="валюта" use="required"/></xs:extension></xs:simpleContent>',
    good: [['валюта="RUB"', '+1.5', { '@валюта': 'RUB', '#text': '1.5' }]],
    bad: [
      ['валюта="RUB"', 'один', 'T'],
      ['', '1', 'валюта'],
      ['валюта="RUB"', xa(1), 'T'],
    ],
  },
  'a text with attributes, restricted': {
    type: '<xs:simpleContent><xs:restriction base="t:Sum"><xs:maxInclusive value="10"/></xs:restriction></xs:simpleContent>',
    beside:
      '<xs:complexType name="Sum"><xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="x"/></xs:extension></xs:simpleContent></xs:complexType>',
    good: [['x="1"', '10', { '@x': '1', '#text': '10' }]],
    bad: [['', '10.01', 'T']],
  },
  'an element without a type': {
    type: sequence('<xs:element name="A"/>'),
    good: [
      ['', '<A/>', { A: '' }],
      ['', '<A> 1 &amp; <![CDATA[<2>]]></A>', { A: ' 1 &amp; <![CDATA[<2>]]>' }],
      ['', '<A><p:w>1</p:w>\n<w/></A>', { A: '<p:w xmlns:p="urn:t">1</p:w>\n<w xmlns="urn:t"/>' }],
      [
        'xmlns:xs="http://www.w3.org/2001/XMLSchema"',
        '<A i:type="xs:string" k="v">x</A>',
        { A: 'x', 'A@xsi:type': '{http://www.w3.org/2001/XMLSchema}string', 'A@k': 'v' },
      ],
      [
        '',
        '<A><w xmlns="" i:type="p:W"/></A>',
        { A: '<w xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:p="urn:t" xmlns="" i:type="p:W"/>' },
      ],
    ],
    bad: [
      ['', '', 'A'],
      ['', '<A i:nil="true"/>', 'A'],
    ],
  },
  'a list of elements of xs:anyType': {
    type: sequence('<xs:element name="A" type="xs:anyType" nillable="true" maxOccurs="unbounded"/>'),
    good: [['', '<A i:nil="1"/><A i:type="p:X">1</A>', { A: [null, '1'], 'A@xsi:type': [null, '{urn:t}X'] }]],
    bad: [['', '', 'A']],
  },
  'a default value': {
    type: sequence(
      '<xs:element name="A" type="xs:int" default="5" minOccurs="0"/><xs:element name="B" type="xs:string" default="x"/>',
    ),
    good: [
      ['', '<B/>', { A: '5', B: 'x' }],
      ['', '<A/><B>y</B>', { A: '5', B: 'y' }],
    ],
    bad: [['', '<A>x</A><B/>', 'A']],
  },
  'a fixed value': {
    type: item('type="xs:decimal" fixed="1.5"'),
    good: [
      ['', '<A>1.5</A>', { A: '1.5' }],
      ['', '<A/>', { A: '1.5' }],
    ],
    bad: [['', '<A>2</A>', 'A']],
  },
  'a qualified name': {
    type: item('type="xs:QName"'),
    good: [
      ['', '<A>p:имя</A>', { A: '{urn:t}имя' }],
      ['', '<A xmlns:d5p1="urn:q"> d5p1:имя </A>', { A: '{urn:q}имя' }],
    ],
    bad: [
      ['', '<A>q:имя</A>', 'A'],
      ['', '<A>p:1</A>', 'A'],
    ],
  },
  'a list': {
    type: item('type="t:Коды"'),
    beside:
      '<xs:simpleType name="Коды"><xs:restriction><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType><xs:maxLength value="2"/></xs:restriction></xs:simpleType>',
    good: [['', '<A> 1\n 2 </A>', { A: '1 2' }]],
    bad: [
      ['', '<A>1 x</A>', 'A'],
      ['', '<A>1 2 3</A>', 'A'],
    ],
  },
  'a union': {
    type: item('type="t:Срок"'),
    beside:
      '<xs:simpleType name="Срок"><xs:union memberTypes="xs:date"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="нет"/></xs:restriction></xs:simpleType></xs:union></xs:simpleType>',
    good: [
      ['', '<A>нет</A>', { A: 'нет' }],
      ['', '<A>2026-11-22</A>', { A: '2026-11-22' }],
    ],
    bad: [['', '<A>завтра</A>', 'A']],
  },
  'an element without a namespace': {
    type: sequence('<xs:element name="A" type="xs:int" form="unqualified"/>'),
    good: [['', '<A xmlns="">1</A>', { A: '1' }]],
    bad: [['', xa(1), 'A']],
  },
  'a nillable structure with attributes': {
    type: sequence(
      `<xs:element name="E" nillable="true"><xs:complexType>${sequence(a)}<xs:attribute name="x"/></xs:complexType></xs:element>`,
    ),
    good: [
      ['', '<E i:nil="true"/>', { E: null }],
      ['', '<E/>', { E: null }],
      ['', `<E x="1">${xa(1)}</E>`, { E: { '@x': '1', A: '1' } }],
    ],
    bad: [['', '<E x="1"/>', 'A']],
  },
};

const i = 'http://www.w3.org/2001/XMLSchema-instance';
const envelope = 'http://schemas.xmlsoap.org/soap/envelope/';

const wrapper = (name: string, element: string) =>
  `<xs:element name="${name}"><xs:complexType>${sequence(`<xs:element name="${element}" type="t:T"/>`)}</xs:complexType></xs:element>`;

function load({ type, beside = '' }: Pick<Construct, 'type' | 'beside'>) {
  const schema =
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">' +
    `<xs:complexType name="T">${type}</xs:complexType>${beside}${wrapper('Op', 'return')}${wrapper('OpResponse', 'return')}</xs:schema>`;
  const model = parseModel(wsdlAround(schema, 'urn:t', ['Op']), 'x');
  return { model, read: compileReader(model), write: compileWriter(model) };
}

const request = (attributes: string, content: string) =>
  `<e:Envelope xmlns:e="${envelope}"><e:Body><Op xmlns="urn:t" xmlns:p="urn:t" xmlns:i="${i}"><return ${attributes}>${content}</return></Op></e:Body></e:Envelope>`;

const plain = (tree: unknown): object => JSON.parse(JSON.stringify(tree)) as object;

describe.each(Object.entries(constructs))('%s', (_, construct) => {
  const { model, read, write } = load(construct);
  const readPlain = compilePlainTree(model.types.get('T')!);

  test.each(construct.good)('good: %s %s', (attributes, content, tree) => {
    expect(plain(read(request(attributes, content)).arguments)).toEqual({ return: tree });
    const reply = write('Op', '1.1', { return: tree } as WireTree, '\n');
    expect(plain(read(reply.replaceAll('m:OpResponse', 'm:Op')).arguments)).toEqual({ return: tree });
  });

  test.each(construct.bad)('bad: %s %s', (attributes, content, element) => {
    expect(() => read(request(attributes, content))).toThrow(UnreadableRequest);
    try {
      read(request(attributes, content));
    } catch (error) {
      expect((error as UnreadableRequest).element).toBe(element);
    }
  });

  test('the tree is taken from JSON as well', () => {
    for (const [, , tree] of construct.good) {
      // What a sender says of XML has no place in JSON.
      if (Object.keys(tree).some((key) => /.@|\{/.test(key))) continue;
      expect(plain(readPlain(tree, ''))).toEqual(tree);
    }
    expect(() => readPlain({ 'нет такого': '1' }, '')).toThrow(PlainValueError);
  });
});

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
  const { read, write } = load({ type: sequence(`<xs:element name="A">${type}</xs:element>`) });
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
  const { read } = load({ type: item(`type="xs:${of}"`) });
  expect(plain(read(request('', `<A>${given}</A>`)).arguments)).toEqual({ return: { A: value } });
});

const defects: readonly (readonly [what: string, type: string, value: object, message: string])[] = [
  ['of a choice nothing comes', choice(a + b), {}, 'A, B'],
  ['of a choice both come', choice(a + b), { A: '1', B: '2' }, 'B'],
  ['too few come', item('type="xs:int" minOccurs="2" maxOccurs="3"'), { A: ['1'] }, 'A'],
  ['too many come', item('type="xs:int" minOccurs="2" maxOccurs="3"'), { A: ['1', '2', '3', '4'] }, 'A'],
  ['an attribute is missing', '<xs:attribute name="x" use="required"/>', {}, '@x'],
  ['an attribute is not of its type', '<xs:attribute name="x" type="xs:int"/>', { '@x': 'a' }, '@x'],
  ['a fixed value differs', item('type="xs:int" fixed="1"'), { A: '2' }, 'A'],
  ['an empty text would mean the default', item('type="xs:string" default="x"'), { A: '' }, 'A'],
  ['the XML is cut', item('type="xs:anyType"'), { A: '<a>' }, 'A'],
  ['the XML closes what it did not open', item('type="xs:anyType"'), { A: '</a><a>' }, 'A'],
  ['the XML has a prefix of nobody', item('type="xs:anyType"'), { A: '<m:a/>' }, 'A'],
  ['the named type is not derived', sequence(c), { '@xsi:type': '{urn:t}X' }, '{urn:t}X'],
  ['the order names what is not there', choice(a + b, ' maxOccurs="2"'), { A: ['1'], '#order': ['B', 'A'] }, 'A, B'],
];

test.each(defects)('it is a defect when %s', (what, type, value, message) => {
  // An attribute that nothing asks for takes the type off the fast road, as the others are.
  const { model, write } = load({ type: type.includes('attribute') ? type : `${type}<xs:attribute name="q"/>` });
  const attempt = () => write('Op', '1.1', { return: value } as WireTree, '\n');
  expect(attempt).toThrow(/^reply of Op: /);
  expect(attempt).toThrow(message);
  // In JSON an empty text is the empty element, so it has the default.
  const readPlain = compilePlainTree(model.types.get('T')!);
  if (what.startsWith('an empty text')) expect(plain(readPlain(value, ''))).toEqual({ A: 'x' });
  else expect(() => readPlain(value, '')).toThrow(PlainValueError);
});
