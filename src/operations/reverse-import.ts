// Takes back what an import brought in: a document of its own with the same lines and the opposite signs, where the registers
// have it all still. In billing it is a fact like the import: what is calculated again later has both.
import { insertBillingDocument } from '../db/billing-register.ts';
import type { Trx } from '../db/db.ts';
import { insertDocument } from '../db/document.ts';
import { findReversalObstacles, postReversal, type BalanceObstacle, type RowObstacle } from '../db/import-reversal.ts';
import { findImportRun, insertImportRun, type ListedImportRun } from '../db/import-run.ts';
import { measureNames, type MeasureName } from '../ledger/account.ts';
import { dateOf, type LocalDate, type LocalDateTime } from '../ledger/local-date-time.ts';
import type { Measures } from '../ledger/measures.ts';
import { formatRubles } from '../ledger/money.ts';
import type { Infobase } from './infobase.ts';
import { loadOpeningStanding } from './load-opening-standing.ts';
import { nameDocument } from './operation-reply.ts';
import { rehearse } from './rehearse.ts';

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
  | { readonly ok: true; readonly reversed: ListedImportRun; readonly reversal: Reversal }
  | {
      readonly ok: false;
      readonly why: string;
      /** The first cards that do not allow it, where that is why. */
      readonly cards: readonly { readonly cardNumber: string; readonly why: string }[];
    };

/** Cards that are named. */
const cardsShown = 10;

export function reverseImport(
  infobase: Infobase,
  now: LocalDateTime,
  request: ReverseImportRequest,
): Promise<ReverseImportOutcome> {
  const work = (trx: Trx): Promise<ReverseImportOutcome> => reverse(trx, infobase, now, request);
  return request.isDryRun ? rehearse(infobase, work) : infobase.db.write(work);
}

function refuse(why: string): ReverseImportOutcome {
  return { ok: false, why, cards: [] };
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
  const lastNightOn = loaded.standing.billing?.lastNightOn ?? null;
  const documentId = run.documentId ?? run.billingDocumentId ?? 0;
  const found = await findReversalObstacles(trx, run.kind, { documentId, now, lastNightOn }, cardsShown);
  if (found.cards > 0) {
    const cards = [
      ...found.rows.map((row) => ({ cardNumber: row.cardNumber, why: explainRow(row, lastNightOn) })),
      ...found.balances.map((balance) => ({ cardNumber: balance.cardNumber, why: explainBalance(balance) })),
    ];
    return { ok: false, why: explainCount(found.cards), cards: keepOneEach(cards).slice(0, cardsShown) };
  }
  const reversal = await post(trx, run, documentId, { now, madeBy, lastNightOn });
  return { ok: true, reversed: run, reversal: isDryRun ? { ...reversal, number: null, document: null } : reversal };
}

/** Why it cannot be taken back whatever the cards have. */
function findObstacle(run: ListedImportRun, isBilling: boolean): string | undefined {
  const { id, kind, reversesId, reversedById, datedAt } = run;
  if (reversesId !== null) return `${id} is the reversal of import ${reversesId}: bring the file in again instead`;
  if (reversedById !== null) return `import ${id} is reversed already, by ${reversedById}`;
  if (datedAt === null) return `import ${id} has gone with the billing that was switched off`;
  if (kind === 'opening-accumulation' && isBilling) {
    return `import ${id} is in the opening balances of billing: take its sums back by a document of billing, or switch billing off first`;
  }
  return undefined;
}

function explainCount(cards: number): string {
  return cards === 1 ? 'one of its cards does not allow it' : `${cards} of its cards do not allow it`;
}

/** A card with several reasons is named once, with the first. */
function keepOneEach<T extends { readonly cardNumber: string }>(cards: readonly T[]): T[] {
  return [...new Map(cards.toReversed().map((card) => [card.cardNumber, card])).values()].toReversed();
}

function explainRow({ brought, left, writeOffOn }: RowObstacle, lastNightOn: LocalDate | null): string {
  if (lastNightOn !== null && writeOffOn <= lastNightOn) {
    return `${showAll(brought)} was to be written off on ${writeOffOn}, and that night is done`;
  }
  const measure = measureNames.find((name) => left[name] < brought[name]) ?? 'bonus';
  const [was, is] = [show(measure, brought[measure]), showAmount(measure, left[measure])];
  return `of ${was} to be written off on ${writeOffOn}, ${is} is left: returns have taken the rest back`;
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
