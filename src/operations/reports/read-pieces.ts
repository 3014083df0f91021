// Rows of a table, a bounded piece in each turn of the event loop: by card, of the cards of one kind, or in the order of the
// table, which is read from one end to the other and so is several times as fast.
import type { Trx } from '../../db/db.ts';
import { listCardIdsOfKind } from '../../db/reports/card-of-kind.ts';
import type { Infobase } from '../infobase.ts';
import { nextTurn } from '../next-turn.ts';
import type { Scope } from './report-scope.ts';

/**
 * Read in one turn: a few milliseconds where the pages of the database are in memory, and where they are not, no more than
 * a call of a till can wait.
 */
const rowsPerTurn = 100;

export interface CardRows<Key, Row extends Key> {
  /** The next rows after a place, in the order of cards, of cards up to `toCardId`. */
  readonly list: (trx: Trx, after: Key, toCardId: number, limit: number) => Promise<readonly Row[]>;
  /** The place after the last row of a card. */
  readonly endOf: (cardId: number) => Key;
}

type Cards = Pick<Scope, 'afterCardId' | 'toCardId' | 'kindCode'>;

/** Card after card, in the order they were added. @param start where to go on; default: the first card. */
export async function* readByCard<Key, Row extends Key>(
  infobase: Infobase,
  rows: CardRows<Key, Row>,
  { afterCardId, toCardId, kindCode }: Cards,
  start?: Key & { readonly cardId: number },
): AsyncGenerator<readonly Row[]> {
  if (kindCode === null) {
    yield* readInOrder(
      infobase,
      (trx, after: Key, limit) => rows.list(trx, after, toCardId, limit),
      start ?? rows.endOf(afterCardId),
    );
    return;
  }
  let place: Key | undefined = start;
  for (let last = start === undefined ? afterCardId : start.cardId - 1; ;) {
    const from = last;
    const ids = await infobase.db.read((trx) => listCardIdsOfKind(trx, kindCode, from, toCardId, rowsPerTurn));
    const end = ids.at(-1);
    if (end === undefined) return;
    for (let waiting = ids; waiting.length > 0;) {
      const turn = { waiting, place };
      const read = await infobase.db.read((trx) => readCards(trx, rows, turn.waiting, turn.place));
      yield read.found;
      ({ waiting, place } = read);
      await nextTurn();
    }
    last = end;
  }
}

/** The rows of some cards, as many as a turn has. @returns the cards that are left, and the place within the first. */
async function readCards<Key, Row extends Key>(
  trx: Trx,
  { list, endOf }: CardRows<Key, Row>,
  ids: readonly number[],
  start: Key | undefined,
): Promise<{ readonly found: readonly Row[]; readonly waiting: number[]; readonly place: Key | undefined }> {
  const found: Row[] = [];
  let place = start;
  for (const [index, id] of ids.entries()) {
    if (found.length >= rowsPerTurn) return { found, waiting: ids.slice(index), place };
    const own = await list(trx, place ?? endOf(id - 1), id, rowsPerTurn);
    found.push(...own);
    if (own.length === rowsPerTurn) return { found, waiting: ids.slice(index), place: own.at(-1) };
    place = undefined;
  }
  return { found, waiting: [], place };
}

export async function* readInOrder<Key, Row extends Key>(
  infobase: Infobase,
  list: (trx: Trx, after: Key, limit: number) => Promise<readonly Row[]>,
  start: Key,
): AsyncGenerator<readonly Row[]> {
  for (let after = start; ;) {
    const from = after;
    const found = await infobase.db.read((trx) => list(trx, from, rowsPerTurn));
    yield found;
    const last = found.at(-1);
    if (last === undefined || found.length < rowsPerTurn) return;
    after = last;
    await nextTurn();
  }
}
