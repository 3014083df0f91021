// The status of a card, in words; its colour only repeats them.
import type { CardStatus } from '../../ledger/card.ts';
import type { Say } from '../say.ts';
import { nameStatus } from '../words.ts';

const looks: Readonly<Record<CardStatus, string>> = { active: 'good', accrue_only: 'warn', blocked: 'bad' };

export function StatusBadge({ status, say }: { readonly status: CardStatus; readonly say: Say }) {
  return <span class={`badge ${looks[status]}`}>{nameStatus(status, say)}</span>;
}
