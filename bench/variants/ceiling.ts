// The hand-made ceiling: bare node:http, the service's own SQL prepared once, group commit with FULL, values cut out of the
// request by indexOf and a reply put together of ready pieces. No SOAP library, no checks, no authentication.
import { createServer, type ServerResponse } from 'node:http';
import BetterSqlite from 'better-sqlite3';
import type { CompiledStatement, Scalar } from '../../src/db/statement.ts';
import { formatRubles } from '../../src/ledger/money.ts';
import { takeDownQueries } from '../service-queries.ts';
import { announce, databaseArgument } from '../variant.ts';
import { compileCardReply, compileReceiptReply, type Figures } from './reply-pieces.ts';

const now = '2026-11-22T10:11:12';

type Values = Record<string, Scalar>;

/** What any of the statements that write gives, as far as it is looked at. */
interface Row {
  readonly id: number;
  readonly bonus: number;
  readonly accumulation: number;
  readonly receipts: number;
}

/** A card's row as its values, as the service reads it: by their places. */
const readingPlaces = { id: 0, number: 1, holder: 2, bonus: 11, accumulation: 12, receipts: 13 } as const;

type Reading = { readonly [K in keyof typeof readingPlaces]: K extends 'number' | 'holder' ? string : number };

function open(file: string): BetterSqlite.Database {
  const connection = new BetterSqlite(file);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('cache_size = -32000');
  return connection;
}

/** One statement of the service: its values are put into the same array each time. */
class Query {
  private readonly statement: BetterSqlite.Statement;
  private readonly names: readonly (string | undefined)[];
  private readonly bound: Scalar[];

  constructor(connection: BetterSqlite.Database, { sql, places }: CompiledStatement, givesValues: boolean) {
    this.statement = connection.prepare(sql);
    if (givesValues) this.statement.raw();
    this.names = places.map((place) => (typeof place === 'string' ? place : undefined));
    this.bound = places.map((place) => (typeof place === 'string' ? null : place.constant));
  }

  get(values: Values): Row {
    return this.statement.get(this.bind(values)) as Row;
  }

  /** Of the statement of a card alone. */
  read(values: Values): Reading {
    const row = this.statement.get(this.bind(values)) as never[];
    const { id, number, holder, bonus, accumulation, receipts } = readingPlaces;
    return {
      id: row[id]!,
      number: row[number]!,
      holder: row[holder]!,
      bonus: row[bonus]!,
      accumulation: row[accumulation]!,
      receipts: row[receipts]!,
    };
  }

  all(values: Values): unknown[] {
    return this.statement.all(this.bind(values));
  }

  run(values: Values): void {
    this.statement.run(this.bind(values));
  }

  private bind(values: Values): Scalar[] {
    const { names, bound } = this;
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index];
      if (name === undefined) continue;
      const value = values[name];
      if (value === undefined) throw new Error(`the service binds ${name}, which the ceiling does not know`);
      bound[index] = value;
    }
    return bound;
  }
}

/**
 * The service's statements by how each begins. A statement that is not among the forms would be work that the service
 * does and the ceiling does not, so it stops the measurement; a form that the service no longer runs is left out.
 */
function prepare<F extends string>(
  connection: BetterSqlite.Database,
  statements: readonly CompiledStatement[],
  forms: Readonly<Record<F, RegExp>>,
): Partial<Record<F, Query>> {
  const queries: Partial<Record<F, Query>> = {};
  for (const statement of statements) {
    const form = (Object.keys(forms) as F[]).find((name) => forms[name].test(statement.sql));
    if (form === undefined)
      throw new Error(`the ceiling does not know this statement of the service: ${statement.sql}`);
    queries[form] = new Query(connection, statement, form === 'reading');
  }
  return queries;
}

const forms = {
  revision: /from `revision`/,
  reading: /from `card` inner join `card_kind`/,
  probe: /'byOperationId' as trace/,
  insertReceipt: /^insert into `receipt`/,
  keepBalance: /^insert into `accumulation_balance`/,
  insertDocument: /^insert into `document`/,
  insertMovement: /^insert into `accumulation_movement`/,
};

/** Cuts the texts of elements out of a request one after another, in the order they stand. */
class Cutter {
  private readonly xml: string;
  private at: number;

  constructor(xml: string, from: string) {
    this.xml = xml;
    this.at = xml.indexOf(from);
  }

  cut(name: string): string {
    const start = this.xml.indexOf(`${name}>`, this.at) + name.length + 1;
    const end = this.xml.indexOf('<', start);
    // Behind the end tag.
    this.at = end + name.length + 3;
    return this.xml.slice(start, end);
  }

  cutKopecks(name: string): number {
    return Math.round(Number(this.cut(name)) * 100);
  }

  find(name: string): boolean {
    this.at = this.xml.indexOf(`${name}>`, this.at);
    return this.at !== -1;
  }
}

function cutLines(cutter: Cutter): string {
  const lines: object[] = [];
  while (cutter.find('<m:Line')) {
    lines.push({
      number: Number(cutter.cut('Number')),
      code: cutter.cut('Code'),
      name: cutter.cut('Name'),
      quantity: cutter.cut('Quantity'),
      price: cutter.cut('Price'),
      sumKopecks: cutter.cutKopecks('Sum'),
      discountKopecks: cutter.cutKopecks('Discount'),
    });
  }
  return JSON.stringify(lines);
}

/** Of every receipt measured; the rest is filled in as the statements answer. */
const constants: Values = {
  accumulationDelta: null,
  receiptCountDelta: null,
  fn: null,
  fd: null,
  fp: null,
  originalKkm: null,
  originalShiftNumber: null,
  originalReceiptNumber: null,
  originalReceiptOn: null,
  originalReceiptAt: null,
  comment: null,
  shopCode: null,
  offline: 0,
  isPayment: 0,
  receipts: 1,
  road: 'online',
  flags: '',
  now,
  recordedAt: now,
};

function cutReceipt(xml: string): Values {
  const cutter = new Cutter(xml, '<m:OperationId');
  const values: Values = {
    ...constants,
    operationId: cutter.cut('OperationId'),
    kind: cutter.cut('Kind'),
    kkm: cutter.cut('KKM'),
    shiftNumber: Number(cutter.cut('ShiftNumber')),
    receiptNumber: Number(cutter.cut('ReceiptNumber')),
    receiptAt: cutter.cut('ReceiptDate'),
    number: cutter.cut('CardNumber'),
    sum: cutter.cutKopecks('Sum'),
    sumWithDiscount: cutter.cutKopecks('SumWithDiscount'),
    bonusAccrued: cutter.cutKopecks('BonusAccrued'),
    bonusRedeemed: cutter.cutKopecks('BonusRedeemed'),
    cashier: cutter.cut('Cashier'),
    lines: cutLines(cutter),
  };
  values.receiptOn = (values.receiptAt as string).slice(0, 10);
  values.datedAt = values.receiptAt as string;
  values.bonus = (values.bonusAccrued as number) - (values.bonusRedeemed as number);
  values.accumulation = values.sumWithDiscount as number;
  return values;
}

function figuresOf(row: Pick<Row, 'bonus' | 'accumulation' | 'receipts'>): Figures {
  const bonus = formatRubles(row.bonus);
  const accumulation = formatRubles(row.accumulation);
  return { bonusBalance: bonus, bonusAvailable: bonus, accumulation, receipts: String(row.receipts) };
}

function compileCard(file: string, statements: readonly CompiledStatement[]): (xml: string) => string {
  const { revision, reading } = prepare(open(file), statements, forms);
  const writeReply = compileCardReply();
  return (xml) => {
    const values: Values = { number: new Cutter(xml, '<m:Card').cut('CardNumber'), now };
    revision?.get(values);
    const row = (reading as Query).read(values);
    return writeReply(row.number, row.holder, figuresOf(row));
  };
}

function compileReceipt(
  writer: BetterSqlite.Database,
  statements: readonly CompiledStatement[],
): (xml: string) => string {
  const queries = prepare(writer, statements, forms);
  const { revision, probe } = queries;
  const { reading, insertReceipt, keepBalance, insertDocument, insertMovement } = queries as Required<typeof queries>;
  const writeReply = compileReceiptReply();
  return (xml) => {
    const values = cutReceipt(xml);
    revision?.get(values);
    probe?.all(values);
    values.cardId = reading.read(values).id;
    values.receiptId = insertReceipt.get(values).id;
    const after = keepBalance.get(values);
    const operationId = values.operationId as string;
    values.kind = 'KkmOperation';
    values.reply = JSON.stringify([operationId, after.bonus, after.bonus, after.accumulation, after.receipts]);
    values.documentId = insertDocument.get(values).id;
    values.bonusAfter = after.bonus;
    insertMovement.run(values);
    const document = `Операция ККМ ${String(values.documentId).padStart(9, '0')} от 22.11.2026 10:11:12`;
    return writeReply(operationId, document, figuresOf(after));
  };
}

interface Waiting {
  readonly xml: string;
  readonly response: ServerResponse;
  reply: string;
}

/** All receipts of a turn in one transaction, answered after its commit. */
function openQueue(file: string, statements: readonly CompiledStatement[]) {
  const writer = open(file);
  const post = compileReceipt(writer, statements);
  const [begin, commit] = [writer.prepare('begin immediate'), writer.prepare('commit')];
  const [savepoint, release] = [writer.prepare('savepoint command'), writer.prepare('release command')];
  let waiting: Waiting[] = [];
  const commitTurn = (): void => {
    const batch = waiting;
    waiting = [];
    begin.run();
    for (const receipt of batch) {
      savepoint.run();
      receipt.reply = post(receipt.xml);
      release.run();
    }
    commit.run();
    for (const { response, reply } of batch) send(response, reply);
  };
  return (xml: string, response: ServerResponse): void => {
    if (waiting.length === 0) setImmediate(commitTurn);
    waiting.push({ xml, response, reply: '' });
  };
}

function send(response: ServerResponse, reply: string): void {
  response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8', 'Content-Length': reply.length });
  response.end(reply, 'latin1');
}

async function main(): Promise<void> {
  const queries = await takeDownQueries();
  const file = databaseArgument();
  const answerCard = compileCard(file, queries.card);
  const queueReceipt = openQueue(file, queries.receipt);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const xml = (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString();
      if (xml.includes('GetCardInfo')) send(response, answerCard(xml));
      else queueReceipt(xml, response);
    });
  });
  server.listen(0, '127.0.0.1', () => announce(server));
}

void main();
