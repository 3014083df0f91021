// What stands beside the service in a measurement follows its schema and its statements: each variant still answers the
// two calls. The service itself has tests enough.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDataset } from '../../bench/dataset.ts';
import {
  authorization,
  callKinds,
  firstCardNumber,
  firstReceiptNumber,
  namespace,
  writeEnvelope,
} from '../../bench/requests.ts';
import { RunningServer } from '../../bench/servers.ts';
import { servicePath } from '../../bench/variants/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'kkm-bench-'));
let dataset = '';
beforeAll(async () => {
  dataset = await makeDataset(folder, 10);
});
afterAll(() => rmSync(folder, { recursive: true }));

const names = { card: 'GetCardInfo', receipt: 'RegisterReceipt' } as const;

test.each(['ceiling', 'nodeSoapSqlite', 'stock'] as const)('%s answers a card read and a receipt', async (name) => {
  const server = await RunningServer.start(name, join(folder, name), dataset);
  try {
    for (const kind of callKinds) {
      const response = await fetch(`http://127.0.0.1:${server.port}${servicePath}`, {
        method: 'POST',
        headers: {
          authorization,
          'content-type': 'text/xml; charset=utf-8',
          soapaction: `"${namespace}#KKMTransfer:${names[kind]}"`,
        },
        body: writeEnvelope(kind, firstCardNumber, firstReceiptNumber),
      }).catch((error: unknown) => `${String(error)}; ${server.describeEnd()}`);
      const told = typeof response === 'string' ? response : await response.text();
      expect({ kind, told }).toEqual({ kind, told: expect.stringContaining('ResultCode>0<') });
    }
  } finally {
    await server.stop();
  }
});
