// The explicit, ordered list of migrations: names are written out, for Knex would record `.ts` and `.js` as different.
import type { Knex } from 'knex';
import * as catalogs from './0001-catalogs.ts';
import * as tradeDocuments from './0002-trade-documents.ts';
import * as accumulationRegister from './0003-accumulation-register.ts';
import * as lifeRules from './0004-life-rules.ts';
import * as billing from './0005-billing.ts';
import * as testClock from './0006-test-clock.ts';
import * as exclusiveMode from './0007-exclusive-mode.ts';
import * as enabling from './0008-enabling.ts';
import * as departmentReport from './0009-department-report.ts';
import * as shopsAndSync from './0010-shops-and-sync.ts';
import * as importRun from './0011-import-run.ts';
import * as certificates from './0012-certificates.ts';
import * as nightMark from './0013-night-mark.ts';
import * as olderThanBilling from './0014-older-than-billing.ts';
import * as nightHold from './0015-night-hold.ts';
import * as incomingFiles from './0016-incoming-files.ts';
import * as operatorViews from './0017-operator-views.ts';
import * as paymentReceipt from './0018-payment-receipt.ts';
import * as reportIndexes from './0019-report-indexes.ts';
import * as changeLog from './0020-change-log.ts';
import * as accrualsTogether from './0021-accruals-together.ts';
import * as movementDates from './0022-movement-dates.ts';
import * as nightChoice from './0023-night-choice.ts';
import * as backupRun from './0024-backup-run.ts';
import * as seals from './0025-seals.ts';
import * as sealRun from './0026-seal-run.ts';

export interface Migration {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
}

export const migrations: readonly Migration[] = [
  catalogs,
  tradeDocuments,
  accumulationRegister,
  lifeRules,
  billing,
  testClock,
  exclusiveMode,
  enabling,
  departmentReport,
  shopsAndSync,
  importRun,
  certificates,
  nightMark,
  olderThanBilling,
  nightHold,
  incomingFiles,
  operatorViews,
  paymentReceipt,
  reportIndexes,
  changeLog,
  accrualsTogether,
  movementDates,
  nightChoice,
  backupRun,
  seals,
  sealRun,
];
