// Runs of the night, one row for each business date: how far each has come, and the documents it has made.
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement, written } from '../statement.ts';

export interface NightRun {
  readonly businessOn: LocalDate;
  readonly startedAt: LocalDateTime;
  readonly finishedAt: LocalDateTime | null;
  /** The last card whose chunk is committed. */
  readonly doneCardId: number;
  readonly writeOffDocumentId: number | null;
  readonly accrualDocumentId: number | null;
  readonly reservedDocumentId: number | null;
  readonly writeOffLines: number;
  readonly accrualLines: number;
}

const columns = {
  businessOn: 'business_on',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
  doneCardId: 'done_card_id',
  writeOffDocumentId: 'write_off_document_id',
  accrualDocumentId: 'accrual_document_id',
  reservedDocumentId: 'reserved_document_id',
  writeOffLines: 'write_off_lines',
  accrualLines: 'accrual_lines',
};

const insert = statement<{ businessOn: string; startedAt: string }>((knex, p) =>
  knex('night_run').insert({
    business_on: p.businessOn,
    started_at: p.startedAt,
    finished_at: null,
    done_card_id: 0,
    write_off_document_id: null,
    accrual_document_id: null,
    reserved_document_id: null,
    write_off_lines: 0,
    accrual_lines: 0,
  }),
);

const ofDate = statement<{ businessOn: string }, NightRun>((knex, p) =>
  knex('night_run').select(columns).where('business_on', p.businessOn),
);

const latestOne = statement<Record<string, never>, NightRun>((knex) =>
  knex('night_run').select(columns).orderBy('business_on', 'desc').limit(1, written),
);

const latest = statement<{ limit: number }, NightRun>((knex) =>
  knex('night_run').select(columns).orderBy('business_on', 'desc').limit(limitMark),
);

type ProgressParameters = {
  businessOn: string;
  fromCardId: number;
  doneCardId: number;
  writeOffDocumentId: number | null;
  accrualDocumentId: number | null;
  reservedDocumentId: number | null;
  writeOffLines: number;
  accrualLines: number;
};

// Only from where the chunk began: a run that another process has moved on is not changed by this one.
const advance = statement<ProgressParameters>((knex, p) =>
  knex('night_run').where({ business_on: p.businessOn, done_card_id: p.fromCardId }).whereNull('finished_at').update({
    done_card_id: p.doneCardId,
    write_off_document_id: p.writeOffDocumentId,
    accrual_document_id: p.accrualDocumentId,
    reserved_document_id: p.reservedDocumentId,
    write_off_lines: p.writeOffLines,
    accrual_lines: p.accrualLines,
  }),
);

const finish = statement<{ businessOn: string; finishedAt: string }>((knex, p) =>
  knex('night_run').where('business_on', p.businessOn).update({ finished_at: p.finishedAt }),
);

const bonusOf = statement<{ documentId: number }, { amount: number }>((knex, p) =>
  knex.raw('select cast(coalesce(sum(bonus), 0) as bigint) as amount from billing_movement where document_id = ?', [
    p.documentId,
  ]),
);

/** Kopecks that a document of the night has moved; reads all its lines: a second for a million. */
export async function sumNightBonus(trx: Trx, documentId: number | null): Promise<number> {
  return documentId === null ? 0 : ((await trx.first(bonusOf, { documentId }))?.amount ?? 0);
}

export async function openNightRun(trx: Trx, businessOn: LocalDate, startedAt: LocalDateTime): Promise<void> {
  await trx.change(insert, { businessOn, startedAt });
}

/** The run of the latest date; undefined before the first one. */
export function findLatestRun(trx: Trx): Promise<NightRun | undefined> {
  return trx.first(latestOne, {});
}

export function findNightRun(trx: Trx, businessOn: LocalDate): Promise<NightRun | undefined> {
  return trx.first(ofDate, { businessOn });
}

/** The latest dates first. */
export function listNightRuns(trx: Trx, limit: number): Promise<NightRun[]> {
  return trx.list(latest, { limit });
}

/** Records how far the run has come. @returns false if it is no longer at `fromCardId`. */
export async function advanceNightRun(trx: Trx, fromCardId: number, run: NightRun): Promise<boolean> {
  const { businessOn, doneCardId, writeOffLines, accrualLines } = run;
  const { writeOffDocumentId, accrualDocumentId, reservedDocumentId } = run;
  const documents = { writeOffDocumentId, accrualDocumentId, reservedDocumentId };
  const counts = { writeOffLines, accrualLines };
  return (await trx.change(advance, { businessOn, fromCardId, doneCardId, ...documents, ...counts })) > 0;
}

export async function finishNightRun(trx: Trx, businessOn: LocalDate, finishedAt: LocalDateTime): Promise<void> {
  await trx.change(finish, { businessOn, finishedAt });
}
