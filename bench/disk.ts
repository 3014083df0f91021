// What a receipt of ten lines costs on disk, in stage online and in stage billing: the growth of the database file, closed, over
// many receipts of random cards. One process calls and answers, so its rate says nothing.
//   tsx bench/disk.ts [--receipts 100000] [--cards 200000]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger, transports } from 'winston';
import { readConfig } from '../src/config.ts';
import type { LocalDateTime } from '../src/ledger/local-date-time.ts';
import { serve } from '../src/main.ts';
import { saveSetting } from '../src/operations/admin/save-setting.ts';
import { Infobase } from '../src/operations/infobase.ts';
import { makeDataset } from './dataset.ts';
import { authorization, firstCardNumber, firstReceiptNumber, writeEnvelope } from './requests.ts';

const { values } = parseArgs({
  options: { receipts: { type: 'string', default: '100000' }, cards: { type: 'string', default: '200000' } },
});
const receipts = Number(values.receipts);
const cards = Number(values.cards);
/** The day of the receipts, which billing must not be younger than. */
const now = '2026-11-22T12:00:00' as LocalDateTime;
const atOnce = 64;

function post(agent: Agent, origin: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) };
    const call = request(`${origin}/dataset/ws/KKMTransfer`, { agent, method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        if (text.includes('ResultCode>0<')) resolve();
        else reject(new Error(text));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

async function sell(origin: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  let next = 0;
  const till = async (): Promise<void> => {
    while (next < receipts) {
      const number = firstReceiptNumber + next;
      next += 1;
      const card = firstCardNumber + Math.floor(Math.random() * cards);
      await post(agent, origin, writeEnvelope('receipt', card, number));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, till));
  agent.destroy();
}

async function measure(stage: 'online' | 'billing'): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-disk-'));
  try {
    const file = await makeDataset(folder, cards);
    const infobase = await Infobase.open({ name: 'dataset', file, hasSubscription: true });
    await saveSetting(infobase, now, 'stage', stage);
    await infobase.close();
    const before = statSync(file).size;
    const config = readConfig({ PORT: '0', DATA_DIR: folder, INFOBASES: 'dataset' });
    const log = createLogger({ silent: true, transports: [new transports.Console()] });
    const service = await serve({ config, log, tell: () => undefined, clock: { now: () => now } });
    await sell(service.origin);
    await service.stop();
    const bytes = (statSync(file).size - before) / receipts;
    console.log(`${stage}: ${Math.round(bytes)} bytes a receipt, ${(bytes / 1000).toFixed(1)} GB a million`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void (async () => {
  await measure('online');
  await measure('billing');
})();
