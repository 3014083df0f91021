// What a service on a network must withstand: every hostile request gets a fault or a refusal of HTTP within bounded
// work, none ends the process or spoils the next call, and nothing of it moves a balance. The service runs in a process
// of its own, which must be the same one at the end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { depth, fileSeed } from '../deep.ts';
import { inDataFolder, startChild, type ServingChild } from './testing-child.ts';
import {
  basic,
  call,
  copyTemplate,
  openInfobaseFile,
  servicePath,
  till,
  writeCall,
  type Call,
} from './testing-service.ts';
import { fillInfobase, readAfter, type After, type Before } from './testing-state.ts';
import { headerOf, Wire, writeHead, type WireReply } from './wire.ts';

const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const namespace = 'http://www.kkm.solutions/KKMTransfer';
const card = '2900000001';
const before: Before = { cards: [{ number: card, bonus: '100' }] };

function write(body: string, head = '', attributes = ''): string {
  return `<s:Envelope xmlns:s="${soap11}"${attributes}>${head}<s:Body>${body}</s:Body></s:Envelope>`;
}

function writeInfo(number: string, rest = ''): string {
  return write(
    `<GetCardInfo xmlns="${namespace}"><Request><KKM>K</KKM><CardNumber>${number}</CardNumber>${rest}</Request></GetCardInfo>`,
  );
}

const ping = write(`<Ping xmlns="${namespace}"/>`);

function writeReceipt(fields: Readonly<Record<string, string>> = {}, lines = ''): string {
  const values = {
    Kind: 'Sale',
    KKM: 'K',
    ShiftNumber: '1',
    ReceiptNumber: '1',
    ReceiptDate: '2026-11-22T10:00:00',
    CardNumber: card,
    Sum: '1',
    SumWithDiscount: '1',
    BonusAccrued: '1',
    BonusRedeemed: '0',
    Offline: 'false',
    ...fields,
  };
  const elements = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<Receipt>${elements.join('')}${lines}</Receipt>`;
}

function writeRegister(fields: Readonly<Record<string, string>>, lines = ''): string {
  return write(`<RegisterReceipt xmlns="${namespace}">${writeReceipt(fields, lines)}</RegisterReceipt>`);
}

let child: ServingChild;
let untouched: After;
let readState: () => Promise<After>;
let finish: () => void;
let finished: Promise<void>;

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    finished = inDataFolder(async (folder) => {
      const file = join(folder, 'trade.sqlite');
      await copyTemplate(file);
      readState = async () => {
        const infobase = await openInfobaseFile(file);
        const after = await readAfter(infobase);
        await infobase.close();
        return after;
      };
      const infobase = await openInfobaseFile(file);
      await fillInfobase(infobase, before);
      await infobase.close();
      untouched = await readState();
      child = await startChild('UTC', folder, 'trade');
      ready();
      await new Promise<void>((done) => {
        finish = done;
      });
      expect(child.isAlive()).toBe(true);
      expect(await child.stop()).toEqual([0, null]);
    });
    finished.catch(failed);
  });
});

afterAll(async () => {
  finish();
  await finished;
});

afterEach(async () => {
  expect(child.isAlive()).toBe(true);
  const wire = await Wire.open(child.port);
  expect((await call(wire, { body: ping })).body.toString()).toContain('>true</m:return>');
  wire.close();
});

async function send(request: Call): Promise<WireReply> {
  const wire = await Wire.open(child.port);
  try {
    return await call(wire, request);
  } finally {
    wire.close();
  }
}

/** A whole fault, which neither repeats the request nor shows the inside of the service. */
function expectFault(reply: WireReply): void {
  const text = reply.body.toString();
  expect([reply.status, headerOf(reply, 'content-type')]).toEqual([500, 'text/xml; charset=utf-8']);
  expect(text).toMatch(
    /^<soap:Envelope xmlns:soap="[^"]*">\r\n\t<soap:Body>\r\n\t\t<soap:Fault>\r\n[^]*<\/soap:Envelope>$/,
  );
  expect(text).toMatch(/<faultcode>soap:(?:Client|MustUnderstand|VersionMismatch)<\/faultcode>/);
  expect(text).toMatch(
    /<faultstring>Неизвестная ошибка\. \{WebСервис\.KKMTransfer\.Модуль\(1\)\}: [^<>{}]{5,300}<\/faultstring>/,
  );
  expect(text).not.toMatch(/\bat \/|node_modules|Error:|\.ts\b/);
}

function readExpected<T>(folder: string): [file: string, expected: T][] {
  return Object.entries(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, T>);
}

describe('kept requests', () => {
  const root = 'fixtures/hostile/over-http';

  test.each(readExpected<{ readonly status: number; readonly says: string }>(root))(
    '%s',
    async (file, { status, says }) => {
      const body = readFileSync(join(root, file));
      for (const contentType of ['text/xml', undefined]) {
        const reply = await send({ body, headers: { 'content-type': contentType } });
        expect(reply.status).toBe(status);
        expect(reply.body.toString()).toContain(says);
        if (status === 500) expectFault(reply);
      }
    },
  );
});

describe('kept requests that the reader refuses', () => {
  const root = 'fixtures/hostile';

  test.each(readExpected<{ readonly message: string }>(root))('%s', async (file, { message }) => {
    const reply = await send({ body: readFileSync(join(root, file)), headers: { 'content-type': 'text/xml' } });
    expectFault(reply);
    expect(reply.body.toString()).toContain(message);
  });
});

const most = 2 * 1024 ** 2;

/** As often as it goes into the body's limit, with what is around it. */
function fill(piece: string | ((index: number) => string), round: (filling: string) => string): string {
  const room = most - Buffer.byteLength(round('')) - 16;
  if (typeof piece === 'string') return round(piece.repeat(Math.floor(room / Buffer.byteLength(piece))));
  const pieces: string[] = [];
  let size = 0;
  for (let index = 0; ; index += 1) {
    const next = piece(index);
    size += Buffer.byteLength(next);
    if (size > room) return round(pieces.join(''));
    pieces.push(next);
  }
}

const within = (head: string, tail: string) => (filling: string) => head + filling + tail;
const noughts = '0'.repeat(1_000_000);

/** Bodies of two megabytes, each of a form that some parser takes its length squared for, or its depth. */
const large: Readonly<Record<string, { readonly body: () => string; readonly is: 'fault' | 200 }>> = {
  'nested as deep as it goes': {
    is: 'fault',
    body: () => fill('<a>', within(`<s:Envelope xmlns:s="${soap11}"><s:Body>`, '')),
  },
  'nested in the header': { is: 'fault', body: () => fill('<a>', (a) => write('', `<s:Header>${a}`)) },
  'unknown siblings': { is: 'fault', body: () => fill('<a/>', (a) => write(a)) },
  'a header of elements': { is: 'fault', body: () => fill('<a/>', (a) => write('', `<s:Header>${a}</s:Header>`)) },
  'attributes of one element': {
    is: 'fault',
    body: () =>
      fill(
        (index) => ` a${index}=""`,
        (a) => write('', '', a),
      ),
  },
  'one attribute over and over': { is: 'fault', body: () => fill(' a=""', (a) => write('', '', a)) },
  'declarations of one element': {
    is: 'fault',
    body: () =>
      fill(
        (index) => ` xmlns:a${index}="u"`,
        (a) => write('', '', a),
      ),
  },
  'a declaration on each of many levels': {
    is: 'fault',
    body: () =>
      fill(
        (index) => `<a${index}:b xmlns:a${index}="u">`,
        (a) => write(a),
      ),
  },
  'an attribute value': {
    is: 200,
    body: () => fill('я', (a) => write(`<Ping xmlns="${namespace}"/>`, '', ` a="${a}"`)),
  },
  'references in an attribute': {
    is: 200,
    body: () => fill('&#65;', (a) => write(`<Ping xmlns="${namespace}"/>`, '', ` a="${a}"`)),
  },
  'a name': { is: 'fault', body: () => fill('a', (a) => write(`<${a}/>`)) },
  'a prefix': { is: 'fault', body: () => fill('a', (a) => write(`<${a}:b/>`)) },
  'an open tag without an end': { is: 'fault', body: () => fill(' a', within(`<s:Envelope xmlns:s="${soap11}"`, '')) },
  'blanks in a tag': { is: 200, body: () => fill(' ', (a) => write(`<Ping xmlns="${namespace}"/>`, '', a)) },
  'blanks between elements': { is: 200, body: () => fill('\r\n', (a) => write(`${a}<Ping xmlns="${namespace}"/>`)) },
  'blanks behind the envelope': { is: 200, body: () => fill('\t', (a) => ping + a) },
  'text between elements': { is: 'fault', body: () => fill('x', (a) => write(`${a}<Ping xmlns="${namespace}"/>`)) },
  comments: { is: 200, body: () => fill('<!---->', (a) => write(`${a}<Ping xmlns="${namespace}"/>`)) },
  'one comment': { is: 200, body: () => fill('- ', (a) => write(`<!--${a}--><Ping xmlns="${namespace}"/>`)) },
  'a comment without an end': { is: 'fault', body: () => fill('<!-', (a) => `<!--${a}`) },
  instructions: { is: 200, body: () => fill('<?a b?>', (a) => write(`${a}<Ping xmlns="${namespace}"/>`)) },
  'instructions without an end': { is: 'fault', body: () => fill('<?a ', (a) => write(a)) },
  'CDATA of declarations': { is: 200, body: () => fill('<?xml', (a) => writeInfo(`<![CDATA[${a}]]>`)) },
  'CDATA of declarations that end': { is: 200, body: () => fill('<?xml?>', (a) => writeInfo(`<![CDATA[${a}]]>`)) },
  'empty CDATA': { is: 200, body: () => fill('<![CDATA[]]>', (a) => writeInfo(`${card}${a}`)) },
  'CDATA without an end': { is: 'fault', body: () => fill('<![CDATA[', (a) => writeInfo(a)) },
  brackets: { is: 200, body: () => fill(']]', (a) => writeInfo(a)) },
  references: { is: 200, body: () => fill('&#x41;', (a) => writeInfo(a)) },
  'references to the one character': { is: 200, body: () => fill('&amp;', (a) => writeInfo(a)) },
  'a reference of noughts': { is: 200, body: () => writeInfo(`&#${noughts}65;`) },
  'a reference of figures': { is: 'fault', body: () => fill('9', (a) => writeInfo(`&#${a};`)) },
  ampersands: { is: 'fault', body: () => fill('&', (a) => writeInfo(a)) },
  'carriage returns': { is: 200, body: () => fill('\r', (a) => writeInfo(a)) },
  'characters of four bytes': { is: 200, body: () => fill('\u{1F600}', (a) => writeInfo(a)) },
  'a number of figures': { is: 200, body: () => fill('9', (a) => writeRegister({ ShiftNumber: a })) },
  'a number of noughts': { is: 200, body: () => writeRegister({ ShiftNumber: `${noughts}1`, CardNumber: 'none' }) },
  'a sum of figures': { is: 200, body: () => fill('9', (a) => writeRegister({ Sum: a })) },
  'a sum of noughts and a one': { is: 200, body: () => writeRegister({ Sum: `0.${noughts}1` }) },
  'a quantity of noughts and a one': {
    is: 200,
    body: () =>
      writeRegister(
        { CardNumber: 'none' },
        `<Line><Number>1</Number><Code/><Quantity>0.${noughts}1</Quantity><Price>${noughts}.5</Price><Sum>1</Sum><Discount>0</Discount></Line>`,
      ),
  },
  'a date of figures': { is: 'fault', body: () => fill('2', (a) => writeRegister({ ReceiptDate: a })) },
  'a date with a fraction of figures': {
    is: 200,
    body: () => fill('0', (a) => writeRegister({ ReceiptDate: `2026-11-22T10:00:00.${a}Z`, CardNumber: 'none' })),
  },
  'blanks round a sum': { is: 200, body: () => fill(' ', (a) => writeRegister({ Sum: `${a}1`, CardNumber: 'none' })) },
  'a kind': { is: 200, body: () => fill('Sale', (a) => writeRegister({ Kind: a })) },
  'lines of a receipt': {
    is: 200,
    body: () =>
      fill(
        '<Line><Number>1</Number><Code/><Quantity>1</Quantity><Price>1</Price><Sum>1</Sum><Discount>0</Discount></Line>',
        (a) => writeRegister({ CardNumber: 'none' }, a),
      ),
  },
  'receipts of an upload': {
    is: 200,
    body: () =>
      fill(
        (index) => writeReceipt({ ReceiptNumber: String(index), CardNumber: 'none' }),
        (a) => write(`<UploadReceipts xmlns="${namespace}"><Upload><KKM>K</KKM>${a}</Upload></UploadReceipts>`),
      ),
  },
  'bad receipts of an upload': {
    is: 200,
    body: () =>
      fill(writeReceipt({ Sum: '-1' }), (a) =>
        write(`<UploadReceipts xmlns="${namespace}"><Upload><KKM>K</KKM>${a}</Upload></UploadReceipts>`),
      ),
  },
  'an element over and over': {
    is: 'fault',
    body: () => fill('<Shop>1</Shop>', (a) => writeInfo(card, a)),
  },
};

// Jest's stop for one reply and the Ping after it. Linear work on two megabytes takes the service some tens of
// milliseconds; work that grows with the square of the length takes minutes, in which it answers nobody.
const stopMs = 20_000;

describe('two megabytes of', () => {
  test.each(Object.entries(large))(
    '%s',
    async (_name, { body, is }) => {
      const text = body();
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
      expect(Buffer.byteLength(text)).toBeGreaterThan(most / 4);
      const reply = await send({ body: text });
      if (is === 'fault') expectFault(reply);
      else expect([reply.status, reply.body.includes('<soap:Fault>')]).toEqual([200, false]);
    },
    stopMs,
  );
});

describe('over HTTP', () => {
  const head = writeHead('POST', servicePath, [
    ['Host', 'shop'],
    ['Authorization', basic(till)],
  ]).slice(0, -2);

  /** Bytes that are no request, or a bad one: an answer of 4xx without a page, or an end of the connection. */
  const raw: Readonly<Record<string, string | Buffer>> = {
    'nothing but a line end': '\r\n\r\n',
    words: 'hello there, is this the service?\r\n\r\n',
    'a greeting of TLS': Buffer.from('16030100f8010000f40303', 'hex'),
    'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    noughts: Buffer.alloc(4_096),
    'random bytes': Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7919 + 13) % 256)),
    'a version of HTTP that is none': `POST ${servicePath} HTTP/9.9\r\n\r\n`,
    'no version': `POST ${servicePath}\r\n\r\n`,
    'a method that is none': `GRAB ${servicePath} HTTP/1.1\r\nHost: a\r\n\r\n`,
    CONNECT: 'CONNECT shop:443 HTTP/1.1\r\nHost: shop:443\r\n\r\n',
    'no Host in HTTP/1.1': `POST ${servicePath} HTTP/1.1\r\nContent-Length: 0\r\n\r\n`,
    'a header without a colon': `${head}nonsense\r\n\r\n`,
    'a blank before the colon': `${head}Content-Length : 5\r\n\r\n12345`,
    'a header with a nought': `${head}A: b\0c\r\n\r\n`,
    'a header that is folded': `${head}A: b\r\n c\r\nContent-Length: x\r\n\r\n`,
    'a header of 100 kB': `${head}A: ${'b'.repeat(100_000)}\r\n\r\n`,
    'ten thousand headers': `${head}${'A: b\r\n'.repeat(10_000)}\r\n`,
    'an address of 100 kB': `POST /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    'a chunk of a size that is none': `${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`,
    'a chunk larger than any number': `${head}Transfer-Encoding: chunked\r\n\r\n${'f'.repeat(40)}\r\na\r\n`,
    'a chunk of a negative size': `${head}Transfer-Encoding: chunked\r\n\r\n-1\r\na\r\n`,
    'an extension of a chunk without an end': `${head}Transfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(200_000)}`,
    'chunks packed': `${head}Transfer-Encoding: gzip, chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
    'chunked twice over': `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  };

  test.each(Object.entries(raw))('%s', async (_name, bytes) => {
    const wire = await Wire.open(child.port);
    await wire.send(bytes);
    wire.endSending();
    const left = (await wire.ended()).toString();
    wire.close();
    if (left !== '') expect(left).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(left).not.toMatch(/<html|\bat \//i);
  });

  test('a call that asks to become a WebSocket is a call', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
    const reply = await send({ body: ping, headers });
    expect(reply.status).toBe(200);
  });

  const bomb = gzipSync(Buffer.alloc(100_000_000), { level: 9 });

  test.each<[what: string, body: Buffer]>([
    ['a bomb', bomb],
    ['a bomb in a bomb', gzipSync(bomb)],
    ['cut short', bomb.subarray(0, -100)],
  ])(
    'packed: %s',
    async (what, body) => {
      const reply = await send({ body, headers: { 'content-encoding': 'gzip' } });
      if (what === 'a bomb in a bomb') expectFault(reply);
      else expect(reply.status).toBe(413);
    },
    stopMs,
  );

  test('five hundred connections that say nothing, and as many that stop half way', async () => {
    const wires = await Promise.all(Array.from({ length: 500 }, () => Wire.open(child.port)));
    const half = writeCall({ body: writeRegister({}) }).subarray(0, -20);
    await Promise.all(wires.filter((_, index) => index % 2 === 0).map((wire) => wire.send(half)));
    expect((await send({ body: ping })).status).toBe(200);
    for (const wire of wires) wire.close();
  });

  test('a hundred wrong passwords at once keep nobody else waiting', async () => {
    const wires = await Promise.all(Array.from({ length: 100 }, () => Wire.open(child.port)));
    const wrong = wires.map((wire, index) =>
      call(wire, { body: ping, user: { name: `u${index % 5}`, password: 'x' } }),
    );
    expect((await send({ body: ping })).status).toBe(200);
    for (const reply of await Promise.all(wrong)) expect(reply.status).toBe(401);
    for (const wire of wires) wire.close();
  });
});

describe('made by chance', () => {
  const seeds = [ping, writeInfo(card), writeRegister({ CardNumber: 'none' })];

  test('a good request with pieces cut, doubled or put in is answered, whatever it is', async () => {
    const wire = await Wire.open(child.port);
    const piece = fc.constantFrom(
      '<',
      '>',
      '/>',
      '&',
      '&#',
      ';',
      ']]>',
      '<![CDATA[',
      '<!--',
      '-->',
      '<?',
      '?>',
      '"',
      "'",
      '\0',
      '\r',
      'é',
      '\u{10FFFF}',
      'xmlns=""',
      'xsi:nil="true"',
      '<a>',
      '</a>',
      's:',
      '{',
      '}:',
    );
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(30),
      put: fc.array(piece, { maxLength: 4 }),
      twice: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (request, changes) => {
          let text = request;
          for (const { at, cut, put, twice } of changes) {
            const from = Math.floor(at * text.length);
            const kept = text.slice(0, from) + put.join('') + text.slice(from + cut);
            text = twice ? kept + text.slice(from) : kept;
          }
          const reply = await call(wire, { body: text });
          if (reply.status !== 200) expectFault(reply);
        },
      ),
      { numRuns: 135 * depth, seed: fileSeed },
    );
    wire.close();
  });

  test('bytes of any sort as a body are answered', async () => {
    const wire = await Wire.open(child.port);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expectFault(await call(wire, { body: Buffer.from(bytes) }));
      }),
      { numRuns: 70 * depth, seed: fileSeed },
    );
    wire.close();
  });
});

test('after all that nothing has moved', async () => {
  expect(await readState()).toEqual(untouched);
});
