// «Ввод начальных остатков», all cards in one statement: what the register «Накопления» holds from before the start of
// billing becomes the first line of every card, with its rows in «Обороты начислений». A million cards are a few statements.
import { measureNames, type MeasureName } from '../../ledger/account.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { NaturalKey } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import type { TermsOfKinds } from '../catalogs/life-rule.ts';
import { addExcluded, anyMeasure, eachMeasure, measures, measuresOf, namedMeasureSums } from '../measure-sql.ts';
import { statement } from '../statement.ts';

type None = Record<string, never>;

/** The sale of a group that has receipts on both sides of the date; it may be unknown. */
const straddling = statement<{ startOn: string }, Omit<NaturalKey, 'kind'>>((knex, p) =>
  knex.raw(
    `select distinct original_kkm as "kkm", original_shift_number as "shiftNumber",
       original_receipt_number as "receiptNumber", original_receipt_on as "receiptOn"
     from receipt
     where original_kkm is not null and kind = 'Return'
       and (original_receipt_on < ? and receipt_on >= ? or original_receipt_on >= ? and receipt_on < ?)
     order by 1, 2, 3, 4`,
    [p.startOn, p.startOn, p.startOn, p.startOn],
  ),
);

/** The groups that have, or may have, facts on both sides of the date: a return on the other side than its sale. */
export async function listStraddlingSales(trx: Trx, startOn: LocalDate): Promise<NaturalKey[]> {
  return (await trx.list(straddling, { startOn })).map((key) => ({ ...key, kind: 'Sale' }));
}

const insertCorrection = statement<{ cardId: number; bonus: number; accumulation: number; receipts: number }>(
  (knex, p) =>
    knex.raw(
      `insert into opening_correction (card_id, ${measures}) values (?, ?, ?, ?)
       on conflict (card_id) do update set ${addExcluded('opening_correction')}`,
      [p.cardId, p.bonus, p.accumulation, p.receipts],
    ),
);

const removeCorrections = statement<None>((knex) => knex('opening_correction').delete());

/** Sums that must be added to the movements of a card's documents dated before the start. */
export async function addOpeningCorrection(trx: Trx, cardId: number, sums: Measures): Promise<void> {
  const { bonus, accumulation, receipts } = sums;
  await trx.change(insertCorrection, { cardId, bonus, accumulation, receipts });
}

// Documents without a receipt are opening accumulations: balances on any date. One placeholder: startOn.
const openingSums = `
  select card_id, ${namedMeasureSums}
  from (select m.card_id, ${measuresOf('m')}
      from accumulation_movement m
      join document d on d.id = m.document_id
      left join receipt r on r.id = d.receipt_id
      where d.receipt_id is null or r.receipt_on < ?
    union all select card_id, ${measures} from opening_correction) part
  group by card_id
  having ${anyMeasure((measure) => `sum(${measure}) <> 0`)}`;

const insertLines = statement<{ documentId: number; startOn: string }>((knex, p) =>
  knex.raw(
    `insert into billing_movement (document_id, card_id, line, ${measures}, bonus_after, dated_at)
     select cast(? as bigint), card_id, 1, ${measures}, bonus, (select dated_at from billing_document where id = ?)
     from (${openingSums}) opening order by card_id`,
    [p.documentId, p.documentId, p.startOn],
  ),
);

const insertBalances = statement<{ documentId: number }>((knex, p) =>
  knex.raw(
    `insert into billing_balance (card_id, ${measures})
     select card_id, ${measures} from billing_movement where document_id = ? order by card_id`,
    [p.documentId],
  ),
);

type RowParameters = { documentId: number; kindCode: string; writeOffOn: string };

/** Rows of the measures named, of cards of one kind: a debt has none, for it is not an accrual that could run out. */
const makeRows = (owned: readonly MeasureName[]) => {
  const ofOwned = (measure: MeasureName): string =>
    owned.includes(measure) ? `case when m.${measure} > 0 then m.${measure} else 0 end` : '0';
  return statement<RowParameters>((knex, p) =>
    knex.raw(
      `insert into accrual_movement (document_id, card_id, write_off_on, ${measures})
       select m.document_id, m.card_id, ?, ${eachMeasure(ofOwned)}
       from billing_movement m join card on card.id = m.card_id
       where m.document_id = ? and card.kind_code = ? and (${owned.map((name) => `m.${name} > 0`).join(' or ')})
       order by m.card_id`,
      [p.writeOffOn, p.documentId, p.kindCode],
    ),
  );
};

const allRows = makeRows(measureNames);
const bonusRows = makeRows(['bonus']);
const accumulationRows = makeRows(['accumulation', 'receipts']);

const insertTurnovers = statement<{ documentId: number }>((knex, p) =>
  knex.raw(
    `insert into accrual_turnover (card_id, write_off_on, ${measures})
     select card_id, write_off_on, ${measures} from accrual_movement where document_id = ? order by card_id, write_off_on`,
    [p.documentId],
  ),
);

/**
 * Posts a line to every card that had a sum before the start, by its documents and the corrections, which are then removed.
 * @param terms by card kind: the write-off dates of the rows.
 * @returns how many cards have one.
 */
export async function postOpeningLines(
  trx: Trx,
  documentId: number,
  startOn: LocalDate,
  terms: TermsOfKinds,
): Promise<number> {
  const lines = await trx.change(insertLines, { documentId, startOn });
  await trx.change(removeCorrections, {});
  if (lines === 0) return 0;
  await trx.change(insertBalances, { documentId });
  for (const [kindCode, { bonus, accumulation }] of terms) {
    const head = { documentId, kindCode };
    if (bonus.writeOffOn === accumulation.writeOffOn) {
      await trx.change(allRows, { ...head, writeOffOn: bonus.writeOffOn });
    } else {
      await trx.change(bonusRows, { ...head, writeOffOn: bonus.writeOffOn });
      await trx.change(accumulationRows, { ...head, writeOffOn: accumulation.writeOffOn });
    }
  }
  await trx.change(insertTurnovers, { documentId });
  return lines;
}

const countLines = statement<{ startOn: string }, { lines: number }>((knex, p) =>
  knex.raw(`select count(*) as lines from (${openingSums}) opening`, [p.startOn]),
);

const sumsOfCard = statement<{ cardId: number; startOn: string }, Measures>((knex, p) =>
  knex.raw(
    `select ${eachMeasure((measure) => `coalesce(sum(m.${measure}), 0) as ${measure}`)}
     from accumulation_movement m
     join document d on d.id = m.document_id
     left join receipt r on r.id = d.receipt_id
     where m.card_id = ? and (d.receipt_id is null or r.receipt_on < ?)`,
    [p.cardId, p.startOn],
  ),
);

/** How many cards have a sum from before the start, without corrections. */
export async function countOpeningLines(trx: Trx, startOn: LocalDate): Promise<number> {
  return (await trx.first(countLines, { startOn }))?.lines ?? 0;
}

/** The movements of a card's documents dated before the start. */
export async function getOpeningSums(trx: Trx, cardId: number, startOn: LocalDate): Promise<Measures> {
  const sums = await trx.first(sumsOfCard, { cardId, startOn });
  if (sums === undefined) throw new Error('a sum gave no row');
  return sums;
}
