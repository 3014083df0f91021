// `kkm cards import`: cards from a table file, all of them or none.
import { importCards } from '../operations/import-cards.ts';
import { answer } from './answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag } from './command-io.ts';
import { countOf } from './count-of.ts';
import { withInfobase } from './open-infobase.ts';
import { encodingFlag, readTableFile, reportMistakes } from './read-table-file.ts';

export const cardsImport = defineCommand({
  usage: 'FILE --kind CODE [--update]',
  about: 'adds the cards of a table file, all of them or none; every mistake is told with its line and column',
  notes: [
    'The first line names the columns, by commas, semicolons or tabs: number («Номер карты»), holder («Владелец»),',
    'kind («Вид карты», code or name), status («Статус»: active, accrue_only, blocked), valid_from («Действует с»),',
    'valid_to («Действует по»), note («Примечание»). Dates: 2026-11-22 or 22.11.2026; both days are included.',
    'With --update an empty value clears a holder, a date or a note; an empty kind or status leaves it as it was.',
  ],
  takes: ['FILE'],
  flags: {
    kind: { takes: 'CODE', about: 'card kind of new cards whose row names none' },
    update: { about: 'edits the cards whose number is known: only the columns of the file' },
    'ignore-columns': {
      takes: 'NAME,...',
      about: 'columns of the file to leave out; any other unknown one is a mistake',
    },
    ...encodingFlag,
    ...dryRunFlag,
    ...commonFlags,
  },
  run: async ({ flags, values: [file = ''] }, io) => {
    const read = await readTableFile(file, flags.encoding);
    if (!read.ok) return reportMistakes(file, read.mistakes, flags.json, io);
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const outcome = await importCards(infobase, read.table, {
        ...(flags.kind === undefined ? {} : { kindCode: flags.kind }),
        ...(flags['ignore-columns'] === undefined ? {} : { ignoredColumns: flags['ignore-columns'].split(',') }),
        mayUpdate: flags.update,
        isDryRun,
      });
      if (!outcome.ok && outcome.why !== null) throw new CommandFailed(outcome.why);
      if (!outcome.ok) return reportMistakes(file, outcome.mistakes, flags.json, io);
      const { added, updated, unchanged } = outcome;
      const { encoding, delimiter } = read.table;
      const edited = flags.update ? `, ${updated} changed, ${unchanged} as before` : '';
      const done = `${countOf(added, 'card')} ${isDryRun ? 'would be ' : ''}added${edited}`;
      return answer(io, flags, {
        json: { ok: true, added, updated, unchanged, encoding, delimiter, isDryRun },
        lines: `${done} (${file}: ${encoding}, delimiter ${showDelimiter(delimiter)})`,
      });
    });
  },
});

function showDelimiter(delimiter: string): string {
  return delimiter === '\t' ? 'tab' : `"${delimiter}"`;
}
