// Every operation of the service, in the order of openapi.json.
import { adminEndpoints } from './admin/admin-endpoints.ts';
import { changeEndpoints } from './admin/change-endpoints.ts';
import { backupEndpoints } from './admin/backup-endpoints.ts';
import { billingEndpoints } from './enabling/billing-endpoints.ts';
import { cardEditEndpoints } from './cards/card-edit-endpoints.ts';
import { cardEndpoints } from './cards/card-endpoints.ts';
import { catalogEndpoints } from './catalogs/catalog-endpoints.ts';
import { certificateCatalogEndpoints } from './certificates/certificate-catalog-endpoints.ts';
import { certificateEndpoints } from './certificates/certificate-endpoints.ts';
import { documentEndpoints } from './billing/document-endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import { importEndpoints } from './opening/import-endpoints.ts';
import { receiptEndpoints } from './receipts/receipt-endpoints.ts';
import { reportEndpoints } from './reports/report-endpoints.ts';
import { receiptListEndpoints } from './receipts/receipt-list-endpoints.ts';
import { sealEndpoints } from './admin/seal-endpoints.ts';
import { serviceEndpoints } from './admin/service-endpoints.ts';
import { shopEndpoints } from './catalogs/shop-endpoints.ts';
import { syncEndpoints } from './sync/sync-endpoints.ts';
import { workEndpoints } from './works/work-endpoints.ts';

export const endpoints: readonly Endpoint[] = [
  ...serviceEndpoints,
  ...cardEndpoints,
  ...cardEditEndpoints,
  ...receiptEndpoints,
  ...receiptListEndpoints,
  ...documentEndpoints,
  ...certificateEndpoints,
  ...certificateCatalogEndpoints,
  ...catalogEndpoints,
  ...reportEndpoints,
  ...shopEndpoints,
  ...billingEndpoints,
  ...workEndpoints,
  ...syncEndpoints,
  ...importEndpoints,
  ...adminEndpoints,
  ...changeEndpoints,
  ...backupEndpoints,
  ...sealEndpoints,
];
