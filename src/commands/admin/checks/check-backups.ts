// The part of `kkm doctor` that asks for the scheduled backups: whether their folder is there, and how old the last one is.
import { statSync } from 'node:fs';
import { systemClock } from '../../../clock.ts';
import type { Config } from '../../../config.ts';
import { toSeconds, type LocalDateTime } from '../../../ledger/local-date-time.ts';
import { listBackups } from '../../../operations/admin/list-backups.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** The schedule is of every day: two days later one has failed, and there was time for the next. */
const oldHours = 48;
const check = 'backup';

/** None where no folder is set. */
export async function checkBackups(config: Config, infobase: string): Promise<Finding[]> {
  const { backupDir: folder, timeZone } = config;
  if (folder === undefined) return [];
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder) return [fail(check, `there is no folder ${folder}`, 'make it or mount its disk (KKM_BACKUP_DIR)')];
  try {
    const backups = await listBackups(folder, infobase);
    const changed = backups.filter(({ state }) => state === 'changed').map(({ name }) => name);
    const newest = backups.find(({ state }) => state === 'good')?.madeAt;
    return [
      judgeBackupAge(newest, systemClock(timeZone).now(), folder),
      ...changed.map((name) => warn(check, `${name} is not as it was written`, 'do not rely on it; make another')),
    ];
  } catch (reason) {
    return [fail(check, (reason as Error).message, 'give the account of the service the rights to the folder')];
  }
}

/** @param newest of the good ones; undefined = there is none. */
export function judgeBackupAge(newest: LocalDateTime | undefined, now: LocalDateTime, folder: string): Finding {
  if (newest === undefined) {
    return warn(check, `none in ${folder}`, 'kkm backup makes one; the running service makes one every day');
  }
  const hours = Math.floor((toSeconds(now) - toSeconds(newest)) / 3600);
  const found = `the last one was made ${newest}`;
  if (hours < oldHours) return ok(check, found);
  return fail(check, `${found}, ${hours} hours ago`, 'kkm jobs shows why there is no newer one; kkm backup makes one');
}
