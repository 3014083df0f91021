// Tills that ask online under billing. Where nothing ages, every answer is the one that stage online gives, word for word;
// where it does, the registers are what the facts make after every day, and answers show what the registers hold.
import * as fc from 'fast-check';
import { addDays, addSeconds, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import {
  addCard,
  buildCancel,
  buildReserve,
  buildSale,
  cancel,
  keyOf,
  moment,
  openTestInfobase,
  register,
  release,
  reserve,
  setSetting,
  showCard,
  upload,
} from '../testing-infobase.ts';
import { kinds } from './histories.ts';
import { listFaults, playStart } from './plays.ts';
import { addRuledKind, getAccount, listBillingRows, openBilling, passNightsTo } from './testing-billing.ts';

type Verb = 'register' | 'upload' | 'reserve' | 'release' | 'cancel' | 'again' | 'report' | 'eve' | 'night' | 'clock';

/** A call as a till makes it: of few receipts, so that keys are often the same. */
interface Call {
  readonly verb: Verb;
  readonly number: number;
  /** The sale that it returns; 0 for a sale. */
  readonly of: number;
  readonly card: 'A' | 'B';
  readonly operationId: string | null;
  readonly sum: number;
  readonly accrued: number;
  readonly redeemed: number;
  readonly accumulation: number | null;
  readonly offline: boolean;
  readonly seconds: number;
}

const verbs: readonly (readonly [number, Verb])[] = [
  [8, 'register'],
  [3, 'upload'],
  [3, 'reserve'],
  [1, 'release'],
  [2, 'cancel'],
  [2, 'again'],
  [2, 'report'],
  [3, 'eve'],
  [3, 'night'],
  [2, 'clock'],
];
const call: fc.Arbitrary<Call> = fc.record({
  verb: fc.oneof(...verbs.map(([weight, verb]) => ({ weight, arbitrary: fc.constant(verb) }))),
  number: fc.integer({ min: 1, max: 4 }),
  of: fc.constantFrom(0, 0, 1, 2, 3),
  card: fc.constantFrom('A', 'A', 'A', 'B'),
  operationId: fc.option(fc.constantFrom('X', 'Y'), { freq: 2 }),
  sum: fc.constantFrom(0, 1, 100, 333, 1_000),
  accrued: fc.constantFrom(0, 33, 101, 400),
  redeemed: fc.constantFrom(0, 0, 1, 50, 300),
  accumulation: fc.option(fc.constantFrom(0, 50, 333), { freq: 5 }),
  offline: fc.boolean(),
  seconds: fc.constantFrom(1, 450, 900),
});
const calls = fc.array(call, { minLength: 3, maxLength: 16 });

class Till {
  private readonly infobase: Infobase;
  private readonly name: string;
  private now: LocalDateTime;
  private readonly told: Receipt[] = [];
  private days = 0;

  constructor(infobase: Infobase, name: string, now: LocalDateTime) {
    this.infobase = infobase;
    this.name = name;
    this.now = now;
  }

  cardOf(card: 'A' | 'B'): string {
    return `${this.name}-${card}`;
  }

  async open(kind: string): Promise<void> {
    for (const card of ['A', 'B'] as const) await addCard(this.infobase, { number: this.cardOf(card), kindCode: kind });
    const first = { cardNumber: this.cardOf('A'), bonusAccruedKopecks: 500, receiptNumber: 99 };
    await register(this.infobase, buildSale({ kkm: this.name, receiptAt: this.now, ...first }), this.now);
  }

  private toReceipt(given: Call): Receipt {
    const own = { kkm: this.name, shiftNumber: 1 };
    const isReturn = given.of > 0;
    return buildSale({
      ...own,
      operationId: given.operationId === null ? null : `${this.name} ${given.operationId} ${given.number}`,
      kind: isReturn ? 'Return' : 'Sale',
      receiptNumber: isReturn ? 100 + given.number : given.number,
      receiptAt: this.now,
      cardNumber: this.cardOf(given.card),
      sumWithDiscountKopecks: given.sum,
      bonusAccruedKopecks: given.accrued,
      bonusRedeemedKopecks: given.redeemed,
      accumulationDeltaKopecks: given.accumulation,
      offline: given.offline,
      original: isReturn
        ? keyOf(
            this.told.find(({ receiptNumber, kind }) => kind === 'Sale' && receiptNumber === given.of) ?? {
              ...own,
              receiptNumber: given.of,
              receiptAt: this.now,
            },
          )
        : null,
    });
  }

  /** @returns the answer; the clock has none, nor has the next morning. */
  async make(given: Call): Promise<unknown> {
    const { infobase } = this;
    const receipt = this.toReceipt(given);
    const earlier = this.told[given.number % Math.max(1, this.told.length)];
    switch (given.verb) {
      case 'register':
        this.told.push(receipt);
        return register(infobase, receipt, this.now);
      case 'upload':
        this.told.push(receipt);
        return upload(infobase, [receipt], this.now);
      case 'again':
        return earlier === undefined ? undefined : register(infobase, earlier, this.now);
      case 'report':
        return earlier === undefined
          ? undefined
          : upload(
              infobase,
              // It may say that a return was of another sale.
              [{ ...receipt, ...keyOf(earlier), kind: earlier.kind, original: receipt.original ?? earlier.original }],
              this.now,
            );
      case 'reserve':
        return reserve(infobase, buildReserve(receipt), this.now);
      case 'release':
        return release(infobase, buildReserve(receipt), this.now);
      case 'cancel':
        return earlier === undefined ? undefined : cancel(infobase, buildCancel(earlier), this.now);
      case 'clock':
        this.now = addSeconds(this.now, given.seconds);
        return undefined;
      case 'eve': {
        // Ten minutes before the night: a hold made now is active at it.
        const eve = moment(`${addDays(playStart, this.days + 1)}T01:50:00`);
        if (this.now < eve) this.now = eve;
        return undefined;
      }
      case 'night': {
        this.days += 1;
        const on = addDays(playStart, this.days);
        this.now = moment(`${on}T${this.now.slice(0, 10) === on ? '02:02:00' : '09:00:00'}`);
        return undefined;
      }
    }
  }

  async checkAnswers(availability: string): Promise<void> {
    for (const card of ['A', 'B'] as const) {
      const { bonus, accumulation, receipts, pending, rows } = await getAccount(this.infobase, this.cardOf(card));
      const shown = await showCard(this.infobase, this.cardOf(card), this.now);
      const coming = pending
        .filter((credit) => credit.startsWith('bonus'))
        .map((credit) => Number(credit.split(' ')[1]));
      expect(shown).toMatchObject({
        bonusBalance: bonus,
        accumulation,
        receipts,
        bonusPending: coming.reduce((sum, amount) => sum + amount, 0),
      });
      const live = Object.entries(rows.bonus).filter(([writeOffOn]) => writeOffOn > this.now.slice(0, 10));
      const covered = live.reduce((sum, [, amount]) => sum + amount, 0);
      const spendable = availability === 'covered' ? Math.min(bonus, Math.max(0, covered)) : bonus;
      expect(shown.bonusAvailable).toBeLessThanOrEqual(Math.max(0, spendable));
      expectSame(await listFaults(this.infobase, this.cardOf(card)), []);
    }
  }
}

/** Without the names of documents: under billing a cancel makes one also where «Накопления» has nothing to move. */
function nameless(answer: unknown): unknown {
  return answer === undefined
    ? undefined
    : JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === 'document' ? null : value)));
}

const runs = 100 * depth;

test(`${runs} random histories without ageing: billing answers as stage online does`, async () => {
  const given = fc.sample(calls, { numRuns: runs, seed: fileSeed });
  const online = await openTestInfobase();
  const billing = await openBilling({ start: playStart });
  for (const [index, history] of given.entries()) {
    const now = moment(`${playStart}T09:00:00`);
    const tills = [online, billing].map((infobase) => new Till(infobase, `T${index}`, now)) as [Till, Till];
    for (const till of tills) await till.open('BASE');
    for (const [step, one] of history.entries()) {
      const [expected, answer] = [nameless(await tills[0].make(one)), nameless(await tills[1].make(one))];
      expectSame({ history, step, answer }, { history, step, answer: expected });
    }
    await tills[1].checkAnswers('balance');
    // Where no night has been, nothing is made good: each receipt's documents say all that it and its returns moved.
    for (const card of ['A', 'B'] as const) {
      const rows = await listBillingRows(billing, tills[1].cardOf(card));
      expectSame(
        { history, origins: [...new Set(rows.map(({ origin }) => origin))] },
        {
          history,
          origins: rows.length === 0 ? [] : ['receipt'],
        },
      );
    }
  }
  await online.close();
  await billing.close();
});

test.each([
  ['balance', 'compensate'],
  ['covered', 'compensate'],
  ['covered', 'keep'],
] as const)(
  `random histories with nights, availability %s, %s: registers are what the facts make`,
  async (availability, lateOffline) => {
    const given = fc.sample(fc.record({ history: calls, kind: fc.constantFrom(...Object.keys(kinds)) }), {
      numRuns: 20 * depth,
      seed: fileSeed,
    });
    const infobase = await openBilling({ start: playStart, settings: { availability, lateOffline } });
    for (const [code, rules] of Object.entries(kinds)) await addRuledKind(infobase, code, rules);
    await setSetting(infobase, 'holdTimeout', '900');
    const now = moment(`${playStart}T09:00:00`);
    await passNightsTo(infobase, playStart);
    const tills = given.map((one, index) => ({ ...one, till: new Till(infobase, `T${index}`, now), step: 0 }));
    for (const { till, kind } of tills) await till.open(kind);
    // All tills live through the same nights: each makes its calls up to its next night.
    for (let nights = 1; tills.some(({ history, step }) => step < history.length); nights += 1) {
      for (const one of tills) {
        while (one.step < one.history.length) {
          const next = one.history[one.step] as Call;
          one.step += 1;
          if (next.verb === 'night') break;
          await one.till.make(next);
        }
        await one.till.checkAnswers(availability);
      }
      await passNightsTo(infobase, addDays(playStart, nights));
      for (const { till } of tills) await till.make({ verb: 'night' } as Call);
    }
    await infobase.close();
  },
);
