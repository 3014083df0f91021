// Whole runs against a peer that answers from the recorded folders, rightly or wrongly, and the command round them.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { CommandIo } from '../../src/commands/command-io.ts';
import { replay } from '../../src/commands/replay.ts';
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

async function runLine(args: readonly string[]): Promise<Ran> {
  const lines: string[] = [];
  const err: string[] = [];
  const io: CommandIo = {
    out: (line) => void lines.push(line),
    err: (line) => void err.push(line),
    readStdin: () => Promise.resolve(''),
    isTerminal: false,
    environment: {},
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

test('another server that says the same: all ok, masked values told', async () => {
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
    replayFolder({ folder: recorded, target: peer.origin, credentials: null, timeoutMs: 10_000, onResult }),
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

test('no reply fails the conversation, and the run goes on', async () => {
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

test('a mask that named nothing is warned of, and skipped folders are told', async () => {
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
  [['a', 'b'], '"b" is more than the command takes'],
  [['a', '--target', 'kassa'], '--target: expected an http or https URL without a user in it'],
  [['a', '--target', 'ftp://kassa/'], '--target: expected an http or https URL without a user in it'],
  [['a', '--target', 'http://me:secret@kassa/'], '--target: expected an http or https URL without a user in it'],
  [['a', '--timeout-ms', '0'], '--timeout-ms: expected a whole number from 1 to 2147483647, got "0"'],
  [['a', '--timeout-ms', '1s'], '--timeout-ms: expected a whole number from 1 to 2147483647, got "1s"'],
  [['a', '--user', 'name'], '--user: expected NAME:PASSWORD, or NAME with --password-stdin'],
  [['a', '--user', ':password'], '--user: expected NAME:PASSWORD, or NAME with --password-stdin'],
  [['a', '--password-stdin'], '--password-stdin needs --user NAME'],
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
