// A table file named on the command line, read whole, and the mistakes found in it as lines for the operator.
import { readFile } from 'node:fs/promises';
import { csvEncodings, readCsv, type CsvEncoding, type CsvMistake, type ReadCsv } from '../operations/read-csv.ts';
import { CommandFailed, expected, type CommandIo } from './command-io.ts';
import { countOf } from './count-of.ts';
import { toOneLine } from './format-table.ts';
import { addRemedy } from './refused-by.ts';

export const encodingFlag = {
  encoding: { takes: 'NAME', about: `${csvEncodings.join(', ')} (default: what the bytes show)` },
} as const;

/** @throws CommandFailed where the file cannot be read, UsageMistake for an encoding that is not known. */
export async function readTableFile(file: string, encoding?: string): Promise<ReadCsv> {
  const forced = encoding === undefined ? undefined : findEncoding(encoding);
  try {
    return readCsv(await readFile(file), forced);
  } catch (reason) {
    const { code, message } = reason as NodeJS.ErrnoException;
    if (code === undefined) throw reason;
    throw new CommandFailed(`cannot read ${file}: ${code === 'ENOENT' ? 'there is no such file' : message}`);
  }
}

/**
 * Shows every mistake of a file because of which a command did nothing.
 * @throws CommandFailed always.
 */
export function reportMistakes(file: string, mistakes: readonly CsvMistake[], isJson: boolean, io: CommandIo): never {
  if (!isJson) for (const mistake of mistakes) io.err(formatMistake(file, mistake));
  const message = `nothing was written: ${countOf(mistakes.length, 'mistake')} in ${file}`;
  throw new CommandFailed(message, { code: 'mistakes', details: { file, mistakes } });
}

export function formatMistake(file: string, mistake: CsvMistake): string {
  const { line, column, value } = mistake;
  const where = column === null ? '' : `, column "${column}"`;
  const what = value === null ? '' : `, value "${toOneLine(value)}"`;
  return `${file}: line ${line}${where}${what}: ${addRemedy(mistake)}`;
}

export function findEncoding(text: string): CsvEncoding {
  const name = text
    .toLowerCase()
    .replace(/^utf8$/, 'utf-8')
    .replace(/^(cp|win-?)1251$/, 'windows-1251');
  const encoding = csvEncodings.find((known) => known === name);
  if (encoding === undefined) {
    throw expected('--encoding', `one of ${csvEncodings.join(', ')}`, text);
  }
  return encoding;
}
