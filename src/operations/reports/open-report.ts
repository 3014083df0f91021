// The reports of an infobase by their names: what each may be asked, its columns, and its rows piece by piece. Command line,
// JSON service and console read the same rows.
import type { MovementKey, Register } from '../../db/reports/movement.ts';
import { measureNames, type MeasureName } from '../../ledger/account.ts';
import { isIdle } from '../../ledger/turnover.ts';
import type { RowColumn } from '../../tables/row-column.ts';
import type { Infobase } from '../infobase.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { foreseeBurning } from './foresee-burning.ts';
import { cursorOf, type GroupKey } from './group-facts.ts';
import { listMovements, parseMovementCursor } from './list-movements.ts';
import { readDebts, readDepartmentReports, readFlags } from './list-standing.ts';
import { readSales } from './read-sales.ts';
import { readTurnover, type TurnoverRow } from './read-turnover.ts';
import * as columns from './report-columns.ts';
import type { ReportRow, ReportRows } from './report-row.ts';
import { groupings, openScope, type Grouping, type ReportFilter, type Scope, type ScopeField } from './report-scope.ts';

export const reportNames = ['turnover', 'movements', 'sales', 'department', 'burning', 'flags', 'debts'] as const;
export type ReportName = (typeof reportNames)[number];

export interface ReportRequest extends ReportFilter {
  /** What a row is of; null = what it usually is. */
  readonly by: Grouping | null;
  /** Null = all three. */
  readonly measure: MeasureName | null;
  /** Null = the register of the stage. */
  readonly register: Register | null;
}

export type ReportField = ScopeField | keyof ReportRequest;

interface ReportForm {
  /** What it may be asked besides what its rows are of. */
  readonly takes: readonly Exclude<keyof ReportRequest, 'by'>[];
  /** What its rows may be of, the usual first; a report without any has rows of its own. */
  readonly groupings: readonly Grouping[];
}

const period = ['from', 'to'] as const;

export const reportForms: Readonly<Record<ReportName, ReportForm>> = {
  turnover: { takes: [...period, 'cardNumber', 'kindCode', 'shopCode', 'measure', 'register'], groupings },
  movements: { takes: [...period, 'cardNumber', 'kindCode', 'shopCode', 'register'], groupings: [] },
  sales: { takes: [...period, 'cardNumber', 'kindCode', 'shopCode'], groupings },
  department: { takes: [...period, 'shopCode'], groupings: [] },
  burning: {
    takes: [...period, 'cardNumber', 'kindCode'],
    groupings: ['month', 'week', 'day', 'card', 'kind', 'total'],
  },
  flags: { takes: [...period, 'cardNumber'], groupings: [] },
  debts: { takes: ['kindCode'], groupings: [] },
};

export interface OpenReport {
  readonly ok: true;
  readonly columns: readonly RowColumn[];
  /** Rows after the cursor. Pieces may be empty; memory holds one, and between two the calls of tills get their turn. */
  readonly read: () => ReportRows;
}

/**
 * @param cursor of the row that the last page ended with; '' = from the first.
 * @returns a refusal if the request names what is not there, or what this report does not take.
 */
export async function openReport(
  infobase: Infobase,
  name: ReportName,
  request: ReportRequest,
  cursor = '',
): Promise<OpenReport | Refusal<ReportField>> {
  const { groupings: allowed } = reportForms[name];
  const by = request.by ?? allowed[0] ?? 'card';
  const misfit = findMisfit(name, request);
  if (misfit !== undefined) return misfit;
  // Pages of these go on after a card; of others, after what `skipTo` knows.
  const isByCard = (allowed.length > 0 && by === 'card') || name === 'debts';
  const found = await infobase.db.read(async (trx) => ({
    isBilling: (await infobase.loadSettings(trx)).stage === 'billing',
    opened: await openScope(trx, request, isByCard ? cursor : ''),
  }));
  if (!found.opened.ok) return found.opened;
  const { isBilling } = found;
  const register = request.register ?? (isBilling ? 'billing' : 'accumulation');
  if (!isBilling && (name === 'burning' || register === 'billing')) {
    const field = name === 'burning' ? {} : ({ field: 'register' } as const);
    return refuse('the infobase is not in stage billing', { ...field, remedy: 'enable_billing' });
  }
  return openRows({ infobase, name, request, by, register, scope: found.opened.scope, cursor });
}

function findMisfit(name: ReportName, request: ReportRequest): Refusal<ReportField> | undefined {
  const { takes, groupings: allowed } = reportForms[name];
  const { by, ...rest } = request;
  for (const field of Object.keys(rest) as Exclude<keyof ReportRequest, 'by'>[]) {
    if (rest[field] !== null && !takes.includes(field))
      return refuse(`the report "${name}" does not take it`, { field });
  }
  if (by === null || allowed.includes(by)) return undefined;
  const why = allowed.length === 0 ? `the report "${name}" does not take it` : `expected one of ${allowed.join(', ')}`;
  return refuse(why, { field: 'by' });
}

interface Opening {
  readonly infobase: Infobase;
  readonly name: ReportName;
  readonly request: ReportRequest;
  readonly by: Grouping;
  readonly register: Register;
  readonly scope: Scope;
  readonly cursor: string;
}

function openRows(opening: Opening): OpenReport | Refusal<ReportField> {
  const { infobase, name, request, scope, cursor } = opening;
  switch (name) {
    case 'turnover':
    case 'sales':
    case 'burning':
      return openGroups(name, opening);
    case 'movements': {
      const after = parseMovementCursor(cursor);
      if (cursor !== '' && after === undefined) return refuseCursor();
      return { ok: true, columns: columns.movementColumns, read: () => showMovements(opening, after) };
    }
    case 'debts': {
      const read = (): ReportRows => readDebts(infobase, request.kindCode, cursor);
      return { ok: true, columns: columns.debtColumns, read };
    }
    case 'department': {
      const last = parseId(cursor);
      if (last === undefined) return refuseCursor();
      return { ok: true, columns: columns.departmentColumns, read: () => readDepartmentReports(infobase, scope, last) };
    }
    case 'flags': {
      const last = cursor === '' ? Number.MAX_SAFE_INTEGER : parseId(cursor);
      if (last === undefined) return refuseCursor();
      const read = (): ReportRows => readFlags(infobase, scope, request.cardNumber, last);
      return { ok: true, columns: columns.flagColumns, read };
    }
  }
}

/** Reports whose rows are of what is asked for. */
function openGroups(
  name: 'turnover' | 'sales' | 'burning',
  { infobase, request, by, register, scope, cursor }: Opening,
): OpenReport {
  const open = <R extends GroupKey>(
    own: readonly RowColumn[],
    readRows: () => AsyncIterable<readonly R[]>,
    show: (row: R) => object,
  ): OpenReport => ({ ok: true, columns: own, read: () => skipTo(by, cursor, readRows(), show) });
  switch (name) {
    case 'turnover': {
      const chosen = request.measure === null ? measureNames : [request.measure];
      const isLeftOut = ({ turnovers }: TurnoverRow): boolean =>
        by !== 'total' && chosen.every((measure) => isIdle(turnovers[measure]));
      return open(
        columns.listTurnoverColumns(by, register, chosen),
        () => leaveOut(readTurnover(infobase, register, scope, by), isLeftOut),
        (row) => columns.showTurnover(by, row, chosen),
      );
    }
    case 'sales':
      return open(
        columns.listSalesColumns(by),
        () => readSales(infobase, scope, by),
        (row) => columns.showSales(by, row),
      );
    case 'burning':
      return open(
        columns.listBurningColumns(by),
        () => foreseeBurning(infobase, scope, by),
        (row) => columns.showBurning(by, row),
      );
  }
}

async function* showMovements({ infobase, register, scope }: Opening, after: MovementKey | undefined): ReportRows {
  for await (const rows of listMovements(infobase, register, scope, after)) {
    yield rows.map((row) => ({ cursor: row.cursor, row: columns.showMovement(row) }));
  }
}

/** 0 for the beginning; undefined for what is not an id. */
function parseId(cursor: string): number | undefined {
  return /^\d{0,15}$/.test(cursor) ? Number(cursor) : undefined;
}

function refuseCursor(): Refusal<'cursor'> {
  return refuse('it is not the end of a page', { field: 'cursor' });
}

async function* leaveOut<R>(
  pieces: AsyncIterable<readonly R[]>,
  isLeftOut: (row: R) => boolean,
): AsyncGenerator<readonly R[]> {
  for await (const rows of pieces) yield rows.filter((row) => !isLeftOut(row));
}

// A shop may be none: its rows have a cursor too.
const keyMark = '.';

/** Groups that are not cards are few, and are all added up for each page. */
async function* skipTo<R extends GroupKey>(
  by: Grouping,
  cursor: string,
  pieces: AsyncIterable<readonly R[]>,
  show: (row: R) => object,
): ReportRows {
  for await (const rows of pieces) {
    const shown: ReportRow[] = [];
    for (const row of rows) {
      const own = by === 'card' ? cursorOf(row) : keyMark + cursorOf(row);
      if (by === 'card' || cursor === '' || own > cursor) shown.push({ cursor: own, row: show(row) });
    }
    yield shown;
  }
}
