// `kkm contract check`: what a till would be answered, and every mistake of a folder at once, each with its operation, its
// field and what was expected.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestingLine, type TestingLine } from '../testing-io.ts';
import { makeContract } from '../../soap/binding/testing-contract.ts';

const table =
  'operation Confirm(Till string, Version integer, Spare string) -> integer\n' +
  'operation Card(Request CardRequest) -> Answer\n' +
  'operation Goods(Code string) -> string\n' +
  'operation Sum(Kind string, Till string, Version integer) -> integer\n' +
  'type CardRequest: Till Till, Number string, At dateTime?, On boolean?\n' +
  'type Till: Code string, Shop Shop?\n' +
  'type Shop: Name string, City string\n' +
  'type Answer: Code integer, Balance decimal, Note string?, Kopecks integer?';

const card = {
  command: 'readCard',
  request: ['Request', 'shape', 'card'],
  reply: { 'return/Code': ['code', 'integer'], 'return/Balance': ['bonusBalance', 'money'] },
};
const confirm = {
  command: 'confirmSyncPackage',
  request: ['', 'shape', 'confirm'],
  reply: { return: ['code', 'integer'] },
};
const right = {
  requests: {
    confirm: { kkm: ['Till', 'requiredText'], version: ['Version', 'count'] },
    card: { kkm: ['Till/Code', 'requiredText'], cardNumber: ['Number', 'requiredText'], operationAt: ['At', 'moment'] },
  },
  operations: {
    Confirm: confirm,
    Card: card,
    Sum: {
      choose: 'Kind',
      cases: { in: confirm, out: { command: 'ping', reply: { return: ['isAlive', 'table', 'flags'] } } },
    },
    Goods: { answer: 'fault', text: 'Товары — в другой базе.' },
  },
  tables: { flags: { '1': 'true', '0': 'false' } },
};

const withCard = (change: object) => ({
  ...right,
  requests: { ...right.requests, card: { ...right.requests.card, ...change } },
});
const withReply = (change: object) => ({
  ...right,
  operations: { ...right.operations, Card: { ...card, reply: { ...card.reply, ...change } } },
});

let line: TestingLine;
const folders: string[] = [];
beforeEach(() => {
  line = openTestingLine();
});
afterEach(async () => {
  await line.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function make(...given: Parameters<typeof makeContract>): string {
  const folder = makeContract(...given);
  folders.push(folder);
  return folder;
}

test('a folder where every operation has an answer: what each is, and what is lost', async () => {
  const folder = make(table, right);
  const { code, out, err } = await line.run('contract', 'check', folder);
  expect([code, err]).toEqual([0, []]);
  expect(out).toEqual([
    `Test (${folder}): 4 operations, 3 of them call commands`,
    'ok    Confirm: command confirmSyncPackage',
    '      note: no rule reads Spare',
    'ok    Card: command readCard',
    '      note: no rule reads Request/Till/Shop, Request/On',
    '      note: no rule writes return/Note, return/Kopecks',
    'ok    Goods: the fault «Товары — в другой базе.»',
    'ok    Sum: by Kind: "in" command confirmSyncPackage, "out" command ping',
    expect.stringMatching(/^note {2}no operation calls: describeService, reserveBonus, .*cancelCertificate$/),
    'every operation has an answer',
  ]);
});

test.each(['wsdl/default', 'wsdl/flat-cyrillic', 'wsdl/xml-in-string'])('%s, which ships, is green', async (folder) => {
  const { code, out } = await line.run('contract', 'check', folder);
  expect([code, out.at(-1)]).toEqual([0, 'every operation has an answer']);
  const { ok, operations, mistakes, unanswered } = (await line.runJson('contract', 'check', folder)) as {
    readonly ok: boolean;
    readonly operations: readonly { readonly answer: string }[];
    readonly mistakes: readonly string[];
    readonly unanswered: readonly string[];
  };
  expect([ok, operations.length > 9, mistakes, unanswered]).toEqual([true, true, [], []]);
});

test.each<[string, object, string]>([
  [
    'no such place',
    withCard({ cardNumber: ['Numbr', 'requiredText'] }),
    'Card: request: cardNumber: CardRequest has no element Numbr',
  ],
  [
    'no such field',
    withCard({ colour: ['Number', 'text'] }),
    'Card: request: the command has no field colour: it takes kkm, cardNumber, operationAt, requestId, shop, cashier, inputMethod',
  ],
  [
    'a transform of another kind',
    withCard({ operationAt: ['At', 'money'] }),
    'Card: request: operationAt: transform money makes money, expected moment',
  ],
  [
    'a type that no rule of the kind reads',
    withCard({ operationAt: ['On', 'moment'] }),
    'Card: request: operationAt: On is of type boolean (such as "true"): transform moment cannot read it',
  ],
  [
    'a needed field without a place',
    { ...right, requests: { ...right.requests, confirm: { kkm: ['Till', 'requiredText'] } } },
    'Confirm: request: version: the command needs it: give its place, or a constant',
  ],
  [
    'a sum with kopecks where the schema wants a whole number',
    withReply({ 'return/Kopecks': ['bonusBalance', 'money'] }),
    'Card: reply: return: Kopecks: it is of type integer, and transform money would write "123.45"',
  ],
  [
    'a constant that is not of the type',
    withReply({ 'return/Kopecks': ['', 'constant', 'много'] }),
    'Card: reply: return: Kopecks: it is of type integer, and the constant would write "много"',
  ],
  [
    'an element that the schema requires',
    { ...right, operations: { ...right.operations, Card: { ...card, reply: { 'return/Code': ['code', 'integer'] } } } },
    'Card: reply: return: Answer: element Balance has no rule',
  ],
  [
    'no such value of the answer',
    withReply({ 'return/Note': ['note', 'text'] }),
    'Card: reply: return: Note: the answer has no value note: it has code, cardNumber,',
  ],
  [
    'no such command',
    { ...right, operations: { ...right.operations, Card: { ...card, command: 'readCart' } } },
    'Card: there is no command readCart: expected ping,',
  ],
  [
    'a choice by nothing',
    { ...right, operations: { ...right.operations, Sum: { choose: 'Sort', cases: { in: confirm } } } },
    'Sum: choose: Sum has no element Sort',
  ],
  [
    'an upstream that is not given',
    { ...right, operations: { ...right.operations, Goods: { answer: 'upstream' } } },
    'Goods: its answer is "upstream", but the file has no upstream.url',
  ],
  [
    'a file of replies that is not there',
    { ...right, operations: { ...right.operations, Goods: { answer: 'file' } } },
    'Goods: ',
  ],
])('%s', async (_what, binding, told) => {
  const folder = make(table, binding);
  const { code, out, err } = await line.run('contract', 'check', folder);
  const mistakes = out.filter((text) => text.startsWith('      binding.json: '));
  expect([code, err]).toEqual([1, [expect.stringMatching(/^kkm contract check: .*: \d+ mistakes?$/)]]);
  expect(mistakes.some((mistake) => mistake.startsWith(`      binding.json: ${told}`))).toBe(true);
});

test('all mistakes of all operations at once, and those of the file', async () => {
  const folder = make(table, {
    requests: {
      confirm: { kkm: ['Til', 'requiredText'], version: ['Versoin', 'count'] },
      card: { kkm: ['Till/Cod', 'requiredText'], cardNumber: ['At', 'money'] },
    },
    documents: { lost: { example: 'documents/lost.xml' } },
    operations: { Confirm: confirm, Card: card, card: { answer: 'fault' } },
  });
  const failure = (await line.runJson('contract', 'check', folder)) as {
    readonly ok: boolean;
    readonly code: string;
    readonly message: string;
    readonly mistakes: readonly string[];
    readonly operations: readonly { readonly operation: string; readonly mistakes: readonly string[] }[];
    readonly unanswered: readonly string[];
  };
  expect([failure.ok, failure.code, failure.message]).toEqual([
    false,
    'mistakes',
    `${folder}: 6 mistakes, 2 operations without an answer`,
  ]);
  expect(failure.mistakes).toEqual([
    'binding.json: operation card is not in the WSDL: expected Card',
    expect.stringMatching(/^binding\.json: documents\.lost: documents\/lost\.xml: ENOENT/),
  ]);
  expect(failure.operations.map(({ operation, mistakes }) => [operation, mistakes])).toEqual([
    [
      'Confirm',
      [
        'binding.json: Confirm: request: kkm: Confirm has no element Til',
        'binding.json: Confirm: request: version: Confirm has no element Versoin',
      ],
    ],
    [
      'Card',
      [
        'binding.json: Card: request: kkm: Till has no element Cod',
        'binding.json: Card: request: cardNumber: transform money makes money, expected text',
      ],
    ],
    ['Goods', []],
    ['Sum', []],
  ]);
  expect(failure.unanswered).toEqual(['Goods', 'Sum']);
});

test('an operation that nothing answers is named with what a till gets; a file of replies answers it', async () => {
  const { Goods: _goods, ...operations } = right.operations;
  const folder = make(table, { ...right, operations });
  const { code, out, err } = await line.run('contract', 'check', folder);
  expect([code, err]).toEqual([1, [`kkm contract check: ${folder}: 1 operation without an answer`]]);
  expect(out).toContain(
    'wrong Goods: no answer: give it a command in binding.json, replies/Goods.xml, or { "answer": "fault" } if it is left alone on purpose (now: the fault «Операция Goods не поддерживается: обратитесь к администратору.»)',
  );
  mkdirSync(join(folder, 'replies'));
  writeFileSync(
    join(folder, 'replies', 'Goods.xml'),
    '<GoodsResponse xmlns="urn:test"><return>{{Code}}</return></GoodsResponse>',
  );
  writeFileSync(join(folder, 'replies', 'Godos.xml'), '<GodosResponse/>');
  const answered = await line.run('contract', 'check', folder);
  expect(answered.code).toBe(0);
  expect(answered.out).toContain(`ok    Goods: the reply in ${join(folder, 'replies', 'Goods.xml')}`);
  expect(answered.out).toContain('note  nothing uses replies/Godos.xml: there is no operation of this name');
});

test('what an upstream answers is named without its password', async () => {
  const upstream = { url: 'http://till:secret@127.0.0.1:81/ws' };
  const folder = make(table, {
    ...right,
    upstream,
    operations: { ...right.operations, Goods: { answer: 'upstream' } },
  });
  const { code, out } = await line.run('contract', 'check', folder);
  expect([code, out.find((text) => text.includes('Goods'))]).toEqual([
    0,
    'ok    Goods: what http://127.0.0.1:81/ws answers',
  ]);
  expect(JSON.stringify(await line.runJson('contract', 'check', folder))).not.toContain('secret');
});

test('places that may come as nil, though their rule refuses that, are notes', async () => {
  const wsdl =
    'operation Take(Till string~, Box Box, Card string) -> integer\n' +
    'type Box: Version integer~, Inner Inner~\ntype Inner: Code string';
  const check = async (kkm: readonly unknown[], version: readonly unknown[]) => {
    const reply = { return: ['code', 'integer'] };
    const { code, out } = await line.run(
      'contract',
      'check',
      make(wsdl, {
        requests: { take: { kkm, version } },
        operations: { Take: { command: 'confirmSyncPackage', request: ['', 'shape', 'take'], reply } },
      }),
    );
    return [code, out.find((text) => text.includes('may come as nil'))];
  };
  const note =
    '      note: may come as nil, and a till is then answered result 11 (give "none", or an optional transform):';
  expect(await check(['Till', 'requiredText'], ['Box/Version', 'count'])).toEqual([0, `${note} Till, Box/Version`]);
  // An element around it may be nil as well.
  expect(await check(['Box/Inner/Code', 'requiredText'], ['', 'constant', { value: 1 }])).toEqual([
    0,
    `${note} Box/Inner/Code`,
  ]);
  expect(await check(['Card', 'requiredText'], ['', 'constant', { value: 1 }])).toEqual([0, undefined]);
});

test('a place that may come as nil is no note where its rule takes that', async () => {
  const wsdl = 'operation Story(Card string, First dateTime~, Most integer~) -> integer';
  const story = { cardNumber: ['Card', 'requiredText'], from: ['First', 'moment'], limit: ['Most', 'optionalCount'] };
  const reply = { return: ['code', 'integer'] };
  const folder = make(wsdl, {
    requests: { story },
    operations: { Story: { command: 'listCardOperations', request: ['', 'shape', 'story'], reply } },
  });
  const { code, out } = await line.run('contract', 'check', folder);
  expect([code, out.filter((text) => text.includes('nil'))]).toEqual([0, []]);
});

test('the case of an empty word is shown as one', async () => {
  const wsdl = 'operation Sum(Kind string) -> Answer\ntype Answer: Alive boolean, Note string?';
  const ping = { command: 'ping', reply: { 'return/Alive': ['isAlive', 'boolean'] } };
  const { out } = await line.run(
    'contract',
    'check',
    make(wsdl, { operations: { Sum: { choose: 'Kind', cases: { '': ping } } } }),
  );
  expect(out.slice(1, 3)).toEqual([
    'ok    Sum: by Kind: "" command ping',
    '      note: no rule writes return/Note (case "")',
  ]);
});

test('parts of binding.json that nothing uses are notes', async () => {
  const folder = make(table, { ...right, tables: { ...right.tables, spare: { a: 'b' } }, replies: { old: {} } });
  const { code, out } = await line.run('contract', 'check', folder);
  expect(code).toBe(0);
  expect(out.filter((text) => text.startsWith('note  nothing uses'))).toEqual([
    'note  nothing uses binding.json: replies.old',
    'note  nothing uses binding.json: tables.spare',
  ]);
});

test('binding.json that is not of its form: every mistake with its place', async () => {
  const folder = make(table, { operations: { Card: { command: 1 } }, extra: true });
  const { code, err } = await line.run('contract', 'check', folder);
  expect(code).toBe(1);
  expect(err[0]).toMatch(/binding\.json: .*operations\.Card.*extra/);
});

test('a folder without binding.json: what would have to be bound', async () => {
  const folder = make(table, right);
  rmSync(join(folder, 'binding.json'));
  const { code, out, err } = await line.run('contract', 'check', folder);
  expect([code, err]).toEqual([1, [`kkm contract check: ${folder}: 4 operations to be bound`]]);
  expect(out.slice(0, 6)).toEqual([
    `Test (${folder}): 4 operations, no binding.json`,
    'to do Confirm',
    '      request Till: string',
    '      request Version: integer',
    '      request Spare: string',
    '      reply   return: integer',
  ]);
  expect(out).toContain('      request Request/Till/Shop/Name: string, may be missing');
});

test.each([
  ['a folder that is not there', ['no-such-folder'], 1, 'kkm contract check: there is no folder no-such-folder'],
  [
    'a URL of something else',
    ['http://127.0.0.1/trade'],
    2,
    'kkm contract check: DIR|URL: expected a URL that ends in ?wsdl, got "http://127.0.0.1/trade"',
  ],
  [
    'a URL with a user in it',
    ['http://a:b@127.0.0.1/x?wsdl'],
    2,
    'kkm contract check: DIR|URL: expected an http or https URL without a user in it',
  ],
  [
    'a user for a folder',
    ['wsdl/default', '--user', 'till'],
    2,
    'kkm contract check: --user is for a URL: a folder is read without a user',
  ],
  [
    'a user without a password',
    ['http://127.0.0.1/x?wsdl', '--user', 'till'],
    2,
    'kkm contract check: --user needs --password-stdin',
  ],
  [
    'a password without a user',
    ['http://127.0.0.1/x?wsdl', '--password-stdin'],
    2,
    'kkm contract check: --password-stdin needs --user NAME',
  ],
])('%s', async (_what, args, exitCode, told) => {
  const { code, err } = await line.run('contract', 'check', ...args);
  expect([code, err[0]]).toEqual([exitCode, told]);
});

test('a WSDL that cannot be read is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-wrong-'));
  folders.push(folder);
  cpSync('wsdl/default', folder, { recursive: true });
  const file = join(folder, 'KKMTransfer.wsdl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('type="xs:decimal"', 'type="xs:NOTATION"'));
  const { code, out, err } = await line.run('contract', 'check', folder);
  expect([code, out]).toEqual([1, []]);
  expect(err.join('\n')).toContain('NOTATION');
});

describe('a WSDL at a URL', () => {
  let server: Server;
  let address: string;
  const wsdl = readFileSync('wsdl/default/KKMTransfer.wsdl');
  const password = 'пароль:1';

  beforeAll(async () => {
    const basic = `Basic ${Buffer.from(`читатель:${password}`).toString('base64')}`;
    server = createServer((request, response) => {
      if (request.url === '/none?wsdl') response.writeHead(404).end();
      else if (request.headers.authorization !== basic) response.writeHead(401).end();
      else response.end(request.url === '/html?wsdl' ? '<html/>' : wsdl);
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  const check = (path: string) =>
    line.runWith(
      `${password}\nmore\n`,
      'contract',
      'check',
      `${address}${path}`,
      '--user',
      'читатель',
      '--password-stdin',
    );

  test('is read with the credentials, and lists what would have to be bound', async () => {
    const { code, out, err } = await check('/ws/KKMTransfer.1cws?wsdl');
    expect([code, err]).toEqual([
      1,
      [`kkm contract check: ${address}/ws/KKMTransfer.1cws?wsdl: 15 operations to be bound`],
    ]);
    expect(out).toContain('      reply   return/Card/CardNumber: string, in a list, may be missing');
    expect(JSON.stringify([out, err])).not.toContain(password);
  });

  test('is refused with the reason', async () => {
    const wrong = await line.runWith('x', 'contract', 'check', `${address}/a?wsdl`, '--user', 'a', '--password-stdin');
    expect([wrong.code, wrong.err[0]]).toEqual([
      1,
      `kkm contract check: ${address}/a?wsdl: HTTP 401: give --user NAME --password-stdin of a user that may read it`,
    ]);
    expect((await check('/none?wsdl')).err[0]).toBe(
      `kkm contract check: ${address}/none?wsdl: HTTP 404 instead of a WSDL`,
    );
    expect((await check('/html?wsdl')).err[0]).toContain('the root is not <definitions>');
  });
});
