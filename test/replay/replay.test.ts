// Whole runs against a peer that answers from the recorded folders, rightly or wrongly, and the command around them.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { CommandIo } from '../../src/commands/command-io.ts';
import { openTimeZone } from '../../src/ledger/time-zone.ts';
import { replay } from '../../src/commands/service/replay.ts';
import type { ConversationResult } from '../../src/replay/replay.ts';
import { replayFolder } from '../../src/replay/replay.ts';
import type { Peer, PeerReply, Seen } from './peer.ts';
import { findHeader, startPeer } from './peer.ts';

const recorded = 'fixtures/replay/recorded';
const recordedId = '7d5b0c2e-0000-4000-8000-00000000a001';
const freshId = 'c0ffee00-1111-4222-8333-444444444444';

function listReplies(folder: string): string[] {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).toSorted();
  return names.map((name) => readFileSync(join(folder, name, 'response.xml'), 'utf8'));
}

/** Answers as the recording does, each reply first passed through `change`. */
async function startRecordedPeer(folder: string, change: (body: string, request: Seen) => string): Promise<Peer> {
  const replies = listReplies(folder);
  return startPeer((request, index): PeerReply => {
    const body = change(replies[index] ?? '', request);
    return { status: body.includes(':Fault>') ? 500 : 200, body };
  });
}

interface Ran {
  readonly code: number;
  readonly lines: readonly string[];
  readonly err: readonly string[];
}

async function runLine(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const lines: string[] = [];
  const err: string[] = [];
  const io: CommandIo = {
    out: (line) => void lines.push(line),
    err: (line) => void err.push(line),
    readStdin: () => Promise.resolve(''),
    isTerminal: false,
    environment,
  };
  return { code: await replay([...args], io), lines, err };
}

function run(peer: Peer, args: readonly string[]): Promise<Ran> {
  return runLine([...args, '--target', `${peer.origin}/trade/ws/KKMTransfer.1cws`]);
}

async function withPeer<Result>(peer: Peer, use: (peer: Peer) => Promise<Result>): Promise<Result> {
  try {
    return await use(peer);
  } finally {
    await peer.close();
  }
}

function answer(operation: string): string {
  return `/soap:Envelope/soap:Body/m:${operation}Response/m:return`;
}

/** The same replies as another server would write them. */
function rewrite(body: string): string {
  return body
    .replaceAll('soap:', 'SOAP-ENV:')
    .replace('xmlns:soap=', 'xmlns:SOAP-ENV=')
    .replaceAll('<m:', '<')
    .replaceAll('</m:', '</')
    .replace('xmlns:m=', 'xmlns=')
    .replaceAll(/[\r\n\t]+</g, '<')
    .replace('xmlns:xs="http://www.w3.org/2001/XMLSchema"', '')
    .replace('>9.5<', '>9.50<')
    .replace('xsi:nil="true"', 'xsi:nil="1"')
    .replace(/^/, '<?xml version="1.0"?>');
}

test('the recorded service itself: all ok, with the headers and credentials meant', async () => {
  const peer = await startRecordedPeer(recorded, (body) => body);
  const { code, lines } = await withPeer(peer, async () => run(peer, [recorded, '--user', 'Кассир:1:2']));
  expect(lines).toEqual([
    'ok      0001-Ping',
    'ok      0002-GetServiceInfo',
    'ok      0003-RegisterReceipt',
    'ok      0004-CancelReceipt',
    'ok      0005-GetCardInfo',
    'conversations 5: ok 5, differs 0, failed 0; differences 0, masked 0',
  ]);
  expect(code).toBe(0);
  expect(peer.seen.every((seen) => findHeader(seen, 'authorization') === 'Basic 0JrQsNGB0YHQuNGAOjE6Mg==')).toBe(true);
  expect(peer.seen.map((seen) => findHeader(seen, 'user-agent'))).toEqual([
    'till/1.0',
    undefined,
    'till/1.0',
    undefined,
    undefined,
  ]);
  expect(peer.seen.map((seen) => findHeader(seen, 'expect'))).toEqual(Array(5).fill(undefined));
});

test('another server that says the same: all ok, masked values reported', async () => {
  const peer = await startRecordedPeer(recorded, (body) =>
    rewrite(body).replaceAll(recordedId, freshId).replace('2026-11-22T14:05:00', '2027-01-01T00:00:00'),
  );
  const { code, lines } = await withPeer(peer, async () => run(peer, [recorded]));
  expect(lines).toEqual([
    'ok      0001-Ping',
    'ok      0002-GetServiceInfo  (masked: 1)',
    'ok      0003-RegisterReceipt  (masked: 1)',
    'ok      0004-CancelReceipt  (masked: 1)',
    'ok      0005-GetCardInfo',
    'conversations 5: ok 5, differs 0, failed 0; differences 0, masked 3',
  ]);
  expect(code).toBe(0);
  expect(peer.seen[3]?.body.toString()).toContain(`<kkm:OperationId>${freshId}</kkm:OperationId>`);
});

test('differences are named, each with its place and both values', async () => {
  const changes: ((body: string) => string)[] = [
    (body) => body.replace('true', 'false'),
    (body) => body.replace(/<m:Version>.*<\/m:Version>/, ''),
    (body) =>
      body.replace('<m:Document>', '<m:CashierMessage> </m:CashierMessage><m:Document>').replace('>9.5<', '>-9.5<'),
    (body) => body.replace(recordedId, freshId),
    (body) => body.replace(/<soap:Fault>[^]*<\/soap:Fault>/, '<GetCardInfoResponse/>'),
  ];
  let index = 0;
  const peer = await startRecordedPeer(recorded, (body) => changes[index++]?.(body) ?? body);
  const { code, lines } = await withPeer(peer, async () => run(peer, [recorded]));
  expect(lines).toEqual([
    'differs 0001-Ping',
    `  different ${answer('Ping')}`,
    '    expected true',
    '    actual   false',
    'differs 0002-GetServiceInfo',
    `  missing ${answer('GetServiceInfo')}/m:Version`,
    '    expected <Version>1.0</Version>',
    'differs 0003-RegisterReceipt',
    `  extra ${answer('RegisterReceipt')}/m:CashierMessage`,
    '    actual   <CashierMessage> </CashierMessage>',
    `  different ${answer('RegisterReceipt')}/m:BonusBalance`,
    '    expected 9.5',
    '    actual   -9.5',
    'differs 0004-CancelReceipt  (masked: 1)',
    `  different ${answer('CancelReceipt')}/m:OperationId`,
    `    expected ${recordedId}`,
    `    actual   ${freshId}`,
    `    note     the recorded ${recordedId} came as ${recordedId} before`,
    'differs 0005-GetCardInfo',
    '  different HTTP status',
    '    expected 500',
    '    actual   200',
    '  missing /soap:Envelope/soap:Body/soap:Fault',
    expect.stringMatching(/^ {4}expected <Fault><faultcode>\{\S+\}Server<\/faultcode>/),
    '  extra /soap:Envelope/soap:Body/GetCardInfoResponse',
    '    actual   <GetCardInfoResponse/>',
    'conversations 5: ok 0, differs 5, failed 0; differences 8, masked 1',
  ]);
  expect(code).toBe(1);
});

test('replies that are no SOAP', async () => {
  const replies: PeerReply[] = [
    { body: '<html><p>Bad gateway</html>', status: 502 },
    { body: '' },
    { body: '<!DOCTYPE a><a/>' },
    { body: Buffer.from([0x3c, 0xff, 0x3e]) },
    { body: '<a/>', status: 500, headers: { 'Content-Type': 'text/html' } },
  ];
  const peer = await startPeer((_request, index) => replies[index] ?? null);
  const results: ConversationResult[] = [];
  const onResult = (result: ConversationResult): number => results.push(result);
  await withPeer(peer, async () =>
    replayFolder({
      folder: recorded,
      target: peer.origin,
      credentials: null,
      timeoutMs: 10_000,
      forms: { types: { namespace: '', wrappers: new Map() }, timeZone: openTimeZone('UTC') },
      only: [],
      saveTo: null,
      onResult,
    }),
  );
  expect(results.map(({ differences }) => differences.map(({ kind, path, note }) => [kind, path, note ?? '']))).toEqual(
    [
      [
        ['different', 'HTTP status', ''],
        ['different', '/', expect.stringMatching(/^not well-formed/)],
      ],
      [['missing', '/soap:Envelope', '']],
      [['different', '/', 'a DOCTYPE is not allowed in SOAP']],
      [['different', '/', 'the bytes are not in the encoding "utf-8", or it is unknown']],
      [
        ['different', 'HTTP Content-Type', ''],
        ['different', '/soap:Envelope', ''],
      ],
    ],
  );
});

test('no reply fails the conversation, and the run continues', async () => {
  const replies = listReplies(recorded);
  const peer = await startPeer((_request, index) => (index === 1 ? 'hang up' : { body: replies[index] ?? '' }));
  const { code, lines } = await withPeer(peer, async () => run(peer, [recorded]));
  expect(lines.slice(0, 3)).toEqual([
    'ok      0001-Ping',
    `failed  0002-GetServiceInfo: no reply from ${peer.origin}: ECONNRESET`,
    'ok      0003-RegisterReceipt',
  ]);
  expect(code).toBe(1);
});

test('a folder of golden conversations, and one conversation alone', async () => {
  const golden = 'fixtures/replay/golden';
  const peer = await startRecordedPeer(golden, rewrite);
  const { code } = await withPeer(peer, async () => run(peer, [golden]));
  expect(code).toBe(0);
  expect(peer.seen.map((seen) => findHeader(seen, 'content-type'))).toEqual([
    'text/xml; charset=utf-8',
    'application/soap+xml; charset=utf-8',
  ]);
  const ping = await startPeer(() => ({ body: readFileSync(`${golden}/Ping__over SOAP 1.2/response.xml`) }));
  const { lines } = await withPeer(ping, async () => run(ping, [`${golden}/Ping__over SOAP 1.2`]));
  expect(lines[0]).toBe('ok      Ping__over SOAP 1.2');
});

test('a mask that named nothing is warned of, and skipped folders are reported', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-replay-'));
  try {
    cpSync('fixtures/replay/golden', folder, { recursive: true });
    cpSync('fixtures/replay/golden/Ping__over SOAP 1.2/request.xml', join(folder, 'notes', 'other.xml'));
    const masks = [
      { xpath: '//Holder', why: 'names differ' },
      { xpath: '//Holdr', why: 'misspelt' },
    ];
    writeFileSync(join(folder, 'masks.json'), JSON.stringify(masks));
    const peer = await startRecordedPeer('fixtures/replay/golden', (body) => body.replace('Иванова', 'Петрова'));
    const { code, lines } = await withPeer(peer, async () => run(peer, [folder]));
    expect(lines.slice(1)).toEqual([
      'ok      Ping__over SOAP 1.2',
      'warning: unused mask //Holdr (masks.json): it named nothing',
      'skipped: notes (no request.xml, no response.xml)',
      'conversations 2: ok 2, differs 0, failed 0; differences 0, masked 1',
    ]);
    expect(code).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--json gives one document', async () => {
  const peer = await startRecordedPeer(recorded, (body) =>
    body.replace('<m:return xmlns:xs', '<m:return x="1" xmlns:xs'),
  );
  const { code, lines } = await withPeer(peer, async () => run(peer, [recorded, '--json']));
  expect(code).toBe(1);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    ok: false,
    code: 'differs',
    message: 'not as recorded: 4 of 5',
    target: `${peer.origin}/trade/ws/KKMTransfer.1cws`,
    summary: { conversations: 5, ok: 1, differs: 4, differences: 4, unusedMasks: [] },
    results: [
      {
        name: '0001-Ping',
        outcome: 'differs',
        differences: [{ kind: 'extra', path: '/soap:Envelope/soap:Body/m:PingResponse/m:return/@x', expected: null }],
      },
      {},
      {},
      {},
      { name: '0005-GetCardInfo', outcome: 'ok', differences: [], failure: null },
    ],
  });
});

test.each<[string[], string]>([
  [[], 'DIR is missing'],
  [['a', 'b'], '"b" is one value too many'],
  [['a', '--target', 'kassa'], '--target: expected an http or https URL without a user in it'],
  [['a', '--target', 'ftp://kassa/'], '--target: expected an http or https URL without a user in it'],
  [['a', '--target', 'http://me:secret@kassa/'], '--target: expected an http or https URL without a user in it'],
  [['a', '--timeout-ms', '0'], '--timeout-ms: expected a whole number from 1 to 2147483647, got "0"'],
  [['a', '--timeout-ms', '1s'], '--timeout-ms: expected a whole number from 1 to 2147483647, got "1s"'],
  [['a', '--user', 'name'], '--user: expected NAME:PASSWORD, or NAME with --password-stdin'],
  [['a', '--user', ':password'], '--user: expected NAME:PASSWORD, or NAME with --password-stdin'],
  [['a', '--password-stdin'], '--password-stdin needs --user NAME'],
  [['a', '--only', ''], '--only needs a piece of a name'],
  [['a', '--user', 'n:p', '--password-stdin'], 'the password is given twice: by --user and --password-stdin'],
  [['a', '--mask', 'b'], 'there is no flag --mask'],
])('the command line %j is refused: %s', async (args, refused) => {
  const { code, lines, err } = await runLine(args);
  expect([code, lines, err[0]]).toEqual([2, [], `kkm replay: ${refused}`]);
  expect(err[1]).toMatch(/^ {2}kkm replay DIR/);
});

test('a folder that is not one fails', async () => {
  const { code, lines, err } = await runLine(['nowhere']);
  expect([code, lines, err]).toEqual([1, [], ['kkm replay: nowhere: no such folder']]);
});

test('wrong settings of the service are reported, and nothing is sent', async () => {
  const { code, lines, err } = await runLine([recorded], { TIMEZONE: 'Mars' });
  expect([code, lines]).toEqual([2, []]);
  expect(err).toEqual([expect.stringMatching(/^kkm replay: wrong settings:\n  KKM_TIMEZONE: expected a time zone/)]);
});

test('a string is compared as it is written, a number as a number, by the contract', async () => {
  const golden = 'fixtures/replay/golden/GetCardInfo__a card with bonus';
  const reply = readFileSync(join(golden, 'response.xml'), 'utf8');
  const [, holder = '', balance = ''] = /<m:Holder>([^<]*)<[^]*<m:BonusBalance>([^<]*)</.exec(reply) ?? [];
  expect(balance).toMatch(/^\d+(?:\.\d)?$/);
  const folder = mkdtempSync(join(tmpdir(), 'kkm-replay-'));
  try {
    cpSync(golden, folder, { recursive: true });
    writeFileSync(join(folder, 'response.xml'), reply.replace(`>${holder}<`, '>8.10<'));
    const other = reply
      .replace(`>${holder}<`, '>8.1<')
      .replace(`>${balance}<`, `>+${balance}${balance.includes('.') ? '0' : '.0'}<`);
    const peer = await startPeer(() => ({ body: other }));
    const { code, lines } = await withPeer(peer, async () => run(peer, [folder]));
    expect(lines.slice(1, -1)).toEqual([
      `  different ${answer('GetCardInfo')}/m:Holder`,
      '    expected 8.10',
      '    actual   8.1',
    ]);
    expect(code).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const exception = (status: number, text: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\r\n<exception xmlns="http://v8.1c.ru/8.2/virtual-resource-system" reason="${status}">` +
  `<descr xmlns="http://v8.1c.ru/8.1/data/core">${text}</descr></exception>`;

test.each<[status: number, body: string, told: string]>([
  [
    401,
    exception(401, 'Требуется имя и пароль пользователя'),
    '401: Требуется имя и пароль пользователя (look at --user)',
  ],
  [403, exception(403, 'Недостаточно прав'), '403: Недостаточно прав (look at the role of --user)'],
  [
    404,
    exception(404, 'Не найдена информационная база'),
    '404: Не найдена информационная база (look at the path of --target and the infobase named in it)',
  ],
  [
    404,
    '<html>\r\n<h1>404 Not Found</h1><hr>nginx</html>',
    '404: 404 Not Found nginx (look at the path of --target and the infobase named in it)',
  ],
  [401, '', '401 (look at --user)'],
])('%i stops the run with its text', async (status, body, told) => {
  const replies = listReplies(recorded);
  const peer = await startPeer((_request, index) => (index === 1 ? { status, body } : { body: replies[index] ?? '' }));
  const { code, lines } = await withPeer(peer, async () => run(peer, [recorded]));
  expect(lines).toEqual([
    'ok      0001-Ping',
    `failed  0002-GetServiceInfo: the service answered ${told}`,
    'conversations 2: ok 1, differs 0, failed 1; differences 0, masked 0',
    `stopped: the service answered ${told}; not sent: 3`,
  ]);
  expect(code).toBe(1);
  expect(peer.seen).toHaveLength(2);
});

test('where it was recorded, 404 is a reply like any other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-replay-'));
  try {
    cpSync('fixtures/replay/golden', folder, { recursive: true });
    const first = readdirSync(folder).toSorted()[0] ?? '';
    const body = exception(404, 'Не найдена информационная база');
    writeFileSync(join(folder, first, 'response.xml'), body);
    const replies = listReplies(folder);
    const peer = await startPeer((_request, index) => ({
      status: index === 0 ? 404 : 200,
      body: replies[index] ?? '',
    }));
    const { code } = await withPeer(peer, async () => run(peer, [folder]));
    expect(code).toBe(0);
    expect(peer.seen).toHaveLength(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--only sends the conversations that it names, and no mask of another is called left over', async () => {
  const replies = listReplies(recorded);
  const peer = await startPeer((_request, index) => ({ body: replies[[0, 2][index] ?? 0] ?? '' }));
  const { code, lines } = await withPeer(peer, async () =>
    run(peer, [recorded, '--only', '0001', '--only', 'Register']),
  );
  expect(lines).toEqual([
    'ok      0001-Ping',
    'ok      0003-RegisterReceipt',
    'conversations 2: ok 2, differs 0, failed 0; differences 0, masked 0',
  ]);
  expect(code).toBe(0);
});

test('--only that names nothing is refused before anything is sent', async () => {
  const peer = await startPeer(() => ({ body: '' }));
  const { code, err } = await withPeer(peer, async () => run(peer, [recorded, '--only', 'Ping', '--only', 'Pong']));
  expect([code, err]).toEqual([1, ['kkm replay: no conversation has "Pong" in its name']]);
  expect(peer.seen).toEqual([]);
});

describe('--save', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kkm-replay-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('keeps the replies as a recording, which is then replayed without a difference', async () => {
    const source = join(root, 'source');
    cpSync(recorded, source, { recursive: true });
    const headersFile = join(source, '0001-Ping', 'headers.json');
    const told = JSON.parse(readFileSync(headersFile, 'utf8')) as { headers: [string, string][] };
    told.headers.push(['Authorization', 'Basic c2VjcmV0']);
    writeFileSync(headersFile, JSON.stringify(told));
    const change = (body: string): string => body.replaceAll(recordedId, freshId).replace('>9.5<', '>10.5<');
    const saved = join(root, 'deep', 'saved');
    const first = await startRecordedPeer(source, change);
    expect((await withPeer(first, async () => run(first, [source, '--save', saved]))).code).toBe(1);
    expect(readdirSync(saved).toSorted()).toEqual(readdirSync(source).toSorted());
    expect(readFileSync(join(saved, '0003-RegisterReceipt', 'response.xml'), 'utf8')).toBe(
      change(readFileSync(join(source, '0003-RegisterReceipt', 'response.xml'), 'utf8')),
    );
    // What was sent, with the fresh id in it, and nobody's password.
    expect(readFileSync(join(saved, '0004-CancelReceipt', 'request.xml'), 'utf8')).toContain(freshId);
    expect(readFileSync(join(saved, '0001-Ping', 'headers.json'), 'utf8')).not.toContain('c2VjcmV0');
    expect(readFileSync(join(saved, 'masks.json'))).toEqual(readFileSync(join(source, 'masks.json')));
    const second = await startRecordedPeer(source, change);
    const { code, lines } = await withPeer(second, async () => run(second, [saved]));
    expect([code, lines.at(-1)]).toEqual([0, 'conversations 5: ok 5, differs 0, failed 0; differences 0, masked 0']);
  });

  test('keeps nothing of a reply that stopped the run, or never came', async () => {
    const replies = listReplies(recorded);
    const peer = await startPeer((_request, index) => {
      if (index === 0) return 'hang up';
      return index === 2 ? { status: 401, body: '' } : { body: replies[index] ?? '' };
    });
    const saved = join(root, 'saved');
    await withPeer(peer, async () => run(peer, [recorded, '--save', saved]));
    expect(readdirSync(saved).toSorted()).toEqual(['0002-GetServiceInfo', 'masks.json']);
  });

  test('writes over nothing, and sends nothing then', async () => {
    mkdirSync(join(root, 'full', 'kept'), { recursive: true });
    writeFileSync(join(root, 'file'), '');
    const peer = await startPeer(() => ({ body: '' }));
    await withPeer(peer, async () => {
      const full = await run(peer, [recorded, '--save', join(root, 'full')]);
      expect([full.code, full.err]).toEqual([1, [expect.stringMatching(/full: not empty/)]]);
      const file = await run(peer, [recorded, '--save', join(root, 'file')]);
      expect([file.code, file.err]).toEqual([1, [expect.stringMatching(/file: not a folder/)]]);
      expect((await run(peer, [recorded, '--save', join(root, 'new'), '--only', 'Pong'])).code).toBe(1);
    });
    expect(existsSync(join(root, 'new'))).toBe(false);
    expect(peer.seen).toEqual([]);
  });
});

test('a recorded reply of UTF-8 under another charset is read; a fresh one so named differs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-replay-'));
  const golden = 'fixtures/replay/golden/GetCardInfo__a card with bonus';
  const wrong = 'text/xml; charset=ISO-8859-1';
  try {
    cpSync(golden, folder, { recursive: true });
    writeFileSync(
      join(folder, 'response.headers.json'),
      JSON.stringify({ status: 200, headers: [['Content-Type', wrong]] }),
    );
    const body = readFileSync(join(golden, 'response.xml'));
    const right = await startPeer(() => ({ body }));
    const { lines } = await withPeer(right, async () => run(right, [folder]));
    expect(lines.slice(1, 4)).toEqual([
      '  different HTTP Content-Type',
      `    expected ${wrong}`,
      '    actual   text/xml; charset=utf-8',
    ]);
    expect(lines).toHaveLength(5);
    const misnamed = await startPeer(() => ({ body, headers: { 'Content-Type': wrong } }));
    const named = await withPeer(misnamed, async () => run(misnamed, [golden]));
    expect(named.lines.some((line) => line.includes('/m:Holder'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
