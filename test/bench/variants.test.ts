// What stands beside the service in a measurement follows its schema and its statements: each variant still answers the
// two calls. The bases that the service is measured on have what is asked for.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addLongCards, historyCards, makeBillingBase, richCards } from '../../bench/long-cards.ts';
import { makeDataset } from '../../bench/dataset.ts';
import {
  authorization,
  callKinds,
  firstCardNumber,
  firstReceiptNumber,
  namespace,
  writeEnvelope,
  type RequestKind,
} from '../../bench/requests.ts';
import { RunningServer } from '../../bench/servers.ts';
import { servicePath } from '../../bench/variants/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'kkm-bench-'));
let dataset = '';
beforeAll(async () => {
  dataset = await makeDataset(folder, cards);
});
afterAll(() => rmSync(folder, { recursive: true }));

const cards = 10;
const names = {
  card: 'GetCardInfo',
  receipt: 'RegisterReceipt',
  latestTen: 'GetCardOperations',
  oneDay: 'GetCardOperations',
} as const;

async function call(server: RunningServer, kind: RequestKind, card: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${server.port}${servicePath}`, {
    method: 'POST',
    headers: {
      authorization,
      'content-type': 'text/xml; charset=utf-8',
      soapaction: `"${namespace}#KKMTransfer:${names[kind]}"`,
    },
    body: writeEnvelope(kind, firstCardNumber + card, firstReceiptNumber),
  }).catch((error: unknown) => `${String(error)}; ${server.describeEnd()}`);
  return typeof response === 'string' ? response : response.text();
}

test.each(['ceiling', 'nodeSoapSqlite', 'stock'] as const)('%s answers a card read and a receipt', async (name) => {
  const server = await RunningServer.start(name, join(folder, name), dataset);
  try {
    for (const kind of callKinds) {
      expect({ kind, told: await call(server, kind, 0) }).toEqual({
        kind,
        told: expect.stringContaining('ResultCode>0<'),
      });
    }
  } finally {
    await server.stop();
  }
});

describe.each(['online', 'billing'] as const)('the service in stage %s', (stage) => {
  let server: RunningServer;
  beforeAll(async () => {
    const online = join(folder, `${stage}.sqlite`);
    copyFileSync(dataset, online);
    addLongCards(online, cards);
    const billing = join(folder, 'in-billing.sqlite');
    if (stage === 'billing') makeBillingBase(online, cards, billing);
    server = await RunningServer.start('service', join(folder, stage), stage === 'billing' ? billing : online);
  });
  afterAll(() => server.stop());

  test.each(callKinds)('answers a %s of a usual card', async (kind) => {
    expect(await call(server, kind, 0)).toContain('ResultCode>0<');
  });

  test.each(['latestTen', 'oneDay'] as const)('gives ten operations of a long history: %s', async (kind) => {
    const reply = await call(server, kind, cards + richCards + historyCards - 1);
    expect(reply.match(/<m:Operation>/g)).toHaveLength(10);
  });

  test('gives the next burn of a card with a thousand rows, half spent, in stage billing', async () => {
    const reply = await call(server, 'card', cards);
    expect({ balance: readText(reply, 'BonusBalance'), burn: readText(reply, 'ExpiringBonus') }).toEqual({
      balance: '5000',
      burn: stage === 'billing' ? '10' : '0',
    });
  });
});

const readText = (reply: string, name: string): string | undefined => new RegExp(`${name}>([^<]*)<`).exec(reply)?.[1];
