// An exchange folder for tests: a temporary folder, an infobase with the cards of the fixtures, and runs over it.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statement, type Parameters } from '../../../src/db/statement.ts';
import {
  findTills,
  runExchange,
  type ExchangeEnd,
  type ExchangeOptions,
} from '../../../src/jobs/exchange/run-exchange.ts';
import type { ShiftFileReport } from '../../../src/operations/exchange/shift-file-report.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import type { ShiftFileReader } from '../../../src/operations/exchange/shift-file.ts';
import { openFileReader } from '../../../src/open-file-reader.ts';
import { loadContractFolder } from '../../../src/soap/load-contract-folder.ts';
import { addCard, noon, openTestInfobase } from '../../operations/testing-infobase.ts';

export const fixtures = 'fixtures/exchange';

export function openReader(): ShiftFileReader {
  return openFileReader(loadContractFolder('wsdl/default'));
}

export const reader = openReader();

export interface TestingExchange {
  readonly root: string;
  readonly infobase: Infobase;
  /** Puts a fixture, or a text, into a till's folder under a name. */
  put(kkm: string, name: string, content: { readonly fixture: string } | string): void;
  /** Names in a folder under the root, sorted; none where it is not there. */
  list(...folder: readonly string[]): string[];
  readReport(kkm: string, end: 'done' | 'failed', name: string): ShiftFileReport;
  run(options?: Partial<ExchangeOptions>): Promise<ExchangeEnd>;
  close(): Promise<void>;
}

export async function openTestingExchange(own?: Infobase): Promise<TestingExchange> {
  const root = mkdtempSync(join(tmpdir(), 'kkm-exchange-'));
  const infobase = own ?? (await openTestInfobase({ timeZone: 'Europe/Moscow' }));
  if (own === undefined) await addFixtureCards(infobase);
  return {
    root,
    infobase,
    put(kkm, name, content) {
      mkdirSync(join(root, kkm), { recursive: true });
      const path = join(root, kkm, name);
      if (typeof content === 'string') writeFileSync(path, content);
      else copyFileSync(join(fixtures, content.fixture), path);
    },
    list: (...folder) => {
      try {
        return readdirSync(join(root, ...folder)).toSorted();
      } catch {
        return [];
      }
    },
    readReport: (kkm, end, name) =>
      JSON.parse(readFileSync(join(root, kkm, end, `${name}.report.json`), 'utf8')) as ShiftFileReport,
    run: async (options = {}) =>
      runExchange({
        ...(await findTills(root, () => false)),
        infobase,
        isOwnFolder: true,
        reader,
        readNow: () => noon,
        holder: { holder: 'test', readMs: Date.now },
        shouldStop: () => false,
        ...options,
      }),
    async close() {
      if (own === undefined) await infobase.close();
      rmSync(root, { recursive: true });
    },
  };
}

export async function addFixtureCards(infobase: Infobase): Promise<void> {
  await addCard(infobase, { number: '2900000001' });
  await addCard(infobase, { number: '2900000002' });
}

/** Everything that the books hold of receipts: what two roads must leave the same. */
export async function readBooks(infobase: Infobase): Promise<object> {
  const list = (sql: string): Promise<Parameters[]> =>
    infobase.db.read((trx) =>
      trx.list(
        statement<Record<string, never>, Parameters>((knex) => knex.raw(sql)),
        {},
      ),
    );
  return {
    receipts: await list('select * from receipt order by id'),
    documents: await list('select id, kind, dated_at, receipt_id, comment from document order by id'),
    movements: await list('select * from accumulation_movement order by document_id, card_id'),
    balances: await list('select * from accumulation_balance order by card_id'),
    billing: await list('select card_id, bonus, accumulation, receipts from billing_balance order by card_id'),
    reported: await list('select kind, receipt_number, code from department_report_receipt order by 2, 1'),
  };
}
