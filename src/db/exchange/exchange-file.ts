// Files of the exchange folder that have been loaded, by what is in them, and how the last run over the folder went.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface ExchangeFile {
  /** Of its bytes, in hexadecimal; for a till, for a file may leave it to its folder to say whose it is. */
  readonly sha256: string;
  readonly kkm: string;
  readonly name: string;
  readonly loadedAt: LocalDateTime;
  readonly accepted: number;
  readonly linked: number;
  readonly rejected: number;
}

const columns = {
  sha256: 'sha256',
  kkm: 'kkm',
  name: 'name',
  loadedAt: 'loaded_at',
  accepted: 'accepted',
  linked: 'linked',
  rejected: 'rejected',
};

const find = statement<{ sha256: string; kkm: string }, ExchangeFile>((knex, p) =>
  knex('exchange_file').select(columns).where({ sha256: p.sha256, kkm: p.kkm }),
);

type FileParameters = { [K in keyof ExchangeFile]: ExchangeFile[K] extends number ? number : string };

const save = statement<FileParameters>((knex, p) =>
  knex('exchange_file')
    .insert({
      sha256: p.sha256,
      kkm: p.kkm,
      name: p.name,
      loaded_at: p.loadedAt,
      accepted: p.accepted,
      linked: p.linked,
      rejected: p.rejected,
    })
    .onConflict(['sha256', 'kkm'])
    .merge(),
);

export function findExchangeFile(trx: Trx, sha256: string, kkm: string): Promise<ExchangeFile | undefined> {
  return trx.first(find, { sha256, kkm });
}

export async function saveExchangeFile(trx: Trx, file: ExchangeFile): Promise<void> {
  await trx.change(save, { ...file });
}

export interface ExchangeCounts {
  /** Files. */
  readonly loaded: number;
  readonly repeated: number;
  readonly failed: number;
  /** Receipts. */
  readonly accepted: number;
  readonly linked: number;
  readonly rejected: number;
}

export interface ExchangeRunRow extends ExchangeCounts {
  readonly startedAt: LocalDateTime;
  /** Null while it runs, and where it was killed. */
  readonly finishedAt: LocalDateTime | null;
  readonly result: 'running' | 'done' | 'stopped' | 'broken';
}

const lastRun = statement<Record<string, never>, ExchangeRunRow>((knex) =>
  knex('exchange_run').select({
    startedAt: 'started_at',
    finishedAt: 'finished_at',
    result: 'result',
    loaded: 'loaded',
    repeated: 'repeated',
    failed: 'failed',
    accepted: 'accepted',
    linked: 'linked',
    rejected: 'rejected',
  }),
);

type RunParameters = {
  startedAt: string;
  finishedAt: string | null;
  result: string;
  loaded: number;
  repeated: number;
  failed: number;
  accepted: number;
  linked: number;
  rejected: number;
};

const saveRun = statement<RunParameters>((knex, p) =>
  knex('exchange_run')
    .insert({
      id: 1,
      started_at: p.startedAt,
      finished_at: p.finishedAt,
      result: p.result,
      loaded: p.loaded,
      repeated: p.repeated,
      failed: p.failed,
      accepted: p.accepted,
      linked: p.linked,
      rejected: p.rejected,
    })
    .onConflict('id')
    .merge(),
);

/** The last run over the folder; undefined where there was none. */
export function findExchangeRun(trx: Trx): Promise<ExchangeRunRow | undefined> {
  return trx.first(lastRun, {});
}

export async function saveExchangeRun(trx: Trx, run: ExchangeRunRow): Promise<void> {
  await trx.change(saveRun, { ...run });
}
