// Replies and faults to the last byte: clients in the field cut them by their text.
import { loadContract } from '../../../src/soap/contract/contract.ts';
import { parseModel, readWsdlText } from '../../../src/soap/contract/model.ts';
import { writeFault } from '../../../src/soap/contract/writer.ts';
import type { WireTree } from '../../../src/soap/contract/wire-tree.ts';
import { everyTypeModel } from './every-type.ts';
import { compileTextWriter } from './text-writer.ts';
import { readOctets } from '../../../src/soap/contract/octets.ts';

const contract = loadContract('wsdl/default');
const write = compileTextWriter(everyTypeModel);
const sample = compileTextWriter(parseModel(readWsdlText('fixtures/wsdl'), 'sample'));
const ns = 'http://www.kkm.solutions/KKMTransfer';
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const xs = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"';
const soap = { '1.1': 'http://schemas.xmlsoap.org/soap/envelope/', '1.2': 'http://www.w3.org/2003/05/soap-envelope' };

const envelope = (lines: readonly string[], version: '1.1' | '1.2' = '1.1') =>
  [
    `<soap:Envelope xmlns:soap="${soap[version]}">`,
    '\t<soap:Body>',
    ...lines,
    '\t</soap:Body>',
    '</soap:Envelope>',
  ].join('\r\n');

/** What is between the tags of the reply's wrapper. */
function writeEvery(operation: string, reply: WireTree): string {
  const lines = write(operation, '1.1', reply, '\n').split('\n');
  expect(lines.slice(0, 2)).toEqual([`<soap:Envelope xmlns:soap="${soap['1.1']}">`, '\t<soap:Body>']);
  expect(lines[2]).toBe(`\t\t<m:${operation}Response xmlns:m="urn:every-type">`);
  expect(lines.slice(-3)).toEqual([`\t\t</m:${operation}Response>`, '\t</soap:Body>', '</soap:Envelope>']);
  return lines.slice(3, -3).join('\n');
}

const head = `\t\t\t<m:return ${xs}\n\t\t\t\t\t${xsi}`;

test.each(['1.1', '1.2'] as const)('a single value is between the tags of return, SOAP %s', (version) => {
  expect(readOctets(contract.writeReply('Ping', version, { return: 'true' }, '\r\n'))).toBe(
    envelope(
      [
        `\t\t<m:PingResponse xmlns:m="${ns}">`,
        `\t\t\t<m:return ${xs}`,
        `\t\t\t\t\t${xsi}>true</m:return>`,
        '\t\t</m:PingResponse>',
      ],
      version,
    ),
  );
});

test('a tree is laid out in schema order, whatever the order of its keys', () => {
  const reply = {
    return: {
      Result: [
        {
          ReceiptCount: '007',
          AccumulationSum: '-0.00',
          BonusAvailable: '+100.50',
          BonusBalance: '0.00',
          Duplicate: '1',
          OperationId: '',
          ResultText: 'Чек принят: «Ёлка» & <1>',
          ResultCode: '0',
          Document: null,
          ReceiptMessage: '"скидка"',
          Unknown: 'left out',
        },
      ],
      Rejected: '0',
      Linked: '0',
      Accepted: '1',
      ResultText: 'ок',
      ResultCode: '0',
    },
  };
  const expected = envelope([
    `\t\t<m:UploadReceiptsResponse xmlns:m="${ns}">`,
    `\t\t\t<m:return ${xs}`,
    `\t\t\t\t\t${xsi}>`,
    '\t\t\t\t<m:ResultCode>0</m:ResultCode>',
    '\t\t\t\t<m:ResultText>ок</m:ResultText>',
    '\t\t\t\t<m:Accepted>1</m:Accepted>',
    '\t\t\t\t<m:Linked>0</m:Linked>',
    '\t\t\t\t<m:Rejected>0</m:Rejected>',
    '\t\t\t\t<m:Result>',
    '\t\t\t\t\t<m:ResultCode>0</m:ResultCode>',
    '\t\t\t\t\t<m:ResultText>Чек принят: «Ёлка» &amp; &lt;1&gt;</m:ResultText>',
    '\t\t\t\t\t<m:OperationId/>',
    '\t\t\t\t\t<m:Duplicate>true</m:Duplicate>',
    '\t\t\t\t\t<m:BonusBalance>0</m:BonusBalance>',
    '\t\t\t\t\t<m:BonusAvailable>100.5</m:BonusAvailable>',
    '\t\t\t\t\t<m:AccumulationSum>0</m:AccumulationSum>',
    '\t\t\t\t\t<m:ReceiptCount>7</m:ReceiptCount>',
    '\t\t\t\t\t<m:ReceiptMessage>"скидка"</m:ReceiptMessage>',
    '\t\t\t\t</m:Result>',
    '\t\t\t</m:return>',
    '\t\t</m:UploadReceiptsResponse>',
  ]);
  expect(readOctets(contract.writeReply('UploadReceipts', '1.1', reply, '\r\n'))).toBe(expected);
  expect(readOctets(contract.writeReply('UploadReceipts', '1.1', reply, '\n'))).toBe(expected.replaceAll('\r\n', '\n'));
});

test('clients cut the value out between "-instance">" and the end of return', () => {
  const reply = readOctets(contract.writeReply('Ping', '1.1', { return: 'false' }, '\r\n'));
  const start = reply.indexOf('-instance">') + '-instance">'.length;
  expect(reply.slice(start, reply.indexOf('</m:return>'))).toBe('false');
});

test('output parameters follow return, each with its own declarations', () => {
  expect(sample('PutReport', '1.2', { return: 'true', ErrorText: null }, '\r\n')).toBe(
    envelope(
      [
        '\t\t<m:PutReportResponse xmlns:m="http://www.example.org/KKMTransfer">',
        `\t\t\t<m:return ${xs}`,
        `\t\t\t\t\t${xsi}>true</m:return>`,
        `\t\t\t<m:ErrorText ${xs}`,
        `\t\t\t\t\t${xsi}`,
        '\t\t\t\t\txsi:nil="true"/>',
        '\t\t</m:PutReportResponse>',
      ],
      '1.2',
    ),
  );
});

const none = Object.fromEntries(everyTypeModel.types.get('EveryNillable')!.fields.map(({ name }) => [name, null]));

test.each<readonly [name: string, operation: string, reply: WireTree, inside: string]>([
  ['an absent value on a nillable place is nil', 'Nothing', {}, `${head}\n\t\t\t\t\txsi:nil="true"/>`],
  ['an empty string is an empty element', 'Nothing', { return: '' }, `${head}/>`],
  ['a tree that is nil', 'Maybe', { return: null }, `${head}\n\t\t\t\t\txsi:nil="true"/>`],
  [
    'lists and a value after them',
    'Many',
    { return: { Text: ['a', ''], Last: 'b' } },
    `${head}>\n\t\t\t\t<m:Text>a</m:Text>\n\t\t\t\t<m:Text/>\n\t\t\t\t<m:Last>b</m:Last>\n\t\t\t</m:return>`,
  ],
  [
    'empty lists are absent',
    'Many',
    { return: { Text: [], Number: null as never, Last: '' } },
    `${head}>\n\t\t\t\t<m:Last/>\n\t\t\t</m:return>`,
  ],
  [
    'an empty tree is an empty element',
    'Many',
    { return: { Pair: [{}, { A: null }], Last: '' } },
    `${head}>\n\t\t\t\t<m:Pair/>\n\t\t\t\t<m:Pair/>\n\t\t\t\t<m:Last/>\n\t\t\t</m:return>`,
  ],
  [
    'a tree inside itself',
    'Tree',
    { return: { Name: 'a', Child: [{ Name: 'b' }] } },
    `${head}>\n\t\t\t\t<m:Name>a</m:Name>\n\t\t\t\t<m:Child>\n\t\t\t\t\t<m:Name>b</m:Name>\n\t\t\t\t</m:Child>\n\t\t\t</m:return>`,
  ],
  ['a reply of inherited names, none given', 'Strange', { return: {} }, `${head}/>`],
  [
    'every nillable place',
    'May',
    { return: none },
    `${head}>\n${Object.keys(none)
      .map((name) => `\t\t\t\t<m:${name} xsi:nil="true"/>\n`)
      .join('')}\t\t\t</m:return>`,
  ],
])('%s', (_, operation, reply, inside) => {
  expect(writeEvery(operation, reply)).toBe(inside);
});

const every = {
  Text: 'a',
  Number: '100.50',
  Whole: '+5',
  Small: '007',
  Large: '-0',
  Real: '1E3',
  Flag: '0',
  Moment: '2020-09-05T00:00:00',
  Day: '2020-09-05',
  Clock: '00:00:00',
  Bytes: '0JrQ\r\nsNGB',
};

test('every type is written in its one form', () => {
  const lines = writeEvery('Must', { return: every }).split('\n').slice(2, 13);
  expect(lines.map((line) => line.trim())).toEqual([
    '<m:Text>a</m:Text>',
    '<m:Number>100.5</m:Number>',
    '<m:Whole>5</m:Whole>',
    '<m:Small>7</m:Small>',
    '<m:Large>0</m:Large>',
    '<m:Real>1E3</m:Real>',
    '<m:Flag>false</m:Flag>',
    '<m:Moment>2020-09-05T00:00:00</m:Moment>',
    '<m:Day>2020-09-05</m:Day>',
    '<m:Clock>00:00:00</m:Clock>',
    '<m:Bytes>0JrQsNGB</m:Bytes>',
  ]);
});

test.each([
  ['a & b < c > d " e \' f', 'a &amp; b &lt; c &gt; d " e \' f'],
  ['<![CDATA[<Balance>1000000</Balance>]]>', '&lt;![CDATA[&lt;Balance&gt;1000000&lt;/Balance&gt;]]&gt;'],
  ['&amp;', '&amp;amp;'],
  ['\u0000a\u0008\u000b\u001f\u007f', 'a\u007f'],
  ['\ud800a\udc00\ud800', 'a'],
  ['😀\ud83d', '😀'],
  ['\ufffea\uffff', 'a'],
  ['a\tb\nc', 'a\tb\nc'],
  ['a\r\nb', 'a&#xD;\nb'],
  ['  ', '  '],
  ['\u0001', ''],
])('the text %j is written %j', (text, written) => {
  const inside = writeEvery('Nothing', { return: text });
  expect(inside).toBe(written === '' ? `${head}/>` : `${head}>${written}</m:return>`);
});

test.each<readonly [name: string, operation: string, reply: unknown]>([
  ['a mandatory value is missing', 'Must', { return: { ...every, Flag: undefined } }],
  ['a mandatory value is null', 'Must', { return: { ...every, Text: null } }],
  ['the return is missing', 'Must', {}],
  ['a value is a number', 'Must', { return: { ...every, Number: 5 } }],
  ['a value is a tree', 'Must', { return: { ...every, Text: {} } }],
  ['a tree is a value', 'Must', { return: 'a' }],
  ['a list is a value', 'Many', { return: { Text: 'a', Last: '' } }],
  ['a value is a list', 'Nothing', { return: ['a'] }],
  ['an item that cannot be nil is null', 'Many', { return: { Text: [null], Last: '' } }],
  ['a decimal has an exponent', 'Must', { return: { ...every, Number: '1e3' } }],
  ['a decimal is no number', 'Must', { return: { ...every, Number: 'NaN' } }],
  ['an integer has a fraction', 'Must', { return: { ...every, Whole: '1.0' } }],
  ['a moment is not in the calendar', 'Must', { return: { ...every, Moment: '2026-02-30T00:00:00' } }],
  ['a moment has a zone', 'Must', { return: { ...every, Moment: '2026-02-28T00:00:00Z' } }],
  ['the operation is unknown', 'toString', { return: every }],
])('it is a defect when %s', (_, operation, reply) => {
  expect(() => write(operation, '1.1', reply as WireTree, '\n')).toThrow(Error);
});

test('a fault of SOAP 1.1', () => {
  expect(
    readOctets(writeFault('1.1', { code: 'server', text: 'Неизвестная ошибка. {a}: <b> & "c"\u0000' }, '\r\n')),
  ).toBe(
    envelope([
      '\t\t<soap:Fault>',
      '\t\t\t<faultcode>soap:Server</faultcode>',
      '\t\t\t<faultstring>Неизвестная ошибка. {a}: &lt;b&gt; &amp; "c"</faultstring>',
      '\t\t\t<detail/>',
      '\t\t</soap:Fault>',
    ]),
  );
});

test('a fault of SOAP 1.2', () => {
  expect(readOctets(writeFault('1.2', { code: 'server', text: 'Неизвестная ошибка. {a}: <b>' }, '\r\n'))).toBe(
    envelope(
      [
        '\t\t<soap:Fault>',
        '\t\t\t<soap:Code>',
        '\t\t\t\t<soap:Value>soap:Receiver</soap:Value>',
        '\t\t\t</soap:Code>',
        '\t\t\t<soap:Reason>',
        '\t\t\t\t<soap:Text xml:lang="ru">Неизвестная ошибка. {a}: &lt;b&gt;</soap:Text>',
        '\t\t\t</soap:Reason>',
        '\t\t</soap:Fault>',
      ],
      '1.2',
    ),
  );
});

test.each([
  ['1.1', 'client', 'soap:Client'],
  ['1.1', 'mustUnderstand', 'soap:MustUnderstand'],
  ['1.1', 'versionMismatch', 'soap:VersionMismatch'],
  ['1.2', 'client', 'soap:Sender'],
  ['1.2', 'mustUnderstand', 'soap:MustUnderstand'],
  ['1.2', 'versionMismatch', 'soap:VersionMismatch'],
] as const)('SOAP %s calls a fault of %s %s', (version, code, value) => {
  expect(readOctets(writeFault(version, { code, text: 'a' }, '\n'))).toContain(`>${value}<`);
});
