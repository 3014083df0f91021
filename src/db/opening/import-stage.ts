// The rows of a file that is imported, in temporary tables of the command's own connection: a file of any size is read and
// judged without a lock on the infobase, and a process that is killed leaves nothing.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { accumulationLimits, billingLimits, wide } from './import-limit.ts';
import { importMistakeColumns } from './import-mistake.ts';
import type { TermsOfKinds } from '../catalogs/life-rule.ts';
import { anyMeasure, eachMeasure, measures } from '../measure-sql.ts';
import { limitMark, statement } from '../statement.ts';

type None = Record<string, never>;

export interface StagedRow extends Measures {
  readonly line: number;
  readonly cardNumber: string;
  readonly kindCode: string | null;
  readonly holder: string | null;
  /** Null where the rule of the card's kind gives it. */
  readonly writeOffOn: LocalDate | null;
}

export const stageFaults = [
  'unknown_card',
  'no_kind',
  'other_kind',
  'other_holder',
  'night_done',
  'rule_past',
  'too_much',
  'payment_card',
] as const;
export type StageFault = (typeof stageFaults)[number];

export interface FaultyRow {
  readonly line: number;
  readonly cardNumber: string;
  readonly writeOffOn: LocalDate | null;
  readonly fault: StageFault;
}

/** Of the rows without fault. A sum that is too great to be kept exactly is Infinity. */
export interface StageTotals extends Measures {
  readonly rows: number;
  readonly cards: number;
  readonly created: number;
}

const sumColumns = eachMeasure((measure) => `${measure} bigint not null`);
const tables: Readonly<Record<string, string>> = {
  import_row: `line integer primary key, card_number text not null, card_id integer, kind_code text, holder text,
    write_off_on text, ${sumColumns}, fault text`,
  import_kind: 'kind_code text primary key, bonus_on text not null, accumulation_on text not null',
  import_card: `card_number text primary key, card_id integer, kind_code text, holder text, first_line integer not null,
    row_count integer not null, ${sumColumns}`,
  import_part: `card_number text not null, write_off_on text not null, ${sumColumns},
    primary key (card_number, write_off_on)`,
  import_mistake: importMistakeColumns,
};

// Without "if exists": SQLite compiles one that has nothing to do into nothing, and the prepared statement stays so.
const ddl = Object.entries(tables).map(([table, columns]) => ({
  drop: statement<None>((knex) => knex.raw(`drop table ${table}`)),
  create: statement<None>((knex) => knex.raw(`create temporary table ${table} (${columns})`)),
}));

type RowParameters = {
  line: number;
  cardNumber: string;
  kindCode: string | null;
  holder: string | null;
  writeOffOn: string | null;
  bonus: number;
  accumulation: number;
  receipts: number;
};

const insertRow = statement<RowParameters>((knex, p) =>
  knex.raw(
    `insert into import_row (line, card_number, card_id, kind_code, holder, write_off_on, ${measures})
     values (?, ?, (select id from card where number = ?), ?, ?, ?, ?, ?, ?)`,
    [p.line, p.cardNumber, p.cardNumber, p.kindCode, p.holder, p.writeOffOn, p.bonus, p.accumulation, p.receipts],
  ),
);

const insertKind = statement<{ kindCode: string; bonusOn: string; accumulationOn: string }>((knex, p) =>
  knex.raw('insert into import_kind (kind_code, bonus_on, accumulation_on) values (?, ?, ?)', [
    p.kindCode,
    p.bonusOn,
    p.accumulationOn,
  ]),
);

const markUnknown = statement<None>((knex) =>
  knex.raw(`update import_row set fault = 'unknown_card' where card_id is null`),
);

// All rows of a card that will be created must describe it alike. One query looks for all three faults first, because most
// files have none of them.
const newCardChecks = [
  ['no_kind', 'count(kind_code) = 0'],
  ['other_kind', 'min(kind_code) <> max(kind_code)'],
  ['other_holder', 'min(holder) <> max(holder)'],
] as const;

const anyNewCardFault = statement<None, { found: number }>((knex) =>
  knex.raw(
    `select 1 as found from import_row where card_id is null group by card_number
     having ${newCardChecks.map(([, having]) => having).join(' or ')} limit 1`,
  ),
);

const newCardFaults = newCardChecks.map(([fault, having]) =>
  statement<None>((knex) =>
    knex.raw(
      `update import_row set fault = '${fault}' where fault is null and card_id is null and card_number in
         (select card_number from import_row where card_id is null group by card_number having ${having})`,
    ),
  ),
);

const markNightDone = statement<{ lastNightOn: string }>((knex, p) =>
  knex.raw(`update import_row set fault = 'night_done' where fault is null and write_off_on <= ?`, [p.lastNightOn]),
);

const gatherCards = statement<None>((knex) =>
  knex.raw(
    `insert into import_card (card_number, card_id, kind_code, holder, first_line, row_count, ${measures})
     select card_number, card_id, coalesce((select c.kind_code from card c where c.id = card_id), kind_code), holder,
       first_line, row_count, ${measures}
     from (select card_number, min(card_id) as card_id, min(kind_code) as kind_code, min(holder) as holder,
         min(line) as first_line, count(*) as row_count,
         ${eachMeasure((measure) => `${wide(measure)} as ${measure}`)}
       from import_row where fault is null group by card_number) gathered`,
  ),
);

const markPaymentCards = statement<None>((knex) =>
  knex.raw(
    `update import_row set fault = 'payment_card' where fault is null and (accumulation <> 0 or receipts <> 0)
       and card_number in (select c.card_number from import_card c join card_kind k on k.code = c.kind_code
         where k.purpose = 'payment')`,
  ),
);

const markRulePast = statement<{ lastNightOn: string }>((knex, p) =>
  knex.raw(
    `update import_row set fault = 'rule_past' where fault is null and write_off_on is null and exists
       (select 1 from import_card c join import_kind k on k.kind_code = c.kind_code
        where c.card_number = import_row.card_number and ((import_row.bonus > 0 and k.bonus_on <= ?)
          or ((import_row.accumulation > 0 or import_row.receipts > 0) and k.accumulation_on <= ?)))`,
    [p.lastNightOn, p.lastNightOn],
  ),
);

const isAccrual = `(${anyMeasure((measure) => `${measure} > 0`)})`;
/** A debt has no row among the accruals: nothing was accrued that could run out. */
const accrued = (measure: string): string => `case when ${measure} > 0 then ${measure} else 0 end`;
const byRule = (sums: string, date: string, isMoved: string): string =>
  `select r.card_number, k.${date}, ${sums} from import_row r join import_card c on c.card_number = r.card_number
       join import_kind k on k.kind_code = c.kind_code
       where r.fault is null and r.write_off_on is null and ${isMoved}`;

const clearCards = statement<None>((knex) => knex.raw('delete from import_card'));

// A row that names its date is one part; of another each register's part takes the date of its own rule.
const gatherParts = statement<None>((knex) =>
  knex.raw(
    `insert into import_part (card_number, write_off_on, ${measures})
     select card_number, write_off_on, ${eachMeasure((measure) => `sum(${measure})`)} from (
       select card_number, write_off_on, ${eachMeasure((name) => `${accrued(name)} as ${name}`)}
       from import_row where fault is null and write_off_on is not null and ${isAccrual}
       union all
       ${byRule('r.bonus, 0, 0', 'bonus_on', 'r.bonus > 0')}
       union all
       ${byRule(
         `0, ${accrued('r.accumulation')}, ${accrued('r.receipts')}`,
         'accumulation_on',
         '(r.accumulation > 0 or r.receipts > 0)',
       )}) parts
     group by card_number, write_off_on`,
  ),
);

const faultPage = statement<{ afterLine: number; limit: number }, FaultyRow>((knex, p) =>
  knex('import_row')
    .select({ line: 'line', cardNumber: 'card_number', writeOffOn: 'write_off_on', fault: 'fault' })
    .whereNotNull('fault')
    .where('line', '>', p.afterLine)
    .orderBy('line')
    .limit(limitMark),
);

const totals = statement<None, { [K in keyof StageTotals]: number | null }>((knex) =>
  knex.raw(
    `select sum(row_count) as rows, count(*) as cards, count(*) - count(card_id) as created,
       ${eachMeasure((measure) => `${wide(measure)} as ${measure}`)} from import_card`,
  ),
);

/** Creates the tables; the caller removes them with `closeImportStage`. */
export async function openImportStage(trx: Trx): Promise<void> {
  for (const { create } of ddl) await trx.change(create, {});
}

export async function closeImportStage(trx: Trx): Promise<void> {
  for (const { drop } of ddl) await trx.change(drop, {});
}

export async function stageRows(trx: Trx, rows: readonly StagedRow[]): Promise<void> {
  for (const { line, cardNumber, kindCode, holder, writeOffOn, bonus, accumulation, receipts } of rows) {
    await trx.change(insertRow, { line, cardNumber, kindCode, holder, writeOffOn, bonus, accumulation, receipts });
  }
}

export interface StageJudgement {
  /** Whether a card that is not known is made. */
  readonly mayCreate: boolean;
  /** Whether there may be sums below zero. */
  readonly mayOwe?: boolean;
  /** Undefined for the register «Накопления», which has no terms. */
  readonly billing: { readonly lastNightOn: LocalDate; readonly terms: TermsOfKinds } | undefined;
}

function hasPastTerm({ lastNightOn, terms }: NonNullable<StageJudgement['billing']>): boolean {
  return [...terms.values()].some(
    ({ bonus, accumulation }) => bonus.writeOffOn <= lastNightOn || accumulation.writeOffOn <= lastNightOn,
  );
}

/** Marks the rows that cannot be posted as the infobase stands, and gathers the others by card. */
export async function judgeStage(trx: Trx, { mayCreate, mayOwe = false, billing }: StageJudgement): Promise<void> {
  if (!mayCreate) await trx.change(markUnknown, {});
  else if ((await trx.first(anyNewCardFault, {})) !== undefined) {
    for (const mark of newCardFaults) await trx.change(mark, {});
  }
  if (billing !== undefined) {
    for (const [kindCode, { bonus, accumulation }] of billing.terms) {
      const [bonusOn, accumulationOn] = [bonus.writeOffOn, accumulation.writeOffOn];
      await trx.change(insertKind, { kindCode, bonusOn, accumulationOn });
    }
    await trx.change(markNightDone, { lastNightOn: billing.lastNightOn });
  }
  await trx.change(gatherCards, {});
  const limits = billing === undefined ? accumulationLimits : billingLimits;
  let late = await trx.change(markPaymentCards, {});
  for (const mark of mayOwe ? limits.ofDebts : limits.ofGains) late += await trx.change(mark, {});
  if (billing !== undefined && hasPastTerm(billing)) {
    late += await trx.change(markRulePast, { lastNightOn: billing.lastNightOn });
  }
  if (late > 0) {
    await trx.change(clearCards, {});
    await trx.change(gatherCards, {});
  }
  if (billing !== undefined) await trx.change(gatherParts, {});
}

/** The next rows with a fault, by line. */
export function listFaults(trx: Trx, afterLine: number, limit: number): Promise<FaultyRow[]> {
  return trx.list(faultPage, { afterLine, limit });
}

export async function sumStage(trx: Trx): Promise<StageTotals> {
  const sum = await trx.first(totals, {});
  const { rows, cards, created, bonus, accumulation, receipts } = sum ?? {};
  return {
    rows: rows ?? 0,
    cards: cards ?? 0,
    created: created ?? 0,
    bonus: bonus ?? 0,
    accumulation: accumulation ?? 0,
    receipts: receipts ?? 0,
  };
}
