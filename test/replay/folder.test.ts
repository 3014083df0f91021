// What a folder may look like, what its files may say, and that all mistakes are reported together, each with its file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { isFolderRefused, readFolder } from '../../src/replay/folder.ts';

const made: string[] = [];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

function makeFolder(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-replay-'));
  made.push(folder);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
}

function mistakesOf(folder: string): string[] {
  try {
    readFolder(folder);
  } catch (error) {
    if (isFolderRefused(error)) return error.message.split('\n');
    throw error;
  }
  throw new Error('it was read');
}

const one = { 'request.xml': '<a/>', 'response.xml': '<a/>' };

function inFolder(name: string, files: Record<string, string | Buffer>): Record<string, string | Buffer> {
  return Object.fromEntries(Object.entries(files).map(([file, content]) => [`${name}/${file}`, content]));
}

test('numbered folders come by their number, others by their name; strangers are skipped and named', () => {
  const names = ['10000-Ping', '9999-Ping', '0002-Ping', 'Ping__б', 'Ping__a'];
  const files = Object.assign({ 'notes/readme.txt': '' }, ...names.map((name) => inFolder(name, one)));
  const { conversations, skipped } = readFolder(makeFolder(files));
  expect(conversations.map(({ name }) => name)).toEqual(['0002-Ping', '9999-Ping', '10000-Ping', 'Ping__a', 'Ping__б']);
  expect(skipped).toEqual(['notes']);
});

test('the fixtures are read whole', () => {
  const { conversations, masks } = readFolder('fixtures/replay/recorded');
  expect(conversations.map(({ name, reply, masks: own }) => [name, reply.status, own.length])).toEqual([
    ['0001-Ping', 200, 1],
    ['0002-GetServiceInfo', 200, 2],
    ['0003-RegisterReceipt', 200, 1],
    ['0004-CancelReceipt', 200, 1],
    ['0005-GetCardInfo', 500, 1],
  ]);
  expect(masks.map(({ xpath, boundAs, file }) => [xpath, boundAs, file])).toEqual([
    ['//m:OperationId', 'operation', 'masks.json'],
    ['//ServerTime', null, '0002-GetServiceInfo/masks.json'],
  ]);
  expect(readFolder('fixtures/replay/golden').conversations.map(({ name }) => name)).toEqual([
    'GetCardInfo__a card with bonus',
    'Ping__over SOAP 1.2',
  ]);
});

test('a folder that is one conversation, masks given once', () => {
  const folder = makeFolder({ ...one, 'masks.json': '[{ "xpath": "/a", "why": "a test" }]' });
  const { conversations, masks } = readFolder(folder);
  expect(conversations).toHaveLength(1);
  expect(conversations[0]?.masks).toHaveLength(1);
  expect(masks).toHaveLength(1);
});

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';

test.each([
  ['an answer', `<s:Envelope xmlns:s="${soap11}"><s:Body><a/></s:Body></s:Envelope>`, undefined, 200],
  ['a fault', `<s:Envelope xmlns:s="${soap11}"><s:Body><s:Fault/></s:Body></s:Envelope>`, undefined, 500],
  [
    'a fault told as 200',
    `<s:Envelope xmlns:s="${soap11}"><s:Body><s:Fault/></s:Body></s:Envelope>`,
    '{"status":200}',
    200,
  ],
  ['no service', '<exception xmlns="urn:v8" reason="404"><descr/></exception>', undefined, 404],
  ['no session', '<exception xmlns="urn:v8" reason="406"><descr/></exception>', undefined, 406],
  ['an exception without a reason', '<exception/>', undefined, 500],
  ['nothing, with a status', ' \r\n', '{"status":401,"headers":[]}', 401],
])('the status to expect: %s', (_case, response, told, status) => {
  const files = { 'request.xml': '', 'response.xml': response };
  const folder = makeFolder(told === undefined ? files : { ...files, 'response.headers.json': told });
  expect(readFolder(folder).conversations[0]?.reply.status).toBe(status);
});

test('a recorded reply is read in its own encoding', () => {
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('<a>Карта</a>', 'utf16le')]);
  const cp1251 = Buffer.from('<a>\xca\xe0\xf0\xf2\xe0</a>', 'latin1');
  const declared = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="windows-1251"?>'), cp1251]);
  const told = '{"status":200,"headers":[["content-type","text/xml; charset=\\"windows-1251\\""]]}';
  for (const files of [
    { 'response.xml': utf16 },
    { 'response.xml': declared },
    { 'response.xml': cp1251, 'response.headers.json': told },
  ]) {
    expect(readFolder(makeFolder({ ...one, ...files })).conversations[0]?.reply.root?.text).toBe('Карта');
  }
});

test.each<[string, Record<string, string | Buffer>, string[]]>([
  ['nothing in it', {}, ['FOLDER: no folder with request.xml and response.xml in it']],
  ['no request', { '0001-Ping/response.xml': '<a/>' }, ['0001-Ping/request.xml: missing']],
  ['no reply', { '0001-Ping/request.xml': '<a/>' }, ['0001-Ping/response.xml: missing']],
  [
    'a conversation by its name, empty by its content',
    { '0001-Ping/Request.xml': '<a/>', ...inFolder('0002-Ping', one) },
    ['0001-Ping: neither request.xml nor response.xml in it'],
  ],
  [
    'bad XML, in two replies',
    {
      ...inFolder('1-A', { ...one, 'response.xml': '<a>' }),
      ...inFolder('2-B', { ...one, 'response.xml': '<!DOCTYPE a><a/>' }),
    },
    ['1-A/response.xml: not well-formed at line 1, column 1', '2-B/response.xml: a DOCTYPE is not allowed in SOAP'],
  ],
  [
    'bytes of another encoding',
    inFolder('1-A', { ...one, 'response.xml': Buffer.from([0x3c, 0xff]) }),
    ['1-A/response.xml: the bytes are not in the encoding "utf-8", or it is unknown'],
  ],
  ['headers that are not JSON', inFolder('1-A', { ...one, 'headers.json': '{' }), ['1-A/headers.json: not JSON']],
  [
    'headers as an object',
    inFolder('1-A', { ...one, 'headers.json': '{ "headers": { "a": "b" } }' }),
    ['1-A/headers.json: must be { "method": "POST", "path": "/...", "headers": [["name", "value"], ...] }'],
  ],
  [
    'a header that cannot be sent',
    inFolder('1-A', { ...one, 'headers.json': '{ "headers": [["a", "b\\nc"]] }' }),
    ['1-A/headers.json: must be { "method": "POST", "path": "/...", "headers": [["name", "value"], ...] }'],
  ],
  [
    'a status that is none',
    inFolder('1-A', { ...one, 'response.headers.json': '{ "status": "200" }' }),
    ['1-A/response.headers.json: must be { "status": 200, "headers": [["name", "value"], ...] }'],
  ],
  [
    'masks as an object',
    { ...one, 'masks.json': '{}' },
    ['masks.json: must be a list of { "xpath": "...", "why": "..." }'],
  ],
  [
    'masks, each wrong in its way',
    {
      ...inFolder('1-A', one),
      '1-A/masks.json': JSON.stringify([
        { xpath: '/a' },
        { xpath: '/a', why: ' ' },
        { xpath: '/a[b]', why: 'x' },
        { xpath: '/a', why: 'x', as: '' },
        { xpath: '/a', why: 'x', mask: true },
        'a',
      ]),
    },
    [
      '1-A/masks.json: mask 1 "/a": must have "xpath" and "why", both texts',
      '1-A/masks.json: mask 2 "/a": must have "xpath" and "why", both texts',
      '1-A/masks.json: mask 3 "/a[b]": cannot read "/a[b]"',
      '1-A/masks.json: mask 4 "/a": "as" must be a name',
      '1-A/masks.json: mask 5 "/a": "mask" is not known here',
      '1-A/masks.json: mask 6: must have "xpath" and "why", both texts',
    ],
  ],
])('refused: %s', (_case, files, mistakes) => {
  const folder = makeFolder(files);
  expect(mistakesOf(folder).map((mistake) => mistake.replace(folder, 'FOLDER'))).toEqual(mistakes);
});

test('a path that is no folder is refused', () => {
  const folder = makeFolder({ 'a.txt': '' });
  expect(mistakesOf(join(folder, 'b'))).toEqual([`${join(folder, 'b')}: no such folder`]);
  expect(mistakesOf(join(folder, 'a.txt'))).toEqual([`${join(folder, 'a.txt')}: not a folder`]);
});
