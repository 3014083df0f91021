// Loads the bytes of one shift report, wherever they lay, and reports what became of it, receipt by receipt.
import type { ReadZoned } from '../zoned-dates.ts';
import { loadZonedReading } from '../zoned-dates.ts';
import type { Infobase } from '../infobase.ts';
import { loadShiftFile, type LoadedShiftFile, type LoadOptions } from './load-shift-file.ts';
import type { ReadShiftFile, ShiftFileReader } from './shift-file.ts';
import { reportLoaded, type ShiftFileReport } from './shift-file-report.ts';

/** What a file held, or why it was not read. */
export type ReadBytes =
  | {
      readonly ok: true;
      readonly bytes: Buffer;
      /** Of the bytes, in hexadecimal. */
      readonly sha256: string;
    }
  | { readonly ok: false; readonly why: string };

export interface OneFile {
  readonly name: string;
  /** Undefined where only the file can say. */
  readonly kkm: string | undefined;
  readonly read: ReadBytes;
}

export type OneFileEnd =
  | { readonly code: 'reported'; readonly report: ShiftFileReport }
  | Extract<LoadedShiftFile, { readonly code: 'waiting' | 'stopped' | 'lost' }>;

/** The caller has the lease of the exchange. A file that is bad is reported: nothing of it is loaded. */
export async function loadOneFile(
  infobase: Infobase,
  { name, kkm, read }: OneFile,
  reader: ShiftFileReader,
  options: LoadOptions,
): Promise<OneFileEnd> {
  const content = read.ok ? await readContent(reader, name, read.bytes, kkm, await loadZonedReading(infobase)) : read;
  const sha256 = read.ok ? read.sha256 : null;
  const head = { file: name, kkm: kkm ?? (content.ok ? content.kkm : ''), at: options.readNow(), sha256 };
  if (!content.ok) return { code: 'reported', report: { ...head, result: 'failed', why: content.why } };
  const { receipts } = content;
  const outcome = await loadShiftFile(infobase, { name, sha256: sha256 ?? '', kkm: head.kkm, receipts }, options);
  if (outcome.code !== 'loaded' && outcome.code !== 'repeat') return outcome;
  return { code: 'reported', report: reportLoaded(head, receipts, outcome, reader) };
}

/** A file whose receipts are of another till than its folder is bad as a whole: it lies in the wrong place. */
async function readContent(
  reader: ShiftFileReader,
  name: string,
  bytes: Buffer,
  kkm: string | undefined,
  readZoned: ReadZoned,
): Promise<ReadShiftFile> {
  const content = await reader.read(name, bytes, kkm, readZoned);
  if (!content.ok) return content;
  const own = kkm ?? content.kkm;
  if (content.kkm !== own)
    return { ok: false, why: `the file is of the till "${content.kkm}", its folder of "${own}"` };
  const at = content.receipts.findIndex((receipt) => receipt.kkm !== own);
  if (at === -1) return content;
  return { ok: false, why: `receipt ${at + 1} is of the till "${content.receipts[at]?.kkm}", the file of "${own}"` };
}
