// The part of `kkm doctor` that asks for the exchange folder: whether it is there, and whether files can be put away in it.
import { accessSync, constants, statSync } from 'node:fs';
import type { Config } from '../../../config.ts';
import { locateExchange } from '../../../jobs/exchange/exchange-job.ts';
import { fail, ok, type Finding } from './finding.ts';

const check = 'exchange';

/** None where no folder is set. */
export function checkExchange({ exchangeDir, infobases }: Config, infobase: string): Finding[] {
  if (exchangeDir === undefined) return [];
  const folder = locateExchange(exchangeDir, infobases, infobase);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return [fail(check, `there is no folder ${folder}`, 'make it or mount its disk (KKM_EXCHANGE_DIR)')];
  }
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return [ok(check, `${folder} can be written`)];
  } catch (reason) {
    const found = `${folder} cannot be written: ${(reason as Error).message}`;
    return [fail(check, found, 'give the account of the service the rights to read, write and enter it')];
  }
}
