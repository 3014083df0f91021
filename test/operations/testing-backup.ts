// A backup made in the test's own thread.
import { makeBackup, type BackUp } from '../../src/operations/admin/make-backup.ts';

export const backUp: BackUp = (infobase, request) => makeBackup(infobase, { ...request, productVersion: '0.0.0' });
