// Reverses an import: a document of its own with the same lines and the opposite signs, where the registers
// have it all still. In billing it is a fact like the import: what is calculated again later has both.
import { insertBillingDocument } from '../../db/billing/billing-register.ts';
import type { Trx } from '../../db/db.ts';
import { insertDocument } from '../../db/receipts/document.ts';
import {
  findReversalObstacles,
  listCardsOfOldSales,
  postReversal,
  type BalanceObstacle,
  type ReversedCard,
  type RowObstacle,
} from '../../db/opening/import-reversal.ts';
import { findImportRun, insertImportRun, type ListedImportRun } from '../../db/opening/import-run.ts';
import { measureNames, type MeasureName } from '../../ledger/account.ts';
import { dateOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import { formatRubles } from '../../ledger/money.ts';
import { recordChange } from '../admin/record-change.ts';
import { isCardInOrder, type BillingContext } from '../billing/card-facts.ts';
import type { Infobase } from '../infobase.ts';
import { loadOpeningStanding } from './load-opening-standing.ts';
import { nameDocument } from '../operation-reply.ts';
import { rehearse } from '../rehearse.ts';

export interface ReverseImportRequest {
  /** Of the import, as the list of imports has it. */
  readonly number: number;
  /** Who takes it back, as the door names its users. */
  readonly madeBy: string;
  readonly isDryRun: boolean;
}

/** What the reversal did; sums are below zero where the import's were above it. */
export interface Reversal extends Measures {
  /** Null in a dry run, as the document is. */
  readonly number: number | null;
  /** How people call it. */
  readonly document: string | null;
  readonly cards: number;
}

export type ReverseImportOutcome =
  { readonly ok: true; readonly reversed: ListedImportRun; readonly reversal: Reversal } | Refused;

interface Refused {
  readonly ok: false;
  readonly why: string;
  /** The first cards that do not allow it, where that is why. */
  readonly cards: readonly RefusingCard[];
}

interface RefusingCard {
  readonly cardNumber: string;
  readonly why: string;
}

/** Thrown to undo what is posted already. */
class Refusal extends Error {
  readonly outcome: Refused;

  constructor(outcome: Refused) {
    super(outcome.why);
    this.outcome = outcome;
  }
}

/** Cards that are named. */
const cardsShown = 10;

export async function reverseImport(
  infobase: Infobase,
  now: LocalDateTime,
  request: ReverseImportRequest,
): Promise<ReverseImportOutcome> {
  const work = (trx: Trx): Promise<ReverseImportOutcome> => reverse(trx, infobase, now, request);
  try {
    return await (request.isDryRun ? rehearse(infobase, work) : infobase.db.write(work));
  } catch (reason) {
    if (reason instanceof Refusal) return reason.outcome;
    throw reason;
  }
}

function refuse(why: string): Refused {
  return { ok: false, why, cards: [] };
}

/** @param cards how many there are; `first` of them are named, each with one reason. */
function refuseCards(cards: number, first: readonly RefusingCard[]): Refused {
  const named = [...new Map(first.toReversed().map((card) => [card.cardNumber, card])).values()].toReversed();
  const why = cards === 1 ? 'one of its cards does not allow it' : `${cards} of its cards do not allow it`;
  return { ok: false, why, cards: named.slice(0, cardsShown) };
}

async function reverse(
  trx: Trx,
  infobase: Infobase,
  now: LocalDateTime,
  { number, madeBy, isDryRun }: ReverseImportRequest,
): Promise<ReverseImportOutcome> {
  const loaded = await loadOpeningStanding(trx, infobase);
  if (!loaded.ok) return refuse(loaded.why);
  const run = await findImportRun(trx, number);
  if (run === undefined) return refuse(`there is no import ${number}`);
  const why = findObstacle(run, loaded.standing.billing !== undefined);
  if (why !== undefined) return refuse(why);
  const { billing, settings } = loaded.standing;
  const lastNightOn = billing?.lastNightOn ?? null;
  const documentId = run.documentId ?? run.billingDocumentId ?? 0;
  const found = await findReversalObstacles(trx, run.kind, { documentId, now, lastNightOn }, cardsShown);
  if (found.cards > 0) {
    return refuseCards(found.cards, [
      ...found.rows.map((row) => ({ cardNumber: row.cardNumber, why: explainRow(row, lastNightOn) })),
      ...found.balances.map((balance) => ({ cardNumber: balance.cardNumber, why: explainBalance(balance) })),
    ]);
  }
  const context = billing === undefined ? undefined : { settings, state: billing, now };
  const settled =
    context === undefined ? [] : await listInOrder(trx, context, await listCardsOfOldSales(trx, documentId));
  const reversal = await post(trx, run, documentId, { now, madeBy, lastNightOn });
  if (context !== undefined) await checkOldReturns(trx, context, settled);
  const after = { reverses: number, document: reversal.document, cards: reversal.cards };
  await recordChange(trx, infobase, { subject: 'import', key: String(reversal.number), after });
  return { ok: true, reversed: run, reversal: isDryRun ? { ...reversal, number: null, document: null } : reversal };
}

async function listInOrder(
  trx: Trx,
  context: BillingContext,
  cards: readonly ReversedCard[],
): Promise<readonly ReversedCard[]> {
  const inOrder: ReversedCard[] = [];
  for (const card of cards) if (await isCardInOrder(trx, context, card.cardId)) inOrder.push(card);
  return inOrder;
}

/**
 * Returns of sales from before billing come off a card's opening sums. Where they came off the import, which another accrual
 * of the same date may hide, the account without it is another one than the import's lines taken back make.
 * @throws Refusal
 */
async function checkOldReturns(trx: Trx, context: BillingContext, cards: readonly ReversedCard[]): Promise<void> {
  const inOrder = new Set(await listInOrder(trx, context, cards));
  const bad = cards.filter((card) => !inOrder.has(card));
  if (bad.length === 0) return;
  const why = 'returns of sales from before billing were taken from it';
  throw new Refusal(
    refuseCards(
      bad.length,
      bad.map(({ cardNumber }) => ({ cardNumber, why })),
    ),
  );
}

/** Why it cannot be taken back whatever the cards have. */
function findObstacle(run: ListedImportRun, isBilling: boolean): string | undefined {
  const { id, kind, reversesId, reversedById, datedAt } = run;
  if (reversesId !== null) return `${id} is the reversal of import ${reversesId}: import the file again instead`;
  if (reversedById !== null) return `import ${id} is reversed already, by ${reversedById}`;
  if (datedAt === null) return `import ${id} was deleted when billing was switched off`;
  if (kind === 'opening-accumulation' && isBilling) {
    return `import ${id} is in the opening balances of billing: correct its sums with a document of billing, or switch billing off first`;
  }
  return undefined;
}

function explainRow({ brought, left, writeOffOn }: RowObstacle, lastNightOn: LocalDate | null): string {
  if (lastNightOn !== null && writeOffOn <= lastNightOn) {
    return `${showAll(brought)} had the write-off date ${writeOffOn}, and that night is done`;
  }
  const measure = measureNames.find((name) => left[name] < brought[name]) ?? 'bonus';
  const [was, is] = [show(measure, brought[measure]), showAmount(measure, left[measure])];
  return `of ${was} to be written off on ${writeOffOn}, ${is} is left: returns have taken the rest`;
}

function explainBalance({ brought, left, heldBonus }: BalanceObstacle): string {
  const measure = measureNames.find((name) => brought[name] > 0 && left[name] < brought[name]);
  if (measure !== undefined) {
    return `${show(measure, brought[measure])} was brought in, and the balance is ${showAmount(measure, left[measure])}`;
  }
  if (brought.bonus > 0) {
    const [held, balance] = [formatRubles(heldBonus), formatRubles(left.bonus)];
    return `${show('bonus', brought.bonus)} was brought in, and of the balance, ${balance}, ${held} is held for a receipt`;
  }
  return 'the card would hold more than a register can';
}

function showAll(sums: Measures): string {
  return measureNames
    .filter((measure) => sums[measure] !== 0)
    .map((measure) => show(measure, sums[measure]))
    .join(', ');
}

function show(measure: MeasureName, amount: number): string {
  return `${measure} ${showAmount(measure, amount)}`;
}

function showAmount(measure: MeasureName, amount: number): string {
  return measure === 'receipts' ? String(amount) : formatRubles(amount);
}

async function post(
  trx: Trx,
  run: ListedImportRun,
  documentId: number,
  { now, madeBy, lastNightOn }: { now: LocalDateTime; madeBy: string; lastNightOn: LocalDate | null },
): Promise<Reversal> {
  const { id, kind, fileName, fileSha256 } = run;
  const comment = `Сторно ввода остатков № ${id}: ${fileName}`;
  const head = { datedAt: now, recordedAt: now, receiptId: null, comment };
  const isBilling = kind === 'opening-balance';
  const reversalId = isBilling
    ? await insertBillingDocument(trx, {
        ...head,
        kind: 'OpeningBalance',
        origin: 'opening',
        // As a document by hand: after the nights that are done, which it does not change.
        effectiveOn: lastNightOn,
        documentId: null,
      })
    : await insertDocument(trx, { ...head, kind: 'OpeningAccumulation', reply: null });
  const cards = await postReversal(trx, kind, { documentId, reversalId });
  const sums = { bonus: 0 - run.bonus, accumulation: 0 - run.accumulation, receipts: 0 - run.receipts };
  const number = await insertImportRun(trx, {
    kind,
    fileName,
    fileSha256,
    datedOn: dateOf(now),
    recordedAt: now,
    documentId: isBilling ? null : reversalId,
    billingDocumentId: isBilling ? reversalId : null,
    rows: cards,
    badRows: 0,
    cards,
    created: 0,
    ...sums,
    reversesId: id,
    madeBy,
  });
  const document = nameDocument(isBilling ? 'OpeningBalance' : 'OpeningAccumulation', reversalId, now);
  return { number, document, cards, ...sums };
}
