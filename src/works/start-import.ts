// Starts bringing in opening balances from a file of the service: a dry run, or the import itself. One transaction posts it, so
// a restart leaves all of it or nothing.
import { WorkEnded, type BackgroundWork, type NoteProgress } from '../background-work.ts';
import { importOpening, type ImportOpeningOutcome } from '../operations/opening/import-opening.ts';
import type { ImportOpeningRequest } from '../operations/opening/opening-request.ts';
import { OpeningSheet } from '../operations/opening/read-opening-sheet.ts';
import { openTableFile, UnreadableTable, type TableFile } from '../tables/open-table-file.ts';
import type { TextEncoding } from '../tables/text-encoding.ts';
import type { TableMistake } from '../tables/table-mistake.ts';
import type { TableSource } from '../tables/xlsx-package.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

export interface ImportTask {
  readonly source: TableSource;
  readonly fileName: string;
  readonly encoding?: TextEncoding | undefined;
  /** Of a workbook; undefined = the first that a user sees. */
  readonly sheet?: string | undefined;
  readonly request: Omit<ImportOpeningRequest, 'file' | 'columns' | 'madeBy'> & {
    readonly columns: Pick<ImportOpeningRequest['columns'], 'mapping' | 'ignoredColumns'>;
  };
}

/** What is known of the file, also where it is refused. */
export interface ImportResult {
  readonly isDryRun: boolean;
  readonly outcome: ImportOpeningOutcome;
  /** The first mistakes of its rows. */
  readonly mistakes: readonly TableMistake[];
  readonly mistakeCount: number;
  readonly file: Pick<TableFile, 'format' | 'encoding' | 'sheet' | 'sha256'>;
}

const mistakesKept = 200;

/** @param onEnd is called when the file is no longer needed, however it ended. */
export function startImport(
  tools: Pick<WorkTools, 'work'>,
  place: WorkPlace,
  task: ImportTask,
  onEnd: (end: { readonly isPosted: boolean }) => Promise<void> = async () => undefined,
): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'import',
    title: task.request.isDryRun ? `Проверка файла ${task.fileName}` : `Ввод остатков из файла ${task.fileName}`,
    run: async (progress) => {
      let isPosted = false;
      try {
        const result = await run(place, task, progress);
        isPosted = result.outcome.ok && !result.isDryRun;
        if (result.outcome.ok) return result;
        throw new WorkEnded('failed', result.outcome.why, result);
      } finally {
        await onEnd({ isPosted });
      }
    },
  });
}

async function run(
  { infobase, clock, user }: WorkPlace,
  { source, fileName, encoding, sheet, request }: ImportTask,
  progress: NoteProgress,
): Promise<ImportResult> {
  // Its rows are read by the operation, which knows the kinds.
  const { reader } = new OpeningSheet({ ...blankSheet, ...request.columns });
  const file = await open(source, { encoding, sheet, isHeader: (cells) => reader.isHeader(cells) });
  const mistakes: TableMistake[] = [];
  let mistakeCount = 0;
  const full = {
    ...request,
    file: { name: fileName, sha256: file.sha256 },
    columns: { ...request.columns, hasSerialDates: file.format === 'xlsx' },
    madeBy: user,
  };
  const outcome = await importOpening(infobase, clock.now(), full, explainRows(file.rows), {
    onMistakes: async (found) => {
      mistakeCount += found.length;
      mistakes.push(...found.slice(0, mistakesKept - mistakes.length));
    },
    onProgress: ({ rows }) => progress(rows),
  });
  const { format, sha256 } = file;
  const isDryRun = request.isDryRun;
  return {
    isDryRun,
    outcome,
    mistakes,
    mistakeCount,
    file: { format, encoding: file.encoding, sheet: file.sheet, sha256 },
  };
}

const blankSheet = { kinds: [], kindCode: null, hasSerialDates: false, mayHaveWriteOffDate: false, mayOwe: false };

async function open(source: TableSource, options: Parameters<typeof openTableFile>[1]): Promise<TableFile> {
  try {
    return await openTableFile(source, options);
  } catch (reason) {
    throw reason instanceof UnreadableTable ? new WorkEnded('failed', reason.message) : reason;
  }
}

async function* explainRows<T>(rows: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* rows;
  } catch (reason) {
    throw reason instanceof UnreadableTable ? new WorkEnded('failed', reason.message) : reason;
  }
}
