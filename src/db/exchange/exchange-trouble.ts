// What of the exchange folder could not be taken when it was last looked at, and since when.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface ExchangeTrouble {
  /** The path of the file or folder, fit to show. */
  readonly place: string;
  readonly why: string;
}

export interface StandingTrouble extends ExchangeTrouble {
  readonly sinceAt: LocalDateTime;
}

const list = statement<Record<string, never>, StandingTrouble>((knex) =>
  knex('exchange_trouble').select({ place: 'place', why: 'why', sinceAt: 'since_at' }).orderBy('place'),
);

const save = statement<{ place: string; why: string; sinceAt: string }>((knex, p) =>
  knex('exchange_trouble').insert({ place: p.place, why: p.why, since_at: p.sinceAt }).onConflict('place').merge(),
);

const remove = statement<{ place: string }>((knex, p) => knex('exchange_trouble').where('place', p.place).delete());

/** By place. */
export function listExchangeTroubles(trx: Trx): Promise<StandingTrouble[]> {
  return trx.list(list, {});
}

export async function saveExchangeTrouble(trx: Trx, trouble: StandingTrouble): Promise<void> {
  await trx.change(save, { ...trouble });
}

export async function removeExchangeTrouble(trx: Trx, place: string): Promise<void> {
  await trx.change(remove, { place });
}
