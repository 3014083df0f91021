// The card number as the key of a table's rows.
import { isNewCardNumber } from '../../ledger/card.ts';
import { parseCardNumber } from './parse-card-field.ts';
import type { TableForm } from '../../tables/table-header.ts';

export const cardNumberNames = [
  'card',
  'номер карты',
  'number',
  'card number',
  'номер',
  'дисконтная карта',
  'карта',
] as const;

/** A page number has the look of a card number. */
const pageNumber = /^(?:стр|страница|лист|page)\.?\d+$/i;

export const cardKey: Pick<TableForm<string>, 'isKey' | 'explainKey' | 'mayKeyBeKnown'> = {
  isKey: (text) => /^\d+$/.test(text) || (isNewCardNumber(text) && !pageNumber.test(text)),
  explainKey: (text) => {
    const parsed = parseCardNumber(text);
    if (!parsed.ok) return `expected ${parsed.expected}`;
    return "there is no such card, and a new card's number has at least one digit and no blank, =, quotes or colon";
  },
  mayKeyBeKnown: true,
};
