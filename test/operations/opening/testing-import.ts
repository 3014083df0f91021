// Imports for tests: rows given by hand in place of a file.
import { createHash } from 'node:crypto';
import { importOpening, type ImportOpeningOutcome } from '../../../src/operations/opening/import-opening.ts';
import type { ImportOpeningRequest } from '../../../src/operations/opening/opening-request.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import type { TableRow } from '../../../src/tables/table-row.ts';
import { reverseImport, type ReverseImportOutcome } from '../../../src/operations/opening/reverse-import.ts';
import { dateOf, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { OpeningKind } from '../../../src/db/opening/import-run.ts';

/** The header, and a row a card: "card", "bonus" and so on. */
export type Sheet = readonly (readonly string[])[];

export async function* giveRows(sheet: Sheet, between?: () => Promise<unknown>): AsyncGenerator<readonly TableRow[]> {
  yield sheet.map((cells, index) => ({ line: index + 1, cells }));
  await between?.();
}

export const watch = { onMistakes: () => Promise.resolve(), onProgress: () => undefined };

/** Imports a sheet as a file of its own content. */
export function importSheet(
  infobase: Infobase,
  now: LocalDateTime,
  kind: OpeningKind,
  sheet: Sheet,
  request: Partial<ImportOpeningRequest> = {},
  between?: () => Promise<unknown>,
): Promise<ImportOpeningOutcome> {
  const sha256 = createHash('sha256').update(JSON.stringify(sheet)).digest('hex');
  return importOpening(
    infobase,
    now,
    {
      kind,
      file: { name: 'opening.csv', sha256 },
      datedOn: dateOf(now),
      mayCreate: false,
      kindCode: null,
      columns: { mapping: {}, ignoredColumns: [], hasSerialDates: false },
      expected: {},
      isForced: false,
      mayAdd: false,
      mayLeaveOut: false,
      isDryRun: false,
      madeBy: 'ivanova',
      ...request,
    },
    giveRows(sheet, between),
    watch,
  );
}

/** The number of an import that must succeed. */
export async function importNumber(...given: Parameters<typeof importSheet>): Promise<number> {
  const outcome = await importSheet(...given);
  if (!outcome.ok || outcome.number === null) throw new Error(JSON.stringify(outcome));
  return outcome.number;
}

export function reverse(
  infobase: Infobase,
  now: LocalDateTime,
  number: number,
  isDryRun = false,
): Promise<ReverseImportOutcome> {
  return reverseImport(infobase, now, { number, madeBy: 'petrov', isDryRun });
}
