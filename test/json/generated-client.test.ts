// A client that somebody else's library makes from openapi.json serves a buyer: card, hold, receipt, the card again.
import OpenAPIClientAxios, { type Document } from 'openapi-client-axios';
import { basic, till, type TestingService } from '../soap/testing-service.ts';
import { base, callJson, startExample } from './testing-json.ts';

let service: TestingService;
beforeEach(async () => {
  service = await startExample();
});
afterEach(() => service.stop());

test('a client made from the document', async () => {
  const definition = (await callJson(service, { path: 'openapi.json' })).json as Document;
  const api = new OpenAPIClientAxios({
    definition,
    axiosConfigDefaults: {
      baseURL: `http://127.0.0.1:${service.port}${base}`,
      headers: { Authorization: basic(till) },
    },
  });
  const client = await api.init();
  const key = { kkm: 'WEB', shiftNumber: 1, receiptNumber: 1, receiptDate: '2026-11-22T11:58:00' };
  const cardNumber = '2900000001';
  const card = await client['readCard']?.({ cardNumber });
  expect(card?.data).toMatchObject({ holder: 'Анна Примерова', bonusAvailable: '340.00' });
  const hold = await client['reserveBonus']?.(undefined, { ...key, cardNumber, amount: '100.00' });
  expect(hold?.data).toMatchObject({ code: 0, bonusAvailable: '240.00' });
  const sums = { sum: '500.00', sumWithDiscount: '400.00', bonusAccrued: '12.00', bonusRedeemed: '100.00' };
  const sale = { kind: 'Sale', ...key, cardNumber, ...sums, offline: false };
  const headers = { 'Idempotency-Key': 'web-1' };
  const first = await client['registerReceipt']?.(undefined, sale, { headers });
  const second = await client['registerReceipt']?.(undefined, sale, { headers });
  expect(first?.data).toMatchObject({ code: 0, operationId: 'web-1', duplicate: false, bonusBalance: '252.00' });
  expect(second?.data).toEqual({ ...(first?.data as object), duplicate: true });
  const after = await client['readCard']?.({ cardNumber });
  expect(after?.data).toMatchObject({ bonusAvailable: '252.00', accumulationSum: '12900.00', receiptCount: 4 });
  await expect(client['readCard']?.({ cardNumber: '777' })).rejects.toMatchObject({
    response: { status: 404, data: { code: 1 } },
  });
});
