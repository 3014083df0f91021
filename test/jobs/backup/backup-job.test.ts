// The scheduled backup of a running service: what it makes and removes, who is at it, and that no trouble of the folder or of
// the thread stops anything else. The backup is made in the test's own thread, and once in the real one.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'winston';
import { countJobs } from '../../../src/job-counts.ts';
import { BackupJob, type BackupJobOptions } from '../../../src/jobs/backup/backup-job.ts';
import { startBackupWorker, type StartBackup } from '../../../src/jobs/backup/start-backup-worker.ts';
import type { LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { listAnnouncedServices } from '../../../src/operations/admin/announce-service.ts';
import { readBackupRun } from '../../../src/operations/admin/backup-run.ts';
import { removeOldBackups } from '../../../src/operations/admin/list-backups.ts';
import { makeBackup } from '../../../src/operations/admin/make-backup.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { takeRunnerLease } from '../../../src/operations/runner-lease.ts';
import { parseNightSchedule } from '../../../src/schedules.ts';
import { addCard, addKind, moment } from '../../operations/testing-infobase.ts';

interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

let folder: string;
let backups: string;
let bases: Infobase[];
let lines: LogLine[];
let now: LocalDateTime;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-backup-job-'));
  backups = join(folder, 'backups');
  mkdirSync(backups);
  lines = [];
  now = moment('2026-11-22T03:30:00');
  bases = [];
  for (const name of ['trade', 'shop']) {
    const infobase = await Infobase.open(optionsOf(name));
    await addKind(infobase);
    await addCard(infobase);
    bases.push(infobase);
  }
});
afterEach(async () => {
  for (const infobase of bases) await infobase.close();
  rmSync(folder, { recursive: true });
});

const optionsOf = (name: string) => ({ name, file: join(folder, `${name}.sqlite`), hasSubscription: false });

/** As the worker does it. */
const startHere: StartBackup = ({ infobase: options, request, keep }) => {
  let isStopping = false;
  const run = async (): ReturnType<typeof startBackupWorker>['ended'] => {
    const infobase = await Infobase.open(options);
    try {
      const end = await makeBackup(infobase, request, { shouldStop: () => isStopping });
      const mayRemove = keep !== undefined && end.code === 'done';
      return { end, removed: mayRemove ? await removeOldBackups(backups, options.name, keep, 0) : [], trouble: null };
    } finally {
      await infobase.close();
    }
  };
  return { ended: run(), stop: () => void (isStopping = true) };
};

const take =
  (level: string) =>
  (message: string, fields: object): void =>
    void lines.push({ level, message, ...fields });

function openJob(options: Partial<BackupJobOptions> = {}): BackupJob {
  const log = { info: take('info'), warn: take('warn'), error: take('error') } as unknown as Logger;
  const schedule = parseNightSchedule('0 30 3 * * *');
  if (schedule === undefined) throw new Error('no schedule');
  return new BackupJob({
    bases: bases.map((infobase) => ({ infobase, options: optionsOf(infobase.name) })),
    folder: backups,
    schedule,
    keep: { days: 2, weeks: 0, months: 0 },
    timeZone: 'UTC',
    readNow: () => now,
    productVersion: '0.0.0',
    log,
    startBackup: startHere,
    ...options,
  });
}

test('each infobase gets its backup, and old ones are removed', async () => {
  const job = openJob();
  for (const day of ['2026-11-20', '2026-11-21', '2026-11-22']) {
    now = moment(`${day}T03:30:00`);
    await job.run();
  }
  const names = ['shop', 'trade'].flatMap((name) =>
    ['20261121', '20261122'].flatMap((day) => [`${name}-${day}-033000.backup`, `${name}-${day}-033000.backup.json`]),
  );
  expect(readdirSync(backups).toSorted()).toEqual(names);
  const file = join(backups, 'trade-20261122-033000.backup');
  expect(lines.filter(({ infobase }) => infobase === 'trade').at(-1)).toEqual({
    level: 'info',
    message: 'backup made',
    infobase: 'trade',
    file,
    bytes: expect.any(Number),
    removed: 1,
  });
  expect(await readBackupRun(bases[0]!)).toEqual({
    startedAt: now,
    finishedAt: now,
    file,
    bytes: expect.any(Number),
    why: null,
  });
});

test('a folder that is gone is logged and recorded, is not made, and the next run succeeds', async () => {
  rmSync(backups, { recursive: true });
  const counts = countJobs(() => 5);
  const job = openJob({ counts });
  await job.run();
  const why = `there is no folder ${backups}`;
  expect(lines).toEqual(
    ['trade', 'shop'].map((infobase) => ({ level: 'error', message: 'backup failed', infobase, folder: backups, why })),
  );
  expect(existsSync(backups)).toBe(false);
  expect(await readBackupRun(bases[1]!)).toMatchObject({ file: null, bytes: null, why });
  expect(counts.find('trade', 'backup')).toEqual({ doneAtMs: undefined, failures: 1 });
  mkdirSync(backups);
  await job.run();
  expect(counts.find('trade', 'backup')).toEqual({ doneAtMs: 5, failures: 1 });
  expect(await readBackupRun(bases[1]!)).toMatchObject({ why: null });
});

const failTrade: StartBackup = (task) =>
  task.infobase.name === 'trade'
    ? { ended: Promise.reject(new Error('out of memory')), stop: () => undefined }
    : startHere(task);

test('a thread that fails is logged and recorded, and the other infobase gets its backup', async () => {
  const counts = countJobs(() => 5);
  await openJob({ startBackup: failTrade, counts }).run();
  expect([counts.find('trade', 'backup').failures, counts.find('shop', 'backup').failures]).toEqual([1, 0]);
  expect(lines.map(({ message, infobase }) => [message, infobase])).toEqual([
    ['backup failed', 'trade'],
    ['backup made', 'shop'],
  ]);
  expect(await readBackupRun(bases[0]!)).toMatchObject({ why: 'out of memory' });
});

test('another service that is at it is left to it; while it runs, who runs it is known', async () => {
  const [trade] = bases;
  await trade!.db.write((trx) => takeRunnerLease(trx, 'backup', { holder: 'other 1 x', readMs: Date.now }));
  let holder: string | undefined;
  const startBackup: StartBackup = (task) => {
    const look = async (): ReturnType<StartBackup>['ended'] => {
      holder = (await listAnnouncedServices(bases[1]!, Date.now())).holders.get('backup');
      return startHere(task).ended;
    };
    return { ended: look(), stop: () => undefined };
  };
  await openJob({ startBackup }).run();
  expect(lines.map(({ message, infobase }) => [message, infobase])).toEqual([
    ['backup held', 'trade'],
    ['backup made', 'shop'],
  ]);
  expect(holder).toContain(` ${process.pid} `);
  expect((await listAnnouncedServices(bases[1]!, Date.now())).holders.size).toBe(0);
});

test('a stop ends the copy and leaves nothing of it', async () => {
  let job: BackupJob | undefined;
  let stopped: Promise<void> | undefined;
  const startBackup: StartBackup = (task) => {
    const started = startHere(task);
    stopped = job?.stop();
    return started;
  };
  job = openJob({ startBackup });
  await job.run();
  await stopped;
  expect(lines).toEqual([{ level: 'info', message: 'backup stopped', infobase: 'trade' }]);
  expect([readdirSync(backups), await readBackupRun(bases[0]!)]).toEqual([[], undefined]);
});

test('the thread of its own makes the same', async () => {
  const started = startBackupWorker({
    infobase: optionsOf('trade'),
    request: { file: join(backups, 'a.backup'), madeAt: now, productVersion: '0.0.0', origin: 'hand' },
    keep: { days: 1, weeks: 0, months: 0 },
  });
  expect(await started.ended).toMatchObject({
    end: { code: 'done', manifest: { infobase: 'trade', content: { cards: 1 } } },
    removed: [],
    trouble: null,
  });
  expect(readdirSync(backups)).toEqual(['a.backup', 'a.backup.json']);
});
