// What the night of a date to come would write, if nothing else happened before it: the nights between are
// applied to every card's account by the ledger, a chunk of cards at a time. Only reads; tills and nights go on meanwhile.
import { listAccounts, type CardAccount } from '../../db/billing/account-page.ts';
import { findChunkEnd, findLastCardId } from '../../db/night/night.ts';
import {
  findNextBusyNight,
  measureNames,
  applyNight,
  type MeasureName,
  type PendingCredit,
  type WriteOff,
} from '../../ledger/account.ts';
import { addDays, type LocalDate } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { findNightState, type NightObstacle, type NightProgress } from './run-night.ts';

/** What the night does to one card. */
export interface NightLine {
  readonly cardId: number;
  readonly cardNumber: string;
  /** One for each measure, with B and S(T). */
  readonly writeOffs: readonly WriteOff[];
  readonly credits: readonly PendingCredit[];
}

/** A document of the night; sums over all cards can be beyond the integers that a number keeps exactly. */
export interface NightTotal {
  readonly lines: number;
  readonly sums: Readonly<Record<MeasureName, bigint>>;
}

export type NightPreview =
  | {
      readonly code: 'done';
      readonly businessOn: LocalDate;
      /** Nights that come before it. */
      readonly nightsBefore: number;
      readonly writeOff: NightTotal;
      readonly accrual: NightTotal;
    }
  | { readonly code: 'done_before'; readonly lastNightOn: LocalDate }
  | { readonly code: 'too_far'; readonly lastOn: LocalDate }
  | { readonly code: 'not_run'; readonly why: NightObstacle }
  | { readonly code: 'stopped' };

export interface PreviewOptions {
  readonly chunkCards?: number;
  /** Awaited between chunks; a process that also answers tills lets them in here. */
  readonly pause?: () => Promise<void>;
  readonly shouldStop?: () => boolean;
  /** Called for every card that the night would touch, in the order of ids. */
  readonly onLine?: (line: NightLine) => void;
  readonly onProgress?: (progress: NightProgress) => void;
}

/** Ten years: a date beyond that is a typing mistake, and every life but the unlimited has ended. */
const greatestDays = 3_653;
/** A chunk is read and calculated in about 10 ms. */
const defaultChunkCards = 500;

export async function previewNight(
  infobase: Infobase,
  businessOn: LocalDate,
  options: PreviewOptions = {},
): Promise<NightPreview> {
  const { chunkCards = defaultChunkCards } = options;
  const begun = await infobase.db.read(async (trx) => ({
    nightState: await findNightState(infobase, trx),
    lastCardId: await findLastCardId(trx),
  }));
  if (begun.nightState.code !== 'billing') return begun.nightState;
  const { lastNightOn } = begun.nightState.state;
  if (businessOn <= lastNightOn) return { code: 'done_before', lastNightOn };
  const lastOn = addDays(lastNightOn, greatestDays);
  if (businessOn > lastOn) return { code: 'too_far', lastOn };
  const totals = { writeOff: openTotal(), accrual: openTotal() };
  for (let doneCardId = 0; ;) {
    if (options.shouldStop?.() === true) return { code: 'stopped' };
    const from = doneCardId;
    const page = await infobase.db.read(async (trx) => {
      const toCardId = await findChunkEnd(trx, from, chunkCards);
      return toCardId === undefined ? undefined : { toCardId, accounts: await listAccounts(trx, from, toCardId) };
    });
    if (page === undefined) break;
    for (const card of page.accounts) addLine(totals, foreseeCard(card, businessOn), options);
    doneCardId = page.toCardId;
    options.onProgress?.({ businessOn, doneCardId, lastCardId: begun.lastCardId });
    await options.pause?.();
  }
  return { code: 'done', businessOn, nightsBefore: countNights(lastNightOn, businessOn), ...totals };
}

function countNights(lastNightOn: LocalDate, businessOn: LocalDate): number {
  let nights = 0;
  for (let on = addDays(lastNightOn, 1); on < businessOn; on = addDays(on, 1)) nights += 1;
  return nights;
}

/** The card's line in the night of that date, after the nights before it. */
function foreseeCard(
  { cardId, cardNumber, account, held, lastNightOn }: CardAccount,
  businessOn: LocalDate,
): NightLine {
  const run = (on: LocalDate): ReturnType<typeof applyNight> => applyNight(account, on, held.get(on));
  // A card that the night of that date has handled already has its line in the documents.
  if (lastNightOn >= businessOn) return { cardId, cardNumber, writeOffs: [], credits: [] };
  for (let on = addDays(lastNightOn, 1); on < businessOn; on = findNextBusyNight(account, on)) run(on);
  return { cardId, cardNumber, ...run(businessOn) };
}

interface OpenTotal {
  lines: number;
  readonly sums: Record<MeasureName, bigint>;
}

function openTotal(): OpenTotal {
  return { lines: 0, sums: { bonus: 0n, accumulation: 0n, receipts: 0n } };
}

function addLine(
  totals: { readonly writeOff: OpenTotal; readonly accrual: OpenTotal },
  line: NightLine,
  { onLine }: PreviewOptions,
): void {
  addParts(totals.writeOff, line.writeOffs);
  addParts(totals.accrual, line.credits);
  if (line.writeOffs.length + line.credits.length > 0) onLine?.(line);
}

function addParts(
  total: OpenTotal,
  parts: readonly { readonly measure: MeasureName; readonly amount: number }[],
): void {
  if (parts.length === 0) return;
  total.lines += 1;
  for (const measure of measureNames) {
    for (const part of parts) if (part.measure === measure) total.sums[measure] += BigInt(part.amount);
  }
}
