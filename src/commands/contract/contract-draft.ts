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
import { readFolderModel } from './read-wsdl.ts';

export const contractDraft = defineCommand({
  usage: 'DIR [--recordings DIR] [--out FILE] [--json]',
  about: 'proposes a binding.json for the WSDL of a folder; how sure each line is, and why, goes to standard error',
  notes: [
    'Names are compared in Russian and Latin, and the types of the WSDL and recorded values are looked at. An operation with',
    'something missing is left out of the file and reported. Exit code 1: a person has to look at something.',
  ],
  takes: ['DIR'],
  flags: {
    recordings: {
      takes: 'DIR',
      about: 'a folder of recorded envelopes: forms of dates, words, kopecks are taken from them',
    },
    out: { takes: 'FILE', about: 'writes the proposal to a new file instead of standard output' },
    json: { about: 'one JSON document with the proposal and the report' },
  },
  run: async ({ flags, values: [folder = ''] }, io) => {
    const model = readFolderModel(folder);
    const recordings = flags.recordings === undefined ? noRecordings : readRecordings(flags.recordings, model);
    const drafted = draftBinding(folder, model, recordings.values);
    const text = formatBinding(drafted.file);
    if (flags.out !== undefined) writeNew(flags.out, `${text}\n`);
    for (const why of recordings.skipped) io.err(`skipped ${why}`);
    for (const line of formatReport(drafted)) io.err(line);
    const doubts = listDoubts(drafted);
    const json = {
      binding: drafted.file,
      operations: drafted.operations,
      unboundCommands: drafted.unboundCommands,
      doubts,
    };
    const lines = flags.out === undefined ? text : `written to ${flags.out}`;
    return finish(io, flags, folder, drafted, { json, lines, doubts });
  },
});

interface Ending {
  readonly json: object;
  readonly lines: string;
  readonly doubts: readonly string[];
}

function finish(
  io: CommandIo,
  flags: { readonly json: boolean },
  folder: string,
  { operations }: DraftedBinding,
  { json, lines, doubts }: Ending,
): number {
  const left = operations.filter(({ problems }) => problems.length > 0).length;
  if (left === 0 && doubts.length === 0) {
    io.err(`${countOf(operations.length, 'operation')} bound, every line with confidence ${leastConfidence} or more`);
    return answer(io, flags, { json: { ok: true, ...json }, lines });
  }
  say(io, flags, lines);
  const parts = [
    ...(left === 0 ? [] : [`${countOf(left, 'operation')} of ${operations.length} left out`]),
    ...(doubts.length === 0
      ? []
      : [`${countOf(doubts.length, 'line')} with low confidence (below ${leastConfidence})`]),
  ];
  throw new CommandFailed(`${folder}: a person has to look: ${parts.join(', ')}`, { code: 'differs', details: json });
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

/** "GetX: request cardNumber" of each line in the file that is not sure. */
function listDoubts({ operations }: DraftedBinding): string[] {
  return operations
    .filter(({ problems }) => problems.length === 0)
    .flatMap(({ operation, lines }) =>
      lines.filter(isDoubtful).map(({ side, line }) => `${operation}: ${side} ${line}`),
    );
}

function formatReport({ operations, unboundCommands }: DraftedBinding): string[] {
  return [
    ...operations.flatMap(formatOperation),
    ...(unboundCommands.length === 0 ? [] : [`no operation was found for: ${unboundCommands.join(', ')}`]),
  ];
}

function formatOperation(report: ReportedOperation): string[] {
  const { operation, command, confidence, lines, problems, hints, unplacedFields, unplacedPlaces } = report;
  const head =
    problems.length === 0 ? `${confidence.toFixed(2)} ${operation}: command ${command}` : `left out ${operation}`;
  return [
    head,
    ...problems.map((problem) => `  problem: ${problem}`),
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
