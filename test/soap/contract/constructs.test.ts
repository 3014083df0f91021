// Every construct of XML Schema that a contract may use: once as it should be, read, written and read again; and wrong, with
// the place that the refusal names.
import { compilePlainTree, PlainValueError } from '../../../src/soap/contract/plain-tree.ts';
import { UnreadableRequest } from '../../../src/soap/contract/unreadable-request.ts';
import type { WireTree } from '../../../src/soap/contract/wire-tree.ts';
import { choice, item, loadType, plain, request, sequence } from './one-type-contract.ts';

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
const xa = (value: number) => `<A>${value}</A>`;
const xb = (value: number) => `<B>${value}</B>`;
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
  'an attribute that must come with its fixed value': {
    type: '<xs:attribute name="f" fixed="руб" use="required"/>',
    good: [['f="руб"', '', { '@f': 'руб' }]],
    bad: [
      ['', '', 'f'],
      ['f=""', '', 'f'],
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

describe.each(Object.entries(constructs))('%s', (_, construct) => {
  const { model, read, write } = loadType(construct.type, construct.beside);
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
