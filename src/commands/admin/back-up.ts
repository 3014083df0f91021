// A backup made by a command, in its own process.
import { makeBackup, type BackUp } from '../../operations/admin/make-backup.ts';
import { readProductVersion } from '../../product-version.ts';

export const backUp: BackUp = (infobase, request) =>
  makeBackup(infobase, { ...request, productVersion: readProductVersion() });
