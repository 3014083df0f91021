// A card's movements of a period, found by the index of card and date: what lies outside the period is not read.
import type { Knex } from 'knex';
import { firstMoment, lastMoment, type LocalDateTime } from '../ledger/local-date-time.ts';
import type { Trx } from './db.ts';
import { limitMark, statement, type Statement } from './statement.ts';

/** Both moments are included; null = no bound. */
export interface Period {
  readonly from: LocalDateTime | null;
  readonly to: LocalDateTime | null;
}

type MovementTable = 'accumulation_movement' | 'billing_movement';
type LatestParameters = { cardId: number; limit: number };
type PeriodParameters = LatestParameters & { from: string; to: string };
type Span = { readonly first: LocalDateTime | null; readonly last: LocalDateTime | null };

/** The latest movements of a card, and the latest within a period; how a register selects them is its own matter. */
export interface HistoryStatements<Row> {
  readonly latest: Statement<LatestParameters, Row>;
  readonly ofPeriod: Statement<PeriodParameters, Row>;
  readonly span: Statement<LatestParameters, Span>;
}

/**
 * @param keys what tells a card's movements of the table apart, in their order.
 * @param select the columns, for a query that has the table.
 */
export function makeHistory<Row>(
  table: MovementTable,
  keys: readonly string[],
  select: (knex: Knex, movements: Knex.QueryBuilder) => Knex.QueryBuilder,
): HistoryStatements<Row> {
  const order = keys.map((key) => ({ column: `${table}.${key}`, order: 'desc' }) as const);
  return {
    latest: statement((knex, p) =>
      select(knex, knex(table)).where(`${table}.card_id`, p.cardId).orderBy(order).limit(limitMark),
    ),
    // The sum with zero keeps a database from walking through the whole history in the order of its documents.
    ofPeriod: statement((knex, p) => {
      const chosen = knex(table)
        .where('card_id', p.cardId)
        .whereBetween('dated_at', [p.from, p.to])
        .orderByRaw(keys.map((key) => `${key} + 0 desc`).join(', '))
        .limit(limitMark)
        .select(...keys)
        .as('chosen');
      const movements = knex.from(chosen).join(table, (on) => {
        on.on(`${table}.card_id`, knex.raw('?', [p.cardId]));
        for (const key of keys) on.on(`${table}.${key}`, `chosen.${key}`);
      });
      return select(knex, movements).orderBy(order);
    }),
    span: statement((knex, p) =>
      knex
        .from(knex(table).where('card_id', p.cardId).orderBy(order).limit(limitMark).select('dated_at').as('newest'))
        .min({ first: 'dated_at' })
        .max({ last: 'dated_at' }),
    ),
  };
}

/** Up to so many it is worth looking whether the latest movements of all lie in the period. */
const fewMovements = 100;

/** The latest movements of a card within the period, latest first. */
export async function listHistory<Row>(
  trx: Trx,
  history: HistoryStatements<Row>,
  cardId: number,
  period: Period,
  limit: number,
): Promise<Row[]> {
  if (period.from === null && period.to === null) return trx.list(history.latest, { cardId, limit });
  const [from, to] = [period.from ?? firstMoment, period.to ?? lastMoment];
  if (limit <= fewMovements) {
    const { first, last } = (await trx.first(history.span, { cardId, limit })) ?? { first: null, last: null };
    if (first === null || last === null) return [];
    if (first >= from && last <= to) return trx.list(history.latest, { cardId, limit });
  }
  return trx.list(history.ofPeriod, { cardId, from, to, limit });
}
