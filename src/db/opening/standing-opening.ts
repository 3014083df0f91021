// Cards of a staged file that stand in an opening document of its kind already: the same balances in another file would be
// added on top of them.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { standingImports, type OpeningKind } from './import-run.ts';
import { anyMeasure } from '../measure-sql.ts';
import { limitMark, statement } from '../statement.ts';

type None = Record<string, never>;

/** A document of opening sums that nothing has taken back. */
export interface StandingOpening {
  readonly documentId: number;
  readonly datedAt: LocalDateTime;
}

/** A staged card, and the latest of the documents that it stands in. */
export interface StandingCard {
  readonly cardNumber: string;
  readonly documentId: number;
}

// Under billing, what switching it on has opened is such a document, too.
const openings: Readonly<Record<OpeningKind, string>> = {
  'opening-accumulation': `select d.id, d.dated_at ${standingImports} and run.kind = 'opening-accumulation'`,
  'opening-balance': `select b.id, b.dated_at ${standingImports} and run.kind = 'opening-balance'
    union all select b.id, b.dated_at from billing_document b join enabling on enabling.opening_document_id = b.id`,
};

const movements = { 'opening-accumulation': 'accumulation_movement', 'opening-balance': 'billing_movement' } as const;

// Not made with the table: most files find nothing that stands. It goes with the table.
const indexCards = statement<None>((knex) => knex.raw('create index import_card_id on import_card (card_id)'));

// From the few documents to their lines to the staged cards: SQLite keeps the order of a cross join. So the lines are
// read once, however many documents there are.
const standingCards = (kind: OpeningKind): string =>
  `select c.card_number as "cardNumber", c.first_line, max(m.document_id) as "documentId"
   from (${openings[kind]}) opening cross join ${movements[kind]} m cross join import_card c
   where m.document_id = opening.id and c.card_id = m.card_id
     and (${anyMeasure((measure) => `c.${measure} <> 0`)})
   group by c.card_number, c.first_line`;

const statementsOf = (kind: OpeningKind) => ({
  documents: statement<None, StandingOpening>((knex) =>
    knex.raw(`select id as "documentId", dated_at as "datedAt" from (${openings[kind]}) opening order by id`),
  ),
  count: statement<None, { cards: number }>((knex) =>
    knex.raw(`select count(*) as cards from (${standingCards(kind)}) found`),
  ),
  first: statement<{ limit: number }, StandingCard>((knex) =>
    knex
      .select('cardNumber', 'documentId')
      .from(knex.raw(`(${standingCards(kind)}) found`))
      .orderBy('first_line')
      .limit(limitMark),
  ),
});

const statements: Readonly<Record<OpeningKind, ReturnType<typeof statementsOf>>> = {
  'opening-accumulation': statementsOf('opening-accumulation'),
  'opening-balance': statementsOf('opening-balance'),
};

/** Oldest first. */
export function listStandingOpenings(trx: Trx, kind: OpeningKind): Promise<StandingOpening[]> {
  return trx.list(statements[kind].documents, {});
}

/**
 * How many staged cards with a sum stand there already, and the first of them in the order of the file. Once a stage: it
 * makes an index of the stage.
 */
export async function findStandingCards(
  trx: Trx,
  kind: OpeningKind,
  limit: number,
): Promise<{ readonly cards: number; readonly first: readonly StandingCard[] }> {
  await trx.change(indexCards, {});
  const first = await trx.list(statements[kind].first, { limit });
  const cards = first.length < limit ? first.length : ((await trx.first(statements[kind].count, {}))?.cards ?? 0);
  return { cards, first };
}
