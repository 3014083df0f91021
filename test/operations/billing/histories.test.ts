// Whole histories with mixed rules through the service: sales accrue and spend, the kind's rule is changed as the history
// goes, and every event leaves the balance it must.
import histories from '../../../fixtures/ledger/histories.json';
import { saveLifeRule } from '../../../src/db/catalogs/life-rule.ts';
import { addKind, addCard, buildSale, moment, register } from '../testing-infobase.ts';
import { day, getAccount, isInOrder, listBillingRows, openBilling, parseRule, passNight } from './testing-billing.ts';

interface HistoryRule {
  readonly life: readonly [string, number?];
  readonly delay?: readonly [string, number?];
}

interface HistoryEvent {
  readonly night?: string;
  readonly on?: string;
  readonly accrue?: number;
  readonly redeem?: number;
  readonly rule?: number;
  readonly writeOff?: number;
  readonly credited?: number;
  readonly balance: number;
}

interface History {
  readonly seed: number;
  readonly rules: readonly HistoryRule[];
  readonly events: readonly HistoryEvent[];
}

const textOf = ({ life, delay = ['none'] }: HistoryRule): string => `${life.join(':')} ${delay.join(':')}`;

test.each(histories.histories as unknown as readonly History[])('history $seed', async ({ rules, events }) => {
  const first = events.find(({ night }) => night !== undefined)?.night as string;
  const infobase = await openBilling({ start: day(first) });
  const codes: string[] = [];
  for (const rule of rules.map((given) => parseRule('bonus', textOf(given)))) {
    await infobase.db.write((trx) => saveLifeRule(trx, rule));
    codes.push(rule.code);
  }
  await addCard(infobase, { number: 'C' });
  for (const [index, event] of events.entries()) {
    if (event.night !== undefined) {
      const before = (await listBillingRows(infobase, 'C')).length;
      await passNight(infobase, day(event.night));
      const made = (await listBillingRows(infobase, 'C')).slice(before);
      expect(made.map(({ kind, bonus }) => [kind, bonus])).toEqual([
        ...(event.writeOff === 0 ? [] : [['WriteOff', -(event.writeOff ?? 0)]]),
        ...(event.credited === 0 ? [] : [['Accrual', event.credited]]),
      ]);
    } else {
      const at = moment(`${event.on}T12:00:00`);
      if (event.rule !== undefined) await addKind(infobase, { bonusRuleCode: codes[event.rule] ?? null });
      const sums = { bonusAccruedKopecks: event.accrue ?? 0, bonusRedeemedKopecks: event.redeem ?? 0 };
      const sale = buildSale({ receiptNumber: index, receiptAt: at, cardNumber: 'C', ...sums });
      expect(await register(infobase, sale, at)).toMatchObject({ code: 0, bonusBalance: event.balance });
    }
    expect((await getAccount(infobase, 'C')).bonus).toBe(event.balance);
  }
  expect(await isInOrder(infobase, 'C')).toBe(true);
  await infobase.close();
});
