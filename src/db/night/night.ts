// The night's arithmetic as SQL over a chunk of cards at once: what src/ledger/account.ts does for one account. Measured on
// 1,000,000 cards, a loop over the cards takes forty times as long. The SQL is the same for every database.
import type { MeasureName } from '../../ledger/account.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import { insertBillingDocument, type NewBillingDocument } from '../billing/billing-register.ts';
import type { Trx } from '../db.ts';
import { leftForHolds, nightHolds } from './night-hold.ts';
import {
  addExcluded,
  anyMeasure,
  eachMeasure,
  measures,
  measuresOf,
  measureSums,
  namedMeasureSums,
} from '../measure-sql.ts';
import { limitMark, statement } from '../statement.ts';

/** The cards of `night_card` with an id above `fromCardId`, up to `toCardId`, in the night of `businessOn`. */
export interface NightChunk {
  readonly businessOn: LocalDate;
  readonly fromCardId: number;
  readonly toCardId: number;
}

type ChunkParameters = { businessOn: string; fromCardId: number; toCardId: number };
type DocumentParameters = ChunkParameters & { documentId: number };

/** What a night leaves in any case: S(T), and of bonus at least what active holds have set aside. */
const kept = (measure: MeasureName): string =>
  measure === 'bonus'
    ? 'case when covered_bonus > held_bonus then covered_bonus else held_bonus end'
    : `covered_${measure}`;

// W = max(0, B - S(T)), for each measure, and of bonus no more than active holds leave; nothing if S(T) is below zero,
// which is a defect that a check of the infobase reports. A card without a sum above zero has nothing to lose. Few holds are active
// at a night: they are collected once and looked up. A cross join is done in the order it is written, from the cards of the night.
const writeOffs = `
  (select card_id, bonus, ${eachMeasure((measure) => `covered_${measure}`)},
      ${eachMeasure(
        (measure) => `case when covered_${measure} >= 0 and ${measure} > ${kept(measure)}
          then ${measure} - ${kept(measure)} else 0 end as taken_${measure}`,
      )}
    from (select b.card_id, ${measuresOf('b')}, coalesce(max(held.amount), 0) as held_bonus,
        ${eachMeasure((measure) => `cast(coalesce(sum(a.${measure}), 0) as bigint) as covered_${measure}`)}
      from night_card n cross join billing_balance b
        left join accrual_turnover a on a.card_id = b.card_id and a.write_off_on > ?
        left join (select h.card_id, ${leftForHolds} as amount from ${nightHolds}
          where h.card_id > ? and h.card_id <= ? and h.business_on = ? group by h.card_id) held
          on held.card_id = b.card_id
      where b.card_id = n.card_id and n.card_id > ? and n.card_id <= ? and (${anyMeasure((measure) => `b.${measure} > 0`)})
      group by n.card_id, b.card_id) account) written
  where ${anyMeasure((measure) => `taken_${measure} > 0`)}`;
const writeOffPlaces = (p: Readonly<Record<keyof ChunkParameters, string>>): string[] => [
  p.businessOn,
  p.fromCardId,
  p.toCardId,
  p.businessOn,
  p.fromCardId,
  p.toCardId,
];

/** The date of the document whose id is given, which each of its lines has as well. */
const documentDate = '(select dated_at from billing_document where id = ?)';

const anyWriteOff = statement<ChunkParameters, { found: number }>((knex, p) =>
  knex.raw(`select 1 as found from ${writeOffs} limit 1`, writeOffPlaces(p)),
);

// S(T) is stored if something was taken: together with W it shows what B was.
const insertWriteOffs = statement<DocumentParameters>((knex, p) =>
  knex.raw(
    `insert into billing_movement
       (document_id, card_id, line, ${measures}, bonus_after, ${eachMeasure((measure) => `covered_${measure}`)}, dated_at)
     select cast(? as bigint), card_id, 1, ${eachMeasure((measure) => `-taken_${measure}`)}, bonus - taken_bonus,
       ${eachMeasure((measure) => `case when taken_${measure} > 0 then covered_${measure} end`)}, ${documentDate}
     from ${writeOffs}`,
    [p.documentId, p.documentId, ...writeOffPlaces(p)],
  ),
);

const takeWriteOffs = statement<Omit<DocumentParameters, 'businessOn'>>((knex, p) =>
  knex.raw(
    `update billing_balance set ${eachMeasure((measure) => `${measure} = billing_balance.${measure} + m.${measure}`)}
     from billing_movement m
     where m.document_id = ? and m.card_id > ? and m.card_id <= ? and billing_balance.card_id = m.card_id`,
    [p.documentId, p.fromCardId, p.toCardId],
  ),
);

// The empty addition keeps SQLite from the index on credit_on, which it would search from its beginning for every chunk.
const due = `card_id in (select card_id from night_card where card_id > ? and card_id <= ?) and credit_on || '' <= ?`;
const duePlaces = (p: Readonly<Record<keyof ChunkParameters, string>>): string[] => [
  p.fromCardId,
  p.toCardId,
  p.businessOn,
];

const anyCredit = statement<ChunkParameters, { found: number }>((knex, p) =>
  knex.raw(`select 1 as found from pending_credit where ${due} limit 1`, duePlaces(p)),
);

const creditBalances = statement<ChunkParameters>((knex, p) =>
  knex.raw(
    `insert into billing_balance (card_id, ${measures})
     select card_id, ${measureSums} from pending_credit where ${due} group by card_id
     on conflict (card_id) do update set ${addExcluded('billing_balance')}`,
    duePlaces(p),
  ),
);

// After the balances, so that the line has the new ones.
const insertCredits = statement<DocumentParameters>((knex, p) =>
  knex.raw(
    `insert into billing_movement (document_id, card_id, line, ${measures}, bonus_after, dated_at)
     select cast(? as bigint), credited.card_id, 1, ${measuresOf('credited')}, b.bonus, ${documentDate}
     from (select card_id, ${namedMeasureSums}
       from pending_credit where ${due} group by card_id) credited
     join billing_balance b on b.card_id = credited.card_id`,
    [p.documentId, p.documentId, ...duePlaces(p)],
  ),
);

const insertRows = statement<DocumentParameters>((knex, p) =>
  knex.raw(
    `insert into accrual_movement (document_id, card_id, write_off_on, ${measures})
     select cast(? as bigint), card_id, write_off_on, ${measureSums} from pending_credit where ${due}
     group by card_id, write_off_on`,
    [p.documentId, ...duePlaces(p)],
  ),
);

const addRows = statement<Omit<DocumentParameters, 'businessOn'>>((knex, p) =>
  knex.raw(
    `insert into accrual_turnover (card_id, write_off_on, ${measures})
     select card_id, write_off_on, ${measures} from accrual_movement
     where document_id = ? and card_id > ? and card_id <= ?
     on conflict (card_id, write_off_on) do update set ${addExcluded('accrual_turnover')}`,
    [p.documentId, p.fromCardId, p.toCardId],
  ),
);

const insertSpentPending = statement<DocumentParameters>((knex, p) =>
  knex.raw(
    `insert into pending_movement (document_id, card_id, source, credit_on, write_off_on, ${measures})
     select cast(? as bigint), card_id, source, credit_on, write_off_on, ${eachMeasure((measure) => `-${measure}`)}
     from pending_credit where ${due}`,
    [p.documentId, ...duePlaces(p)],
  ),
);

const deleteSpentPending = statement<ChunkParameters>((knex, p) =>
  knex.raw(`delete from pending_credit where ${due}`, duePlaces(p)),
);

const chunkEnd = statement<{ fromCardId: number; limit: number }, { id: number | null }>((knex, p) =>
  knex.from(knex('card').select('id').where('id', '>', p.fromCardId).orderBy('id').limit(limitMark).as('chunk')).max({
    id: 'id',
  }),
);

const lastCard = statement<Record<string, never>, { id: number | null }>((knex) => knex('card').max({ id: 'id' }));

/** The id of the last of the next `limit` cards; undefined where there are none. */
export async function findChunkEnd(trx: Trx, fromCardId: number, limit: number): Promise<number | undefined> {
  return (await trx.first(chunkEnd, { fromCardId, limit }))?.id ?? undefined;
}

/** 0 where there is no card. */
export async function findLastCardId(trx: Trx): Promise<number> {
  return (await trx.first(lastCard, {}))?.id ?? 0;
}

/** Whether the night takes anything from a card of the chunk. */
export async function hasWriteOff(trx: Trx, chunk: NightChunk): Promise<boolean> {
  return (await trx.first(anyWriteOff, { ...chunk })) !== undefined;
}

/** Posts the lines of «Списание» of the chunk; register A stays as it is. @returns how many. */
export async function postWriteOffs(trx: Trx, documentId: number, chunk: NightChunk): Promise<number> {
  const { fromCardId, toCardId } = chunk;
  const lines = await trx.change(insertWriteOffs, { documentId, ...chunk });
  if (lines === 0) return 0;
  const taken = await trx.change(takeWriteOffs, { documentId, fromCardId, toCardId });
  // Otherwise a balance would stay above what covers it after the night, and its line would say that it does not.
  if (taken !== lines) throw new Error(`a night has written ${lines} lines and taken ${taken} of them`);
  return lines;
}

/** Whether a pending credit of the chunk has come due. */
export async function hasDueCredit(trx: Trx, chunk: NightChunk): Promise<boolean> {
  return (await trx.first(anyCredit, { ...chunk })) !== undefined;
}

/** Posts the lines of «Начисление» of the chunk: added to the balance and register A, removed from what is pending. */
export async function postDueCredits(trx: Trx, documentId: number, chunk: NightChunk): Promise<number> {
  const { fromCardId, toCardId } = chunk;
  await trx.change(creditBalances, { ...chunk });
  const lines = await trx.change(insertCredits, { documentId, ...chunk });
  await trx.change(insertRows, { documentId, ...chunk });
  await trx.change(addRows, { documentId, fromCardId, toCardId });
  await trx.change(insertSpentPending, { documentId, ...chunk });
  await trx.change(deleteSpentPending, { ...chunk });
  return lines;
}

type NumberedDocument = {
  id: number;
  kind: string;
  origin: string;
  datedAt: string;
  recordedAt: string;
  comment: string | null;
};

const insertNumbered = statement<NumberedDocument>((knex, p) =>
  knex('billing_document').insert({
    id: p.id,
    kind: p.kind,
    origin: p.origin,
    dated_at: p.datedAt,
    recorded_at: p.recordedAt,
    comment: p.comment,
  }),
);

const deleteDocument = statement<{ id: number }>((knex, p) => knex('billing_document').where('id', p.id).delete());

/** An id smaller than those of the next documents, kept free for a document that may be needed later. */
export async function reserveDocumentId(trx: Trx, document: NewBillingDocument): Promise<number> {
  const id = await insertBillingDocument(trx, document);
  await trx.change(deleteDocument, { id });
  return id;
}

export async function insertReservedDocument(trx: Trx, id: number, document: NewBillingDocument): Promise<void> {
  const { kind, origin, datedAt, recordedAt, comment } = document;
  await trx.change(insertNumbered, { id, kind, origin, datedAt, recordedAt, comment });
}
