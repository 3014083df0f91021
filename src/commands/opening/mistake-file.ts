// The bad rows of a file as a table beside it, written as they are found: begun with the first of them, for a spreadsheet.
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { TableMistake } from '../../tables/table-mistake.ts';

const byteOrderMark = '\uFEFF';

export class MistakeFile {
  readonly path: string;
  count = 0;
  private stream: WriteStream | undefined;

  constructor(path: string) {
    this.path = path;
  }

  async write(mistakes: readonly TableMistake[]): Promise<void> {
    if (mistakes.length === 0) return;
    if (this.stream === undefined) {
      this.stream = createWriteStream(this.path);
      await once(this.stream, 'open');
      this.stream.write(`${byteOrderMark}line;column;value;why\r\n`);
    }
    this.count += mistakes.length;
    const text = mistakes.map((mistake) => {
      const { line, column, value } = mistake;
      return [line, column, value, mistake.why].map(quote).join(';');
    });
    if (!this.stream.write(`${text.join('\r\n')}\r\n`)) await once(this.stream, 'drain');
  }

  /** Ends the file; one of an earlier run, where this one found nothing, is taken away. */
  async close(): Promise<void> {
    if (this.stream === undefined) return rm(this.path, { force: true });
    this.stream.end();
    await finished(this.stream);
  }
}

function quote(value: string | number | null): string {
  const text = String(value ?? '');
  // A value that a spreadsheet would take for a formula is shown as text.
  const safe = /^[=+@]/.test(text) ? `'${text}` : text;
  return /[;"\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
