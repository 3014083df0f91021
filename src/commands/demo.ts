// `kkm demo`: a test infobase with invented cards, and a till that reads them and rings sales, returns, repeats and
// offline uploads through node-soap's client, saying what each call moved.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BasicAuthSecurity, createClientAsync, type Client } from 'soap';
import type { Clock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { addSeconds, parseLocalDateTime, type LocalDateTime } from '../ledger/local-date-time.ts';
import { openLog } from '../log.ts';
import { serve } from '../main.ts';
import type { Infobase } from '../operations/infobase.ts';
import { makeDemoCards } from '../operations/make-demo-cards.ts';
import type { CommandIo } from './command-io.ts';

/** A clock that stands until the demo moves it. */
interface DemoClock extends Clock {
  advance(minutes: number): void;
}

type Tree = Readonly<Record<string, unknown>>;

interface Till {
  readonly clock: DemoClock;
  call(operation: string, about: Tree): Promise<Tree>;
}

export async function demo(args: string[], io: CommandIo): Promise<number> {
  try {
    parseArgs({ args, options: {}, allowPositionals: false });
  } catch (reason) {
    io.err(`kkm demo: ${(reason as Error).message}`);
    io.err('kkm demo takes no flags: it makes a test infobase, plays a day of trade on it and removes it');
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'kkm-demo-'));
  const password = randomBytes(12).toString('hex');
  const config = readConfig({ DATA_DIR: folder, PORT: '0', INFOBASES: 'demo', ADMIN_PASSWORD: password });
  const clock = makeDemoClock(parseLocalDateTime('2026-11-22T09:00:00') as LocalDateTime);
  const log = openLog({ level: 'error', file: undefined });
  const service = await serve({ config, log, tell: () => undefined, clock });
  try {
    await makeDemoCards(service.infobases[0] as Infobase);
    const address = `${service.origin}/demo/ws/KKMTransfer.1cws`;
    io.out(`Тестовая база demo опубликована по адресу ${address}`);
    await playDay(await openTill(address, password, clock), io);
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  io.out('База demo удалена. Рабочая база: npm start.');
  return 0;
}

function makeDemoClock(start: LocalDateTime): DemoClock {
  let now = start;
  return {
    now: () => now,
    advance(minutes) {
      now = addSeconds(now, minutes * 60);
    },
  };
}

async function openTill(address: string, password: string, clock: DemoClock): Promise<Till> {
  const asText = (text: string): string => text;
  const client: Client = await createClientAsync(`${address}?wsdl`, {
    wsdl_headers: { Authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` },
    // The client would turn sums into floats and dates into the host's zone.
    customDeserializer: { decimal: asText, integer: asText, dateTime: asText },
  });
  client.setSecurity(new BasicAuthSecurity('admin', password));
  return {
    clock,
    async call(operation, about) {
      const method = client[`${operation}Async`] as (request: Tree) => Promise<[{ readonly return: Tree }]>;
      const [answer] = await method.call(client, about);
      return answer.return;
    },
  };
}

let receiptNumber = 0;

function receiptOf(till: Till, kkm: string, cardNumber: string, rest: Tree): Tree {
  receiptNumber += 1;
  const key = { KKM: kkm, ShiftNumber: 1, ReceiptNumber: receiptNumber, ReceiptDate: till.clock.now() };
  const sums = { BonusAccrued: '0', BonusRedeemed: '0', Offline: false };
  const { Kind = 'Sale', Sum, SumWithDiscount, Original, ...more } = { ...sums, ...rest } as Record<string, unknown>;
  const { BonusAccrued, BonusRedeemed, Offline } = more;
  // node-soap writes the elements in the order of the keys, and the schema is a sequence.
  const figures = { Sum, SumWithDiscount: SumWithDiscount ?? Sum, BonusAccrued, BonusRedeemed, Offline };
  const original = Original === undefined ? {} : { Original };
  return { Kind, ...key, CardNumber: cardNumber, ...figures, ...original };
}

function keyOf(receipt: Tree): Tree {
  const { KKM, ShiftNumber, ReceiptNumber, ReceiptDate } = receipt;
  return { KKM, ShiftNumber, ReceiptNumber, ReceiptDate };
}

async function playDay(till: Till, io: CommandIo): Promise<void> {
  const [anna, boris, closed] = ['2900000000001', '2900000000002', '2900000000003'] as const;
  const tell = (what: string, answer: Tree): void => {
    io.out(`${till.clock.now().slice(11, 16)}  ${what}`);
    io.out(`         ${describe(answer)}`);
    till.clock.advance(7);
  };
  const read = async (card: string): Promise<void> =>
    tell(`касса читает карту ${card}`, await till.call('GetCardInfo', { Request: { KKM: 'K-01', CardNumber: card } }));
  const ring = async (what: string, Receipt: Tree): Promise<void> =>
    tell(what, await till.call('RegisterReceipt', { Receipt }));

  await read(anna);
  const first = receiptOf(till, 'K-01', anna, { Sum: '5263.16', SumWithDiscount: '5000', BonusAccrued: '150' });
  await ring('продажа на 5000, начислено 150', first);
  await ring('та же продажа ещё раз: касса не дождалась ответа', first);
  await ring('тот же чек с другой суммой', { ...first, Sum: '9999' });
  await read(anna);
  const spending = receiptOf(till, 'K-02', anna, { Sum: '1000', SumWithDiscount: '900', BonusRedeemed: '100' });
  const hold = { ...keyOf(spending), CardNumber: anna, Amount: '100' };
  tell('вторая касса откладывает 100 бонусов', await till.call('ReserveBonus', { Reserve: hold }));
  await ring(
    'первая касса пробует списать 100: свободно только 50',
    receiptOf(till, 'K-01', anna, { Sum: '500', BonusRedeemed: '100' }),
  );
  await ring('вторая касса закрывает чек со списанием 100', spending);
  const part = { Kind: 'Return', Sum: '2000', Original: keyOf(first) };
  await ring('возврат части первой покупки на 2000', receiptOf(till, 'K-01', anna, part));
  const wrong = receiptOf(till, 'K-01', anna, { Sum: '300', BonusAccrued: '9' });
  await ring('ошибочная продажа на 300', wrong);
  tell('отмена ошибочной продажи', await till.call('CancelReceipt', { Cancel: { Kind: 'Sale', ...keyOf(wrong) } }));
  const night = [
    receiptOf(till, 'K-03', boris, { Sum: '700', BonusAccrued: '21', Offline: true }),
    receiptOf(till, 'K-03', boris, { Sum: '400', BonusRedeemed: '50', Offline: true }),
  ];
  const upload = { Upload: { KKM: 'K-03', Receipt: night } };
  tell('третья касса была без связи и выгружает два чека', await till.call('UploadReceipts', upload));
  tell('и ещё раз те же два чека', await till.call('UploadReceipts', upload));
  await read(boris);
  await read(closed);
  await listOperations(till, io, anna);
}

async function listOperations(till: Till, io: CommandIo, card: string): Promise<void> {
  const history = await till.call('GetCardOperations', { Request: { CardNumber: card } });
  io.out(`История карты ${card}:`);
  for (const operation of history.Operation as readonly Tree[]) {
    const { Document, Bonus, Accumulation, Receipts, BonusAfter, Comment } = operation;
    const why = typeof Comment === 'string' ? ` (${Comment})` : '';
    io.out(
      `  ${String(Document)}: бонусы ${signed(Bonus)}, накопление ${signed(Accumulation)}, чеки ${signed(Receipts)}`,
    );
    io.out(`    бонусов стало ${String(BonusAfter)}${why}`);
  }
}

function signed(value: unknown): string {
  const text = String(value);
  return text === '0' || text.startsWith('-') ? text : `+${text}`;
}

function describe(answer: Tree): string {
  const parts = [`ответ ${String(answer.ResultCode)}: ${String(answer.ResultText)}`];
  if (answer.Duplicate === true) parts.push('повтор, ничего не сдвинуто');
  if (answer.Accepted !== undefined) {
    parts.push(`принято ${String(answer.Accepted)}, связано с прежними ${String(answer.Linked)}`);
  }
  if (answer.BonusBalance !== undefined) {
    parts.push(`бонусы ${String(answer.BonusBalance)} (свободно ${String(answer.BonusAvailable)})`);
    parts.push(`накопление ${String(answer.AccumulationSum)}, чеков ${String(answer.ReceiptCount)}`);
  }
  if (answer.DiscountPercent !== undefined) parts.push(`скидка ${String(answer.DiscountPercent)} %`);
  return parts.join('; ');
}
