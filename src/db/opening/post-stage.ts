// Posts what is staged (import-stage.ts): creates the cards that are not known, and adds the sums to one register or the other.
import type { Trx } from '../db.ts';
import { addExcluded, anyMeasure, measures, measuresOf } from '../measure-sql.ts';
import { guardRunningSum } from '../register-limit.ts';
import { statement } from '../statement.ts';

type None = Record<string, never>;

// The card is known now and was not, or it has another kind, with other rules.
const changedCard = statement<None, { found: number }>((knex) =>
  knex.raw(
    `select 1 as found from import_card c join card k on k.number = c.card_number
     where c.card_id is null or k.kind_code <> c.kind_code limit 1`,
  ),
);

const insertCards = statement<None>((knex) =>
  knex.raw(
    `insert into card (number, kind_code, holder, status)
     select card_number, kind_code, holder, 'active' from import_card
     where card_id is null order by first_line`,
  ),
);

const findIds = statement<None>((knex) =>
  knex.raw(`update import_card set card_id = (select id from card where number = card_number) where card_id is null`),
);

/** The sum may be zero where a debt equals an accrual; the accrual's row is there all the same. */
const isMoved = `(${anyMeasure((measure) => `c.${measure} <> 0`)}
  or exists (select 1 from import_part p where p.card_number = c.card_number))`;

const keepBalances = (table: string) =>
  statement<None>((knex) =>
    knex.raw(
      `insert into ${table} (card_id, ${measures})
       select c.card_id, ${measuresOf('c')} from import_card c where ${isMoved} order by c.card_id
       on conflict (card_id) do update set ${addExcluded(table)}`,
    ),
  );
const keepAccumulation = keepBalances('accumulation_balance');
const keepBilling = keepBalances('billing_balance');

// After the balances, so that the line can say what they have become.
const insertAccumulation = statement<{ documentId: number }>((knex, p) =>
  knex.raw(
    `insert into accumulation_movement (document_id, card_id, ${measures}, bonus_after, dated_at)
     select cast(? as bigint), c.card_id, ${measuresOf('c')}, b.bonus, (select dated_at from document where id = ?)
     from import_card c join accumulation_balance b on b.card_id = c.card_id
     where ${isMoved} order by c.card_id`,
    [p.documentId, p.documentId],
  ),
);

const insertBilling = statement<{ documentId: number }>((knex, p) =>
  knex.raw(
    `insert into billing_movement (document_id, card_id, line, ${measures}, bonus_after, dated_at)
     select cast(? as bigint), c.card_id, 1, ${measuresOf('c')}, b.bonus,
       (select dated_at from billing_document where id = ?)
     from import_card c join billing_balance b on b.card_id = c.card_id
     where ${isMoved} order by c.card_id`,
    [p.documentId, p.documentId],
  ),
);

const insertParts = statement<{ documentId: number }>((knex, p) =>
  knex.raw(
    `insert into accrual_movement (document_id, card_id, write_off_on, ${measures})
     select cast(? as bigint), c.card_id, p.write_off_on, ${measuresOf('p')}
     from import_part p join import_card c on c.card_number = p.card_number order by c.card_id, p.write_off_on`,
    [p.documentId],
  ),
);

const keepTurnovers = statement<{ documentId: number }>((knex, p) =>
  knex.raw(
    `insert into accrual_turnover (card_id, write_off_on, ${measures})
     select card_id, write_off_on, ${measures} from accrual_movement where document_id = ?
     on conflict (card_id, write_off_on) do update set ${addExcluded('accrual_turnover')}`,
    [p.documentId],
  ),
);

/** Whether a card was made, or given another kind, since the stage was judged. */
export async function areStagedCardsChanged(trx: Trx): Promise<boolean> {
  return (await trx.first(changedCard, {})) !== undefined;
}

/** Creates the cards that are not known. */
export async function createStagedCards(trx: Trx): Promise<void> {
  await trx.change(insertCards, {});
  await trx.change(findIds, {});
}

/**
 * Posts the staged cards to the register «Накопления».
 * @throws RegisterOverflow where a receipt that came since the stage was judged leaves too little room.
 */
export async function postStagedAccumulation(trx: Trx, documentId: number): Promise<void> {
  await guardRunningSum(trx.change(keepAccumulation, {}));
  await trx.change(insertAccumulation, { documentId });
}

/**
 * Posts the staged cards to «Остатки» and their parts to «Обороты начислений».
 * @throws RegisterOverflow as `postStagedAccumulation` does.
 */
export async function postStagedBilling(trx: Trx, documentId: number): Promise<void> {
  await guardRunningSum(trx.change(keepBilling, {}));
  await trx.change(insertBilling, { documentId });
  await trx.change(insertParts, { documentId });
  await guardRunningSum(trx.change(keepTurnovers, { documentId }));
}
