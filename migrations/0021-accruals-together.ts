// The accruals of a card lie together. They are written by the day, so in a table with row ids those of one card are on as
// many pages as it has dates, each found by a look into the index. In a table that is its own index they are on a few.
import type { Knex } from 'knex';

export const name = '0021-accruals-together';

const limit = '9007199254740991';

const wholeMeasure = (measure: string): string =>
  `constraint accrual_turnover_${measure} check (${measure} between -${limit} and ${limit} and ${measure} = cast(${measure} as bigint))`;

export async function up(knex: Knex): Promise<void> {
  // PostgreSQL has no such tables.
  if (knex.client.config.client === 'pg') return;
  await knex.schema.raw('alter table accrual_turnover rename to accrual_turnover_apart');
  await knex.schema.raw(
    `create table accrual_turnover (card_id integer not null, write_off_on text not null,
       bonus bigint not null, accumulation bigint not null, receipts bigint not null,
       foreign key (card_id) references card (id), primary key (card_id, write_off_on),
       ${['bonus', 'accumulation', 'receipts'].map(wholeMeasure).join(', ')}) without rowid`,
  );
  await knex.schema.raw(
    `insert into accrual_turnover (card_id, write_off_on, bonus, accumulation, receipts)
     select card_id, write_off_on, bonus, accumulation, receipts from accrual_turnover_apart
     order by card_id, write_off_on`,
  );
  await knex.schema.raw('drop table accrual_turnover_apart');
}
