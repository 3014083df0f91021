// The rows of a file on their way in, in temporary tables of the command's own connection: a file of any size is read and
// judged without a lock of the infobase, and a process killed at it leaves nothing.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { accumulationLimits, billingLimits, names, wide } from './import-limit.ts';
import { importMistakeColumns } from './import-mistake.ts';
import type { TermsOfKinds } from '../catalogs/life-rule.ts';
import { guardRunningSum } from '../register-limit.ts';
import { limitMark, statement } from '../statement.ts';

type None = Record<string, never>;

export interface StagedRow extends Measures {
  readonly line: number;
  readonly cardNumber: string;
  readonly kindCode: string | null;
  readonly holder: string | null;
  /** Null where the rule of the card's kind tells it. */
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

/** Of the rows without fault. A sum beyond what can be kept exactly is told as Infinity. */
export interface StageTotals extends Measures {
  readonly rows: number;
  readonly cards: number;
  readonly created: number;
}

const measures = 'bonus bigint not null, accumulation bigint not null, receipts bigint not null';
const tables: Readonly<Record<string, string>> = {
  import_row: `line integer primary key, card_number text not null, card_id integer, kind_code text, holder text,
    write_off_on text, ${measures}, fault text`,
  import_kind: 'kind_code text primary key, bonus_on text not null, accumulation_on text not null',
  import_card: `card_number text primary key, card_id integer, kind_code text, holder text, first_line integer not null,
    row_count integer not null, ${measures}`,
  import_part: `card_number text not null, write_off_on text not null, ${measures},
    primary key (card_number, write_off_on)`,
  import_mistake: importMistakeColumns,
};

// Plain forms: SQLite compiles an "if exists" that has nothing to do into nothing, and a prepared one stays so.
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
    `insert into import_row (line, card_number, card_id, kind_code, holder, write_off_on, bonus, accumulation, receipts)
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

// A card to be made is described alike by all its rows. Looked at once for all three, for most files have none of them.
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
    `insert into import_card (card_number, card_id, kind_code, holder, first_line, row_count, bonus, accumulation, receipts)
     select card_number, card_id, coalesce((select c.kind_code from card c where c.id = card_id), kind_code), holder,
       first_line, row_count, bonus, accumulation, receipts
     from (select card_number, min(card_id) as card_id, min(kind_code) as kind_code, min(holder) as holder,
         min(line) as first_line, count(*) as row_count,
         ${names.map((measure) => `${wide(measure)} as ${measure}`).join(', ')}
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

const isAccrual = '(bonus > 0 or accumulation > 0 or receipts > 0)';
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
    `insert into import_part (card_number, write_off_on, bonus, accumulation, receipts)
     select card_number, write_off_on, sum(bonus), sum(accumulation), sum(receipts) from (
       select card_number, write_off_on, ${names.map((name) => `${accrued(name)} as ${name}`).join(', ')}
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
    `select sum(row_count) as rows, count(*) as cards, count(*) - count(card_id) as created, ${wide('bonus')} as bonus,
       ${wide('accumulation')} as accumulation, ${wide('receipts')} as receipts from import_card`,
  ),
);

/** Makes the tables; whoever does so takes them away again. */
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

// Known now where it was not, or of another kind, whose rules are other ones.
const changedCard = statement<None, { found: number }>((knex) =>
  knex.raw(
    `select 1 as found from import_card c join card k on k.number = c.card_number
     where c.card_id is null or k.kind_code <> c.kind_code limit 1`,
  ),
);

const insertCards = statement<None>((knex) =>
  knex.raw(
    `insert into card (number, kind_code, holder, status)
     select card_number, kind_code, holder, 'active' from import_card
     where card_id is null order by first_line`,
  ),
);

const findIds = statement<None>((knex) =>
  knex.raw(`update import_card set card_id = (select id from card where number = card_number) where card_id is null`),
);

const add = (table: string): string => names.map((m) => `${m} = ${table}.${m} + excluded.${m}`).join(', ');

/** A debt may come to nothing beside an accrual, whose row there is all the same. */
const isMoved = `(c.bonus <> 0 or c.accumulation <> 0 or c.receipts <> 0
  or exists (select 1 from import_part p where p.card_number = c.card_number))`;

const keepBalances = (table: string) =>
  statement<None>((knex) =>
    knex.raw(
      `insert into ${table} (card_id, bonus, accumulation, receipts)
       select c.card_id, c.bonus, c.accumulation, c.receipts from import_card c where ${isMoved} order by c.card_id
       on conflict (card_id) do update set ${add(table)}`,
    ),
  );
const keepAccumulation = keepBalances('accumulation_balance');
const keepBilling = keepBalances('billing_balance');

// After the balances, so that the line can say what they have become.
const insertAccumulation = statement<{ documentId: number }>((knex, p) =>
  knex.raw(
    `insert into accumulation_movement (document_id, card_id, bonus, accumulation, receipts, bonus_after)
     select cast(? as bigint), c.card_id, c.bonus, c.accumulation, c.receipts, b.bonus
     from import_card c join accumulation_balance b on b.card_id = c.card_id
     where ${isMoved} order by c.card_id`,
    [p.documentId],
  ),
);

const insertBilling = statement<{ documentId: number }>((knex, p) =>
  knex.raw(
    `insert into billing_movement (document_id, card_id, line, bonus, accumulation, receipts, bonus_after)
     select cast(? as bigint), c.card_id, 1, c.bonus, c.accumulation, c.receipts, b.bonus
     from import_card c join billing_balance b on b.card_id = c.card_id
     where ${isMoved} order by c.card_id`,
    [p.documentId],
  ),
);

const insertParts = statement<{ documentId: number }>((knex, p) =>
  knex.raw(
    `insert into accrual_movement (document_id, card_id, write_off_on, bonus, accumulation, receipts)
     select cast(? as bigint), c.card_id, p.write_off_on, p.bonus, p.accumulation, p.receipts
     from import_part p join import_card c on c.card_number = p.card_number order by c.card_id, p.write_off_on`,
    [p.documentId],
  ),
);

const keepTurnovers = statement<{ documentId: number }>((knex, p) =>
  knex.raw(
    `insert into accrual_turnover (card_id, write_off_on, bonus, accumulation, receipts)
     select card_id, write_off_on, bonus, accumulation, receipts from accrual_movement where document_id = ?
     on conflict (card_id, write_off_on) do update set ${add('accrual_turnover')}`,
    [p.documentId],
  ),
);

/** Whether a card was made, or given another kind, since the stage was judged. */
export async function areStagedCardsChanged(trx: Trx): Promise<boolean> {
  return (await trx.first(changedCard, {})) !== undefined;
}

/** Makes the cards that are not known. */
export async function createStagedCards(trx: Trx): Promise<void> {
  await trx.change(insertCards, {});
  await trx.change(findIds, {});
}

/**
 * Posts the staged cards to the register «Накопления».
 * @throws RegisterOverflow where a receipt has come since the stage was judged that leaves no room.
 */
export async function postStagedAccumulation(trx: Trx, documentId: number): Promise<void> {
  await guardRunningSum(trx.change(keepAccumulation, {}));
  await trx.change(insertAccumulation, { documentId });
}

/**
 * Posts the staged cards to «Остатки» and their parts to «Обороты начислений».
 * @throws RegisterOverflow as the other one does.
 */
export async function postStagedBilling(trx: Trx, documentId: number): Promise<void> {
  await guardRunningSum(trx.change(keepBilling, {}));
  await trx.change(insertBilling, { documentId });
  await trx.change(insertParts, { documentId });
  await guardRunningSum(trx.change(keepTurnovers, { documentId }));
}
