// What is wrong with the rows of a file on their way in, kept beside the rows: a file of any size is reported in the order
// of its lines, some of which are judged only when all have been read.
import type { Trx } from '../db.ts';
import { limitMark, statement } from '../statement.ts';

export interface StagedMistake {
  readonly line: number;
  /** The column's name as the file has it. */
  readonly column: string | null;
  readonly value: string | null;
  readonly why: string;
  /** Of the reader that has found it. */
  readonly reason: string | null;
}

/** A line may have several. */
export type MistakePlace = Readonly<Record<'line' | 'ordinal', number>>;

export const importMistakeColumns = `line integer not null, ordinal integer not null, column_name text, value text,
    why text not null, reason text, primary key (line, ordinal)`;

type Parameters = { [K in keyof (StagedMistake & MistakePlace)]: (StagedMistake & MistakePlace)[K] };

const insert = statement<Parameters>((knex, p) =>
  knex.raw('insert into import_mistake (line, ordinal, column_name, value, why, reason) values (?, ?, ?, ?, ?, ?)', [
    p.line,
    p.ordinal,
    p.column,
    p.value,
    p.why,
    p.reason,
  ]),
);

const page = statement<{ line: number; ordinal: number; limit: number }, StagedMistake & MistakePlace>((knex, p) =>
  knex('import_mistake')
    .select({ line: 'line', ordinal: 'ordinal', column: 'column_name', value: 'value', why: 'why', reason: 'reason' })
    .whereRaw('(line, ordinal) > (?, ?)', [p.line, p.ordinal])
    .orderBy(['line', 'ordinal'])
    .limit(limitMark),
);

/** @param from how many were staged before: later ones of a line come after earlier ones. */
export async function stageMistakes(trx: Trx, mistakes: readonly StagedMistake[], from: number): Promise<void> {
  let ordinal = from;
  for (const { line, column, value, why, reason } of mistakes) {
    await trx.change(insert, { line, ordinal, column, value, why, reason });
    ordinal += 1;
  }
}

/** The next ones, by line. */
export function listStagedMistakes(
  trx: Trx,
  { line, ordinal }: MistakePlace,
  limit: number,
): Promise<(StagedMistake & MistakePlace)[]> {
  return trx.list(page, { line, ordinal, limit });
}
