// The same ten calls as eight clients of other makers really sent them, each with its own headers and version of HTTP:
// every client's n-th request is the same command, gets the same answer, and leaves the same state. Axis and gSOAP wrote
// the shop's time with a Z: their infobase drops zones, as the setting `zonedDates` is there for, or is in UTC as they were.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBinding } from '../../src/soap/binding/load-binding.ts';
import { openTimeZone } from '../../src/ledger/time-zone.ts';
import type { Parts } from '../../src/operations/checked.ts';
import type { ReadZoned } from '../../src/operations/zoned-dates.ts';
import { loadContract } from '../../src/soap/contract/contract.ts';
import { decodeBody } from '../../src/soap/decode.ts';
import { noon } from '../operations/testing-infobase.ts';
import { basic, startService, till, type TestingService } from './testing-service.ts';
import { findLastDocument, readAfter, type After, type Before } from './testing-state.ts';
import { Wire, writeHead, type WireReply } from './wire.ts';

const root = 'fixtures/recordings';
const clients = readdirSync(root).toSorted();
const cardNumber = '0012345678905';
const hasWrongZone = (client: string): boolean => /^(?:axis|gsoap)/.test(client);
const before: Before = { cards: [{ number: cardNumber, bonus: '100', accumulation: '5000', receipts: 3 }] };

interface Recorded {
  readonly name: string;
  readonly body: Buffer;
  readonly method: string;
  readonly path: string;
  readonly httpVersion: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

function readRecordings(client: string): Recorded[] {
  const folder = join(root, client);
  const bodies = readdirSync(folder).filter((file) => file.endsWith('.xml'));
  return bodies.toSorted().map((file) => {
    const head = JSON.parse(readFileSync(join(folder, file.replace('.xml', '.headers.json')), 'utf8')) as Recorded;
    return { ...head, name: file.replace('.xml', ''), body: readFileSync(join(folder, file)) };
  });
}

/** Sends it as the client did: a client that says "Expect" sends its body when it gets "Continue". */
async function sendRecorded(wire: Wire, recorded: Recorded): Promise<WireReply> {
  const { method, path, httpVersion, headers, body } = recorded;
  const added = [
    ...(httpVersion === 'HTTP/1.0' ? [] : [['Host', 'shop.example'] as const]),
    ['Authorization', basic(till)] as const,
    ['Content-Length', String(body.length)] as const,
  ];
  await wire.send(writeHead(method, path, [...headers, ...added], httpVersion));
  if (headers.some(([name, value]) => name === 'Expect' && value === '100-continue')) {
    expect((await wire.next())?.status).toBe(100);
  }
  await wire.send(body);
  const reply = await wire.next();
  if (reply === undefined) throw new Error(`${recorded.name}: no reply`);
  return reply;
}

interface Told {
  readonly replies: readonly string[];
  readonly after: After;
}

async function converse(service: TestingService, client: string): Promise<Told> {
  const infobase = service.infobase();
  const lastDocument = await findLastDocument(infobase);
  const replies: string[] = [];
  let wire = await Wire.open(service.port);
  for (const recorded of readRecordings(client)) {
    // Whoever speaks HTTP/1.0, or asked for it, gets the connection closed after the reply.
    if (wire.isEnded) wire = await Wire.open(service.port);
    const reply = await sendRecorded(wire, recorded);
    const isKept =
      recorded.httpVersion === 'HTTP/1.1' &&
      !recorded.headers.some(([name, value]) => name === 'Connection' && value === 'close');
    if (!isKept) await wire.ended();
    expect([recorded.name, reply.status]).toEqual([recorded.name, 200]);
    replies.push(reply.body.toString());
  }
  wire.close();
  return { replies, after: await readAfter(infobase, lastDocument) };
}

const told = new Map<string, Promise<Told>>();

/** One conversation a client, whichever test asks first. */
function hear(client: string): Promise<Told> {
  const known = told.get(client) ?? startAndConverse(client);
  told.set(client, known);
  return known;
}

async function startAndConverse(client: string): Promise<Told> {
  const settings = hasWrongZone(client) ? { zonedDates: 'drop' } : {};
  const service = await startService({ before: { ...before, settings } });
  try {
    return await converse(service, client);
  } finally {
    await service.stop();
  }
}

function dropVersion(reply: string): string {
  return reply.replace(
    /"http:\/\/(?:schemas\.xmlsoap\.org\/soap\/envelope\/|www\.w3\.org\/2003\/05\/soap-envelope)"/,
    '',
  );
}

const model = clients[0] ?? '';

test('there are fourteen clients with the same ten calls', () => {
  expect(clients.length).toBe(14);
  const names = readRecordings(model).map(({ name }) => name);
  expect(names.length).toBe(10);
  for (const client of clients) expect(readRecordings(client).map(({ name }) => name)).toEqual(names);
});

test('the calls do what they should', async () => {
  const { replies, after } = await hear(model);
  const codes = replies.map((reply) => Array.from(reply.matchAll(/<m:ResultCode>(\d+)</g), ([, code]) => Number(code)));
  expect(codes).toEqual([[], [0], [0], [0], [0], [0], [0], [0], [0, 0, 1], [0]]);
  const operation = 'KkmOperation';
  expect(after).toEqual({
    // 100 + 9.50 - 20.50; the return is cancelled again; + 1 from the upload.
    cards: { [cardNumber]: { bonus: '90', accumulation: '6050.5', receipts: 5 } },
    movements: [
      { document: `${operation} 2 of 2026-11-22T10:11:12`, bonus: '-11', accumulation: '950.5', receipts: 1 },
      { document: `${operation} 3 of 2026-11-22T10:12:12`, bonus: '5.78', accumulation: '-500', receipts: 0 },
      {
        document: `${operation} 4 of 2026-11-22T12:00:00`,
        comment: 'Отмена чека 346, смена 12, касса K-01: ошибка кассира',
        bonus: '-5.78',
        accumulation: '500',
        receipts: 0,
      },
      { document: 'TpOperation 5 of 2026-11-21T09:00:00', bonus: '1', accumulation: '100', receipts: 1 },
    ].map((movement, index) => ({
      ...movement,
      card: cardNumber,
      bonusAfter: ['89', '94.78', '89', '90'][index],
    })),
    holds: [
      { receipt: 'K-01/12/345', card: cardNumber, amount: '20.5', state: 'taken', expiresAt: '2026-11-22T12:15:00' },
    ],
    receipts: [
      'Sale K-01/12/345 of 2026-11-22: posted',
      'Return K-01/12/346 of 2026-11-22: cancelled',
      'Sale K-02/3/1 of 2026-11-21: posted',
    ],
    cancels: ['Return K-01/12/346 of 2026-11-22'],
  });
});

test.each(clients)('%s: the same answers and the same state as everybody', async (client) => {
  const [expected, { replies, after }] = [await hear(model), await hear(client)];
  const namespace = client.endsWith('1.2') ? 'http://www.w3.org/2003/05/soap-envelope' : 'http://schemas.xmlsoap.org/';
  for (const reply of replies) expect(reply).toContain(`<soap:Envelope xmlns:soap="${namespace}`);
  expect(replies.map(dropVersion)).toEqual(expected.replies.map(dropVersion));
  expect(after).toEqual(expected.after);
});

const contract = loadContract('wsdl/default');
const binding = loadBinding('wsdl/default', contract.model);

const moscow = openTimeZone('Europe/Moscow').toLocal;
const drop: ReadZoned = (zoned) => zoned.slice(0, 19) as ReturnType<ReadZoned>;

function readCommands(client: string, readZoned = hasWrongZone(client) ? drop : moscow): object[] {
  return readRecordings(client).map(({ body, headers }) => {
    const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
    const read = contract.readRequest(decodeBody(body, contentType));
    const bound = binding.get(read.operation);
    if (bound?.does !== 'command') throw new Error(`${read.operation} is not bound to a command`);
    const request = bound.toCommand(read.arguments, { readZoned, now: noon });
    const named = { version: read.version, command: bound.command };
    if (!request.ok || request.value.receipts === undefined) return { ...named, ...request };
    // Read as they are taken.
    const receipts = takeAll(request.value.receipts as Parts<object>);
    return { ...named, ok: true, value: { ...request.value, receipts } };
  });
}

function takeAll(parts: Parts<object>): readonly object[] {
  return parts.slice(0, parts.length);
}

test.each(clients)('%s: the same commands as everybody', (client) => {
  const expected = readCommands(model);
  const version = client.slice(-3);
  expect(readCommands(client)).toEqual(expected.map((command) => ({ ...command, version })));
});

test.each(clients)('%s: the same commands in an infobase of UTC, zones converted', (client) => {
  const version = client.slice(-3);
  const commands = readCommands(client, openTimeZone('UTC').toLocal);
  expect(commands).toEqual(readCommands(model).map((command) => ({ ...command, version })));
});

test.each(clients.filter(hasWrongZone))(
  '%s: in Moscow, zones converted, its commands are three hours later',
  (client) => {
    const later = JSON.stringify(readCommands(model))
      .replaceAll('2026-11-22T10:1', '2026-11-22T13:1')
      .replaceAll('2026-11-21T09:', '2026-11-21T12:');
    const version = client.slice(-3);
    const expected = (JSON.parse(later) as object[]).map((command) => ({ ...command, version }));
    expect(JSON.parse(JSON.stringify(readCommands(client, moscow)))).toEqual(expected);
  },
);

test('a command is what the till meant', () => {
  const receipt = { kkm: 'K-01', shiftNumber: 12, receiptNumber: 345, receiptAt: '2026-11-22T10:11:12' };
  expect(readCommands(model)[4]).toEqual({
    version: '1.1',
    command: 'reserveBonus',
    ok: true,
    value: { operationId: '7d5b0c2e-0000-4000-8000-000000000001', ...receipt, cardNumber, amountKopecks: 2050 },
  });
  expect(readCommands(model)[9]).toEqual({
    version: '1.1',
    command: 'listCardOperations',
    ok: true,
    value: { cardNumber, from: null, to: null, limit: 10 },
  });
});
