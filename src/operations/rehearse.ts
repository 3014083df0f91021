// A dry run that does the real work in a transaction, undoes it, and keeps the result.
import type { Trx } from '../db/db.ts';
import type { Infobase } from './infobase.ts';

/** Carries the result out of the transaction that it undoes. */
class Rehearsed<T> extends Error {
  readonly result: T;
  constructor(result: T) {
    super('rehearsed');
    this.result = result;
  }
}

/** @returns what `work` returns; nothing of it stays in the database. What it throws is thrown. */
export async function rehearse<T>(infobase: Infobase, work: (trx: Trx) => Promise<T>): Promise<T> {
  try {
    return await infobase.db.write(async (trx) => {
      throw new Rehearsed(await work(trx));
    });
  } catch (reason) {
    if (reason instanceof Rehearsed) return reason.result as T;
    throw reason;
  } finally {
    // It may have read, and kept, what it had written itself.
    infobase.forget();
  }
}

/** Every write that has a dry run uses this function, so both give the same answer. */
export function writeOrRehearse<T>(infobase: Infobase, isDryRun: boolean, work: (trx: Trx) => Promise<T>): Promise<T> {
  return isDryRun ? rehearse(infobase, work) : infobase.db.write(work);
}
