// The catalog of a demo infobase: invented rules, kinds and cards.
import { saveCardKind } from '../../db/catalogs/card-kind.ts';
import { insertCard } from '../../db/cards/card.ts';
import { saveLifeRule } from '../../db/catalogs/life-rule.ts';
import type { CardKind } from '../../ledger/card.ts';
import type { LifeRule } from '../../ledger/life-rule.ts';
import { recordChange } from '../admin/record-change.ts';
import type { Infobase } from '../infobase.ts';

const kind: CardKind = {
  code: 'BASE',
  name: 'Базовая',
  purpose: 'discount',
  discount: {
    sort: 'scale',
    steps: [
      { accumulationKopecks: 0, receipts: 0, percentHundredths: 500 },
      { accumulationKopecks: 500_000, receipts: 0, percentHundredths: 700 },
    ],
  },
  maxRedeemPercentHundredths: 3_000,
  accrualPercentHundredths: 300,
  bonusRuleCode: null,
  accumulationRuleCode: null,
};

const cards = [
  { number: '2900000000001', holder: 'Анна Примерова', status: 'active' },
  { number: '2900000000002', holder: 'Борис Образцов', status: 'active' },
  { number: '2900000000003', holder: null, status: 'blocked' },
] as const;

export interface DemoRules {
  readonly bonus: LifeRule;
  readonly accumulation: LifeRule;
}

/** @returns the cards' numbers: of Anna, of Boris, and one that is blocked. */
export async function makeDemoCards(
  infobase: Infobase,
  rules?: DemoRules,
): Promise<{ readonly anna: string; readonly boris: string; readonly closed: string }> {
  await infobase.db.write(async (trx) => {
    for (const rule of rules === undefined ? [] : [rules.bonus, rules.accumulation]) {
      await saveLifeRule(trx, rule);
      await recordChange(trx, infobase, { subject: 'life_rule', key: rule.code, after: rule });
    }
    const { bonus, accumulation } = rules ?? {};
    const chosen = { bonusRuleCode: bonus?.code ?? null, accumulationRuleCode: accumulation?.code ?? null };
    const saved = { ...kind, ...chosen };
    await saveCardKind(trx, saved);
    await recordChange(trx, infobase, { subject: 'card_kind', key: kind.code, after: saved });
    for (const card of cards) {
      const made = { ...card, kindCode: kind.code, validFrom: null, validTo: null, note: null };
      await insertCard(trx, made);
      await recordChange(trx, infobase, { subject: 'cards', key: card.number, after: made });
    }
  });
  const [anna, boris, closed] = cards;
  return { anna: anna.number, boris: boris.number, closed: closed.number };
}
