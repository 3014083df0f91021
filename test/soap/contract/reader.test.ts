// What the reader makes of places and values: present, absent, nil, empty, repeated, and whose header it is.
import { compileReader } from '../../../src/soap/contract/reader.ts';
import { parseModel } from '../../../src/soap/contract/model.ts';
import { UnreadableRequest } from '../../../src/soap/contract/unreadable-request.ts';
import { everyTypeModel, everyTypeWsdl } from './every-type.ts';

const read = compileReader(everyTypeModel);
const soap = { '1.1': 'http://schemas.xmlsoap.org/soap/envelope/', '1.2': 'http://www.w3.org/2003/05/soap-envelope' };

function wrap(body: string, version: '1.1' | '1.2' = '1.1', header = ''): string {
  return (
    `<e:Envelope xmlns:e="${soap[version]}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="urn:every-type">` +
    `${header}<e:Body>${body}</e:Body></e:Envelope>`
  );
}

function refuse(xml: string, by = read): UnreadableRequest {
  try {
    by(xml);
  } catch (error) {
    if (error instanceof UnreadableRequest) return error;
    throw error;
  }
  throw new Error('the request was read');
}

const every =
  '<Text> a </Text><Number>1.50</Number><Whole>-7</Whole><Small>5</Small><Large>9223372036854775807</Large><Real>1e3</Real>' +
  '<Flag>1</Flag><Moment>2026-11-22T10:11:12.5Z</Moment><Day>2026-11-22</Day><Clock>10:11:12</Clock><Bytes>0JrQ\nsNGB</Bytes>';
const everyRead = {
  Text: ' a ',
  Number: '1.50',
  Whole: '-7',
  Small: '5',
  Large: '9223372036854775807',
  Real: '1e3',
  Flag: 'true',
  Moment: '2026-11-22T10:11:12Z',
  Day: '2026-11-22',
  Clock: '10:11:12',
  Bytes: '0JrQsNGB',
};
const nillable = [
  'Text',
  'Number',
  'Whole',
  'Small',
  'Large',
  'Real',
  'Flag',
  'Moment',
  'Day',
  'Clock',
  'Bytes',
  'Inner',
];
const may = (write: (name: string) => string) => `<May><Value>${nillable.map(write).join('')}</Value></May>`;
const allNull = Object.fromEntries(nillable.map((name) => [name, null]));

const taken: readonly (readonly [name: string, body: string, values: object])[] = [
  ['no parameters', '<Nothing/>', {}],
  ['no parameters, as a pair', '<Nothing></Nothing>', {}],
  ['no parameters, blanks inside', '<Nothing>\r\n <!-- --> </Nothing>', {}],
  ['no parameters, nil', '<Nothing i:nil="true"/>', {}],
  ['no parameters, nil in a figure', '<Nothing i:nil=" 1 "> </Nothing>', {}],
  ['no parameters, not nil', '<Nothing i:nil="false"/>', {}],
  ['optional parameters left out', '<Maybe/>', {}],
  ['optional parameters, the wrapper nil', '<Maybe i:nil="true"/>', {}],
  ['the second of two optional parameters', '<Maybe><Number>7</Number></Maybe>', { Number: '7' }],
  ['optional parameters nil', '<Maybe><Text i:nil="true"/><Number i:nil="1"/></Maybe>', { Text: null, Number: null }],
  ['optional parameters empty', '<Maybe><Text/><Number/></Maybe>', { Text: '', Number: null }],
  ['every type', `<Must><Value>${every}</Value></Must>`, { Value: everyRead }],
  [
    'every type, with attributes',
    `<Must><Value>${every.replace(/<(\w+)>/g, '<$1 i:type="x:y" xml:space="preserve" i:nil="0">')}</Value></Must>`,
    { Value: everyRead },
  ],
  ['every place nil', may((name) => `<${name} i:nil="true"/>`), { Value: allNull }],
  ['every place nil, as pairs', may((name) => `<${name} i:nil="1"> </${name}>`), { Value: allNull }],
  [
    'empty numbers, dates and structures are no value, empty strings are',
    may((name) => `<${name}/>`),
    { Value: { ...allNull, Text: '', Bytes: '' } },
  ],
  [
    'blank numbers, dates and structures are no value, blank strings are',
    may((name) => `<${name}> <!-- -->\n</${name}>`),
    { Value: { ...allNull, Text: ' \n', Bytes: '' } },
  ],
  [
    'lists',
    '<Many><Value><Text>1</Text><Text/><Number>2</Number><Number>3</Number><Pair/><Pair><B>4</B></Pair><Last/></Value></Many>',
    { Value: { Text: ['1', ''], Number: ['2', '3'], Pair: [{}, { B: '4' }], Last: '' } },
  ],
  ['empty lists are absent', '<Many><Value><Last>1</Last></Value></Many>', { Value: { Last: '1' } }],
  ['a list of one', '<Many><Value><Number>1</Number><Last/></Value></Many>', { Value: { Number: ['1'], Last: '' } }],
  [
    'a type that contains itself',
    '<Tree><Value><Name>a</Name><Child><Name>b</Name><Child><Name>c</Name></Child></Child><Child><Name>d</Name></Child></Value></Tree>',
    { Value: { Name: 'a', Child: [{ Name: 'b', Child: [{ Name: 'c' }] }, { Name: 'd' }] } },
  ],
];

describe.each(['1.1', '1.2'] as const)('SOAP %s', (version) => {
  test.each(taken)('%s', (_, body, values) => {
    const call = read(wrap(body, version));
    expect(call.arguments).toEqual(values);
    expect(call.version).toBe(version);
    expect(call.operation).toBe(/<(\w+)/.exec(body)![1]);
  });
});

const refused: readonly (readonly [name: string, body: string, element: string])[] = [
  ['parameter of an operation without any', '<Nothing><A/></Nothing>', 'A'],
  ['text in an operation without parameters', '<Nothing>1</Nothing>', 'Nothing'],
  ['nil with content', '<Nothing i:nil="true">1</Nothing>', 'Nothing'],
  ['nil with an element', '<Maybe i:nil="true"><Text/></Maybe>', 'Maybe'],
  ['nil of a wrapper with mandatory parameters', '<Must i:nil="true"/>', 'Value'],
  ['nil of a mandatory parameter', '<Must><Value i:nil="true"/></Must>', 'Value'],
  ['nil of a nillable place with content', '<Maybe><Text i:nil="true">1</Text></Maybe>', 'Text'],
  ['nil of a nillable place with CDATA', '<Maybe><Number i:nil="true"><![CDATA[1]]></Number></Maybe>', 'Number'],
  ['nil of a list', '<Many><Value><Number i:nil="true"/><Last/></Value></Many>', 'Number'],
  ['nil that is neither', '<Maybe><Text i:nil="TRUE"/></Maybe>', 'Text'],
  [
    'nillable structure with something in it, but not all',
    may((name) => (name === 'Inner' ? '<Inner><Text/></Inner>' : `<${name} i:nil="true"/>`)),
    'Number',
  ],
  ['empty structure that is not nillable', '<Must><Value/></Must>', 'Text'],
  ['empty item of a list of structures', '<Tree><Value><Name>a</Name><Child/></Value></Tree>', 'Name'],
  [
    'nillable but mandatory element left out',
    may((name) => (name === 'Moment' ? '' : `<${name} i:nil="true"/>`)),
    'Moment',
  ],
  ['last nillable element left out', may((name) => (name === 'Inner' ? '' : `<${name} i:nil="true"/>`)), 'Inner'],
  ['empty mandatory number', `<Must><Value>${every.replace('1.50', '')}</Value></Must>`, 'Number'],
  ['empty mandatory flag', `<Must><Value>${every.replace('<Flag>1</Flag>', '<Flag/>')}</Value></Must>`, 'Flag'],
  ['empty number of a list', '<Many><Value><Number/><Last/></Value></Many>', 'Number'],
  ['list after its place', '<Many><Value><Number>1</Number><Text>1</Text><Last/></Value></Many>', 'Text'],
  ['list in two parts', '<Many><Value><Text/><Number>1</Number><Text/><Last/></Value></Many>', 'Text'],
  ['optional element after its place', '<Maybe><Number>1</Number><Text/></Maybe>', 'Text'],
  ['optional element twice', '<Maybe><Text/><Text/></Maybe>', 'Text'],
  ['value that is a tree', '<Maybe><Text><a/></Text></Maybe>', 'Text'],
  ['tree that is a value', '<Must><Value>1</Value></Must>', 'Every'],
  ['int past its end', `<Must><Value>${every.replace('>5<', '>2147483648<')}</Value></Must>`, 'Small'],
  ['long past its end', `<Must><Value>${every.replace('5807<', '5808<')}</Value></Must>`, 'Large'],
  ['base64 that is not', `<Must><Value>${every.replace('sNGB', 's!GB')}</Value></Must>`, 'Bytes'],
];

test.each(refused)('%s is refused', (_, body, element) => {
  const refusal = refuse(wrap(body, '1.2'));
  expect(refusal).toMatchObject({ fault: 'client', version: '1.2', element });
  expect(refusal.message).toContain(element);
});

const readStrange = (content: string) =>
  read(wrap(`<Strange><Value>${content}</Value></Strange>`)).arguments['Value'] as object;

test('names that objects inherit are names like others', () => {
  const names = ['constructor', '__proto__', 'hasOwnProperty', 'toString', 'valueOf'];
  const seen = (tree: object) => names.map((name) => (tree as Record<string, unknown>)[name]);
  expect(seen(readStrange(''))).toEqual([undefined, undefined, undefined, undefined, undefined]);
  const tree = readStrange(
    '<constructor>a</constructor><__proto__>b</__proto__><hasOwnProperty>1</hasOwnProperty><toString/>',
  );
  expect(seen(tree)).toEqual(['a', 'b', ['1'], null, undefined]);
  expect(Object.keys(tree)).toEqual(['constructor', '__proto__', 'hasOwnProperty', 'toString']);
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});

const restrict = (inside: string) =>
  `<xs:simpleType><xs:restriction base="xs:string">${inside}</xs:restriction></xs:simpleType></xs:element>`;

test('an empty element of a type without an empty value is no value: a listed word, a text with a least length', () => {
  const listed = everyTypeWsdl.replace(
    /<xs:element name="Text"\s+type="xs:string"\s+nillable="true"\s+minOccurs="0"\/>/,
    `<xs:element name="Text" nillable="true" minOccurs="0">${restrict('<xs:enumeration value="Sale"/>')}`,
  );
  const long = listed.replace('<xs:enumeration value="Sale"/>', '<xs:minLength value="2"/>');
  for (const [wsdl, wrong] of [
    [listed, 'sale'],
    [long, 'a'],
  ] as const) {
    const readText = compileReader(parseModel(wsdl, 'x'));
    for (const text of ['<Text/>', '<Text> </Text>', '<Text i:nil="true"/>']) {
      expect(readText(wrap(`<Maybe>${text}</Maybe>`)).arguments).toEqual({ Text: null });
    }
    expect(readText(wrap('<Maybe><Text>Sale</Text></Maybe>')).arguments).toEqual({ Text: 'Sale' });
    expect(refuse(wrap(`<Maybe><Text>${wrong}</Text></Maybe>`), readText).element).toBe('Text');
  }
});

test('an unqualified element has no namespace', () => {
  const loose = compileReader(
    parseModel(everyTypeWsdl.replace('FormDefault="qualified"', 'FormDefault="unqualified"'), 'x'),
  );
  expect(loose(wrap('<Maybe><Text xmlns="">a</Text></Maybe>')).arguments).toEqual({ Text: 'a' });
  expect(loose(wrap('<p:Maybe xmlns:p="urn:every-type" xmlns=""><Text>a</Text></p:Maybe>')).arguments).toEqual({
    Text: 'a',
  });
  expect(refuse(wrap('<Maybe><Text>a</Text></Maybe>'), loose).element).toBe('Text');
});

const yes = 'e:mustUnderstand="1"';
const headers: readonly (readonly [version: '1.1' | '1.2', header: string, fault: string | undefined])[] = [
  ['1.1', '<e:Header/>', undefined],
  ['1.1', '<e:Header><a/><b><c>1</c></b></e:Header>', undefined],
  ['1.1', '<e:Header><a e:mustUnderstand="0"/></e:Header>', undefined],
  ['1.2', '<e:Header><a e:mustUnderstand=" false "/></e:Header>', undefined],
  ['1.1', '<e:Header><a mustUnderstand="1"/></e:Header>', undefined],
  ['1.1', `<e:Header><a><b ${yes}/></a></e:Header>`, undefined],
  ['1.1', `<e:Header><a e:actor="urn:another" ${yes}/></e:Header>`, undefined],
  ['1.2', `<e:Header><a e:role="http://www.w3.org/2003/05/soap-envelope/role/none" ${yes}/></e:Header>`, undefined],
  ['1.2', `<e:Header><a xmlns:f="${soap['1.1']}" f:mustUnderstand="1"/></e:Header>`, undefined],
  ['1.1', `<e:Header><a ${yes}/></e:Header>`, 'mustUnderstand'],
  ['1.2', '<e:Header><a e:mustUnderstand="true"/></e:Header>', 'mustUnderstand'],
  ['1.1', `<e:Header><a/><b ${yes}>1</b></e:Header>`, 'mustUnderstand'],
  ['1.1', `<e:Header><a e:actor="" ${yes}/></e:Header>`, 'mustUnderstand'],
  ['1.1', `<e:Header><a e:actor="http://schemas.xmlsoap.org/soap/actor/next" ${yes}/></e:Header>`, 'mustUnderstand'],
  [
    '1.2',
    `<e:Header><a e:role="http://www.w3.org/2003/05/soap-envelope/role/next" ${yes}/></e:Header>`,
    'mustUnderstand',
  ],
  [
    '1.2',
    `<e:Header><a e:role="http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver" ${yes}/></e:Header>`,
    'mustUnderstand',
  ],
  ['1.2', `<e:Header><a e:actor="urn:another" ${yes}/></e:Header>`, 'mustUnderstand'],
  ['1.1', '<e:Header><a e:mustUnderstand="yes"/></e:Header>', 'client'],
  ['1.1', '<Header/>', 'client'],
  ['1.1', '<e:Header/><e:Header/>', 'client'],
  ['1.1', '<e:header/>', 'client'],
];

test.each(headers)('SOAP %s, %s: %s', (version, header, fault) => {
  const xml = wrap('<Nothing/>', version, header);
  if (fault === undefined) expect(read(xml).operation).toBe('Nothing');
  else expect(refuse(xml)).toMatchObject({ fault, version });
});

test('the version of a refusal is that of the envelope, and 1.1 before it is known', () => {
  expect(refuse(wrap('<Unknown/>', '1.2')).version).toBe('1.2');
  expect(refuse(wrap('<Nothing>', '1.2')).version).toBe('1.2');
  expect(refuse('<Envelope').version).toBe('1.1');
  expect(refuse(wrap('<Nothing/>').replace(soap['1.1'], 'urn:soap'))).toMatchObject({
    fault: 'versionMismatch',
    version: '1.1',
  });
});

test('a message echoes a short, harmless piece of the request', () => {
  const { message } = refuse(wrap(`<Maybe><Number>${'&lt;}: \u202e\r\n'.repeat(1000)}</Number></Maybe>`));
  expect(message.length).toBeLessThan(200);
  expect(message).not.toMatch(/[<}\u202e\r\n]/);
});
