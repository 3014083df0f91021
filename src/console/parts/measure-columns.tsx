// The columns of what a line of a document moves: the same wherever lines are shown.
import type { Measures } from '../../ledger/measures.ts';
import type { Say } from '../say.ts';
import { showChange, showMoney } from '../show.ts';
import type { Column } from './table.tsx';

export function measureColumns(say: Say): readonly Column<Measures & { readonly bonusAfter: number }>[] {
  return [
    { title: say('Бонусы', 'Bonus'), show: ({ bonus }) => showChange(bonus), isNumber: true },
    { title: say('Остаток', 'Balance'), show: ({ bonusAfter }) => showMoney(bonusAfter), isNumber: true },
    { title: say('Накопление', 'Accumulation'), show: ({ accumulation }) => showChange(accumulation), isNumber: true },
    { title: say('Чеки', 'Receipts'), show: ({ receipts }) => receipts, isNumber: true },
  ];
}
