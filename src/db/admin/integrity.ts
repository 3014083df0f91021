// What a check of a database asks of its tables: the schema, and whether every balance is the sum of its movements. The
// file itself is checked in sqlite/file-check.ts.
import type { Trx } from '../db.ts';
import { limitMark, statement } from '../statement.ts';

type None = Record<string, never>;

const migrationsDone = statement<None, { name: string }>((knex) =>
  knex('knex_migrations').select('name').orderBy('id'),
);

/** Every register that keeps running sums besides its movements: both are added up by the same keys. */
const registers = [
  { running: 'accumulation_balance', movements: 'accumulation_movement', keys: ['card_id'] },
  { running: 'billing_balance', movements: 'billing_movement', keys: ['card_id'] },
  { running: 'accrual_turnover', movements: 'accrual_movement', keys: ['card_id', 'write_off_on'] },
  {
    running: 'pending_credit',
    movements: 'pending_movement',
    keys: ['card_id', 'source', 'credit_on', 'write_off_on'],
  },
] as const;

/** A card whose running sum is not the sum of its movements: the running sum less the movements, by measure. */
export interface BalanceDifference {
  /** The table of the running sums. */
  readonly register: string;
  /** Of a certificate in the register `certificate`, whose balance stands as bonus. */
  readonly cardNumber: string;
  readonly bonus: number;
  readonly accumulation: number;
  readonly receipts: number;
}

// Both sides are added up with opposite signs: a sum without its counterpart shows as well.
const makeDifferences = ({ running, movements, keys }: (typeof registers)[number]) =>
  statement<{ limit: number }, Omit<BalanceDifference, 'register'>>((knex) =>
    knex
      .from(
        knex(running)
          .select(...keys, 'bonus', 'accumulation', 'receipts')
          .unionAll([
            knex(movements).select(...keys, knex.raw('-bonus'), knex.raw('-accumulation'), knex.raw('-receipts')),
          ])
          .as('entry'),
      )
      .join('card', 'card.id', 'entry.card_id')
      .groupBy('card.number', ...keys.map((key) => `entry.${key}`))
      .havingRaw('sum(entry.bonus) <> 0 or sum(entry.accumulation) <> 0 or sum(entry.receipts) <> 0')
      .orderBy('entry.card_id')
      .limit(limitMark)
      .select({ cardNumber: 'card.number' })
      .sum({ bonus: 'entry.bonus', accumulation: 'entry.accumulation', receipts: 'entry.receipts' }),
  );

// Certificates have one sum each, and it is in the row of the certificate itself.
const certificateDifferences = statement<{ limit: number }, Omit<BalanceDifference, 'register'>>((knex) =>
  knex
    .from(
      knex('certificate')
        .select({ id: 'id', amount: 'balance' })
        .unionAll([knex('certificate_movement').select({ id: 'certificate_id', amount: knex.raw('-amount') })])
        .as('entry'),
    )
    .join('certificate', 'certificate.id', 'entry.id')
    .groupBy('certificate.number', 'entry.id')
    .havingRaw('sum(entry.amount) <> 0')
    .orderBy('entry.id')
    .limit(limitMark)
    .select({ cardNumber: 'certificate.number', accumulation: knex.raw('0'), receipts: knex.raw('0') })
    .sum({ bonus: 'entry.amount' }),
);

const differences = [
  ...registers.map((register) => [register.running as string, makeDifferences(register)] as const),
  ['certificate', certificateDifferences] as const,
];

/** Names of the migrations done, oldest first. */
export async function listMigrationsDone(trx: Trx): Promise<string[]> {
  return (await trx.list(migrationsDone, {})).map((row) => row.name);
}

/** The first card of the first register that does not add up. */
export async function findBalanceDifference(trx: Trx): Promise<BalanceDifference | undefined> {
  for (const register of registerNames) {
    const difference = await findDifferenceOf(trx, register);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** The registers that keep running sums, by the tables of these. */
export const registerNames = differences.map(([register]) => register);

/** The first card of a register that does not add up. */
export async function findDifferenceOf(
  trx: Trx,
  register: (typeof registerNames)[number],
): Promise<BalanceDifference | undefined> {
  const [, first] = differences.find(([name]) => name === register) ?? [];
  const difference = first === undefined ? undefined : await trx.first(first, { limit: 1 });
  return difference === undefined ? undefined : { register, ...difference };
}
