// The built service as a process of its own, ended in the middle of its work: by SIGKILL, as a power cut would, and by
// SIGTERM, as an operator does. Whatever a till was answered is there afterwards exactly once; whatever it was not, it
// sends again, and then it is there exactly once.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { addCard, addKind, testCard } from '../operations/testing-infobase.ts';
import { admin as user, copyTemplate, openInfobaseFile, writeCall } from './testing-service.ts';
import { Wire, type WireReply } from './wire.ts';

const cli = 'dist/src/cli.js';
const namespace = 'http://www.kkm.solutions/KKMTransfer';
const tills = ['K-01', 'K-02'];
/** Connections of one till that ring at the same time: a shop's till sends one by one, a test wants many in the air. */
const lanesPerTill = 8;

let dataDir = '';
const children: ChildProcess[] = [];

beforeEach(async () => {
  if (!existsSync(cli)) throw new Error(`${cli} is not there: build first`);
  dataDir = mkdtempSync(join(tmpdir(), 'kkm-crash-'));
  const file = join(dataDir, 'trade.sqlite');
  await copyTemplate(file);
  const infobase = await openInfobaseFile(file);
  await addKind(infobase);
  await addCard(infobase);
  await infobase.close();
});

afterEach(() => {
  // Only where a test has failed is there one left.
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, KKM_DATA_DIR: dataDir, KKM_PORT: '0' };
}

interface Served {
  readonly child: ChildProcess;
  readonly port: number;
  /** [code, signal] */
  readonly exited: Promise<readonly unknown[]>;
  readonly lines: readonly string[];
}

async function serveIt(): Promise<Served> {
  const child = spawn(process.execPath, [cli, 'serve'], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  // Not 'exit': what it wrote last may still be on its way then.
  const exited = once(child, 'close');
  const lines: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      const { message, origin } = JSON.parse(line) as Record<string, string>;
      if (message === 'ready') resolve(Number(new URL(origin ?? '').port));
    });
    exited.then(([code]) => reject(new Error(`the service ended with ${String(code)} before it was ready`)), reject);
  });
  return { child, port, exited, lines };
}

interface Rung {
  readonly kkm: string;
  readonly number: number;
}

function writeReceipt({ kkm, number }: Rung): string {
  return [
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><RegisterReceipt xmlns="${namespace}">`,
    `<Receipt><Kind>Sale</Kind><KKM>${kkm}</KKM><ShiftNumber>1</ShiftNumber><ReceiptNumber>${number}</ReceiptNumber>`,
    `<ReceiptDate>2026-11-22T10:00:00</ReceiptDate><CardNumber>${testCard.number}</CardNumber><Sum>100</Sum>`,
    '<SumWithDiscount>100</SumWithDiscount><BonusAccrued>1</BonusAccrued><BonusRedeemed>0</BonusRedeemed>',
    '<Offline>false</Offline></Receipt></RegisterReceipt></s:Body></s:Envelope>',
  ].join('');
}

const history = [
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetCardOperations xmlns="${namespace}">`,
  `<Request><CardNumber>${testCard.number}</CardNumber></Request></GetCardOperations></s:Body></s:Envelope>`,
].join('');

/** What became of a receipt that was sent. */
interface Sent extends Rung {
  readonly answer: 'answered' | 'refused' | 'none';
  readonly reply: string;
}

async function ring(wire: Wire, rung: Rung): Promise<Sent> {
  await wire.send(writeCall({ body: writeReceipt(rung), user }));
  let reply: WireReply | undefined;
  try {
    reply = await wire.next();
  } catch {
    // The reply was cut: the till does not have it.
  }
  if (reply === undefined) return { ...rung, answer: 'none', reply: '' };
  const text = reply.body.toString();
  if (reply.status === 503) return { ...rung, answer: 'refused', reply: text };
  expect(text).toContain('<m:ResultCode>0</m:ResultCode>');
  return { ...rung, answer: 'answered', reply: text };
}

/**
 * All tills ring on all their lanes until each lane's connection ends.
 * @param onAnswer gets the number of answers so far.
 */
async function ringUntilTheEnd(port: number, firstNumber: number, onAnswer: (count: number) => void): Promise<Sent[]> {
  const sent: Sent[] = [];
  const next = new Map(tills.map((kkm) => [kkm, firstNumber]));
  let answered = 0;
  const runLane = async (kkm: string): Promise<void> => {
    const wire = await Wire.open(port);
    for (;;) {
      const number = next.get(kkm) ?? 0;
      next.set(kkm, number + 1);
      const one = await ring(wire, { kkm, number });
      sent.push(one);
      if (one.answer !== 'answered') break;
      answered += 1;
      onAnswer(answered);
    }
    wire.close();
  };
  await Promise.all(tills.flatMap((kkm) => Array.from({ length: lanesPerTill }, () => runLane(kkm))));
  return sent;
}

function readDocument(reply: string): string | undefined {
  return /<m:Document>([^<]*)</.exec(reply)?.[1];
}

function isDuplicate(reply: string): boolean {
  return reply.includes('<m:Duplicate>true</m:Duplicate>');
}

interface Movement {
  readonly rung: string;
  readonly document: string;
}

async function readMovements(wire: Wire): Promise<{ movements: Movement[]; bonusAfter: number }> {
  await wire.send(writeCall({ body: history, user }));
  const text = ((await wire.next()) as WireReply).body.toString();
  const form =
    /<m:Document>([^<]*)<[^]*?<m:KKM>([^<]*)<[^]*?<m:ReceiptNumber>(\d+)<[^]*?<m:Bonus>1<[^]*?<m:BonusAfter>(\d+)</g;
  const found = Array.from(text.matchAll(form));
  return {
    movements: found.map(([, document = '', kkm = '', number = '']) => ({ rung: `${kkm}/${number}`, document })),
    bonusAfter: Math.max(0, ...found.map(([, , , , bonus]) => Number(bonus))),
  };
}

/** Everything that was ever sent, sent again to the service that runs now; then all of it is there once. */
async function sendAgainAndCheck(port: number, sent: readonly Sent[]): Promise<void> {
  const wire = await Wire.open(port);
  const before = await readMovements(wire);
  const documents = new Map(before.movements.map(({ rung, document }) => [rung, document]));
  expect(documents.size).toBe(before.movements.length);
  for (const { kkm, number, answer, reply } of sent) {
    const wasThere = documents.get(`${kkm}/${number}`);
    if (answer === 'answered') expect(wasThere).toBe(readDocument(reply));
    if (answer === 'refused') expect(wasThere).toBeUndefined();
    const again = await ring(wire, { kkm, number });
    expect([kkm, number, again.answer, isDuplicate(again.reply)]).toEqual([
      kkm,
      number,
      'answered',
      wasThere !== undefined,
    ]);
    if (wasThere !== undefined) expect(readDocument(again.reply)).toBe(wasThere);
    if (answer === 'answered') {
      const same = again.reply.replace('<m:Duplicate>true<', '<m:Duplicate>false<');
      expect(same).toBe(reply.replace('<m:Duplicate>true<', '<m:Duplicate>false<'));
    }
  }
  const { movements, bonusAfter } = await readMovements(wire);
  const names = sent.map(({ kkm, number }) => `${kkm}/${number}`);
  expect(movements.map(({ rung }) => rung).toSorted()).toEqual([...new Set(names)].toSorted());
  expect(bonusAfter).toBe(movements.length);
  wire.close();
}

test('killed three times under load: nothing answered is lost, nothing is taken twice', async () => {
  const sent: Sent[] = [];
  let served = await serveIt();
  for (let round = 0; round < 3; round += 1) {
    const { child } = served;
    const rung = await ringUntilTheEnd(served.port, round * 1_000, (count) => {
      if (count === 40) child.kill('SIGKILL');
    });
    expect(await served.exited).toEqual([null, 'SIGKILL']);
    const count = (answer: Sent['answer']): number => rung.filter((one) => one.answer === answer).length;
    expect(count('answered')).toBeGreaterThanOrEqual(40);
    // It was killed with a call of every lane in the air.
    expect([count('none'), count('refused')]).toEqual([tills.length * lanesPerTill, 0]);
    sent.push(...rung);
    served = await serveIt();
    await sendAgainAndCheck(served.port, sent);
  }
  served.child.kill('SIGTERM');
  expect(await served.exited).toEqual([0, null]);
});

test('asked to stop under load: it answers what it has begun, ends with 0, and has all it answered', async () => {
  const first = await serveIt();
  const sent = await ringUntilTheEnd(first.port, 0, (count) => {
    if (count === 40) first.child.kill('SIGTERM');
  });
  expect(await first.exited).toEqual([0, null]);
  const answered = sent.filter(({ answer }) => answer === 'answered').length;
  expect(answered).toBeGreaterThanOrEqual(40);
  // Its log is whole as well, to the last answer and the last word.
  const count = (words: string): number => first.lines.filter((line) => line.includes(words)).length;
  expect([count('"message":"stopped"'), count('"level":"error"')]).toEqual([1, 0]);
  expect(count('"operation":"RegisterReceipt"')).toBe(answered);
  const second = await serveIt();
  await sendAgainAndCheck(second.port, sent);
  second.child.kill('SIGINT');
  expect(await second.exited).toEqual([0, null]);
});
