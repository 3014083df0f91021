// Bases in stage online whose history billing is switched on over, and what is left of billing's tables.
import { createHash } from 'node:crypto';
import { statement } from '../../../src/db/statement.ts';
import { addDays, type LocalDate, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Settings } from '../../../src/ledger/settings.ts';
import { enableBilling } from '../../../src/operations/enabling/enable-billing.ts';
import type { EnablingEnd, EnablingOptions } from '../../../src/operations/enabling/enabling-steps.ts';
import type { Infobase, InfobaseOptions } from '../../../src/operations/infobase.ts';
import { addRuledKind, type KindRules } from '../billing/testing-billing.ts';
import { moment, openTestInfobase, setSetting } from '../testing-infobase.ts';

export const runner: EnablingOptions = { holder: 'one', readMs: () => 1_000_000 };

/** A base in stage online with kinds of cards that have rules already. */
export async function openOnline(
  kinds: Readonly<Record<string, KindRules>> = {},
  settings: Partial<Settings> = {},
  options: Partial<InfobaseOptions> = {},
): Promise<Infobase> {
  const infobase = await openTestInfobase({ hasSubscription: true, ...options });
  for (const [code, rules] of Object.entries(kinds)) await addRuledKind(infobase, code, rules);
  for (const [name, value] of Object.entries(settings)) await setSetting(infobase, name as keyof Settings, value);
  return infobase;
}

export const eveningOf = (date: LocalDate): LocalDateTime => moment(`${date}T20:00:00`);

/** Switches billing on in the evening of a date: the night of that date is done by then. */
export function enable(
  infobase: Infobase,
  startOn: LocalDate,
  on: LocalDate,
  options: Partial<EnablingOptions> = {},
): Promise<EnablingEnd> {
  return enableBilling(infobase, eveningOf(on), startOn, { ...runner, ...options });
}

export const daysAfter = addDays;

/** Tables that switching billing off must leave as they are. */
const kept = ['card', 'card_kind', 'life_rule', 'receipt', 'receipt_cancel', 'document', 'accumulation_movement'];
const columnsOfBilling = [
  'effective_on',
  'bonus_credit_on',
  'bonus_write_off_on',
  'accumulation_credit_on',
  'last_opening_id',
];

const whole = [...kept, 'accumulation_balance'].map((table) =>
  statement<Record<string, never>, Record<string, unknown>>((knex) => knex(table).orderBy(1)),
);

/** One hash of the catalogs, the facts and «Накопления», without the marks that billing makes on receipts. */
export async function hashTrade(infobase: Infobase): Promise<string> {
  const hash = createHash('sha256');
  for (const table of whole) {
    for (const row of await infobase.db.read((trx) => trx.list(table, {}))) {
      const own = Object.entries(row).filter(
        ([column]) => !columnsOfBilling.includes(column) && column !== 'accumulation_write_off_on',
      );
      hash.update(JSON.stringify(own));
    }
  }
  return hash.digest('hex');
}
