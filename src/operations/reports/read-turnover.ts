// The report «Остатки и обороты»: opening, in, out and closing of each measure over a period, by card, kind, shop or day.
import {
  listMovementsByCard,
  listMovementsInOrder,
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
import { groupByCard, groupByKey, keyOf, noKey, type Adding, type GroupKey } from './group-facts.ts';
import { readByCard, readInOrder, type CardRows } from './read-pieces.ts';
import { isNarrow, type Grouping, type Scope } from './report-scope.ts';

/** Before the first. */
const noMovement: MovementKey = { documentId: 0, cardId: 0, line: 0 };

export interface TurnoverRow extends GroupKey {
  readonly turnovers: Turnovers;
}

/**
 * The movements that a scope is about, with those from before its period: what is left out only afterwards makes no read
 * longer. A movement that comes meanwhile is seen or not, whole.
 * @param start where to go on, by card.
 */
export async function* readMovements(
  infobase: Infobase,
  register: Register,
  scope: Scope,
  isByCard: boolean,
  start?: MovementKey,
): AsyncGenerator<readonly ReportedMovement[]> {
  const { to, kindCode, shopCode } = scope;
  const byCard: CardRows<MovementKey, ReportedMovement> = {
    list: (trx, after, toCardId, limit) => listMovementsByCard(trx, register, after, toCardId, limit),
    endOf: (cardId) => ({ cardId, documentId: Number.MAX_SAFE_INTEGER, line: 0 }),
  };
  const pieces = isByCard
    ? readByCard(infobase, byCard, scope, start)
    : readInOrder(
        infobase,
        (trx, after: MovementKey, limit) => listMovementsInOrder(trx, register, after, limit),
        noMovement,
      );
  for await (const found of pieces) {
    yield found.filter(
      (movement) =>
        dateOf(movement.datedAt) <= to &&
        (kindCode === null || movement.cardKindCode === kindCode) &&
        (shopCode === null || movement.shopCode === shopCode),
    );
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
  const movements = readMovements(infobase, register, scope, by === 'card' || isNarrow(scope));
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
