// The accounts of a range of cards, with the nights they have been through: one statement, so one moment of the database.
import { measureNames, openAccount, pendingKey, type Account } from '../../ledger/account.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { Trx } from '../db.ts';
import { leftForHolds, nightHolds } from '../night/night-hold.ts';
import { measuresOf } from '../measure-sql.ts';
import { statement } from '../statement.ts';

export interface CardAccount {
  readonly cardId: number;
  readonly cardNumber: string;
  /** Rows that have run out before the last night are left out: they can cover nothing any more. */
  readonly account: Account;
  /** What active holds leave of the bonus, by the nights to come. */
  readonly held: Map<LocalDate, Kopecks>;
  /** The last night that the card has been through. */
  readonly lastNightOn: LocalDate;
}

interface Part extends Measures {
  readonly part: 'night' | 'run' | 'card' | 'row' | 'pending' | 'hold';
  readonly cardId: number;
  /** The source of a pending credit, or the number of a card. */
  readonly source: string;
  /** The credit date of a pending credit, or the business date of a night and of what is held over it. */
  readonly creditOn: LocalDate;
  readonly writeOffOn: LocalDate;
}

const parts = statement<{ fromCardId: number; toCardId: number }, Part>((knex, p) =>
  knex.raw(
    `select 'night' as part, 0 as "cardId", '' as source, last_night_on as "creditOn", '' as "writeOffOn",
       0 as bonus, 0 as accumulation, 0 as receipts from billing_state
     union all
     select 'run', done_card_id, '', business_on, '', 0, 0, 0 from night_run
       where business_on > (select last_night_on from billing_state)
     union all
     select 'card', c.id, c.number, '', '', ${measuresOf('b')}
       from card c join billing_balance b on b.card_id = c.id where c.id > ? and c.id <= ?
     union all
     select 'row', a.card_id, '', '', a.write_off_on, ${measuresOf('a')} from accrual_turnover a
       where a.card_id > ? and a.card_id <= ? and a.write_off_on > (select last_night_on from billing_state)
     union all
     select 'pending', q.card_id, q.source, q.credit_on, q.write_off_on, ${measuresOf('q')} from pending_credit q
       where q.card_id > ? and q.card_id <= ?
     union all
     select 'hold', h.card_id, '', h.business_on, '', ${leftForHolds}, 0, 0 from ${nightHolds}
       where h.card_id > ? and h.card_id <= ? and h.business_on > (select last_night_on from billing_state)
       group by h.card_id, h.business_on`,
    [1, 2, 3, 4].flatMap(() => [p.fromCardId, p.toCardId]),
  ),
);

/** Accounts of the cards with an id above `fromCardId`, up to `toCardId`, that billing has entries of; in the order of ids. */
export async function listAccounts(trx: Trx, fromCardId: number, toCardId: number): Promise<CardAccount[]> {
  // The order of the parts of a union is not defined.
  const found = await trx.list(parts, { fromCardId, toCardId });
  const lastNightOn = found.find(({ part }) => part === 'night')?.creditOn;
  if (lastNightOn === undefined) return [];
  const running = found.find(({ part }) => part === 'run');
  const accounts = new Map<number, CardAccount>();
  for (const part of found) {
    if (part.part !== 'card') continue;
    const { cardId, source: cardNumber } = part;
    const account = openAccount();
    for (const measure of measureNames) account.balance[measure] = part[measure];
    const isPassed = running !== undefined && running.cardId >= cardId;
    const passedOn = isPassed ? running.creditOn : lastNightOn;
    accounts.set(cardId, { cardId, cardNumber, account, held: new Map(), lastNightOn: passedOn });
  }
  for (const part of found) {
    if (part.part === 'row' || part.part === 'pending') addPart(accounts.get(part.cardId), part);
    else if (part.part === 'hold') accounts.get(part.cardId)?.held.set(part.creditOn, part.bonus);
  }
  return [...accounts.values()].toSorted((a, b) => a.cardId - b.cardId);
}

function addPart(card: CardAccount | undefined, part: Part): void {
  if (card === undefined) throw new Error(`card ${part.cardId} has rows without a balance`);
  const { source, creditOn, writeOffOn } = part;
  for (const measure of measureNames) {
    const amount = part[measure];
    if (amount === 0) continue;
    if (part.part === 'row') card.account.rows[measure].set(writeOffOn, amount);
    else {
      const credit = { source, measure, creditOn, writeOffOn, amount };
      card.account.pending.set(pendingKey(credit), credit);
    }
  }
}
