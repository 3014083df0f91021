// Every page of the console. A path that is written out comes before one with a parameter, which would match it too.
import { backupsPages } from './admin/backups-page.tsx';
import { sealsPages } from './admin/seals-page.tsx';
import { changesPages } from './admin/changes-page.tsx';
import { jobsPages } from './admin/jobs-page.tsx';
import { settingsPages } from './admin/settings-page.tsx';
import { usersPages } from './admin/users-page.tsx';
import { documentPages } from './billing/documents-page.tsx';
import { bulkPages } from './cards/bulk-page.tsx';
import { byHandPages } from './cards/by-hand-page.tsx';
import { cardEditPages } from './cards/card-edit-page.tsx';
import { cardPages } from './cards/card-page.tsx';
import { cardsPages } from './cards/cards-page.tsx';
import { kindsPages } from './catalogs/kinds-page.tsx';
import { rulesPages } from './catalogs/rules-page.tsx';
import { shopsPages } from './catalogs/shops-page.tsx';
import { certificatePages } from './certificates/certificates-page.tsx';
import { billingPages } from './enabling/billing-page.tsx';
import { envelopePages } from './envelopes/envelopes-page.tsx';
import { exchangePages } from './exchange/exchange-page.tsx';
import { nightPages } from './night/night-page.tsx';
import { importPages } from './opening/import-page.tsx';
import { overviewPages } from './overview/overview-page.tsx';
import type { Page } from './page.ts';
import { receiptPages } from './receipts/receipts-page.tsx';
import { syncPages } from './sync/sync-page.tsx';
import { reportPages } from './reports/reports-page.tsx';
import { workPages } from './works/work-page.tsx';

export const pages: readonly Page[] = [
  ...overviewPages,
  ...cardsPages,
  ...bulkPages,
  ...cardPages,
  ...cardEditPages,
  ...byHandPages,
  ...kindsPages,
  ...rulesPages,
  ...certificatePages,
  ...shopsPages,
  ...receiptPages,
  ...documentPages,
  ...reportPages,
  ...nightPages,
  ...billingPages,
  ...importPages,
  ...exchangePages,
  ...syncPages,
  ...settingsPages,
  ...jobsPages,
  ...usersPages,
  ...changesPages,
  ...backupsPages,
  ...sealsPages,
  ...envelopePages,
  ...workPages,
];
