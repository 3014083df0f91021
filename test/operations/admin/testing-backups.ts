// A folder with an infobase, its backups, and what is asked of both.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import BetterSqlite from 'better-sqlite3';
import { makeBackup, type BackupEnd, type BackupOptions } from '../../../src/operations/admin/make-backup.ts';
import {
  restoreInfobase,
  type RestoreEnd,
  type RestoreRequest,
  type RestoreStep,
} from '../../../src/operations/admin/restore-infobase.ts';
import { verifyRegisters } from '../../../src/operations/admin/verify-infobase.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { buildChild } from '../../build-child.ts';
import { addCard, addKind, noon, openBalances } from '../testing-infobase.ts';

export interface BackupTrial {
  readonly folder: string;
  /** The infobase's database. */
  readonly file: string;
  /** Where its backup is put. */
  readonly backup: string;
  open(): Promise<Infobase>;
  back(options?: BackupOptions): Promise<BackupEnd>;
  restore(request?: Partial<RestoreRequest>, onStep?: (step: RestoreStep) => void): Promise<RestoreEnd>;
  /** In a process that is killed before that step. */
  killAt(what: 'backup' | 'restore', step: string): Promise<void>;
  /** In a process that may write no file of more than 2 MB: the next byte fails, as on a full disk. @returns how it ended. */
  runOnFullDisk(what: 'backup' | 'restore'): Promise<unknown>;
  /** The bonus of the first card, after a check of every register. */
  readBonus(file?: string): Promise<number>;
  change(file: string, sql: string): void;
  end(): void;
}

const openFile = (path: string): Promise<Infobase> =>
  Infobase.open({ name: 'trade', file: path, hasSubscription: false });

/** An infobase with one card that has 100 kopecks of bonus. */
export async function openBackupTrial(): Promise<BackupTrial> {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-backup-'));
  const file = join(folder, 'trade.sqlite');
  const backup = join(folder, 'trade.backup');
  const made = await openFile(file);
  await addKind(made);
  await addCard(made);
  await openBalances(made, '2900000001', { bonus: 100 });
  await made.close();
  const request = { file: backup, madeAt: noon, productVersion: '0.0.0', origin: 'hand' } as const;
  return {
    folder,
    file,
    backup,
    open: () => openFile(file),
    async back(options) {
      const infobase = await openFile(file);
      try {
        return await makeBackup(infobase, request, options);
      } finally {
        await infobase.close();
      }
    },
    restore: (given, onStep) =>
      restoreInfobase(
        {
          from: backup,
          infobase: { name: 'trade', file, hasSubscription: false },
          of: 'trade',
          mayReplace: true,
          isDryRun: false,
          actor: { name: 'test', door: 'cli', readMs: () => 0 },
          now: noon,
          ...given,
        },
        onStep,
      ),
    async killAt(what, step) {
      const child = spawn(
        process.execPath,
        [buildChild(join(__dirname, 'backup-child.ts')), what, file, backup, step],
        {
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      if (signal !== 'SIGKILL') throw new Error(`${what} was not killed at "${step}": it ended with ${code}`);
    },
    async runOnFullDisk(what) {
      const limited = 'ulimit -f 4000; exec "$@"';
      const child = [process.execPath, buildChild(join(__dirname, 'backup-child.ts'))];
      const { stdout } = await promisify(execFile)('sh', ['-c', limited, 'sh', ...child, what, file, backup]);
      return JSON.parse(stdout) as unknown;
    },
    async readBonus(path = file) {
      const infobase = await openFile(path);
      try {
        const wrong = (await verifyRegisters(infobase)).find(({ difference }) => difference !== null);
        if (wrong !== undefined) throw new Error(`${path}: ${wrong.register} differs`);
      } finally {
        await infobase.close();
      }
      const connection = new BetterSqlite(path, { readonly: true });
      const bonus = connection.prepare('select bonus from accumulation_balance order by card_id').pluck().get();
      connection.close();
      return bonus as number;
    },
    change(path, sql) {
      const connection = new BetterSqlite(path);
      connection.exec(sql);
      connection.close();
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}
