// The console at size: a base of many cards and receipts, every reading page opened, and the latency of tills while a year's
// report is taken away as a file.
//   npm run build && tsx bench/console.ts [--cards 1000000] [--receipts 1000000] [--seconds 10]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import BetterSqlite from 'better-sqlite3';
import type { LocalDateTime } from '../src/ledger/local-date-time.ts';
import { addServiceUser } from '../src/operations/admin/users.ts';
import { Infobase } from '../src/operations/infobase.ts';
import { makeDataset } from './dataset.ts';
import { authorization, firstCardNumber, writeEnvelope } from './requests.ts';

const admin = { name: 'admin', password: 'bench password' } as const;
const targets = { pageMs: 300, searchMs: 100 } as const;
const port = 8_765;
const rounds = 5;
const tills = 4;

function insertReceipts(file: string, receipts: number, cards: number): void {
  const connection = new BetterSqlite(file);
  connection.pragma('synchronous = OFF');
  connection.pragma('cache_size = -400000');
  const numbers = `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${receipts})`;
  connection.transaction(() => {
    connection.exec(`${numbers} insert into receipt (id, operation_id, kind, kkm, shift_number, receipt_number, receipt_on,
        receipt_at, card_id, sum, sum_with_discount, bonus_accrued, bonus_redeemed, offline, lines, road, state, flags)
      select i, 'op-' || i, 'Sale', 'K-' || (i % 50), 1 + i * 365 / ${receipts}, i, d, d || 'T12:00:00',
        1 + (i * 7919) % ${cards}, 10000, 10000, 100, 0, 0, '[]', 'online', 'posted', ''
      from (select i, date('2026-01-01', '+' || (i * 330 / ${receipts}) || ' days') as d from n)`);
    connection.exec(`insert into document (id, kind, dated_at, recorded_at, receipt_id)
      select id + 1, 'KkmOperation', receipt_at, receipt_at, id from receipt`);
    connection.exec(`insert into accumulation_movement
        (document_id, card_id, bonus, accumulation, receipts, bonus_after, dated_at)
      select id + 1, card_id, 100, 10000, 1, 100, receipt_at from receipt`);
    connection.exec(`update accumulation_balance set (bonus, accumulation, receipts) =
      (select sum(bonus), sum(accumulation), sum(receipts) from accumulation_movement m where m.card_id = accumulation_balance.card_id)`);
  })();
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}

async function makeBase(folder: string, cards: number, receipts: number): Promise<void> {
  const file = await makeDataset(folder, cards);
  insertReceipts(file, receipts, cards);
  const infobase = await Infobase.open({ name: 'dataset', file, hasSubscription: true });
  await addServiceUser(infobase, '2026-11-01T00:00:00' as LocalDateTime, { ...admin, role: 'admin' });
  await infobase.close();
}

async function logIn(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/console/dataset/login`, {
    method: 'POST',
    body: new URLSearchParams({ name: admin.name, password: admin.password }),
    redirect: 'manual',
  });
  return response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}

async function timePage(cookie: string, path: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}/console/dataset/${path}`, { headers: { cookie } });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${path} was answered ${response.status}`);
    times.push(performance.now() - startedMs);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

const agent = new Agent({ keepAlive: true, maxSockets: tills });

function readCardOnce(cardNumber: number): Promise<number> {
  const body = writeEnvelope('card', cardNumber, 0);
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const headers = {
      authorization,
      'content-type': 'text/xml; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    };
    const path = '/dataset/ws/KKMTransfer.1cws';
    const sent = request({ port, path, method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - startedMs);
        else reject(new Error(`a card read was answered ${response.statusCode}`));
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Some tills that read a card every few milliseconds, until it is told to stop. */
async function readCards(cards: number, isOver: () => boolean): Promise<number[]> {
  const times: number[] = [];
  const till = async (seed: number): Promise<void> => {
    for (let turn = seed; !isOver(); turn += tills) {
      times.push(await readCardOnce(firstCardNumber + ((turn * 7_919) % cards)));
      await sleep(5);
    }
  };
  await Promise.all(Array.from({ length: tills }, (_, seed) => till(seed)));
  return times.toSorted((a, b) => a - b);
}

function describe(times: readonly number[]): string {
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${(times.at(-1) ?? 0).toFixed(1)} ms, ${times.length} calls`;
}

async function compareTills(cookie: string, cards: number, seconds: number): Promise<void> {
  const alone = performance.now() + seconds * 1000;
  console.log(`tills alone:              ${describe(await readCards(cards, () => performance.now() > alone))}`);
  let bytes = 0;
  let isDone = false;
  const startedMs = performance.now();
  const report = (async () => {
    const address = `http://127.0.0.1:${port}/console/dataset/reports/turnover.csv?from=2026-01-01&to=2026-12-31`;
    const response = await fetch(address, { headers: { cookie } });
    for await (const piece of response.body ?? []) bytes += (piece as Uint8Array).length;
    isDone = true;
  })();
  const times = await readCards(cards, () => isDone);
  await report;
  const took = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(`with a year's report:     ${describe(times)}`);
  console.log(`the report: ${took} s, ${(bytes / 1e6).toFixed(0)} MB`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cards: { type: 'string', default: '1000000' },
      receipts: { type: 'string', default: '1000000' },
      seconds: { type: 'string', default: '10' },
    },
  });
  const [cards, receipts] = [Number(values.cards), Number(values.receipts)];
  const folder = mkdtempSync(join(tmpdir(), 'kkm-bench-console-'));
  try {
    await makeBase(folder, cards, receipts);
    const env = { ...process.env, KKM_DATA_DIR: folder, KKM_INFOBASES: 'dataset', KKM_PORT: String(port) };
    const service = spawn(process.execPath, ['dist/src/cli.js', 'serve'], { env, stdio: 'ignore' });
    try {
      while (
        !(await fetch(`http://127.0.0.1:${port}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        ))
      )
        await sleep(100);
      const cookie = await logIn();
      const card = firstCardNumber + 4_242;
      const pages = {
        '': targets.pageMs,
        'cards?q=29000000042': targets.searchMs,
        'cards?status=blocked': targets.pageMs,
        [`cards/${card}`]: targets.pageMs,
        [`cards/${card}/why`]: targets.pageMs,
        [`cards/${card}/receipts`]: targets.pageMs,
        'receipts?kkm=K-7': targets.pageMs,
        'documents?from=2026-03-01&to=2026-03-02': targets.pageMs,
        'documents/accumulation-1': targets.pageMs,
        'reports/turnover?from=2026-01-01': targets.pageMs,
        'reports/sales': targets.pageMs,
        'reports/flags': targets.pageMs,
        kinds: targets.pageMs,
        shops: targets.pageMs,
        settings: targets.pageMs,
      };
      console.log(`${cards} cards, ${receipts} receipts; the middle of ${rounds} times`);
      for (const [path, targetMs] of Object.entries(pages)) {
        const ms = await timePage(cookie, path);
        console.log(`${ms > targetMs ? 'SLOW' : 'ok  '} ${ms.toFixed(1).padStart(7)} ms  /${path}`);
      }
      await compareTills(cookie, cards, Number(values.seconds));
    } finally {
      service.kill('SIGTERM');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
