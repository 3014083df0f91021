// Brings in opening balances from the rows of a file: staged and judged without a lock of the infobase, then posted as one
// document in one transaction with the control totals of the file, or not at all.
import { insertBillingDocument } from '../../db/billing/billing-register.ts';
import { listCardKinds } from '../../db/catalogs/card-kind.ts';
import type { Trx } from '../../db/db.ts';
import { insertDocument } from '../../db/receipts/document.ts';
import { findStandingImport, insertImportRun, type ImportRun, type OpeningKind } from '../../db/opening/import-run.ts';
import {
  closeImportStage,
  judgeStage,
  openImportStage,
  sumStage,
  type StageTotals,
} from '../../db/opening/import-stage.ts';
import {
  areStagedCardsChanged,
  createStagedCards,
  postStagedAccumulation,
  postStagedBilling,
} from '../../db/opening/post-stage.ts';
import { listOpeningTermsOfKinds, type TermsOfKinds } from '../../db/catalogs/life-rule.ts';
import { findStandingCards, listStandingOpenings, type StandingOpening } from '../../db/opening/standing-opening.ts';
import type { CardKind } from '../../ledger/card.ts';
import { countOf } from '../../ledger/count-of.ts';
import { dateOf, startOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { RegisterOverflow } from '../../ledger/measures.ts';
import { formatSum } from '../../ledger/money.ts';
import type { Infobase } from '../infobase.ts';
import { loadOpeningStanding } from './load-opening-standing.ts';
import { nameDocument } from '../operation-reply.ts';
import type { TableMistake } from '../../tables/table-mistake.ts';
import type { TableRow } from '../../tables/table-row.ts';
import { OpeningSheet, type OpeningSheetOptions } from './read-opening-sheet.ts';
import { rehearse } from '../rehearse.ts';
import { reportOpeningMistakes } from './report-opening-mistakes.ts';
import { stageOpeningRows } from './stage-opening-rows.ts';
import { HeaderMistakes, type LeftOut } from '../../tables/table-reader.ts';

/** What the operator holds the file's totals to be; sums in kopecks. */
export type ExpectedTotals = Readonly<
  Partial<Record<'rows' | 'cards' | 'bonus' | 'accumulation' | 'receipts', number>>
>;

export interface ImportOpeningRequest {
  readonly kind: OpeningKind;
  readonly file: { readonly name: string; readonly sha256: string };
  /** The document's date, today or before; lives are counted from it. */
  readonly datedOn: LocalDate;
  readonly mayCreate: boolean;
  /** Sums below zero come in as debts; otherwise they are bad rows. */
  readonly mayOwe?: boolean;
  /** Of new cards whose rows name none. */
  readonly kindCode: string | null;
  readonly columns: Pick<OpeningSheetOptions, 'mapping' | 'ignoredColumns' | 'hasSerialDates'>;
  readonly expected: ExpectedTotals;
  /** A file that was imported before may be again, on top of itself. */
  readonly isForced: boolean;
  /** Cards that stand in an opening document of that kind already may get more. */
  readonly mayAdd: boolean;
  /** Bad rows are left out instead of refusing the file. */
  readonly mayLeaveOut: boolean;
  readonly isDryRun: boolean;
  /** Who brings it in, as the door names its users. */
  readonly madeBy: string;
}

/** A card of the file that stands in an opening document already. */
export interface CardOfOpening {
  readonly cardNumber: string;
  /** How people call the document. */
  readonly document: string;
}

export interface ImportWatch {
  /** Awaited, so that a file of mistakes is written no slower than they come. */
  readonly onMistakes: (mistakes: readonly TableMistake[]) => Promise<void>;
  readonly onProgress: (work: { readonly rows: number; readonly step: 'reading' | 'judging' | 'posting' }) => void;
}

export type ImportOpeningOutcome =
  | {
      readonly ok: true;
      readonly totals: StageTotals;
      readonly badRows: number;
      readonly leftOut: LeftOut;
      /** The number of the import; null in a dry run. */
      readonly number: number | null;
      /** How people call it; null in a dry run. */
      readonly document: string | null;
      readonly documentId: number | null;
    }
  | {
      readonly ok: false;
      /** What of the request stands in the way; null where no other request would be taken. */
      readonly field: ImportField | null;
      readonly why: string;
      readonly badRows: number;
      readonly totals: StageTotals | null;
      /** Null where the file was not read to its end. */
      readonly leftOut: LeftOut | null;
      /** The first cards of the file that stand in an opening document already, where that is why. */
      readonly standing: readonly CardOfOpening[];
    };

export type ImportField = 'kind' | 'datedOn' | 'kindCode' | 'expected' | 'isForced' | 'mayAdd' | 'mayLeaveOut';

/** Thrown to refuse, and to undo what the transaction has done. */
class Refusal extends Error {
  readonly field: ImportField | null;
  readonly standing: readonly CardOfOpening[];

  constructor(field: ImportField | null, why: string, standing: readonly CardOfOpening[] = []) {
    super(why);
    this.field = field;
    this.standing = standing;
  }
}

/** What the judgement of the rows rests on; it must be the same when they are posted. */
interface Ground {
  readonly lastNightOn: LocalDate | undefined;
  readonly terms: TermsOfKinds;
  readonly kinds: readonly CardKind[];
  /** The documents whose cards the file must not bring sums for. */
  readonly openings: readonly StandingOpening[];
}

/** How many cards that stand in an opening document already are named. */
const standingShown = 10;

export async function importOpening(
  infobase: Infobase,
  now: LocalDateTime,
  request: ImportOpeningRequest,
  rows: AsyncIterable<readonly TableRow[]>,
  watch: ImportWatch,
): Promise<ImportOpeningOutcome> {
  let badRows = 0;
  let totals: StageTotals | null = null;
  let leftOut: LeftOut | null = null;
  let isOpen = false;
  try {
    const ground = await infobase.db.read((trx) => loadGround(trx, infobase, now, request));
    await infobase.db.stage(openImportStage);
    isOpen = true;
    const { mayCreate, mayOwe = false, kindCode, columns } = request;
    const { kinds, lastNightOn, terms } = ground;
    const mayHaveWriteOffDate = lastNightOn !== undefined;
    const sheet = new OpeningSheet({ ...columns, kinds, kindCode, mayHaveWriteOffDate, mayOwe });
    const onRows = (count: number): void => watch.onProgress({ rows: count, step: 'reading' });
    const read = await stageOpeningRows(infobase, sheet, rows, onRows);
    leftOut = sheet.reader.leftOut;
    watch.onProgress({ rows: read.rows, step: 'judging' });
    const billing = lastNightOn === undefined ? undefined : { lastNightOn, terms };
    await infobase.db.stage((trx) => judgeStage(trx, { mayCreate, mayOwe, billing }));
    badRows = read.badRows + (await reportOpeningMistakes(infobase, sheet, lastNightOn, watch.onMistakes));
    totals = await infobase.db.stage(sumStage);
    if (sheet.reader.footMistakes.length > 0) throw new Refusal(null, 'a foot row is not the sum of the rows');
    if (badRows > 0 && !request.mayLeaveOut) {
      throw new Refusal(
        'mayLeaveOut',
        `${badRows} of ${countOf(read.rows, 'row')} ${badRows === 1 ? 'is' : 'are'} bad`,
      );
    }
    checkTotals(totals, request.expected);
    if (ground.openings.length > 0) await checkOpenings(infobase, request.kind);
    watch.onProgress({ rows: read.rows, step: 'posting' });
    const posted = { totals, badRows, leftOut };
    const sums = totals;
    const work = (trx: Trx) => post(trx, infobase, now, request, ground, { totals: sums, badRows });
    if (request.isDryRun) {
      await rehearse(infobase, work);
      return { ok: true, ...posted, number: null, documentId: null, document: null };
    }
    const { number, documentId } = await infobase.db.write(work);
    return { ok: true, ...posted, number, documentId, document: nameOf(request, documentId, now) };
  } catch (reason) {
    if (reason instanceof HeaderMistakes) {
      await watch.onMistakes(reason.mistakes);
      const why = 'the columns of the file cannot be made out';
      return { ok: false, field: null, why, badRows, totals, leftOut, standing: [] };
    }
    // A receipt has come since the rows were judged.
    if (reason instanceof RegisterOverflow) {
      const why = `${reason.message}: import it again`;
      return { ok: false, field: null, why, badRows, totals, leftOut, standing: [] };
    }
    if (!(reason instanceof Refusal)) throw reason;
    const { field, message, standing } = reason;
    return { ok: false, field, why: message, badRows, totals, leftOut, standing };
  } finally {
    if (isOpen) await infobase.db.stage(closeImportStage);
  }
}

const documentKinds = { 'opening-accumulation': 'OpeningAccumulation', 'opening-balance': 'OpeningBalance' } as const;

function nameOf({ kind, datedOn }: ImportOpeningRequest, documentId: number, now: LocalDateTime): string {
  return nameDocument(documentKinds[kind], documentId, momentOf(datedOn, now));
}

/** A document of today stands at its moment, one of an earlier date at its beginning. */
function momentOf(datedOn: LocalDate, now: LocalDateTime): LocalDateTime {
  return datedOn === dateOf(now) ? now : startOf(datedOn);
}

async function loadGround(
  trx: Trx,
  infobase: Infobase,
  now: LocalDateTime,
  { kind, datedOn, file, isForced, mayAdd, kindCode }: ImportOpeningRequest,
): Promise<Ground> {
  const loaded = await loadOpeningStanding(trx, infobase);
  if (!loaded.ok) throw new Refusal(null, loaded.why);
  const { billing, settings } = loaded.standing;
  if (kind === 'opening-accumulation' && settings.stage === 'billing') {
    throw new Refusal('kind', 'the infobase is in stage billing, whose balances come in as opening-balance');
  }
  if (kind === 'opening-balance' && billing === undefined) {
    throw new Refusal('kind', 'the infobase is not in stage billing: its balances come in as opening-accumulation');
  }
  if (datedOn > dateOf(now)) {
    throw new Refusal('datedOn', `the date ${datedOn} has not come: today is ${dateOf(now)}`);
  }
  const before = await findStandingImport(trx, kind, file.sha256);
  if (before !== undefined && !isForced) {
    const { id, recordedAt, fileName } = before;
    throw new Refusal('isForced', `the same file was imported at ${recordedAt} (import ${id}, ${fileName})`);
  }
  const kinds = await listCardKinds(trx);
  if (kindCode !== null && !kinds.some(({ code }) => code === kindCode)) {
    throw new Refusal('kindCode', `there is no card kind "${kindCode}"`);
  }
  const isMeant = mayAdd || before !== undefined;
  return {
    kinds,
    lastNightOn: billing?.lastNightOn,
    // An opening balance is credited at its document's date, so a rule's delay does not count.
    terms: await listOpeningTermsOfKinds(trx, datedOn),
    openings: isMeant ? [] : await listStandingOpenings(trx, kind),
  };
}

/** The same balances in another file must not come on top of themselves. */
async function checkOpenings(infobase: Infobase, kind: OpeningKind): Promise<void> {
  const { cards, first, openings } = await infobase.db.stage(async (trx) => ({
    ...(await findStandingCards(trx, kind, standingShown)),
    openings: new Map((await listStandingOpenings(trx, kind)).map(({ documentId, datedAt }) => [documentId, datedAt])),
  }));
  if (cards === 0) return;
  const standing = first.map(({ cardNumber, documentId }) => {
    const datedAt = openings.get(documentId) as LocalDateTime;
    return { cardNumber, document: nameDocument(documentKinds[kind], documentId, datedAt) };
  });
  throw new Refusal(
    'mayAdd',
    `${cards} of the file's cards stand in an opening document of this kind already`,
    standing,
  );
}

function checkTotals(totals: StageTotals, expected: ExpectedTotals): void {
  if (!Object.values(totals).every(Number.isSafeInteger)) {
    throw new Refusal(null, 'the totals are beyond what can be kept');
  }
  const wrong = (['rows', 'cards', 'bonus', 'accumulation', 'receipts'] as const).filter(
    (figure) => expected[figure] !== undefined && expected[figure] !== totals[figure],
  );
  if (wrong.length > 0) throw new TotalsDiffer(wrong, totals, expected);
  if (totals.rows === 0) throw new Refusal(null, 'the file has no rows to bring in');
}

/** Says every figure that is not as expected. */
class TotalsDiffer extends Refusal {
  constructor(figures: readonly (keyof ExpectedTotals)[], totals: StageTotals, expected: ExpectedTotals) {
    const show = (figure: keyof ExpectedTotals, value = 0): string =>
      figure === 'bonus' || figure === 'accumulation' ? formatSum(value) : String(value);
    const told = figures.map(
      (figure) => `${figure} ${show(figure, totals[figure])}, expected ${show(figure, expected[figure])}`,
    );
    super('expected', `the totals are not as expected: ${told.join('; ')}`);
  }
}

async function post(
  trx: Trx,
  infobase: Infobase,
  now: LocalDateTime,
  request: ImportOpeningRequest,
  ground: Ground,
  { totals, badRows }: { readonly totals: StageTotals; readonly badRows: number },
): Promise<{ readonly number: number; readonly documentId: number }> {
  const { kind, file, datedOn, madeBy } = request;
  const { lastNightOn, terms, openings } = await loadGround(trx, infobase, now, request);
  if (lastNightOn !== ground.lastNightOn || JSON.stringify([...terms]) !== JSON.stringify([...ground.terms])) {
    throw new Refusal(
      null,
      'a night has come, or rules of life were changed, while the file was read: import it again',
    );
  }
  if (await areStagedCardsChanged(trx)) {
    throw new Refusal(null, 'cards of the file were made or given another kind while it was read: import it again');
  }
  if (JSON.stringify(openings) !== JSON.stringify(ground.openings)) {
    throw new Refusal(null, 'other opening sums came in, or were taken back, while the file was read: import it again');
  }
  await createStagedCards(trx);
  const head = {
    datedAt: momentOf(datedOn, now),
    recordedAt: now,
    receiptId: null,
    comment: `Ввод остатков: ${file.name}`,
  };
  let ids: Pick<ImportRun, 'documentId' | 'billingDocumentId'>;
  if (lastNightOn === undefined) {
    const documentId = await insertDocument(trx, { ...head, kind: 'OpeningAccumulation', reply: null });
    await postStagedAccumulation(trx, documentId);
    ids = { documentId, billingDocumentId: null };
  } else {
    // Reckoned behind the nights that are done, whatever its date: what it brings in was counted after them.
    const opening = { kind: 'OpeningBalance', origin: 'opening', effectiveOn: lastNightOn, documentId: null } as const;
    const billingDocumentId = await insertBillingDocument(trx, { ...head, ...opening });
    await postStagedBilling(trx, billingDocumentId);
    ids = { documentId: null, billingDocumentId };
  }
  const number = await insertImportRun(trx, {
    kind,
    fileName: file.name,
    fileSha256: file.sha256,
    datedOn,
    recordedAt: now,
    ...ids,
    ...totals,
    badRows,
    reversesId: null,
    madeBy,
  });
  return { number, documentId: ids.documentId ?? ids.billingDocumentId ?? 0 };
}
