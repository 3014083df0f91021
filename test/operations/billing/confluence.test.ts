// Under billing any order of arrival, nights included, ends in one state: balances, rows and pending credits. The nights
// of this test are the pure regulation on the registers; the set-based night is held to it elsewhere.
import * as fc from 'fast-check';
import { insertBillingDocument, loadAccount, postBillingLine } from '../../../src/db/billing-register.ts';
import { findBillingState, setLastNight } from '../../../src/db/billing-state.ts';
import { saveLifeRule } from '../../../src/db/life-rule.ts';
import { runNight, subtractAccounts, type Account } from '../../../src/ledger/account.ts';
import { parseDelay, parseLife } from '../../../src/ledger/life-rule.ts';
import { addDays, startOf, type LocalDate, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import { cancelReceipt } from '../../../src/operations/cancel-receipt.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { saveSetting } from '../../../src/operations/save-setting.ts';
import { uploadReceipts } from '../../../src/operations/upload-receipts.ts';
import { statement } from '../../../src/db/statement.ts';
import { addCard, buildSale, moment, openTestInfobase } from '../testing-infobase.ts';

const start = '2026-01-01' as LocalDate;

const chooseRules = statement<{ bonus: string | null; accumulation: string | null }>((knex, p) =>
  knex('card_kind').update({ bonus_rule_code: p.bonus, accumulation_rule_code: p.accumulation }),
);
const cardId = statement<{ number: string }, { id: number }>((knex, p) =>
  knex('card').select('id').where('number', p.number),
);

async function openBilling(bonusLife: string, bonusDelay: string): Promise<Infobase> {
  const infobase = await openTestInfobase({ hasSubscription: true });
  await infobase.db.write(async (trx) => {
    const rule = { name: 'rule', lifeFrom: 'credit' } as const;
    const bonus = {
      ...rule,
      code: 'B',
      register: 'bonus',
      life: parseLife(bonusLife)!,
      delay: parseDelay(bonusDelay)!,
    } as const;
    const sums = {
      ...rule,
      code: 'A',
      register: 'accumulation',
      life: parseLife('days:4')!,
      delay: parseDelay('none')!,
    } as const;
    await saveLifeRule(trx, bonus);
    await saveLifeRule(trx, sums);
    await trx.change(chooseRules, { bonus: 'B', accumulation: 'A' });
  });
  await saveSetting(infobase, startOf(start), 'stage', 'billing');
  return infobase;
}

/** A fact as a tester would list it; `day` is its business date, counted from the start. */
interface Fact {
  readonly sort: 'sale' | 'return' | 'cancel_sale' | 'cancel_return';
  readonly sale: number;
  readonly part: number;
  readonly day: number;
  readonly sum: number;
  readonly accrued: number;
  readonly redeemed: number;
}

const at = (day: number): LocalDateTime => moment(`${addDays(start, day)}T12:00:00`);

function receiptOf(fact: Fact, facts: readonly Fact[], card: string, run: number): Receipt {
  const key = { kkm: `K${run}`, shiftNumber: 1 };
  if (fact.sort === 'sale') {
    const sums = { bonusAccruedKopecks: fact.accrued, bonusRedeemedKopecks: fact.redeemed };
    const own = { ...key, receiptNumber: fact.sale, receiptAt: at(fact.day), cardNumber: card };
    return buildSale({ ...own, ...sums, sumWithDiscountKopecks: 1_000 });
  }
  const sale = facts.find(({ sort, sale: number }) => sort === 'sale' && number === fact.sale);
  const original = { ...key, receiptNumber: fact.sale, receiptAt: at(sale?.day ?? 0) };
  const own = {
    ...key,
    kind: 'Return' as const,
    receiptNumber: 100 + fact.part,
    receiptAt: at(fact.day),
    cardNumber: card,
  };
  return buildSale({ ...own, original, sumWithDiscountKopecks: fact.sum });
}

async function arrive(
  infobase: Infobase,
  fact: Fact,
  facts: readonly Fact[],
  card: string,
  run: number,
): Promise<void> {
  const { lastNightOn } = (await infobase.db.read(findBillingState))!;
  const now = moment(`${lastNightOn < start ? start : lastNightOn}T20:00:00`);
  if (fact.sort === 'sale' || fact.sort === 'return') {
    const receipt = receiptOf(fact, facts, card, run);
    await uploadReceipts(infobase, now, { ok: true, value: { kkm: 'K', receipts: [{ ok: true, value: receipt }] } });
    return;
  }
  const isSale = fact.sort === 'cancel_sale';
  const cancelled = facts.find(
    (other) =>
      other.sort === (isSale ? 'sale' : 'return') && (isSale ? other.sale === fact.sale : other.part === fact.part),
  );
  if (cancelled === undefined) return;
  const { kkm, shiftNumber, receiptNumber, receiptAt, kind } = receiptOf(cancelled, facts, card, run);
  const key = { kkm, shiftNumber, receiptNumber, receiptAt, kind };
  await cancelReceipt(infobase, now, {
    ok: true,
    value: { ...key, operationId: null, cardNumber: null, reason: null },
  });
}

/** The night of the next date on one card, by the pure regulation. */
async function passNight(infobase: Infobase, id: number): Promise<void> {
  await infobase.db.write(async (trx) => {
    const state = (await findBillingState(trx))!;
    const on = addDays(state.lastNightOn, 1);
    const before = await loadAccount(trx, id);
    const after = await loadAccount(trx, id);
    runNight(after, on);
    const head = { kind: 'WriteOff', origin: 'night', effectiveOn: null, receiptId: null, documentId: null } as const;
    const document = { ...head, datedAt: startOf(on), recordedAt: startOf(on), comment: null };
    const documentId = await insertBillingDocument(trx, document);
    await postBillingLine(trx, documentId, 1, id, subtractAccounts(after, before), null);
    await setLastNight(trx, on);
  });
}

type Step = Fact | 'night';

async function play(
  steps: readonly Step[],
  facts: readonly Fact[],
  rules: readonly [string, string],
): Promise<Account> {
  const infobase = await openBilling(...rules);
  await addCard(infobase, { number: 'C' });
  const id = (await infobase.db.read((trx) => trx.first(cardId, { number: 'C' })))!.id;
  for (const step of steps) {
    if (step === 'night') await passNight(infobase, id);
    else await arrive(infobase, step, facts, 'C', 1);
  }
  const account = await infobase.db.read((trx) => loadAccount(trx, id));
  await infobase.close();
  return account;
}

const factArbitrary = fc.record({
  sort: fc.constantFrom<Fact['sort']>('sale', 'sale', 'return', 'return', 'cancel_sale', 'cancel_return'),
  sale: fc.integer({ min: 1, max: 2 }),
  part: fc.integer({ min: 1, max: 3 }),
  day: fc.integer({ min: 0, max: 8 }),
  sum: fc.constantFrom(300, 400, 700, 1_000),
  accrued: fc.constantFrom(0, 33, 100),
  redeemed: fc.constantFrom(0, 50),
});

/** One sale of each number, one return of each part, returns after their sale's date. */
function tidy(facts: readonly Fact[]): Fact[] {
  const seen = new Set<string>();
  return facts.filter((fact) => {
    const name =
      fact.sort === 'sale' || fact.sort === 'cancel_sale' ? `${fact.sort} ${fact.sale}` : `${fact.sort} ${fact.part}`;
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew;
  });
}

test('facts and nights in any order a late arrival can make end in one account', async () => {
  const seed = Number(process.env.SEED ?? 20261122);
  console.log(`seed ${seed}`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(factArbitrary, { minLength: 1, maxLength: 6 }),
      fc.constantFrom<readonly [string, string]>(['days:3', 'none'], ['days:2', 'days:2'], ['unlimited', 'none']),
      fc.array(fc.nat(8), { minLength: 6, maxLength: 6 }),
      async (given, rules, delays) => {
        const facts = tidy(given);
        const lastDay = 9;
        // In time: every fact on its own day after that day's night.
        const timeline = (dayOf: (fact: Fact, index: number) => number): Step[] => {
          const steps: Step[] = [];
          for (let day = 0; day <= lastDay; day += 1) {
            steps.push('night');
            facts.forEach((fact, index) => {
              if (dayOf(fact, index) === day) steps.push(fact);
            });
          }
          return steps;
        };
        const inTime = await play(
          timeline(({ day }) => day),
          facts,
          rules,
        );
        const late = await play(
          timeline(({ day }, index) => Math.min(lastDay, day + (delays[index] ?? 0))),
          facts,
          rules,
        );
        expect(late).toEqual(inTime);
        const atOnce = [...Array.from({ length: lastDay + 1 }, () => 'night' as const), ...facts.toReversed()];
        expect(await play(atOnce, facts, rules)).toEqual(inTime);
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 150), seed },
  );
});
