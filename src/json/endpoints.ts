// Every operation of the service, in the order of openapi.json.
import { adminEndpoints } from './admin-endpoints.ts';
import { billingEndpoints } from './billing-endpoints.ts';
import { cardEditEndpoints } from './card-edit-endpoints.ts';
import { cardEndpoints } from './card-endpoints.ts';
import { catalogEndpoints } from './catalog-endpoints.ts';
import { certificateCatalogEndpoints } from './certificate-catalog-endpoints.ts';
import { certificateEndpoints } from './certificate-endpoints.ts';
import { documentEndpoints } from './document-endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import { importEndpoints } from './import-endpoints.ts';
import { receiptEndpoints } from './receipt-endpoints.ts';
import { reportEndpoints } from './report-endpoints.ts';
import { receiptListEndpoints } from './receipt-list-endpoints.ts';
import { serviceEndpoints } from './service-endpoints.ts';
import { shopEndpoints } from './shop-endpoints.ts';
import { syncEndpoints } from './sync-endpoints.ts';
import { workEndpoints } from './work-endpoints.ts';

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
];
