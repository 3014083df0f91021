// `kkm contract draft`: a binding proposed for a WSDL. Exit code: 0 every operation is bound and every line is sure enough,
// 1 a person has to look, 2 the command line is wrong.
import { closeSync, openSync, writeSync } from 'node:fs';
import { countOf } from '../../ledger/count-of.ts';
import {
  draftBinding,
  type DraftedBinding,
  type ReportedLine,
  type ReportedOperation,
} from '../../soap/drafting/draft-binding.ts';
import { formatBinding } from '../../soap/drafting/format-binding.ts';
import { leastConfidence } from '../../soap/drafting/proposal.ts';
import { answer, say } from '../answer.ts';
import { CommandFailed, defineCommand, type CommandIo } from '../command-io.ts';
import { noRecordings, readRecordings } from './read-recordings.ts';
import { findContractFolder, readFolderModel } from './read-wsdl.ts';

export const contractDraft = defineCommand({
  usage: 'DIR [--recordings DIR] [--complete] [--out FILE] [--json]',
  about: 'proposes a binding.json for the WSDL of a folder; how sure each line is, and why, goes to standard error',
  notes: [
    'Names are compared in Russian and Latin, and the types of the WSDL and recorded values are looked at. An operation to',
    'which something is missing is in the file with the lines that were found: `kkm contract check` names the rest. Exit',
    'code 1: a person has to look at something.',
  ],
  takes: ['DIR'],
  flags: {
    recordings: {
      takes: 'DIR',
      about: 'a folder of recorded envelopes: forms of dates, words, kopecks are taken from them',
    },
    complete: { about: 'leaves an operation out of the file if anything is missing to it' },
    out: { takes: 'FILE', about: 'writes the proposal to a new file instead of standard output' },
    json: { about: 'one JSON document with the proposal and the report' },
  },
  run: async ({ flags, values: [given = ''] }, io) => {
    const folder = findContractFolder(given);
    const model = readFolderModel(folder);
    const recordings = flags.recordings === undefined ? noRecordings : readRecordings(flags.recordings, model);
    const drafted = draftBinding(folder, model, recordings.values, flags.complete);
    const text = formatBinding(drafted.file);
    if (flags.out !== undefined) writeNew(flags.out, `${text}\n`);
    for (const why of recordings.skipped) io.err(`skipped ${why}`);
    for (const line of formatReport(drafted)) io.err(line);
    const doubts = listDoubts(drafted);
    const json = {
      binding: drafted.file,
      operations: drafted.operations,
      incomplete: drafted.incomplete,
      unboundCommands: drafted.unboundCommands,
      doubts,
    };
    const lines = flags.out === undefined ? text : `written to ${flags.out}`;
    return finish(io, flags, folder, drafted.operations, { json, lines, doubts });
  },
});

interface Ending {
  readonly json: object;
  readonly lines: string;
  readonly doubts: readonly string[];
}

function finish(
  io: CommandIo,
  flags: { readonly json: boolean; readonly complete: boolean },
  folder: string,
  operations: readonly ReportedOperation[],
  { json, lines, doubts }: Ending,
): number {
  const unbound = operations.filter(({ command }) => command === null);
  const incomplete = operations.filter(({ command, problems }) => command !== null && problems.length > 0);
  if (unbound.length + incomplete.length + doubts.length === 0) {
    io.err(`${countOf(operations.length, 'operation')} bound, every line with confidence ${leastConfidence} or more`);
    return answer(io, flags, { json: { ok: true, ...json }, lines });
  }
  say(io, flags, lines);
  if (incomplete.length > 0) io.err(sayIncomplete(incomplete, flags.complete));
  const parts = [
    ...(incomplete.length === 0
      ? []
      : [`${countOf(incomplete.length, 'operation')} of ${operations.length} with something missing`]),
    ...(unbound.length === 0 ? [] : [`${countOf(unbound.length, 'operation')} without a command`]),
    ...(doubts.length === 0 ? [] : [`${countOf(doubts.length, 'line')} marked LOOK (below ${leastConfidence})`]),
  ];
  throw new CommandFailed(`${folder}: a person has to look: ${parts.join(', ')}`, { code: 'differs', details: json });
}

function sayIncomplete(incomplete: readonly ReportedOperation[], isLeftOut: boolean): string {
  const names = incomplete.map(({ operation }) => operation).join(', ');
  return isLeftOut
    ? `not in the file, for something is missing to them: ${names}`
    : `the file does not load yet, for something is missing to: ${names}; kkm contract check lists it`;
}

/** @throws CommandFailed if the file is there: somebody's work is not overwritten. */
function writeNew(file: string, text: string): void {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, text);
    closeSync(handle);
  } catch (reason) {
    const { code, message } = reason as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? `${file} is there already: --out writes a new file only` : message;
    throw new CommandFailed(why, { field: '--out', cause: reason });
  }
}

function isDoubtful({ confidence }: ReportedLine): boolean {
  return confidence < leastConfidence;
}

/** "GetX: request cardNumber" of each line that is not sure. */
function listDoubts({ operations }: DraftedBinding): string[] {
  return operations.flatMap(({ operation, lines }) =>
    lines.filter(isDoubtful).map(({ side, line }) => `${operation}: ${side} ${line}`),
  );
}

function formatReport({ operations, unboundCommands }: DraftedBinding): string[] {
  return [
    ...operations.flatMap(formatOperation),
    ...(unboundCommands.length === 0 ? [] : [`no operation was found for the commands: ${unboundCommands.join(', ')}`]),
  ];
}

function formatOperation(report: ReportedOperation): string[] {
  const { operation, command, confidence, lines, problems, hints, unplacedFields, unplacedPlaces } = report;
  const what = command === null ? 'no command' : `command ${command}`;
  const head = command !== null && problems.length === 0 ? confidence.toFixed(2) : 'to do';
  return [
    `${head} ${operation}: ${what}`,
    ...problems.map((problem) => `  ${command === null ? 'problem' : 'missing'}: ${problem}`),
    ...hints.map((hint) => `  hint: ${hint}`),
    ...lines.map(formatLine),
    ...(unplacedFields.length === 0 ? [] : [`  not placed: ${unplacedFields.join(', ')}`]),
    ...(unplacedPlaces.length === 0 ? [] : [`  not used: ${unplacedPlaces.join(', ')}`]),
  ];
}

function formatLine(reported: ReportedLine): string {
  const { side, line, from, transform, confidence, reason } = reported;
  const mark = isDoubtful(reported) ? 'LOOK' : '    ';
  return `  ${mark} ${confidence.toFixed(2)} ${side} ${line} <- ${from === '' ? '' : `${from} `}${transform} (${reason})`;
}
