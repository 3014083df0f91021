// A table file named on the command line, read whole, and the mistakes found in it as lines for the operator.
import { readFile } from 'node:fs/promises';
import { csvEncodings, readCsv, type CsvEncoding, type CsvMistake, type ReadCsv } from '../operations/read-csv.ts';
import { CommandFailed, UsageMistake, type CommandIo } from './command-io.ts';
import { toOneLine } from './format-table.ts';

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

/** Tells every mistake and gives the exit code of a command that did nothing because of them. */
export function reportMistakes(file: string, mistakes: readonly CsvMistake[], isJson: boolean, io: CommandIo): number {
  if (isJson) io.out(JSON.stringify({ ok: false, mistakes }, null, 2));
  else for (const mistake of mistakes) io.err(formatMistake(file, mistake));
  io.err(`nothing was written: ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'} in ${file}`);
  return 1;
}

export function formatMistake(file: string, { line, column, value, why }: CsvMistake): string {
  const where = column === null ? '' : `, column "${column}"`;
  const what = value === null ? '' : `, value "${toOneLine(value)}"`;
  return `${file}: line ${line}${where}${what}: ${why}`;
}

export function findEncoding(text: string): CsvEncoding {
  const name = text
    .toLowerCase()
    .replace(/^utf8$/, 'utf-8')
    .replace(/^(cp|win-?)1251$/, 'windows-1251');
  const encoding = csvEncodings.find((known) => known === name);
  if (encoding === undefined) {
    throw new UsageMistake(`--encoding: expected one of ${csvEncodings.join(', ')}, got "${text}"`);
  }
  return encoding;
}
