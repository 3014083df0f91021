// The part of `kkm doctor` that says why there is no database.
import { existsSync } from 'node:fs';
import { fail, warn, type Finding } from './finding.ts';

export function judgeMissingFile(name: string, file: string): Finding {
  // A stop takes the log away; where it is there, the file was taken from under it.
  if (existsSync(`${file}-wal`)) {
    const found = `${file} is missing, but its log (-wal) is there: it was moved or removed while a service had it open`;
    return fail('database', found, 'put the file back before the service is stopped, then start it again');
  }
  return warn('database', `infobase "${name}" has no database yet`, 'the first start of the service makes it');
}
