// «Остатки и обороты» over random histories, in every stage: opening + in - out = closing, whatever the rows are of, and what is
// under a figure adds up to it.
import * as fc from 'fast-check';
import { statement } from '../../../src/db/statement.ts';
import { measureNames, type MeasureName } from '../../../src/ledger/account.ts';
import { addDays, type LocalDate } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { groupings, type Grouping } from '../../../src/operations/reports/report-scope.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import { history, kinds, lastDay, olderHistory, tellingsOf, tellOver } from '../billing/histories.ts';
import { playStart, tellAll } from '../billing/plays.ts';
import { addRuledKind, openBilling } from '../billing/testing-billing.ts';
import { openOnline } from '../enabling/testing-enabling.ts';
import { readByPages, readReport } from './testing-reports.ts';

const runs = 60 * depth;

interface Shown {
  readonly opening: string;
  readonly in: string;
  readonly out: string;
  readonly closing: string;
  readonly byDocument: Readonly<Record<string, { readonly in: string; readonly out: string }>>;
}

type Row = Readonly<Record<MeasureName, Shown>> & {
  readonly card?: string;
  readonly kind?: string;
};

/** Kopecks or counts, of "-12.34" or "3". */
const whole = (text: string): number => Number(text.replace('.', ''));

interface Movement {
  readonly card: string;
  readonly kind: string;
  readonly documentKind: string;
  readonly on: string;
  readonly bonus: number;
  readonly accumulation: number;
  readonly receipts: number;
}

const columns = { card: 'card.number', kind: 'card.kind_code', documentKind: 'd.kind' };
const movementsOf = (movements: string, documents: string) =>
  statement<Record<string, never>, Movement>((knex) =>
    knex(`${movements} as m`)
      .join(`${documents} as d`, 'd.id', 'm.document_id')
      .join('card', 'card.id', 'm.card_id')
      .select({ ...columns, bonus: 'm.bonus', accumulation: 'm.accumulation', receipts: 'm.receipts' })
      .select(knex.raw('substr(d.dated_at, 1, 10) as "on"')),
  );
const registers = {
  online: movementsOf('accumulation_movement', 'document'),
  billing: movementsOf('billing_movement', 'billing_document'),
};

interface Period {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

const allDays = { min: -3, max: lastDay + 1 };
const period: fc.Arbitrary<Period> = fc
  .tuple(fc.integer(allDays), fc.integer(allDays))
  .map((days) => days.toSorted((a, b) => a - b) as [number, number])
  .map(([from, to]) => ({ from: addDays(playStart, from), to: addDays(playStart, to) }));

/** What the report must show, straight from the movements. */
function sumUp(movements: readonly Movement[], { from, to }: Period): Record<MeasureName, Omit<Shown, 'byDocument'>> {
  const isWithin = ({ on }: Movement): boolean => on >= from && on <= to;
  const show = (measure: MeasureName): Omit<Shown, 'byDocument'> => {
    const sum = (pick: (move: Movement) => boolean): number =>
      movements.filter(pick).reduce((total, move) => total + move[measure], 0);
    const figures = {
      opening: sum(({ on }) => on < from),
      in: sum((move) => isWithin(move) && move[measure] > 0),
      out: -sum((move) => isWithin(move) && move[measure] < 0),
      closing: sum(({ on }) => on <= to),
    };
    const text = (amount: number): string => (measure === 'receipts' ? String(amount) : formatKopecks(amount));
    const entries = Object.entries(figures).map(([name, amount]) => [name, text(amount === 0 ? 0 : amount)]);
    return Object.fromEntries(entries) as Omit<Shown, 'byDocument'>;
  };
  return { bonus: show('bonus'), accumulation: show('accumulation'), receipts: show('receipts') };
}

const formatKopecks = (amount: number): string => {
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

function checkRow(row: Row): void {
  for (const measure of measureNames) {
    const { opening, in: sumIn, out, closing, byDocument } = row[measure];
    expectSame(whole(opening) + whole(sumIn) - whole(out), whole(closing));
    const flows = Object.values(byDocument);
    const add = (part: 'in' | 'out'): number => flows.reduce((total, flow) => total + whole(flow[part]), 0);
    expectSame([add('in'), add('out')], [whole(sumIn), whole(out)]);
  }
}

const nameOf = (by: Grouping, row: Row): string => (by === 'card' ? row.card : row.kind) ?? '';

async function checkPeriod(infobase: Infobase, movements: readonly Movement[], given: Period): Promise<void> {
  for (const by of groupings) {
    const rows = (await readReport(infobase, 'turnover', { ...given, by })) as Row[];
    for (const row of rows) checkRow(row);
    if (by === 'day' || by === 'week' || by === 'month') {
      for (const [index, row] of rows.entries()) {
        for (const measure of measureNames) {
          const before = rows[index - 1]?.[measure].closing;
          if (before !== undefined) expectSame(row[measure].opening, before);
        }
      }
    } else if (by !== 'shop') {
      const expected = new Map<string, Movement[]>();
      for (const move of movements) {
        const name = by === 'total' ? '' : by === 'card' ? move.card : move.kind;
        expected.set(name, [...(expected.get(name) ?? []), move]);
      }
      const shown = new Map(rows.map((row) => [nameOf(by, row), row]));
      for (const [name, own] of expected) {
        const must = sumUp(own, given);
        const row = shown.get(name);
        for (const measure of measureNames) {
          const { byDocument: _none, ...figures } = row?.[measure] ?? { ...must[measure], byDocument: {} };
          expectSame(figures, must[measure]);
          if (row === undefined) expectSame(new Set(Object.values(figures).map(whole)), new Set([0]));
        }
      }
    }
  }
}

/** What a card's documents add up to is what its row shows. */
async function checkDocuments(infobase: Infobase, given: Period, card: string): Promise<void> {
  const request = { ...given, cardNumber: card };
  const [row] = (await readReport(infobase, 'turnover', request)) as Row[];
  const entries = (await readByPages(infobase, 'movements', request, 3)) as (Record<MeasureName, string> & {
    readonly documentKind: string;
  })[];
  for (const measure of measureNames) {
    const amounts = entries.map((entry) => whole(entry[measure]));
    const sumIn = amounts.filter((amount) => amount > 0).reduce((total, amount) => total + amount, 0);
    const sumOut = -amounts.filter((amount) => amount < 0).reduce((total, amount) => total + amount, 0);
    const shown = row?.[measure];
    expectSame([sumIn, sumOut + 0], [whole(shown?.in ?? '0'), whole(shown?.out ?? '0')]);
  }
}

async function checkReports(infobase: Infobase, stage: keyof typeof registers): Promise<void> {
  const movements = await infobase.db.read((trx) => trx.list(registers[stage], {}));
  expect(movements.length).toBeGreaterThan(runs);
  const cards = [...new Set(movements.map(({ card }) => card))];
  const periods = fc.sample(period, { numRuns: 8, seed: fileSeed });
  for (const given of periods) await checkPeriod(infobase, movements, given);
  for (const [index, card] of cards.slice(0, 100).entries()) {
    await checkDocuments(infobase, periods[index % periods.length] as Period, card);
  }
  const all = await readReport(infobase, 'turnover', periods[0]);
  expectSame(await readByPages(infobase, 'turnover', periods[0] as Period, 7), all);
}

const histories = () => fc.sample(history, { numRuns: runs, seed: fileSeed });

test('stage online', async () => {
  const infobase = await openOnline(kinds);
  await tellAll(infobase, histories().flatMap(tellingsOf), { stage: 'online' });
  await checkReports(infobase, 'online');
  await infobase.close();
});

test('stage billing, with nights', async () => {
  const infobase = await openBilling({ start: playStart, kinds });
  await tellAll(infobase, histories().flatMap(tellingsOf));
  await checkReports(infobase, 'billing');
  await infobase.close();
});

test('billing switched on over what there was: periods across its start', async () => {
  const infobase = await openOnline();
  for (const [code, rules] of Object.entries(kinds)) await addRuledKind(infobase, code, rules);
  await tellOver(infobase, fc.sample(olderHistory, { numRuns: runs, seed: fileSeed }));
  await checkReports(infobase, 'billing');
  await infobase.close();
});
