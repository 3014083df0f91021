// Bases for tests of the night: cards with random accounts, posted as documents post them; what the registers hold; and
// the same nights by the ledger's arithmetic.
import { createHash } from 'node:crypto';
import { insertBillingDocument, loadAccount, postBillingLine } from '../../../src/db/billing/billing-register.ts';
import { openBillingState } from '../../../src/db/billing/billing-state.ts';
import { insertCard } from '../../../src/db/cards/card.ts';
import type { Trx } from '../../../src/db/db.ts';
import { insertNightHold } from '../../../src/db/night/night-hold.ts';
import { statement } from '../../../src/db/statement.ts';
import {
  addEffect,
  measureNames,
  openAccount,
  type Account,
  type AccrualRow,
  type BillingEffect,
  type PendingCredit,
} from '../../../src/ledger/account.ts';
import { addDays, type LocalDate, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Infobase, InfobaseOptions } from '../../../src/operations/infobase.ts';
import type { NightOptions } from '../../../src/operations/night/run-night.ts';
import { moment, openTestInfobase, setSetting, testCard } from '../testing-infobase.ts';

/** Billing of test bases begins on this date; the day before is the last night done. */
export const startOn = '2026-11-01' as LocalDate;
export const nightBefore = addDays(startOn, -1);
/** What documents of nights are recorded at. */
export const recordedAt = moment('2026-11-01T02:00:07');

export const dayAfterStart = (days: number): LocalDate => addDays(startOn, days);

/** A base in stage billing without cards. */
export async function openBillingBase(options: Partial<InfobaseOptions> = {}): Promise<Infobase> {
  const infobase = await openTestInfobase({ name: 'night', hasSubscription: true, ...options });
  await setSetting(infobase, 'stage', 'billing');
  await infobase.db.write((trx) => openBillingState(trx, { startOn, lastNightOn: nightBefore }));
  return infobase;
}

/** Adds cards with ids from 1 on, each with one line of an opening document. */
export function addAccounts(infobase: Infobase, effects: readonly BillingEffect[], firstId = 1): Promise<void> {
  return infobase.db.write(async (trx) => {
    const documentId = await insertBillingDocument(trx, {
      kind: 'OpeningBalance',
      origin: 'opening',
      effectiveOn: nightBefore,
      datedAt: `${nightBefore}T12:00:00` as LocalDateTime,
      recordedAt,
      receiptId: null,
      documentId: null,
      comment: null,
    });
    for (const [index, effect] of effects.entries()) {
      const id = firstId + index;
      await insertCard(trx, { ...testCard, number: String(2_900_000_000 + id) });
      await postBillingLine(trx, documentId, 1, id, effect, null);
    }
  });
}

/** By card id from 1 on, what holds have set aside by night. */
export type HeldNights = readonly ReadonlyMap<LocalDate, number>[];

/** Holds over some of the nights of about every third card. */
export function makeHeld(seed: number, cards: number, { days, greatest }: EffectShape): HeldNights {
  const random = makeRandom(seed ^ 0x5eed);
  return Array.from({ length: cards }, () => {
    const held = new Map<LocalDate, number>();
    for (let count = random() < 0.35 ? 1 + Math.floor(random() * 3) : 0; count > 0; count -= 1) {
      held.set(dayAfterStart(Math.floor(random() * days)), 1 + Math.floor(random() * 2 * greatest));
    }
    return held;
  });
}

/** Writes them down as holds do, each in two parts. */
export function addHeld(infobase: Infobase, held: HeldNights): Promise<void> {
  return infobase.db.write(async (trx) => {
    let holdId = 0;
    for (const [index, nights] of held.entries()) {
      for (const [businessOn, amount] of nights) {
        for (const part of [Math.floor(amount / 3), amount - Math.floor(amount / 3)]) {
          holdId += 1;
          await insertNightHold(trx, { holdId, businessOn, cardId: index + 1, amount: part });
        }
      }
    }
  });
}

/** Posts a change of one card, as trade between nights does. */
export function postEffect(
  infobase: Infobase,
  cardId: number,
  effect: BillingEffect,
  at: LocalDateTime,
): Promise<void> {
  return infobase.db.write(async (trx) => {
    const documentId = await insertBillingDocument(trx, {
      kind: 'KkmOperation',
      origin: 'receipt',
      effectiveOn: null,
      datedAt: at,
      recordedAt: at,
      receiptId: null,
      documentId: null,
      comment: null,
    });
    await postBillingLine(trx, documentId, 1, cardId, effect, null);
  });
}

/** Numbers from 0 to 1, the same for a seed always. */
export function makeRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface EffectShape {
  /** Days after the start within which rows run out and credits come due. */
  readonly days: number;
  /** Greatest amount of a part. */
  readonly greatest: number;
}

/** An account of any kind: covered, over- and uncovered, in debt, with rows taken back, with credits to come. */
export function makeEffect(random: () => number, { days, greatest }: EffectShape): BillingEffect {
  const upTo = (count: number): number => Math.floor(random() * count);
  const rows: AccrualRow[] = [];
  const pending: PendingCredit[] = [];
  const balance = { bonus: 0, accumulation: 0, receipts: 0 };
  for (const measure of measureNames) {
    if (random() < 0.15) continue;
    for (let row = upTo(5); row > 0; row -= 1) {
      const writeOffOn = random() < 0.1 ? ('3999-12-31' as LocalDate) : dayAfterStart(upTo(days) - 2);
      const amount = 1 + upTo(greatest);
      rows.push({ measure, writeOffOn, amount });
      balance[measure] += amount;
      // Nothing can be taken back that was not accrued.
      const takenBack = random() < 0.15 ? upTo(amount + 1) : 0;
      if (takenBack > 0) rows.push({ measure, writeOffOn, amount: -takenBack });
      balance[measure] -= takenBack;
    }
    // Spent, given back without rows, or a debt.
    if (random() < 0.6) balance[measure] -= upTo(greatest) - upTo(greatest / 2);
    for (let credit = random() < 0.4 ? upTo(3) : 0; credit > 0; credit -= 1) {
      const creditOn = dayAfterStart(upTo(days) - 1);
      const writeOffOn = addDays(creditOn, upTo(days) + (random() < 0.05 ? 0 : 1));
      pending.push({ source: `R${1 + upTo(3)}`, measure, creditOn, writeOffOn, amount: 1 + upTo(greatest) });
    }
  }
  return { balance, rows, pending };
}

export function makeEffects(seed: number, cards: number, shape: Partial<EffectShape> = {}): BillingEffect[] {
  const random = makeRandom(seed);
  return Array.from({ length: cards }, () => makeEffect(random, { days: 40, greatest: 100_000, ...shape }));
}

export function toAccount(effect: BillingEffect): Account {
  const account = openAccount();
  addEffect(account, effect);
  return account;
}

/** Every card's account as the registers have it. */
export async function loadAccounts(infobase: Infobase, cards: number): Promise<Account[]> {
  const accounts: Account[] = [];
  for (let cardId = 1; cardId <= cards; cardId += 1) {
    accounts.push(await infobase.db.read((trx) => loadAccount(trx, cardId)));
  }
  return accounts;
}

/** A runner named "one" on a machine's clock that does not move, in small chunks. */
export function nightOptions(options: Partial<NightOptions> = {}): NightOptions {
  return { holder: 'one', readMs: () => 1_000_000, chunkCards: 100, ...options };
}

/** A line of a document of the night, as the register has it. */
export interface NightMovement {
  readonly kind: string;
  readonly datedAt: string;
  readonly comment: string;
  readonly cardId: number;
  readonly line: number;
  readonly bonus: number;
  readonly accumulation: number;
  readonly receipts: number;
  readonly bonusAfter: number;
  readonly coveredBonus: number | null;
  readonly coveredAccumulation: number | null;
  readonly coveredReceipts: number | null;
}

const movements = statement<Record<string, never>, NightMovement>((knex) =>
  knex('billing_movement as m')
    .join('billing_document as d', 'd.id', 'm.document_id')
    .where('d.origin', 'night')
    .orderBy(['d.dated_at', 'd.id', 'm.card_id'])
    .select({
      kind: 'd.kind',
      datedAt: 'd.dated_at',
      comment: 'd.comment',
      cardId: 'm.card_id',
      line: 'm.line',
      bonus: 'm.bonus',
      accumulation: 'm.accumulation',
      receipts: 'm.receipts',
      bonusAfter: 'm.bonus_after',
      coveredBonus: 'm.covered_bonus',
      coveredAccumulation: 'm.covered_accumulation',
      coveredReceipts: 'm.covered_receipts',
    }),
);

export function listNightMovements(infobase: Infobase): Promise<NightMovement[]> {
  return infobase.db.read((trx) => trx.list(movements, {}));
}

const tables: Readonly<Record<string, readonly string[]>> = {
  billing_state: ['id'],
  billing_document: ['id'],
  billing_movement: ['document_id', 'card_id', 'line'],
  billing_balance: ['card_id'],
  accrual_movement: ['document_id', 'card_id', 'write_off_on'],
  accrual_turnover: ['card_id', 'write_off_on'],
  pending_movement: ['document_id', 'card_id', 'source', 'credit_on', 'write_off_on'],
  pending_credit: ['card_id', 'source', 'credit_on', 'write_off_on'],
  night_run: ['business_on'],
  night_mark: ['business_on', 'from_card_id'],
  night_hold: ['hold_id', 'business_on'],
};

const wholeTables = Object.entries(tables).map(
  ([table, key]) =>
    [
      table,
      statement<Record<string, never>, object>((knex) =>
        knex(table)
          .select('*')
          .orderBy([...key]),
      ),
    ] as const,
);

/** A digest of every row that billing keeps: equal where the registers, documents and runs are. */
export async function hashState(trx: Trx): Promise<string> {
  const hash = createHash('sha256');
  for (const [table, rows] of wholeTables) hash.update(`${table} ${JSON.stringify(await trx.list(rows, {}))}\n`);
  return hash.digest('hex');
}

export function hashBase(infobase: Infobase): Promise<string> {
  return infobase.db.read(hashState);
}

/** The infobase with writes that `around` may break. */
export function withWrites(infobase: Infobase, around: (write: () => Promise<unknown>) => Promise<unknown>): Infobase {
  const { db } = infobase;
  const broken = {
    read: db.read.bind(db),
    stage: db.stage.bind(db),
    write: (work: (trx: Trx) => Promise<unknown>) => around(() => db.write(work)),
    close: () => db.close(),
  };
  return Object.create(infobase, { db: { value: broken } }) as Infobase;
}

/** An infobase whose process dies at its `writes`-th transaction, before it or right after it. */
export interface DyingInfobase {
  readonly infobase: Infobase;
  /** Whether it has come to its end without dying. */
  readonly hasLived: () => boolean;
}

export function dieAt(infobase: Infobase, writes: number, where: string): DyingInfobase {
  let left = writes;
  const dying = withWrites(infobase, async (write) => {
    if (left <= 0) throw new Error('killed');
    left -= 1;
    if (left > 0) return write();
    if (where === 'after') await write();
    throw new Error('killed');
  });
  return { infobase: dying, hasLived: () => left > 0 };
}
