// A dry run that runs for real: the work is done in a transaction like any other, and undone with its result told.
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

/** @returns what `work` does; nothing of it stays. What it throws is thrown. */
export async function rehearse<T>(infobase: Infobase, work: (trx: Trx) => Promise<T>): Promise<T> {
  try {
    return await infobase.db.write(async (trx) => {
      throw new Rehearsed(await work(trx));
    });
  } catch (reason) {
    if (reason instanceof Rehearsed) return reason.result as T;
    throw reason;
  }
}
