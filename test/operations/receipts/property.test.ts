// Random short histories of two tills and two cards, sent to the operations and to the model: after every call the same
// answer, after every history the same balances, in the register and in its running sums.
import * as fc from 'fast-check';
import { findCard, updateCard } from '../../../src/db/cards/card.ts';
import { statement } from '../../../src/db/statement.ts';
import type { HoldRequest } from '../../../src/ledger/hold.ts';
import { addSeconds, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Receipt, ReceiptKey } from '../../../src/ledger/receipt.ts';
import type { CancelRequest } from '../../../src/operations/receipts/cancel-receipt.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import type { OperationReply } from '../../../src/operations/operation-reply.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import {
  Model,
  type ModelCancel,
  type ModelKey,
  type ModelReceipt,
  type ModelReply,
  type ModelReserve,
  type ReturnFigures,
} from './model.ts';
import {
  addCard,
  addKind,
  buildSale,
  cancel,
  getBalance,
  listMovements,
  moment,
  openBalances,
  openTestInfobase,
  register,
  release,
  reserve,
  setSetting,
  showCard,
  sumMovements,
  upload,
} from '../testing-infobase.ts';

const runs = 3_400 * depth;
const holdSeconds = 900;
const start = moment('2026-11-22T09:00:00');

// What tills say. Few values, so that keys, ids and sums are often the same.

const sums = [0n, 1n, 50n, 99n, 100n, 333n, 1_000n];
const bonuses = [0n, 0n, 0n, 1n, 33n, 101n, 400n];
const maybe = <T>(values: fc.Arbitrary<T>, freq: number) => fc.option(values, { freq, nil: null });

const key = fc.record({
  kkm: fc.constantFrom('1', '2'),
  shift: fc.constant(1),
  number: fc.integer({ min: 1, max: 3 }),
  on: fc.constantFrom('2026-11-22', '2026-11-22', '2026-11-22', '2026-11-21'),
});
/** P is a payment card; C is in no catalog. */
const card = fc.constantFrom('A', 'A', 'A', 'A', 'A', 'B', 'B', 'P', 'P', 'C');
const operationId = maybe(fc.constantFrom('X', 'Y', 'Z'), 2);

const common = {
  operationId,
  card,
  sum: fc.constantFrom(...sums),
  accrued: fc.constantFrom(...bonuses),
  redeemed: fc.constantFrom(...bonuses),
  accumulationDelta: maybe(fc.constantFrom(...sums), 6),
  countDelta: maybe(fc.constantFrom(0n, 1n, 2n), 8),
  offline: fc.boolean(),
};
const withKey = <T>(fields: fc.Arbitrary<T>): fc.Arbitrary<T & ModelKey> =>
  fc.tuple(key, fields).map(([where, rest]) => ({ ...where, ...rest }));
const sale: fc.Arbitrary<ModelReceipt> = withKey(
  // A till may name an original in a sale too: it means nothing there.
  fc.record({
    ...common,
    kind: fc.constant('Sale' as const),
    original: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: key }),
  }),
);
const part: fc.Arbitrary<ModelReceipt> = withKey(
  fc.record({ ...common, kind: fc.constant('Return' as const), original: maybe(key, 8) }),
);
const receipt = fc.oneof({ weight: 3, arbitrary: sale }, { weight: 2, arbitrary: part });

const road = fc.constantFrom('online' as const, 'report' as const);
const reserveRequest: fc.Arbitrary<ModelReserve> = withKey(
  fc.record({ operationId, card, amount: fc.constantFrom(0n, 1n, 101n, 400n, 600n) }),
);
const cancelRequest: fc.Arbitrary<ModelCancel> = withKey(
  fc.record({
    kind: fc.constantFrom('Sale' as const, 'Sale' as const, 'Return' as const),
    operationId,
    card: maybe(card, 2),
  }),
);

type Told =
  | { readonly verb: 'tell'; readonly road: 'online' | 'report'; readonly receipt: ModelReceipt }
  | { readonly verb: 'upload'; readonly receipts: readonly ModelReceipt[] }
  | { readonly verb: 'cancel'; readonly request: ModelCancel }
  | { readonly verb: 'reserve' | 'release'; readonly request: ModelReserve };
type Step =
  | Told
  | { readonly verb: 'clock'; readonly seconds: number }
  | { readonly verb: 'status'; readonly card: string; readonly status: 'active' | 'accrue_only' | 'blocked' }
  /** An earlier call again, word for word; a receipt by any road. */
  | { readonly verb: 'again'; readonly which: number; readonly road: 'online' | 'report' | null }
  /** An earlier receipt again, with some fields of another. */
  | {
      readonly verb: 'changed';
      readonly which: number;
      readonly road: 'online' | 'report';
      readonly change: Partial<ModelReceipt>;
    }
  /** A return of an earlier sale, or what follows from an earlier receipt: its cancel, its reserve, its release. */
  | { readonly verb: 'return'; readonly which: number; readonly road: 'online' | 'report'; readonly part: ModelReceipt }
  | { readonly verb: 'undo'; readonly which: number; readonly request: ModelCancel }
  | { readonly verb: 'hold' | 'unhold'; readonly which: number; readonly request: ModelReserve };

const which = fc.nat(20);
const change = fc
  .tuple(
    receipt,
    fc.subarray(['card', 'sum', 'accrued', 'redeemed', 'accumulationDelta', 'original', 'operationId'] as const),
  )
  .map(([other, names]) => Object.fromEntries(names.map((name) => [name, other[name]])) as Partial<ModelReceipt>);
const verb = <V extends string>(name: V): fc.Arbitrary<V> => fc.constant(name);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ verb: verb('tell'), road, receipt: sale }) },
  { weight: 2, arbitrary: fc.record({ verb: verb('tell'), road, receipt: part }) },
  { weight: 5, arbitrary: fc.record({ verb: verb('return'), which, road, part }) },
  { weight: 2, arbitrary: fc.record({ verb: verb('upload'), receipts: fc.array(receipt, { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ verb: verb('cancel'), request: cancelRequest }) },
  { weight: 2, arbitrary: fc.record({ verb: verb('undo'), which, request: cancelRequest }) },
  { weight: 3, arbitrary: fc.record({ verb: verb('reserve'), request: reserveRequest }) },
  { weight: 2, arbitrary: fc.record({ verb: verb('hold'), which, request: reserveRequest }) },
  { weight: 1, arbitrary: fc.record({ verb: verb('release'), request: reserveRequest }) },
  { weight: 1, arbitrary: fc.record({ verb: verb('unhold'), which, request: reserveRequest }) },
  { weight: 3, arbitrary: fc.record({ verb: verb('again'), which, road: maybe(road, 1) }) },
  { weight: 3, arbitrary: fc.record({ verb: verb('changed'), which, road, change }) },
  { weight: 2, arbitrary: fc.record({ verb: verb('clock'), seconds: fc.constantFrom(1, 450, 899, 900, 86_400) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: verb('status'),
      card,
      status: fc.constantFrom('active' as const, 'accrue_only' as const, 'blocked' as const),
    }),
  },
);

const history = fc.record({
  mode: fc.constantFrom<ReturnFigures>('till_or_proportion', 'till_or_proportion', 'proportion', 'till'),
  opening: fc.record({
    A: fc.constantFrom(0n, 500n, 1_000n),
    B: fc.constantFrom(0n, 500n),
    P: fc.constantFrom(0n, 500n),
  }),
  steps: fc.array(step, { minLength: 1, maxLength: 14 }),
});

/** What a step says, once the earlier calls it leans on are looked up; undefined where there are none. */
function resolve(one: Step, earlier: readonly Told[]): Told | Exclude<Step, { which: number }> | undefined {
  if (!('which' in one)) return one;
  const receipts = earlier.flatMap((call) =>
    call.verb === 'tell' ? [call.receipt] : call.verb === 'upload' ? call.receipts : [],
  );
  if (one.verb === 'again') {
    const call = earlier[one.which % earlier.length];
    return call?.verb === 'tell' ? { ...call, road: one.road ?? call.road } : call;
  }
  const about = receipts[one.which % receipts.length];
  if (about === undefined) return undefined;
  const { kkm, shift, number, on } = about;
  const where = { kkm, shift, number, on };
  switch (one.verb) {
    case 'changed':
      return { verb: 'tell', road: one.road, receipt: { ...about, ...one.change } };
    case 'return':
      return { verb: 'tell', road: one.road, receipt: { ...one.part, card: about.card, original: where } };
    case 'undo':
      return { verb: 'cancel', request: { ...one.request, ...where, kind: about.kind } };
    case 'hold':
      return {
        verb: 'reserve',
        request: { ...one.request, ...where, card: about.card, operationId: about.operationId },
      };
    case 'unhold':
      return {
        verb: 'release',
        request: { ...one.request, ...where, card: about.card, operationId: about.operationId },
      };
  }
}

// The same words for the operations: names are made the run's own, so that one database serves many runs.

const sumOf = (value: bigint | null): number | null => (value === null ? null : Number(value));

class Counter {
  readonly model: Model;
  private readonly infobase: Infobase;
  private readonly prefix: string;
  private readonly replies: OperationReply[] = [];

  constructor(infobase: Infobase, prefix: string, mode: ReturnFigures) {
    this.infobase = infobase;
    this.prefix = prefix;
    this.model = new Model(mode, holdSeconds);
  }

  nameOf(text: string): string {
    return `${this.prefix}-${text}`;
  }

  private get now(): LocalDateTime {
    return addSeconds(start, this.model.now);
  }

  private keyOf({ kkm, shift, number, on }: ModelKey): ReceiptKey {
    // The time of day takes no part in a key: it is another in every call.
    const time = `T12:00:${String(this.replies.length % 60).padStart(2, '0')}`;
    return { kkm: this.nameOf(kkm), shiftNumber: shift, receiptNumber: number, receiptAt: moment(on + time) };
  }

  private idOf(id: string | null): string | null {
    return id === null ? null : this.nameOf(id);
  }

  private receiptOf(told: ModelReceipt): Receipt {
    return buildSale({
      ...this.keyOf(told),
      operationId: this.idOf(told.operationId),
      kind: told.kind,
      cardNumber: this.nameOf(told.card),
      sumWithDiscountKopecks: Number(told.sum),
      bonusAccruedKopecks: Number(told.accrued),
      bonusRedeemedKopecks: Number(told.redeemed),
      accumulationDeltaKopecks: sumOf(told.accumulationDelta),
      receiptCountDelta: sumOf(told.countDelta),
      offline: told.offline,
      cashier: `Кассир ${this.replies.length}`,
      original: told.original === null ? null : this.keyOf(told.original),
    });
  }

  private cancelOf(told: ModelCancel): CancelRequest {
    const cardNumber = told.card === null ? null : this.nameOf(told.card);
    return { ...this.keyOf(told), operationId: this.idOf(told.operationId), kind: told.kind, cardNumber, reason: null };
  }

  private reserveOf(told: ModelReserve): HoldRequest {
    const amountKopecks = Number(told.amount);
    return {
      ...this.keyOf(told),
      operationId: this.idOf(told.operationId),
      cardNumber: this.nameOf(told.card),
      amountKopecks,
    };
  }

  async open(cards: Readonly<Record<string, bigint>>): Promise<void> {
    for (const [name, bonus] of Object.entries(cards)) {
      this.model.statuses.set(name, 'active');
      this.model.opening.set(name, bonus);
      const isPayment = name === 'P';
      if (isPayment) this.model.payment.add(name);
      await addCard(this.infobase, { number: this.nameOf(name), kindCode: isPayment ? 'PAY' : 'BASE' });
      if (bonus > 0n) await openBalances(this.infobase, this.nameOf(name), { bonus: Number(bonus) });
    }
  }

  /** Sends the same to the operations and the model, and compares the answers. */
  async take(one: Told | Exclude<Step, { which: number }>): Promise<void> {
    const { model, infobase, now } = this;
    switch (one.verb) {
      case 'clock':
        model.now += one.seconds;
        return;
      case 'status':
        return this.setStatus(one.card, one.status);
      case 'upload':
        return this.upload(one.receipts);
      case 'tell':
        if (one.road === 'report') return this.upload([one.receipt]);
        return this.registerOnline(one.receipt);
      case 'cancel': {
        const reply = await cancel(infobase, this.cancelOf(one.request), now);
        return this.compare(reply, model.cancel(this.replies.length, one.request), one.request.operationId);
      }
      case 'reserve': {
        const reply = await reserve(infobase, this.reserveOf(one.request), now);
        this.compare(reply, model.reserve(this.replies.length, one.request), one.request.operationId);
        if (reply.code !== 0 || reply.duplicate) return;
        expect(await this.sumHolds(one.request.card)).toBeLessThanOrEqual(reply.bonusBalance);
        return;
      }
      case 'release': {
        const reply = await release(infobase, this.reserveOf(one.request), now);
        return this.compare(reply, model.release(this.replies.length, one.request), one.request.operationId);
      }
    }
  }

  private async registerOnline(told: ModelReceipt): Promise<void> {
    const before = await getBalance(this.infobase, this.nameOf(told.card));
    const reply = await register(this.infobase, this.receiptOf(told), this.now);
    this.compare(reply, this.model.tell(this.replies.length, 'online', told), told.operationId);
    const hasSpent =
      reply.code === 0 && !reply.duplicate && told.kind === 'Sale' && !told.offline && told.redeemed > 0n;
    if (!hasSpent) return;
    // Nobody spends online what another receipt has set aside.
    expect(Number(told.redeemed) + (await this.sumHolds(told.card))).toBeLessThanOrEqual(before.bonus);
  }

  private async upload(told: readonly ModelReceipt[]): Promise<void> {
    const receipts = told.map((one) => this.receiptOf(one));
    const reply = await upload(this.infobase, receipts, this.now);
    expectSame(reply.code, 0);
    expectSame(reply.results.length, told.length);
    reply.results.forEach((result, index) => {
      const one = told[index] as ModelReceipt;
      this.compare(result, this.model.tell(this.replies.length, 'report', one), one.operationId);
    });
    expectSame(
      [reply.accepted, reply.linked, reply.rejected],
      [
        reply.results.filter(({ code, duplicate }) => code === 0 && !duplicate).length,
        reply.results.filter(({ duplicate }) => duplicate).length,
        reply.results.filter(({ code }) => code !== 0).length,
      ],
    );
  }

  private async setStatus(name: string, status: 'active' | 'accrue_only' | 'blocked'): Promise<void> {
    if (!this.model.statuses.has(name)) return;
    this.model.statuses.set(name, status);
    await this.infobase.db.write(async (trx) => {
      const stored = await findCard(trx, this.nameOf(name));
      if (stored !== undefined) await updateCard(trx, { ...stored, status });
    });
  }

  private compare(reply: OperationReply, expected: ModelReply, givenId: string | null): void {
    this.replies.push(reply);
    if (expected.repeatOf !== null) {
      expectSame(reply, { ...this.replies[expected.repeatOf], duplicate: true });
      return;
    }
    if (givenId === null) expectSame(reply.operationId.length > 0, true);
    else expectSame(reply.operationId, this.nameOf(givenId));
    const { code, duplicate, bonusBalance, bonusAvailable, accumulation, receipts } = reply;
    expectSame(
      { code, duplicate, bonusBalance, bonusAvailable, accumulation, receipts },
      {
        code: expected.code,
        duplicate: false,
        bonusBalance: Number(expected.bonus),
        bonusAvailable: Number(expected.available),
        accumulation: Number(expected.accumulation),
        receipts: Number(expected.receipts),
      },
    );
  }

  private async sumHolds(name: string): Promise<number> {
    const row = await this.infobase.db.read((trx) =>
      trx.first(standingHolds, { number: this.nameOf(name), now: this.now }),
    );
    return row?.held ?? 0;
  }

  async compareBalances(): Promise<void> {
    for (const name of this.model.statuses.keys()) {
      const number = this.nameOf(name);
      const balance = await getBalance(this.infobase, number);
      const movements = await listMovements(this.infobase, number);
      const expected = this.model.balanceOf(name);
      expectSame(balance, {
        bonus: Number(expected.bonus),
        accumulation: Number(expected.accumulation),
        receipts: Number(expected.receipts),
      });
      expectSame(sumMovements(movements), balance);
      let running = 0;
      expectSame(
        movements.map(({ bonusAfter }) => bonusAfter),
        movements.map(({ bonus }) => (running += bonus)),
      );
      const { bonusBalance, bonusAvailable, accumulation, receipts } = await showCard(this.infobase, number, this.now);
      const isActive = this.model.statuses.get(name) === 'active';
      expectSame(
        { bonusBalance, bonusAvailable, accumulation, receipts },
        {
          bonusBalance: balance.bonus,
          bonusAvailable: isActive ? Number(this.model.availableOf(name)) : 0,
          accumulation: balance.accumulation,
          receipts: balance.receipts,
        },
      );
    }
  }
}

const standingHolds = statement<{ number: string; now: string }, { held: number }>((knex, p) =>
  knex('hold')
    .join('card', 'card.id', 'hold.card_id')
    .where('card.number', p.number)
    .where('hold.state', 'active')
    .where('hold.expires_at', '>', p.now)
    .sum({ held: 'hold.amount' }),
);

describe('the operations and the model', () => {
  const infobases = new Map<ReturnFigures, Infobase>();
  beforeAll(async () => {
    for (const mode of ['till_or_proportion', 'proportion', 'till'] as const) {
      const infobase = await openTestInfobase();
      await addKind(infobase, { code: 'PAY', purpose: 'payment' });
      await setSetting(infobase, 'returnFigures', mode);
      await setSetting(infobase, 'holdTimeout', String(holdSeconds));
      infobases.set(mode, infobase);
    }
  });
  afterAll(async () => {
    for (const infobase of infobases.values()) await infobase.close();
  });

  test(`agree on ${runs} random histories`, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(history, async ({ mode, opening, steps }) => {
        run += 1;
        const counter = new Counter(infobases.get(mode) as Infobase, `R${run}`, mode);
        await counter.open(opening);
        const told: Told[] = [];
        for (const one of steps) {
          const words = resolve(one, told);
          if (words === undefined) continue;
          if (words.verb !== 'clock' && words.verb !== 'status') told.push(words);
          await counter.take(words);
        }
        await counter.compareBalances();
      }),
      { numRuns: runs, seed: fileSeed },
    );
  });
});
