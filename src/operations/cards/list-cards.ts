// The catalog of cards in the order of their numbers: a page of it, or all of it piece by piece.
import { listCardsByNumber, type Card } from '../../db/cards/card.ts';
import type { CardStatus } from '../../ledger/card.ts';
import type { Infobase } from '../infobase.ts';

export type { Card } from '../../db/cards/card.ts';

export interface CardListFilter {
  /** What the numbers begin with; '' = all. */
  readonly prefix: string;
  readonly kindCode: string | null;
  readonly status: CardStatus | null;
  /** Only numbers after this one; '' = from the first. */
  readonly after: string;
}

/** Read in one turn, about 4 ms: the calls of tills get theirs in between. */
const cardsPerTurn = 2_000;

/** Comes after every character that a number can have. */
const afterAll = '\u{10FFFF}';

/** Comes before every character that a number can have. */
const beforeAll = '\u0001';

function max(a: string, b: string): string {
  return a > b ? a : b;
}

function isAskedFor(card: Card, { kindCode, status }: CardListFilter): boolean {
  return (kindCode === null || card.kindCode === kindCode) && (status === null || card.status === status);
}

/** Cards that are added or changed meanwhile may be seen or not; memory holds one piece. */
export async function* listCards(infobase: Infobase, filter: CardListFilter): AsyncGenerator<readonly Card[]> {
  for await (const cards of readPieces(infobase, filter)) yield cards.filter((card) => isAskedFor(card, filter));
}

async function* readPieces(infobase: Infobase, filter: CardListFilter): AsyncGenerator<readonly Card[]> {
  const { prefix } = filter;
  const before = prefix + afterAll;
  let from = filter.after === '' ? prefix : max(prefix, filter.after + beforeAll);
  for (;;) {
    const start = from;
    const cards = await infobase.db.read((trx) => listCardsByNumber(trx, start, before, cardsPerTurn));
    yield cards;
    const last = cards.at(-1);
    if (last === undefined || cards.length < cardsPerTurn) return;
    from = last.number + beforeAll;
  }
}

export interface CardPage {
  readonly cards: readonly Card[];
  /** What `after` of the next page is; null = this is the last. */
  readonly next: string | null;
}

/** Some 150 ms of reading: a person who filters a million cards sees what was found so far, and may go on. */
const cardsPerLook = 80_000;

/** A page that may end early, with fewer cards than `limit`, where few of many cards match. */
export async function lookForCards(infobase: Infobase, filter: CardListFilter, limit: number): Promise<CardPage> {
  const found: Card[] = [];
  let seen = 0;
  let last: string | undefined;
  for await (const piece of readPieces(infobase, filter)) {
    found.push(...piece.filter((card) => isAskedFor(card, filter)));
    seen += piece.length;
    last = piece.at(-1)?.number;
    if (found.length > limit) return { cards: found.slice(0, limit), next: found[limit - 1]?.number ?? null };
    if (seen >= cardsPerLook && piece.length === cardsPerTurn) return { cards: found, next: last ?? null };
  }
  return { cards: found, next: null };
}

export async function listCardPage(infobase: Infobase, filter: CardListFilter, limit: number): Promise<CardPage> {
  const found: Card[] = [];
  for await (const cards of listCards(infobase, filter)) {
    found.push(...cards);
    if (found.length > limit) break;
  }
  const page = found.slice(0, limit);
  return { cards: page, next: found.length > limit ? (page.at(-1)?.number ?? null) : null };
}
