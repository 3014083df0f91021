// Whether the registers hold what they should: every running sum is recomputed from its movements, and, deeper, every
// card's account from its receipts and documents with the nights between.
import { loadAccount } from '../../db/billing/billing-register.ts';
import { findBillingState } from '../../db/billing/billing-state.ts';
import { listCardPage } from '../../db/cards/card.ts';
import type { Trx } from '../../db/db.ts';
import { findDifferenceOf, registerNames, type BalanceDifference } from '../../db/admin/integrity.ts';
import { findLastCardId } from '../../db/night/night.ts';
import { isNoEffect, subtractAccounts, type BillingEffect } from '../../ledger/account.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { reckonCard } from '../billing/card-facts.ts';
import type { Infobase } from '../infobase.ts';
import { writeOrRehearse } from '../rehearse.ts';

export interface RegisterCheck {
  /** The table of the running sums. */
  readonly register: string;
  /** The first card whose running sum is not the sum of its movements. */
  readonly difference: BalanceDifference | null;
}

/** Reads the registers whole: seconds for a million cards. */
export async function verifyRegisters(
  infobase: Infobase,
  onRegister?: (register: string) => void,
): Promise<RegisterCheck[]> {
  const checks: RegisterCheck[] = [];
  for (const register of registerNames) {
    onRegister?.(register);
    const difference = (await infobase.db.read((trx) => findDifferenceOf(trx, register))) ?? null;
    checks.push({ register, difference });
  }
  return checks;
}

/** A card whose account is not what its facts and the nights make. */
export interface CardDifference {
  readonly cardNumber: string;
  /** What would have to be added to the registers to set them right. */
  readonly missing: BillingEffect;
}

/** Called inside the transaction that has found a card wrong, with every writer kept away. */
export type MendCard = (trx: Trx, cardId: number, missing: BillingEffect) => Promise<void>;

export interface VerifyCardsOptions {
  /** Differences listed at most; the count goes on. */
  readonly limit: number;
  /** Awaited between pages of cards. */
  readonly afterPage?: (done: number, lastCardId: number) => Promise<void>;
  /** Posts what is missing; left out, nothing is changed. */
  readonly mend?: MendCard;
  /** What `mend` posts is undone, card by card. */
  readonly isDryRun?: boolean;
}

export type CardsCheck =
  | {
      readonly code: 'done';
      readonly cards: number;
      readonly wrong: number;
      readonly differences: readonly CardDifference[];
    }
  | { readonly code: 'not_billing' };

const pageCards = 200;

/** Calculates every card again; tills and nights go on meanwhile. */
export async function verifyCards(
  infobase: Infobase,
  now: LocalDateTime,
  options: VerifyCardsOptions,
): Promise<CardsCheck> {
  const differences: CardDifference[] = [];
  let cards = 0;
  let wrong = 0;
  if ((await infobase.db.read(findBillingState)) === undefined) return { code: 'not_billing' };
  const lastCardId = await infobase.db.read(findLastCardId);
  for (let after = 0; ;) {
    const page = await infobase.db.read((trx) => listCardPage(trx, after, pageCards));
    for (const { id, number } of page) {
      const missing = await findMissing(infobase, now, id, options);
      if (missing === 'not_billing') return { code: 'not_billing' };
      cards += 1;
      if (missing === undefined) continue;
      wrong += 1;
      if (differences.length < options.limit) differences.push({ cardNumber: number, missing });
    }
    const last = page.at(-1);
    if (last === undefined) return { code: 'done', cards, wrong, differences };
    after = last.id;
    await options.afterPage?.(after, lastCardId);
  }
}

async function findMissing(
  infobase: Infobase,
  now: LocalDateTime,
  cardId: number,
  { mend, isDryRun = false }: VerifyCardsOptions,
): Promise<BillingEffect | 'not_billing' | undefined> {
  const compare = async (trx: Trx): Promise<BillingEffect | 'not_billing' | undefined> => {
    const [settings, state] = [await infobase.loadSettings(trx), await findBillingState(trx)];
    if (state === undefined) return 'not_billing';
    const wanted = await reckonCard(trx, { settings, state, now }, cardId);
    const missing = subtractAccounts(wanted, await loadAccount(trx, cardId));
    return isNoEffect(missing) ? undefined : missing;
  };
  const seen = await infobase.db.read(compare);
  if (seen === undefined || seen === 'not_billing') return seen;
  // A till's receipt may have come between two of the reads: looked at again with every writer kept away.
  return writeOrRehearse(infobase, isDryRun, async (trx) => {
    const missing = await compare(trx);
    if (missing !== undefined && missing !== 'not_billing') await mend?.(trx, cardId, missing);
    return missing;
  });
}
