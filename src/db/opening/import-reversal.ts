// A reversal of an import, all cards in one statement: whether the registers still have what the import brought, and the
// same lines with the opposite signs. A million cards are a few statements.
import type { MeasureName } from '../../ledger/account.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import type { OpeningKind } from './import-run.ts';
import { anyMeasure, eachMeasure, measures, measuresOf } from '../measure-sql.ts';
import { statement } from '../statement.ts';

/** What the import brought to a card, and what the register has now. */
interface Brought {
  readonly cardNumber: string;
  readonly brought: Measures;
  readonly left: Measures;
}

/** A card that has less than the import brought it. */
export interface BalanceObstacle extends Brought {
  /** Of the bonus, what is set aside for receipts that are being rung up. */
  readonly heldBonus: number;
}

/** A row of «Обороты начислений» that a night has already taken, or that has less than the import brought it. */
export interface RowObstacle extends Brought {
  readonly writeOffOn: LocalDate;
}

export interface ReversalObstacles {
  /** Cards with either. */
  readonly cards: number;
  /** The first of each, in the order the cards were added. */
  readonly balances: readonly BalanceObstacle[];
  readonly rows: readonly RowObstacle[];
}

const bothSides = (left: string): string =>
  `${measuresOf('m')}, ${eachMeasure((measure) => `${left}.${measure} as "${measure}Left"`)}`;

const registers = {
  'opening-accumulation': { movements: 'accumulation_movement', balances: 'accumulation_balance' },
  'opening-balance': { movements: 'billing_movement', balances: 'billing_balance' },
} as const;

// A sum that the reversal raises (the import of a debt) must stay within what the register holds. Places: now, document.
const badBalances = (kind: OpeningKind): string =>
  `from ${registers[kind].movements} m
   join ${registers[kind].balances} b on b.card_id = m.card_id
   join card c on c.id = m.card_id
   left join (select card_id, sum(amount) as held from hold where state = 'active' and expires_at > ? group by card_id) h
     on h.card_id = m.card_id
   where m.document_id = ? and (m.bonus > 0 and b.bonus - m.bonus < coalesce(h.held, 0)
     or ${anyMeasure((measure) => `m.${measure} > 0 and b.${measure} < m.${measure}`)}
     or ${anyMeasure((measure) => `b.${measure} - m.${measure} > 9007199254740991`)})`;

// Places: document, last night.
const badRows = `from accrual_movement m
   join accrual_turnover t on t.card_id = m.card_id and t.write_off_on = m.write_off_on
   join card c on c.id = m.card_id
   where m.document_id = ? and (m.write_off_on <= ? or ${anyMeasure((measure) => `t.${measure} < m.${measure}`)})`;

type Flat = { readonly cardNumber: string } & Measures & { readonly [M in `${MeasureName}Left`]: number };
type JudgeParameters = { documentId: number; now: string; lastNightOn: string };

const ofBalances = (kind: OpeningKind) =>
  statement<JudgeParameters & { limit: number }, Flat & { heldBonus: number }>((knex, p) =>
    knex.raw(
      `select c.number as "cardNumber", ${bothSides('b')}, coalesce(h.held, 0) as "heldBonus"
       ${badBalances(kind)} order by c.id limit ?`,
      [p.now, p.documentId, p.limit],
    ),
  );

const ofRows = statement<JudgeParameters & { limit: number }, Flat & { writeOffOn: LocalDate }>((knex, p) =>
  knex.raw(
    `select c.number as "cardNumber", m.write_off_on as "writeOffOn", ${bothSides('t')}
     ${badRows} order by c.id, m.write_off_on limit ?`,
    [p.documentId, p.lastNightOn, p.limit],
  ),
);

const counts = {
  'opening-accumulation': statement<JudgeParameters, { cards: number }>((knex, p) =>
    knex.raw(`select count(*) as cards ${badBalances('opening-accumulation')}`, [p.now, p.documentId]),
  ),
  'opening-balance': statement<JudgeParameters, { cards: number }>((knex, p) =>
    knex.raw(
      `select count(*) as cards
       from (select m.card_id ${badBalances('opening-balance')} union select m.card_id ${badRows}) bad`,
      [p.now, p.documentId, p.documentId, p.lastNightOn],
    ),
  ),
};

const balances = {
  'opening-accumulation': ofBalances('opening-accumulation'),
  'opening-balance': ofBalances('opening-balance'),
};

/**
 * @param lastNightOn of billing; null for «Накопления», which has no terms.
 * @param limit of the cards listed of each kind.
 */
export async function findReversalObstacles(
  trx: Trx,
  kind: OpeningKind,
  { documentId, now, lastNightOn }: { documentId: number; now: LocalDateTime; lastNightOn: LocalDate | null },
  limit: number,
): Promise<ReversalObstacles> {
  const given = { documentId, now, lastNightOn: lastNightOn ?? '' };
  const cards = (await trx.first(counts[kind], given))?.cards ?? 0;
  if (cards === 0) return { cards, balances: [], rows: [] };
  const page = { ...given, limit };
  return {
    cards,
    balances: (await trx.list(balances[kind], page)).map((row) => ({ ...toBrought(row), heldBonus: row.heldBonus })),
    rows:
      lastNightOn === null
        ? []
        : (await trx.list(ofRows, page)).map((row) => ({ ...toBrought(row), writeOffOn: row.writeOffOn })),
  };
}

function toBrought(row: Flat): Brought {
  const { cardNumber, bonus, accumulation, receipts } = row;
  const left = { bonus: row.bonusLeft, accumulation: row.accumulationLeft, receipts: row.receiptsLeft };
  return { cardNumber, brought: { bonus, accumulation, receipts }, left };
}

// Old sales know the openings that were there when a return first named one of the card's.
const ofOldSales = statement<{ documentId: number }, ReversedCard>((knex, p) =>
  knex.raw(
    `select c.id as "cardId", c.number as "cardNumber" from billing_movement m join card c on c.id = m.card_id
     where m.document_id = ? and exists (select 1 from receipt r
       where r.card_id = m.card_id and r.effective_on is not null and r.last_opening_id >= m.document_id)
     order by c.id`,
    [p.documentId],
  ),
);

export interface ReversedCard {
  readonly cardId: number;
  readonly cardNumber: string;
}

/** Cards of the import with sales from before billing whose returns may have come off it. */
export function listCardsOfOldSales(trx: Trx, documentId: number): Promise<ReversedCard[]> {
  return trx.list(ofOldSales, { documentId });
}

const take = (running: string, movements: string, keys: readonly string[]) =>
  statement<{ documentId: number }>((knex, p) =>
    knex.raw(
      `update ${running} set ${eachMeasure((measure) => `${measure} = ${running}.${measure} - m.${measure}`)}
       from ${movements} m
       where m.document_id = ? and ${keys.map((key) => `${running}.${key} = m.${key}`).join(' and ')}`,
      [p.documentId],
    ),
  );

type PostParameters = { documentId: number; reversalId: number };

const opposite = eachMeasure((measure) => `-m.${measure}`);

const steps = {
  'opening-accumulation': {
    balances: take('accumulation_balance', 'accumulation_movement', ['card_id']),
    // After the balances, so that a line can say what they have become.
    lines: statement<PostParameters>((knex, p) =>
      knex.raw(
        `insert into accumulation_movement (document_id, card_id, ${measures}, bonus_after, dated_at)
         select cast(? as bigint), m.card_id, ${opposite}, b.bonus, (select dated_at from document where id = ?)
         from accumulation_movement m join accumulation_balance b on b.card_id = m.card_id
         where m.document_id = ? order by m.card_id`,
        [p.reversalId, p.reversalId, p.documentId],
      ),
    ),
  },
  'opening-balance': {
    balances: take('billing_balance', 'billing_movement', ['card_id']),
    lines: statement<PostParameters>((knex, p) =>
      knex.raw(
        `insert into billing_movement (document_id, card_id, line, ${measures}, bonus_after, dated_at)
         select cast(? as bigint), m.card_id, m.line, ${opposite}, b.bonus,
           (select dated_at from billing_document where id = ?)
         from billing_movement m join billing_balance b on b.card_id = m.card_id
         where m.document_id = ? order by m.card_id`,
        [p.reversalId, p.reversalId, p.documentId],
      ),
    ),
  },
} as const;

const takeTurnovers = take('accrual_turnover', 'accrual_movement', ['card_id', 'write_off_on']);

const insertRows = statement<PostParameters>((knex, p) =>
  knex.raw(
    `insert into accrual_movement (document_id, card_id, write_off_on, ${measures})
     select cast(? as bigint), m.card_id, m.write_off_on, ${opposite} from accrual_movement m
     where m.document_id = ? order by m.card_id, m.write_off_on`,
    [p.reversalId, p.documentId],
  ),
);

/**
 * Posts to the reversal's document what the import's has, with the opposite signs.
 * @returns its lines, which are as many cards.
 */
export async function postReversal(trx: Trx, kind: OpeningKind, posted: PostParameters): Promise<number> {
  const { documentId } = posted;
  await trx.change(steps[kind].balances, { documentId });
  const lines = await trx.change(steps[kind].lines, posted);
  if (kind === 'opening-balance') {
    await trx.change(takeTurnovers, { documentId });
    await trx.change(insertRows, posted);
  }
  return lines;
}
