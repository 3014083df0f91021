// The SQL that the service itself runs for one call, taken down while its own operations run: what is compared with the
// service can so never drift from it.
import { saveCardKind } from '../src/db/catalogs/card-kind.ts';
import { insertCard } from '../src/db/cards/card.ts';
import type { Trx } from '../src/db/db.ts';
import type { CompiledStatement, Parameters, Statement } from '../src/db/statement.ts';
import type { LocalDateTime } from '../src/ledger/local-date-time.ts';
import type { Receipt } from '../src/ledger/receipt.ts';
import { Infobase } from '../src/operations/infobase.ts';
import { readCard } from '../src/operations/cards/read-card.ts';
import { registerReceipt } from '../src/operations/receipts/register-receipt.ts';
import type { CallKind } from './requests.ts';

export type ServiceQueries = Readonly<Record<CallKind, readonly CompiledStatement[]>>;

const now = '2026-11-22T10:11:12' as LocalDateTime;
const cardNumber = '1';

const receipt: Receipt = {
  operationId: 'id',
  kind: 'Sale',
  kkm: 'K-01',
  shiftNumber: 1,
  receiptNumber: 1,
  receiptAt: now,
  cardNumber,
  sumKopecks: 100,
  sumWithDiscountKopecks: 100,
  bonusAccruedKopecks: 1,
  bonusRedeemedKopecks: 0,
  accumulationDeltaKopecks: null,
  receiptCountDelta: null,
  offline: false,
  cashier: null,
  fn: null,
  fd: null,
  fp: null,
  original: null,
  lines: [],
};

/** The statements of a card read and of a receipt, in the order they run. */
export async function takeDownQueries(): Promise<ServiceQueries> {
  const infobase = await Infobase.open({ name: 'queries', file: ':memory:', hasSubscription: true });
  const kind = { code: 'K', name: 'K', purpose: 'discount', discount: { sort: 'none' } } as const;
  const noLimits = { maxRedeemPercentHundredths: null, accrualPercentHundredths: null };
  const noRules = { bonusRuleCode: null, accumulationRuleCode: null };
  const card = { number: cardNumber, kindCode: kind.code, holder: null, status: 'active', note: null } as const;
  await infobase.db.write(async (trx) => {
    await saveCardKind(trx, { ...kind, ...noLimits, ...noRules });
    await insertCard(trx, { ...card, validFrom: null, validTo: null });
  });
  const taken: CompiledStatement[] = [];
  const watched = watch(infobase, taken);
  const takeDown = async (call: () => Promise<{ readonly code: number }>): Promise<CompiledStatement[]> => {
    taken.length = 0;
    const { code } = await call();
    if (code !== 0) throw new Error(`the operation answered ${code}`);
    return [...taken];
  };
  const read = () => readCard(watched, now, { ok: true, value: { kkm: 'K-01', cardNumber, operationAt: now } });
  // The first call also reads settings that the following ones remember.
  await read();
  const queries = {
    card: await takeDown(read),
    receipt: await takeDown(() => registerReceipt(watched, now, { ok: true, value: receipt })),
  };
  await infobase.close();
  return queries;
}

function watch(infobase: Infobase, taken: CompiledStatement[]): Infobase {
  const { db } = infobase;
  const note = (statement: Statement<never, unknown>): void => {
    taken.push(statement.compile('better-sqlite3'));
  };
  const watchTrx = (trx: Trx): Trx => ({
    first: <P extends Parameters, R>(statement: Statement<P, R>, parameters: P) => {
      note(statement as Statement<never, unknown>);
      return trx.first(statement, parameters);
    },
    list: <P extends Parameters, R>(statement: Statement<P, R>, parameters: P) => {
      note(statement as Statement<never, unknown>);
      return trx.list(statement, parameters);
    },
    change: <P extends Parameters>(statement: Statement<P, unknown>, parameters: P) => {
      note(statement as Statement<never, unknown>);
      return trx.change(statement, parameters);
    },
    insert: <P extends Parameters>(statement: Statement<P, { id: number }>, parameters: P) => {
      note(statement as Statement<never, unknown>);
      return trx.insert(statement, parameters);
    },
  });
  const watchedDb: typeof db = {
    write: (work) => db.write((trx) => work(watchTrx(trx))),
    read: (work) => db.read((trx) => work(watchTrx(trx))),
    copyTo: (file, steps) => db.copyTo(file, steps),
    stage: db.stage.bind(db),
    listTroubles: () => db.listTroubles(),
    measure: () => db.measure(),
    close: () => db.close(),
  };
  return Object.create(infobase, { db: { value: watchedDb } }) as Infobase;
}
