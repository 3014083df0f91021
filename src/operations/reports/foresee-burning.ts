// What burns when: the write-offs of the nights to come, of one card or of all, if nothing else happens. Each card is taken
// through its nights by the arithmetic of the night itself, so holds and pending accruals count.
import { listAccounts, type CardAccount } from '../../db/billing/account-page.ts';
import { findChunkEnd } from '../../db/night/night.ts';
import { listKindsOfCards } from '../../db/reports/card-of-kind.ts';
import type { MeasureName, WriteOff } from '../../ledger/account.ts';
import { foreseeNights } from '../../ledger/foresee-nights.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { nextTurn } from '../next-turn.ts';
import { groupByKey, keyOf, type GroupKey } from './group-facts.ts';
import type { Grouping, Scope } from './report-scope.ts';

export type BurningSums = Readonly<Record<MeasureName, bigint>>;

export interface BurningRow extends GroupKey {
  readonly burning: BurningSums;
  /** How many cards lose something. */
  readonly cards: bigint;
}

/** What one night takes from one card. */
interface Burning {
  readonly cardId: number;
  readonly cardNumber: string;
  readonly kindCode: string;
  readonly on: LocalDate;
  readonly writeOffs: readonly WriteOff[];
}

/** A chunk is read and calculated in about 10 ms. */
const cardsPerTurn = 500;

async function* readBurning(infobase: Infobase, scope: Scope): AsyncGenerator<readonly Burning[]> {
  for (let fromCardId = scope.afterCardId; ;) {
    const from = fromCardId;
    const page = await infobase.db.read(async (trx) => {
      const end = await findChunkEnd(trx, from, cardsPerTurn);
      if (end === undefined) return undefined;
      const toCardId = Math.min(end, scope.toCardId);
      const kinds = await listKindsOfCards(trx, from, toCardId);
      return { toCardId, kinds, accounts: await listAccounts(trx, from, toCardId) };
    });
    if (page === undefined) return;
    const { accounts, kinds, toCardId } = page;
    yield accounts.flatMap((card) => {
      const kindCode = kinds.get(card.cardId) ?? '';
      return scope.kindCode === null || kindCode === scope.kindCode ? listBurning(card, kindCode, scope) : [];
    });
    if (toCardId >= scope.toCardId) return;
    fromCardId = toCardId;
    await nextTurn();
  }
}

function listBurning(card: CardAccount, kindCode: string, { from, to }: Scope): Burning[] {
  const { cardId, cardNumber, account, lastNightOn, held } = card;
  const found: Burning[] = [];
  for (const { on, writeOffs } of foreseeNights(account, lastNightOn, (night) => held.get(night) ?? 0)) {
    if (on > to) break;
    if (on >= from && writeOffs.length > 0) found.push({ cardId, cardNumber, kindCode, on, writeOffs });
  }
  return found;
}

interface OpenBurning {
  readonly burning: Record<MeasureName, bigint>;
  cards: bigint;
  lastCardId: number;
}

function openBurning(): OpenBurning {
  return { burning: { bonus: 0n, accumulation: 0n, receipts: 0n }, cards: 0n, lastCardId: 0 };
}

function addBurning(sums: OpenBurning, { cardId, writeOffs }: Burning): void {
  for (const { measure, amount } of writeOffs) sums.burning[measure] += BigInt(amount);
  // Those of a card come one after another.
  if (sums.lastCardId !== cardId) sums.cards += 1n;
  sums.lastCardId = cardId;
}

/** By cards a row for each night of a card, piece by piece; otherwise in the order of keys, all at once. */
export async function* foreseeBurning(
  infobase: Infobase,
  scope: Scope,
  by: Grouping,
): AsyncGenerator<readonly BurningRow[]> {
  const nights = readBurning(infobase, scope);
  if (by === 'card') {
    for await (const found of nights) {
      yield found.map((night) => {
        const sums = openBurning();
        addBurning(sums, night);
        const { cardNumber, kindCode, on } = night;
        return { cardNumber, kindCode, shopCode: null, on, burning: sums.burning, cards: 1n };
      });
    }
    return;
  }
  const groups = await groupByKey(by, nights, {
    keyOf: ({ cardNumber, kindCode, on }) => keyOf(by, { cardNumber, kindCode, shopCode: null, on }),
    open: openBurning,
    add: addBurning,
  });
  yield groups.map(({ key, sums: { burning, cards } }) => ({ ...key, burning, cards }));
}
