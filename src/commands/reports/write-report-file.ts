// A report as a file: under another name until it is whole, so that nobody takes a part of it for all.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandFailed } from '../command-io.ts';

/** Takes the place of a file of that name. @throws CommandFailed where it cannot be written. */
export async function writeReportFile(file: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(Readable.from(pieces), createWriteStream(part));
    await rename(part, file);
  } catch (reason) {
    await rm(part, { force: true });
    const { code, message } = reason as NodeJS.ErrnoException;
    if (code === undefined) throw reason;
    throw new CommandFailed(`${file} cannot be written: ${message}`, { field: '--output', cause: reason });
  }
}
