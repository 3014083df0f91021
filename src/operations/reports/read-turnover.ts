// The report «Остатки и обороты»: opening, in, out and closing of each measure over a period, by card, kind, shop or day.
import {
  listMovementPiece,
  type MovementKey,
  type Register,
  type ReportedMovement,
} from '../../db/reports/movement.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import {
  addFlow,
  addOpening,
  closeTurnovers,
  openTurnovers,
  type OpenTurnovers,
  type Turnovers,
} from '../../ledger/turnover.ts';
import type { Infobase } from '../infobase.ts';
import { nextTurn } from '../next-turn.ts';
import { groupByCard, groupByKey, keyOf, noKey, type Adding, type GroupKey } from './group-facts.ts';
import type { Grouping, Scope } from './report-scope.ts';

export interface TurnoverRow extends GroupKey {
  readonly turnovers: Turnovers;
}

/** Read in one turn, about 10 ms: the calls of tills get theirs in between. */
const movementsPerTurn = 2_000;

/**
 * The movements that a scope is about, in the order of cards, with those from before its period: what is left out only
 * afterwards makes no read longer. A movement that comes meanwhile is seen or not, whole.
 */
export async function* readMovements(
  infobase: Infobase,
  register: Register,
  {
    afterCardId,
    toCardId,
    to,
    kindCode,
    shopCode,
  }: Pick<Scope, 'afterCardId' | 'toCardId' | 'to' | 'kindCode' | 'shopCode'>,
  start: MovementKey = { cardId: afterCardId, documentId: Number.MAX_SAFE_INTEGER, line: 0 },
): AsyncGenerator<readonly ReportedMovement[]> {
  for (let after = start; ;) {
    const from = after;
    const found = await infobase.db.read((trx) => listMovementPiece(trx, register, from, toCardId, movementsPerTurn));
    yield found.filter(
      (movement) =>
        dateOf(movement.datedAt) <= to &&
        (kindCode === null || movement.cardKindCode === kindCode) &&
        (shopCode === null || movement.shopCode === shopCode),
    );
    const last = found.at(-1);
    if (last === undefined || found.length < movementsPerTurn) return;
    after = last;
    await nextTurn();
  }
}

/** By cards in the order they were added, piece by piece; otherwise in the order of keys, all at once. */
export async function* readTurnover(
  infobase: Infobase,
  register: Register,
  scope: Scope,
  by: Grouping,
): AsyncGenerator<readonly TurnoverRow[]> {
  const isBefore = ({ datedAt }: ReportedMovement): boolean => dateOf(datedAt) < scope.from;
  const isByDate = by === 'day' || by === 'week' || by === 'month';
  const adding: Adding<ReportedMovement, OpenTurnovers> = {
    // What was before the period is the opening of its first day.
    keyOf: (movement) => {
      const { cardNumber, cardKindCode: kindCode, shopCode, datedAt } = movement;
      return isByDate && isBefore(movement)
        ? noKey
        : keyOf(by, { cardNumber, kindCode, shopCode, on: dateOf(datedAt) });
    },
    open: openTurnovers,
    add: (sums, movement) =>
      isBefore(movement) ? addOpening(sums, movement) : addFlow(sums, movement.documentKind, movement),
  };
  const movements = readMovements(infobase, register, scope);
  if (by === 'card') {
    for await (const groups of groupByCard(movements, adding)) {
      yield groups.map(({ key, sums }) => ({ ...key, turnovers: closeTurnovers(sums) }));
    }
    return;
  }
  const groups = await groupByKey(by, movements, adding);
  if (!isByDate) {
    yield groups.map(({ key, sums }) => ({ ...key, turnovers: closeTurnovers(sums) }));
    return;
  }
  const rows: TurnoverRow[] = [];
  let before: Turnovers | undefined;
  for (const { key, sums } of groups) {
    before = closeTurnovers(sums, before);
    if (key.on !== null) rows.push({ ...key, turnovers: before });
  }
  yield rows;
}
