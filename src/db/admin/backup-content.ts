// What a backup is described by: how much is in the database, and the sums of its registers; and what of a copy is true of
// the original alone.
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { namedMeasureSums } from '../measure-sql.ts';
import { statement } from '../statement.ts';

type None = Record<string, never>;

const count = (table: string) => statement<None, { count: number }>((knex) => knex(table).count({ count: '*' }));
const sums = (table: string) =>
  statement<None, { [K in keyof Measures]: number | null }>((knex) => knex(table).select(knex.raw(namedMeasureSums)));

const counts = {
  cards: count('card'),
  receipts: count('receipt'),
  documents: count('document'),
  billingDocuments: count('billing_document'),
} as const;

const registers = { accumulation: sums('accumulation_balance'), billing: sums('billing_balance') } as const;

const certificates = statement<None, { count: number; balance: number | null }>((knex) =>
  knex('certificate')
    .count({ count: '*' })
    .select({ balance: knex.raw('cast(sum(balance) as bigint)') }),
);

const removeLeases = statement<None>((knex) => knex('lease').delete());
const removeServices = statement<None>((knex) => knex('service').delete());

export interface BackupContent {
  readonly cards: number;
  readonly receipts: number;
  readonly documents: number;
  readonly billingDocuments: number;
  readonly certificates: number;
  /** Sums of all cards: kopecks, and a count of receipts. */
  readonly accumulation: Measures;
  readonly billing: Measures;
  readonly certificateKopecks: number;
}

/** Reads the registers whole. */
export async function findContent(trx: Trx): Promise<BackupContent> {
  const certificate = await trx.first(certificates, {});
  return {
    cards: await get(trx, counts.cards),
    receipts: await get(trx, counts.receipts),
    documents: await get(trx, counts.documents),
    billingDocuments: await get(trx, counts.billingDocuments),
    certificates: certificate?.count ?? 0,
    accumulation: await addUp(trx, registers.accumulation),
    billing: await addUp(trx, registers.billing),
    certificateKopecks: certificate?.balance ?? 0,
  };
}

async function get(trx: Trx, one: (typeof counts)['cards']): Promise<number> {
  return (await trx.first(one, {}))?.count ?? 0;
}

async function addUp(trx: Trx, one: (typeof registers)['billing']): Promise<Measures> {
  const row = await trx.first(one, {});
  return { bonus: row?.bonus ?? 0, accumulation: row?.accumulation ?? 0, receipts: row?.receipts ?? 0 };
}

/** Nobody runs in a copy: the leases and notices in it are of processes that have the original. */
export async function removeRunners(trx: Trx): Promise<void> {
  await trx.change(removeLeases, {});
  await trx.change(removeServices, {});
}
