// Statements are written once and compiled for SQLite and PostgreSQL: the same parameters in the right places of both, and
// no word in either that only one of them knows. Whether PostgreSQL takes them is tried in postgres/.
import { findCard, insertCard, listCardPage, updateCard, type NewCard } from '../../src/db/cards/card.ts';
import { findCardKind, listCardKinds, saveCardKind } from '../../src/db/catalogs/card-kind.ts';
import type { Trx } from '../../src/db/db.ts';
import { findLifeRule, listKindsByRule, listLifeRules, saveLifeRule } from '../../src/db/catalogs/life-rule.ts';
import { findHoldByOperationId, findActiveHoldOfReceipt, insertHold, updateHold } from '../../src/db/receipts/hold.ts';
import { probeReceipt } from '../../src/db/receipts/receipt-probe.ts';
import { answerReceiptCancel, getReceiptCancel, insertReceiptCancel } from '../../src/db/receipts/receipt-cancel.ts';
import { insertDocument } from '../../src/db/receipts/document.ts';
import {
  addReceiptFlag,
  getReceipt,
  insertReceipt,
  listReturnsOf,
  replaceReceiptContent,
  setReceiptState,
} from '../../src/db/receipts/receipt.ts';
import {
  limitMark,
  statement,
  type CompiledStatement,
  type Parameters,
  type Statement,
} from '../../src/db/statement.ts';
import type { CardKind } from '../../src/ledger/card.ts';
import type { LifeRule } from '../../src/ledger/life-rule.ts';
import type { LocalDate } from '../../src/ledger/local-date-time.ts';
import { naturalKeyOf, type Receipt } from '../../src/ledger/receipt.ts';
import type { Infobase } from '../../src/operations/infobase.ts';
import { loadStatements, type LoadedStatements, type RecordingModule } from './declared-statements.ts';
import { buildLine, moment, noon, openTestInfobase } from '../operations/testing-infobase.ts';

jest.mock('../../src/db/statement.ts', () => {
  const { recordStatements } =
    jest.requireActual<typeof import('./declared-statements.ts')>('./declared-statements.ts');
  return recordStatements(jest.requireActual('../../src/db/statement.ts'));
});

function compile(made: Pick<Statement<Parameters, unknown>, 'compile'>): [CompiledStatement, CompiledStatement] {
  return [made.compile('better-sqlite3'), made.compile('pg')];
}

describe('a statement', () => {
  test('names the parameter of each placeholder, in the order of the text', () => {
    const made = statement<{ a: string; b: number }>((knex, p) =>
      knex('t').where('x', p.b).where('y', p.a).orWhere('z', p.b).select('x'),
    );
    const [sqlite, pg] = compile(made);
    expect(sqlite).toEqual({
      sql: 'select `x` from `t` where `x` = ? and `y` = ? or `z` = ?',
      places: ['b', 'a', 'b'],
    });
    expect(pg).toEqual({ sql: 'select "x" from "t" where "x" = $1 and "y" = $2 or "z" = $3', places: ['b', 'a', 'b'] });
  });

  test('keeps constants as they are, zero and null among them', () => {
    const made = statement<{ a: string }>((knex, p) => knex('t').insert({ a: p.a, b: 0, c: null, d: 'word' }));
    for (const { places } of compile(made)) {
      expect(places).toEqual(['a', { constant: 0 }, { constant: null }, { constant: 'word' }]);
    }
  });

  test('takes a limit as a parameter too', () => {
    const made = statement<{ after: number; limit: number }>((knex, p) =>
      knex('t').where('id', '>', p.after).limit(limitMark).select('id'),
    );
    for (const { places } of compile(made)) expect(places).toEqual(['after', 'limit']);
  });

  test('carries parameters through raw text, wherever it stands', () => {
    const made = statement<{ now: string; id: number; add: number }>((knex, p) =>
      knex('t')
        .where('id', p.id)
        .update({ n: knex.raw('n + ?', [p.add]), at: p.now }),
    );
    const [sqlite, pg] = compile(made);
    expect(sqlite.sql).toBe('update `t` set `n` = n + ?, `at` = ? where `id` = ?');
    expect(pg.sql).toBe('update "t" set "n" = n + $1, "at" = $2 where "id" = $3');
    expect([sqlite.places, pg.places]).toEqual([
      ['add', 'now', 'id'],
      ['add', 'now', 'id'],
    ]);
  });

  test('an upsert, a count and a sum', () => {
    const upsert = statement<{ id: number; n: number }, { n: number }>((knex, p) =>
      knex('t')
        .insert({ id: p.id, n: p.n })
        .onConflict('id')
        .merge({ n: knex.raw('t.n + excluded.n') })
        .returning('n'),
    );
    for (const { sql, places } of compile(upsert)) {
      expect(sql.replaceAll(/[`"]/g, '').replaceAll(/\$\d/g, '?')).toBe(
        'insert into t (id, n) values (?, ?) on conflict (id) do update set n = t.n + excluded.n returning n',
      );
      expect(places).toEqual(['id', 'n']);
    }
  });
});

/** Words of one dialect alone; a few that come to mind first when SQL is written for it. */
const sqliteOnly =
  /\b(ifnull|julianday|strftime|datetime|unixepoch|rowid|glob|autoincrement|group_concat|json_extract|typeof|iif|printf|pragma|total|last_insert_rowid|sqlite_\w+)\b|insert or |replace into|indexed by/i;
const pgOnly = /\b(ilike|interval|array_agg|string_agg|jsonb\w*|greatest|least|distinct on|for update|now\(\))\b|::/i;

describe('every statement of src/db', () => {
  let statements: LoadedStatements;
  beforeAll(async () => {
    statements = await loadStatements(jest.requireMock<RecordingModule>('../../src/db/statement.ts'));
  });

  test('compiles for both, with the same parameters in the same places', () => {
    expect(statements.portable.length).toBeGreaterThan(200);
    for (const made of [...statements.portable, ...statements.sqlite]) {
      const [sqlite, pg] = compile(made);
      expect(pg.places).toEqual(sqlite.places);
      expect(sqlite.sql.match(/\?/g) ?? []).toHaveLength(sqlite.places.length);
      expect(pg.sql.match(/\$\d+/g) ?? []).toEqual(pg.places.map((_, index) => `$${index + 1}`));
      // A marker within a longer value would be bound as it stands.
      expect(JSON.stringify(sqlite.places)).not.toContain('parameter:');
    }
  });

  test('has no word in it that only one of the two knows', () => {
    for (const made of statements.portable) {
      const [sqlite, pg] = compile(made);
      expect(pg.sql).not.toMatch(sqliteOnly);
      expect(sqlite.sql).not.toMatch(pgOnly);
    }
  });
});

describe('what is written is read back, every value in its own column', () => {
  let infobase: Infobase;
  const card: NewCard = {
    number: '0042',
    kindCode: 'GOLD',
    holder: "Иванова «Ёлка» О'Нил",
    status: 'accrue_only',
    validFrom: '2026-01-02' as LocalDate,
    validTo: '2027-03-04' as LocalDate,
    note: 'заметка',
  };
  const kind: CardKind = {
    code: 'GOLD',
    name: 'Золотая',
    purpose: 'payment',
    discount: { sort: 'fixed', percentHundredths: 725 },
    maxRedeemPercentHundredths: 3_000,
    accrualPercentHundredths: 550,
    bonusRuleCode: 'B',
    accumulationRuleCode: 'A',
  };
  const rule: LifeRule = {
    code: 'B',
    name: 'Две недели',
    register: 'bonus',
    delay: { sort: 'days', count: 3 },
    life: { sort: 'end_of_quarter', count: 0 },
    lifeFrom: 'operation',
  };
  const full: Receipt = {
    operationId: 'op-1',
    kind: 'Return',
    kkm: 'KKM-7',
    shiftNumber: 11,
    receiptNumber: 12,
    receiptAt: moment('2026-11-22T13:14:15'),
    cardNumber: card.number,
    sumKopecks: 999_999_999_999_999,
    sumWithDiscountKopecks: 21,
    bonusAccruedKopecks: 22,
    bonusRedeemedKopecks: 23,
    accumulationDeltaKopecks: 24,
    receiptCountDelta: 25,
    isPayment: true,
    offline: true,
    cashier: 'Кассир',
    fn: 'fn',
    fd: 'fd',
    fp: 'fp',
    original: { kkm: 'KKM-8', shiftNumber: 31, receiptNumber: 32, receiptAt: moment('2026-11-21T01:02:03') },
    lines: [buildLine(), buildLine({ number: 2, name: null, quantity: '0.125', discountKopecks: 5 })],
  };
  const bare: Receipt = {
    ...full,
    operationId: null,
    receiptNumber: 13,
    accumulationDeltaKopecks: null,
    receiptCountDelta: null,
    isPayment: false,
    offline: false,
    cashier: null,
    fn: null,
    fd: null,
    fp: null,
    original: null,
    lines: [],
  };
  const write = <T>(work: (trx: Trx) => Promise<T>): Promise<T> => infobase.db.write(work);

  beforeAll(async () => {
    infobase = await openTestInfobase();
    await write((trx) => saveLifeRule(trx, rule));
    await write((trx) => saveLifeRule(trx, { ...rule, code: 'A', register: 'accumulation' }));
    await write((trx) => saveCardKind(trx, kind));
    await write((trx) => insertCard(trx, card));
  });
  afterAll(() => infobase.close());

  test('card kinds, and one saved again takes every new value', async () => {
    expect(await write((trx) => findCardKind(trx, 'GOLD'))).toMatchObject(kind);
    const other: CardKind = {
      ...kind,
      name: 'Б',
      purpose: 'discount',
      discount: { sort: 'none' },
      accrualPercentHundredths: null,
      bonusRuleCode: null,
    };
    await write((trx) => saveCardKind(trx, other));
    expect(await write((trx) => findCardKind(trx, 'GOLD'))).toMatchObject(other);
    expect((await write((trx) => listCardKinds(trx))).map(({ code }) => code)).toEqual(['BASE', 'GOLD']);
    await write((trx) => saveCardKind(trx, kind));
  });

  test('rules of life, and the kinds that have chosen them', async () => {
    expect(await write((trx) => findLifeRule(trx, 'B'))).toEqual(rule);
    const other: LifeRule = {
      ...rule,
      name: 'До даты',
      delay: { sort: 'none' },
      life: { sort: 'fixed_date', on: '2027-01-01' as LocalDate },
      lifeFrom: 'credit',
    };
    await write((trx) => saveLifeRule(trx, other));
    expect((await write(listLifeRules)).map(({ code }) => code)).toEqual(['A', 'B']);
    expect((await write(listLifeRules))[1]).toEqual(other);
    expect([...(await write(listKindsByRule))]).toEqual([
      ['B', ['GOLD']],
      ['A', ['GOLD']],
    ]);
  });

  test('cards', async () => {
    const stored = await write((trx) => findCard(trx, '0042'));
    expect(stored).toMatchObject(card);
    if (stored === undefined) throw new Error('the card is there');
    const changed = { ...stored, holder: null, status: 'active', validFrom: null, note: null } as const;
    await write((trx) => updateCard(trx, changed));
    expect(await write((trx) => listCardPage(trx, 0, 10))).toEqual([changed]);
    expect(await write((trx) => listCardPage(trx, stored.id, 10))).toEqual([]);
    await write((trx) => updateCard(trx, stored));
    expect(await write((trx) => findCard(trx, '42'))).toBeUndefined();
  });

  test('receipts, full and bare, and one whose content a report replaced', async () => {
    const id = await write((trx) => insertReceipt(trx, full, 1, 'online', ['debt', 'over_returned']));
    const stored = { cardId: 1, road: 'online', state: 'posted', onlineContent: null };
    expect(await write((trx) => getReceipt(trx, id))).toEqual({
      ...full,
      ...stored,
      id,
      flags: ['debt', 'over_returned'],
    });
    const bareId = await write((trx) => insertReceipt(trx, bare, 1, 'report', []));
    expect(await write((trx) => getReceipt(trx, bareId))).toEqual({
      ...bare,
      ...stored,
      id: bareId,
      road: 'report',
      flags: [],
    });
    const { original } = full;
    if (original === null) throw new Error('the original is there');
    const returns = await write((trx) => listReturnsOf(trx, naturalKeyOf(original, 'Sale')));
    expect(returns.map((one) => one.id)).toEqual([id]);

    const report = { ...bare, receiptNumber: 12, operationId: 'op-2', sumKopecks: 41, bonusAccruedKopecks: 42 };
    await write((trx) => replaceReceiptContent(trx, id, report, 1, ['report_differs'], full));
    await write((trx) => setReceiptState(trx, id, 'cancelled'));
    await write((trx) => addReceiptFlag(trx, id, 'debt'));
    await write((trx) => addReceiptFlag(trx, bareId, 'debt'));
    expect(await write((trx) => getReceipt(trx, id))).toEqual({
      ...report,
      ...stored,
      id,
      state: 'cancelled',
      flags: ['report_differs', 'debt'],
      onlineContent: full,
    });
    expect((await write((trx) => getReceipt(trx, bareId))).flags).toEqual(['debt']);
    expect(await write((trx) => listReturnsOf(trx, naturalKeyOf(original, 'Sale')))).toEqual([]);
  });

  test('cancels', async () => {
    const cancel = {
      ...naturalKeyOf(full, 'Return'),
      operationId: 'cancel-1',
      receiptAt: full.receiptAt,
      cardNumber: '0042',
      reason: 'ошибка',
      cancelledAt: noon,
    };
    const id = await write((trx) => insertReceiptCancel(trx, cancel));
    const documentId = await write((trx) =>
      insertDocument(trx, {
        kind: 'KkmOperation',
        datedAt: noon,
        recordedAt: noon,
        receiptId: null,
        reply: null,
        comment: null,
      }),
    );
    await write((trx) => answerReceiptCancel(trx, id, documentId, '[]'));
    expect(await write((trx) => getReceiptCancel(trx, id))).toEqual({ ...cancel, id, documentId, reply: '[]' });
  });

  test('holds, found by each of their keys while they are active', async () => {
    const hold = {
      operationId: 'hold-1',
      kkm: 'KKM-7',
      shiftNumber: 11,
      receiptNumber: 12,
      receiptOn: '2026-11-22',
      cardId: 1,
      amount: 999_999_999_999_999,
      state: 'active',
      expiresAt: moment('2026-11-22T12:15:00'),
      reply: '[1]',
      releaseReply: null,
    } as const;
    await write((trx) => insertHold(trx, hold));
    const stored = await write((trx) => findHoldByOperationId(trx, 'hold-1'));
    expect(stored).toEqual({ ...hold, id: stored?.id });
    if (stored === undefined) throw new Error('the hold is there');
    const ofReceipt = (now = noon) => write((trx) => findActiveHoldOfReceipt(trx, full, 1, now));
    expect(await ofReceipt()).toEqual(stored);
    expect(await ofReceipt(moment('2026-11-22T12:15:00'))).toBeUndefined();
    expect(await write((trx) => findActiveHoldOfReceipt(trx, full, 2, noon))).toBeUndefined();
    const freed = { ...stored, state: 'released', expiresAt: noon, reply: null, releaseReply: '[2]' } as const;
    await write((trx) => updateHold(trx, freed));
    expect(await write((trx) => findHoldByOperationId(trx, 'hold-1'))).toEqual(freed);
    expect(await ofReceipt()).toBeUndefined();
  });

  test('the traces of a receipt: each found by its own key alone', async () => {
    const sale = { ...bare, kind: 'Sale', receiptNumber: 50, operationId: 'sale-50' } as const;
    const original = { kkm: sale.kkm, shiftNumber: 11, receiptNumber: 50, receiptAt: sale.receiptAt };
    const saleId = await write((trx) => insertReceipt(trx, sale, 1, 'online', []));
    const partId = await write((trx) => insertReceipt(trx, { ...bare, receiptNumber: 51, original }, 1, 'online', []));
    const key = naturalKeyOf(sale, 'Sale');
    const cancel = {
      ...key,
      operationId: null,
      receiptAt: sale.receiptAt,
      cardNumber: null,
      reason: null,
      cancelledAt: noon,
    };
    const nothing = {
      byOperationId: undefined,
      byNaturalKey: undefined,
      cancelId: undefined,
      originalId: undefined,
      originalCancelId: undefined,
      hasReturns: false,
    };
    const probe = (...asked: Tail<typeof probeReceipt>) => write((trx) => probeReceipt(trx, ...asked));
    expect(await probe('sale-50', key, null)).toEqual({
      ...nothing,
      byOperationId: saleId,
      byNaturalKey: saleId,
      hasReturns: true,
    });
    expect(await probe(null, naturalKeyOf({ ...bare, receiptNumber: 51 }, 'Return'), original)).toEqual({
      ...nothing,
      byNaturalKey: partId,
      originalId: saleId,
    });
    const cancelId = await write((trx) => insertReceiptCancel(trx, cancel));
    expect(await probe('nobody', key, null)).toMatchObject({ byOperationId: undefined, cancelId });
    expect(await probe(null, naturalKeyOf({ ...bare, receiptNumber: 52 }, 'Return'), original)).toEqual({
      ...nothing,
      originalId: saleId,
      originalCancelId: cancelId,
    });
    for (const other of [
      { ...key, kkm: 'KKM-8' },
      { ...key, shiftNumber: 12 },
      { ...key, receiptNumber: 53 },
      { ...key, receiptOn: '2026-11-23' as LocalDate },
    ]) {
      expect(await probe(null, other, null)).toEqual(nothing);
    }
  });
});

type Tail<F> = F extends (first: never, ...rest: infer R) => unknown ? R : never;
