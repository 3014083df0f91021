// The catalog of the demo infobase: invented kinds and cards.
import { saveCardKind } from '../db/card-kind.ts';
import { insertCard } from '../db/card.ts';
import type { CardKind } from '../ledger/card.ts';
import type { Infobase } from './infobase.ts';

const kinds: readonly CardKind[] = [
  {
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
  },
];

const cards = [
  { number: '2900000000001', holder: 'Анна Примерова', status: 'active' },
  { number: '2900000000002', holder: 'Борис Образцов', status: 'active' },
  { number: '2900000000003', holder: null, status: 'blocked' },
] as const;

export function makeDemoCards(infobase: Infobase): Promise<void> {
  return infobase.db.write(async (trx) => {
    for (const kind of kinds) await saveCardKind(trx, kind);
    for (const card of cards) {
      await insertCard(trx, { ...card, kindCode: 'BASE', validFrom: null, validTo: null, note: null });
    }
  });
}
