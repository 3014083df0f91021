// The limits of the service over real sockets: each with what its client gets and what is counted of it. Times are short, and
// tests wait for the end that they expect, never for a time.
import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openLimits, type LimitCounts, type Limits, type LimitsLine } from '../../src/http/limit-counts.ts';
import { openServer, type ServerLimits } from '../../src/http/open-server.ts';
import { readBody } from '../../src/request-body.ts';
import { headerOf, Wire } from '../soap/wire.ts';
import { openTestingDoors, plainPlace } from './testing-doors.ts';

let http: Server | undefined;
let limits: Limits;
let lines: LimitsLine[];
let port: number;
const wires: Wire[] = [];
/** Requests that wait for the test to answer them. */
let held: ServerResponse[];

afterEach(async () => {
  for (const wire of wires.splice(0)) wire.close();
  http?.closeAllConnections();
  http?.close();
});

/** Reads each body to its end; `/held` waits until the test answers. */
async function start(serverLimits: Partial<ServerLimits> = {}, requestLimit = 100): Promise<void> {
  lines = [];
  held = [];
  limits = openLimits(
    (line) => void lines.push(line),
    () => undefined,
  );
  const doors = openTestingDoors((request, response) => {
    if (request.url === '/held') held.push(response);
    else
      void readBody(request, 1_000_000).then(
        () => response.end('ok'),
        () => response.destroy(),
      );
  }, limits);
  const place = { ...plainPlace, requestLimit, serverLimits: { ...plainPlace.serverLimits, ...serverLimits } };
  ({ http } = await openServer(place, doors));
  ({ port } = http.address() as AddressInfo);
}

async function open(): Promise<Wire> {
  const wire = await Wire.open(port);
  wires.push(wire);
  return wire;
}

async function ask(head: string): Promise<number | undefined> {
  const wire = await open();
  await wire.send(head);
  return (await wire.next())?.status;
}

/** Of those that are not zero. */
function counted(): Partial<LimitCounts> {
  return Object.fromEntries(Object.entries(limits.counts).filter(([, count]) => count > 0));
}

const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: shop\r\n${headers}\r\n`;

describe('a slow client', () => {
  test('that sends its headers a byte at a time is answered 408, and its connection ends', async () => {
    await start({ headerTimeoutMs: 100 });
    const wire = await open();
    const drip = setInterval(() => void wire.send('x'), 10);
    await wire.send('GET / HTTP/1.1\r\nX-Slow: ');
    expect((await wire.next())?.status).toBe(408);
    clearInterval(drip);
    expect(await wire.next()).toBeUndefined();
    expect(counted()).toEqual({ headerTime: 1 });
  });

  test('that sends nothing at all loses its connection', async () => {
    await start({ headerTimeoutMs: 100 });
    const wire = await open();
    const reply = await wire.next();
    expect([undefined, 408]).toContain(reply?.status);
    expect(await wire.next()).toBeUndefined();
    expect(counted()).toEqual({ headerTime: 1 });
  });

  test('that never ends its body is answered 408', async () => {
    await start({ headerTimeoutMs: 100, requestTimeoutMs: 200 });
    const wire = await open();
    const drip = setInterval(() => void wire.send('x'), 10);
    await wire.send('POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 100000\r\n\r\n');
    expect((await wire.next())?.status).toBe(408);
    clearInterval(drip);
    expect(await wire.next()).toBeUndefined();
    expect(counted()).toEqual({ requestTime: 1 });
  });

  test('does not keep others waiting, nor a call that takes longer than its request may', async () => {
    await start({ headerTimeoutMs: 50, requestTimeoutMs: 50 });
    const slow = await open();
    const working = await open();
    await working.send(get('/held'));
    while (held.length === 0) await once(http!, 'request');
    // The slow one has lost its connection: as much time has passed for the call.
    await slow.next();
    expect(await ask(get('/'))).toBe(200);
    held[0]?.end('late');
    expect((await working.next())?.body.toString()).toBe('late');
  });

  test('that keeps a connection without a request loses it', async () => {
    await start({ keepAliveMs: 50 });
    const wire = await open();
    await wire.send(get('/'));
    expect((await wire.next())?.status).toBe(200);
    expect(await wire.next()).toBeUndefined();
    expect(counted()).toEqual({});
  });
});

const more = (count: number): string => Array.from({ length: count }, (_, index) => `X-${index}: 1\r\n`).join('');

describe('headers', () => {
  test('that are too long are answered 431', async () => {
    await start();
    expect(await ask(get('/', `X: ${'x'.repeat(3_000)}\r\n`))).toBe(200);
    expect(await ask(get('/', `X: ${'x'.repeat(5_000)}\r\n`))).toBe(431);
    expect(counted()).toEqual({ headerBytes: 1 });
  });

  test('that are too many are answered 431, none is dropped in silence', async () => {
    await start();
    // Host is one of the twenty.
    expect(await ask(get('/', more(19)))).toBe(200);
    expect(await ask(get('/', more(20)))).toBe(431);
    expect(await ask(get('/', more(300)))).toBe(431);
    expect(counted()).toEqual({ headerCount: 2 });
  });

  test('that are no HTTP are answered 400', async () => {
    await start();
    expect(await ask('HELLO\r\n\r\n')).toBe(400);
    expect(counted()).toEqual({ malformed: 1 });
  });
});

describe('requests at once', () => {
  test('one more is answered 503 with Retry-After; health is answered; then there is room again', async () => {
    await start({}, 2);
    const first = await open();
    const second = await open();
    await first.send(get('/held'));
    await second.send(get('/held'));
    while (held.length < 2) await once(http!, 'request');
    const third = await open();
    await third.send(get('/'));
    const refused = (await third.next())!;
    expect([refused.status, headerOf(refused, 'retry-after')]).toEqual([503, '1']);
    for (const path of ['/healthz', '/readyz?infobase=trade', '/metrics']) expect(await ask(get(path))).toBe(200);
    held[0]?.end('done');
    expect((await first.next())?.status).toBe(200);
    // The connection that was refused is kept.
    await third.send(get('/'));
    expect((await third.next())?.status).toBe(200);
    expect(counted()).toEqual({ requests: 1 });
  });

  test('those of a client that goes away make room, pipelined ones too', async () => {
    await start({}, 3);
    const gone = await open();
    await gone.send(get('/held') + get('/held') + get('/held'));
    while (held.length < 3) await once(http!, 'request');
    expect(await ask(get('/'))).toBe(503);
    const closed = once(held[0]!.req.socket, 'close');
    gone.close();
    await closed;
    // Their answers come too late, and count for nobody.
    for (const response of held.splice(0)) response.end('late');
    const again = await open();
    await again.send(get('/held') + get('/held') + get('/held'));
    while (held.length < 3) await once(http!, 'request');
    expect(await ask(get('/'))).toBe(503);
    for (const response of held) response.end('done');
    for (let reply = 0; reply < 3; reply += 1) expect((await again.next())?.status).toBe(200);
    expect(await ask(get('/'))).toBe(200);
    expect(counted()).toEqual({ requests: 2 });
  });
});

test('the log has one line a minute, with the last address of each limit', () => {
  const later: (() => void)[] = [];
  const written: LimitsLine[] = [];
  const own = openLimits(
    (line) => void written.push(line),
    (run) => void later.push(run),
  );
  for (let time = 0; time < 1_000; time += 1) own.note('requests', `10.0.0.${time % 9}`);
  own.note('headerTime', '10.0.1.1');
  own.count('logins');
  expect([written.length, later.length]).toEqual([0, 1]);
  later[0]?.();
  expect(written).toEqual([
    {
      seconds: 60,
      by: [
        { limit: 'requests', count: 1_000, address: '10.0.0.0' },
        { limit: 'headerTime', count: 1, address: '10.0.1.1' },
      ],
    },
  ]);
  own.note('requests', '10.0.0.1');
  own.end();
  expect(written[1]?.by).toEqual([{ limit: 'requests', count: 1, address: '10.0.0.1' }]);
  expect(own.counts).toMatchObject({ requests: 1_001, headerTime: 1, logins: 1 });
});
