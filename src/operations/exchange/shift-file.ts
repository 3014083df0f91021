// A shift's file as a door has read it: what is in it in the ledger's words, or why it cannot be read. The door of the folder
// and the one that knows the wire's names both use this type, for doors do not import each other.
import type { Receipt } from '../../ledger/receipt.ts';
import type { ResultCode, Trouble } from '../../ledger/result.ts';
import type { ReadZoned } from '../zoned-dates.ts';

export type ReadShiftFile =
  | { readonly ok: true; readonly kkm: string; readonly receipts: readonly Receipt[] }
  /** In words for the operator, with the place in the file. */
  | { readonly ok: false; readonly why: string };

/** Extensions of the files that are shift reports, in lower case. */
export const shiftFileExtensions = ['.xml', '.json', '.csv', '.xlsx'] as const;

export interface ShiftFileReader {
  /**
   * Reads a file whole: every receipt of it is well formed, or the whole file is refused.
   * @param name its extension gives the form.
   * @param kkm the till whose folder it lay in; undefined where only the file can say.
   * @param readZoned the infobase's way with a date that names a zone.
   */
  read(name: string, bytes: Buffer, kkm: string | undefined, readZoned: ReadZoned): Promise<ReadShiftFile>;
  /** The sentence of a result code, with the file's own name of a field. */
  describe(code: ResultCode, trouble: Trouble | undefined): string;
}
