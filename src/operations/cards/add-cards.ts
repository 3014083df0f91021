// Adds cards given one by one, all of them or none, and names every mistake among them.
import { insertCardIfNew } from '../../db/cards/card-catalog.ts';
import type { NewCard } from '../../db/cards/card.ts';
import { listCardKinds } from '../../db/catalogs/card-kind.ts';
import type { Trx } from '../../db/db.ts';
import { isNewCardNumber, type CardKind } from '../../ledger/card.ts';
import { recordChange } from '../admin/record-change.ts';
import type { Infobase } from '../infobase.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { isOutOfOrder } from './card-change.ts';
import { parseCardField, parseCardNumber } from './parse-card-field.ts';

export interface AddCardMistake {
  /** Of the card in the list, from 1. */
  readonly line: number;
  readonly field: keyof NewCard;
  readonly value: string | null;
  readonly why: string;
}

export type AddCardsOutcome =
  { readonly ok: true; readonly added: number } | { readonly ok: false; readonly mistakes: readonly AddCardMistake[] };

/** Cards of one transaction, which takes about 4 us a card. */
export const addCardsLimit = 10_000;

/** Thrown inside the transaction to undo it. */
class CardsRefused extends Error {
  readonly mistakes: readonly AddCardMistake[];

  constructor(mistakes: readonly AddCardMistake[]) {
    super('some cards are wrong');
    this.mistakes = mistakes;
  }
}

export async function addCards(
  infobase: Infobase,
  cards: readonly NewCard[],
  isDryRun = false,
): Promise<AddCardsOutcome> {
  try {
    await writeOrRehearse(infobase, isDryRun, (trx) => addAll(trx, infobase, cards));
    return { ok: true, added: cards.length };
  } catch (reason) {
    if (reason instanceof CardsRefused) return { ok: false, mistakes: reason.mistakes };
    throw reason;
  }
}

/** @throws CardsRefused */
async function addAll(trx: Trx, infobase: Infobase, cards: readonly NewCard[]): Promise<void> {
  const kinds = await listCardKinds(trx);
  const lines = new Map<string, number>();
  const mistakes: AddCardMistake[] = [];
  for (const [index, card] of cards.entries()) {
    const line = index + 1;
    const found = findMistake(card, kinds, lines.get(card.number)) ?? (await insert(trx, card));
    if (found !== undefined) mistakes.push({ line, ...found });
    if (!lines.has(card.number)) lines.set(card.number, line);
  }
  if (mistakes.length > 0) throw new CardsRefused(mistakes);
  await recordAdded(trx, infobase, cards);
}

/** One row for all of them, as they were sent. */
async function recordAdded(trx: Trx, infobase: Infobase, cards: readonly NewCard[]): Promise<void> {
  const [first, ...others] = cards;
  if (first === undefined) return;
  const last = others.at(-1);
  const key = last === undefined ? first.number : `${first.number} ... ${last.number}`;
  const after = last === undefined ? first : { cards: cards.length };
  await recordChange(trx, infobase, { subject: 'cards', key, after });
}

type Found = Omit<AddCardMistake, 'line'>;

async function insert(trx: Trx, card: NewCard): Promise<Found | undefined> {
  if (await insertCardIfNew(trx, card)) return undefined;
  return { field: 'number', value: card.number, why: 'there is a card of this number already' };
}

/** @param earlier the line of the same number. */
function findMistake(card: NewCard, kinds: readonly CardKind[], earlier: number | undefined): Found | undefined {
  const { number, kindCode } = card;
  const parsed = parseCardNumber(number);
  if (!parsed.ok) return { field: 'number', value: number, why: `expected ${parsed.expected}` };
  if (parsed.value !== number || !isNewCardNumber(number)) {
    return { field: 'number', value: number, why: 'expected at least one digit and no blank, =, quotes or colon' };
  }
  if (earlier !== undefined) return { field: 'number', value: number, why: `the same number as of card ${earlier}` };
  if (!kinds.some(({ code }) => code === kindCode)) {
    return { field: 'kindCode', value: kindCode, why: 'there is no such card kind' };
  }
  for (const field of ['holder', 'note'] as const) {
    const value = card[field];
    const text = value === null ? undefined : parseCardField(field, value, []);
    if (text?.ok === false) return { field, value, why: `expected ${text.expected}` };
  }
  if (!isOutOfOrder(card)) return undefined;
  return { field: 'validTo', value: card.validTo, why: `earlier than the card's first day, ${card.validFrom}` };
}
