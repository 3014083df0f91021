// Puts a backup in the place of an infobase. It is copied beside the database first, and checked there: what was checked is
// what is put in place. Interrupted anywhere, the old or the new database stands, and the backup is as it was.
import { copyFile, rm, stat } from 'node:fs/promises';
import { chmodSync, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { removeRunners } from '../../db/admin/backup-content.ts';
import { listMigrationsDone } from '../../db/admin/integrity.ts';
import { readClosedDatabase } from '../../db/sqlite/closed-database.ts';
import { privateMode } from '../../db/sqlite/open-private.ts';
import { whileAbsent } from '../../db/sqlite/presence.ts';
import { isOpenByOthers, listStanding, replaceDatabase, type ReplaceStep } from '../../db/sqlite/replace-database.ts';
import { isDamaged } from '../../db/sqlite/sqlite-error.ts';
import { listDatabaseFiles, nameRestoreDraft } from '../../db/sqlite/sqlite-file.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { Infobase, type Actor, type InfobaseOptions } from '../infobase.ts';
import {
  describeContent,
  digestFile,
  nameManifest,
  parseManifest,
  type BackupManifest,
  type DescribedContent,
} from './backup-manifest.ts';
import { checkDatabase } from './check-database.ts';
import { isFileTrouble } from './make-backup.ts';
import { recordChange } from './record-change.ts';

export interface RestoreRequest {
  /** The path of the backup. */
  readonly from: string;
  /** The infobase that is to have it, and its database. */
  readonly infobase: InfobaseOptions;
  /** The infobase that the backup must be of. */
  readonly of: string;
  readonly mayReplace: boolean;
  /** Everything but the replacement; afterwards nothing is left of it. */
  readonly isDryRun: boolean;
  readonly actor: Actor;
  /** By the machine's clock; it is in the name under which a replaced database is kept. */
  readonly now: LocalDateTime;
}

/** What comes next. */
export type RestoreStep = 'copy' | 'check' | ReplaceStep | 'done';

export type RestoreEnd =
  | {
      readonly code: 'done';
      /** Null where there is none beside the backup: then only its content speaks for it. */
      readonly manifest: BackupManifest | null;
      readonly content: DescribedContent;
      /** The schema of the backup; a version that has a newer one has brought the database up to it. */
      readonly schemaVersion: string;
      /** Where the database that stood there is kept; null where none stood. */
      readonly kept: string | null;
    }
  | { readonly code: 'not_found' }
  /** It is of another infobase, of a newer version, or not what is restored here. */
  | { readonly code: 'refused'; readonly why: string }
  /** The backup is changed or damaged. */
  | { readonly code: 'unsound'; readonly mistakes: readonly string[] }
  /** A database stands there. */
  | { readonly code: 'exists' }
  /** A process has the infobase open. */
  | { readonly code: 'open' }
  /** The disk failed; the old database stands. */
  | { readonly code: 'failed'; readonly why: string };

export async function restoreInfobase(
  request: RestoreRequest,
  onStep?: (step: RestoreStep) => void,
): Promise<RestoreEnd> {
  const { file } = request.infobase;
  const refusal = findRefusal(request);
  if (refusal !== undefined) return refusal;
  const draft = nameRestoreDraft(file);
  try {
    // Asked again when the files are changed; here it saves the wait.
    const isAbsent = await whileAbsent(file, () => Promise.resolve(!isOpenByOthers(file)));
    if (isAbsent !== true) return { code: 'open' };
    // A process that was killed may have left it.
    await removeDraft(draft);
    const end = await prepare(request, draft, onStep);
    if (end.code !== 'done' || request.isDryRun) return end;
    return (await replace(request, draft, end.kept, onStep)) ? end : { code: 'open' };
  } catch (reason) {
    if (!isFileTrouble(reason)) throw reason;
    return { code: 'failed', why: (reason as Error).message };
  } finally {
    await removeDraft(draft);
  }
}

function findRefusal({ from, infobase: { file }, mayReplace, of }: RestoreRequest): RestoreEnd | undefined {
  const found = statSync(from, { throwIfNoEntry: false });
  if (found === undefined) return { code: 'not_found' };
  if (!found.isFile()) return { code: 'refused', why: `${from} is not a file` };
  if (existsSync(file) && realpathSync(from) === realpathSync(file)) {
    return { code: 'refused', why: `${from} is the database itself` };
  }
  const manifest = findManifest(from);
  if (typeof manifest === 'string') return { code: 'unsound', mistakes: [manifest] };
  if (manifest !== null && manifest.infobase !== of) {
    return { code: 'refused', why: `the backup is of infobase "${manifest.infobase}", not of "${of}"` };
  }
  return !mayReplace && listStanding(file).length > 0 ? { code: 'exists' } : undefined;
}

/** Null where there is none. */
function findManifest(from: string): BackupManifest | string | null {
  const path = nameManifest(from);
  if (!existsSync(path)) return null;
  const manifest = parseManifest(readFileSync(path, 'utf8'));
  return typeof manifest === 'string' ? `the manifest ${path} cannot be used: ${manifest}` : manifest;
}

/** The database as it will be put in place, checked; `kept` says where the one that stands there will be. */
async function prepare(
  { from, infobase: options, actor, now }: RestoreRequest,
  draft: string,
  onStep?: (step: RestoreStep) => void,
): Promise<RestoreEnd> {
  const manifest = findManifest(from) as BackupManifest | null;
  onStep?.('copy');
  const mistake = await copyBackup(from, draft, manifest);
  onStep?.('check');
  if (mistake !== undefined) return { code: 'unsound', mistakes: [mistake] };
  const schemaVersion = await findSchemaVersion(draft);
  if (typeof schemaVersion !== 'string') return schemaVersion;
  const refusal = await bringUpToDate({ ...options, file: draft, isCopy: true }, actor, {
    fileName: basename(from),
    at: manifest?.madeAt,
  });
  if (refusal !== undefined) return refusal;
  const check = await readClosedDatabase(draft, checkDatabase);
  if (!check.ok) return { code: 'unsound', mistakes: check.mistakes };
  const { file } = options;
  const kept =
    listStanding(file).length === 0 ? null : `${file}-replaced-${now.replace(/[-:]/g, '').replace('T', '-')}`;
  return { code: 'done', manifest, content: describeContent(check.content), schemaVersion, kept };
}

/** @returns what is wrong with the backup. */
async function copyBackup(from: string, draft: string, manifest: BackupManifest | null): Promise<string | undefined> {
  const log = `${from}-wal`;
  const hasLog = existsSync(log) && (await stat(log)).size > 0;
  if (manifest !== null && hasLog) return `${log} is not a part of the backup: it was opened and written to`;
  await copyFile(from, draft);
  chmodSync(draft, privateMode);
  // Of a database that was copied by hand, the log has its last commits.
  if (hasLog) await copyFile(log, `${draft}-wal`);
  if (manifest === null) return undefined;
  const { size } = await stat(draft);
  if (size !== manifest.bytes) return `the file has ${size} bytes, and ${manifest.bytes} by its manifest`;
  return (await digestFile(draft)) === manifest.sha256
    ? undefined
    : 'the file was changed: its SHA-256 is not that of its manifest';
}

/** The last migration of the backup, before anything is changed in the draft; or why it is not an infobase. */
async function findSchemaVersion(draft: string): Promise<string | RestoreEnd> {
  try {
    const migrations = await readClosedDatabase(draft, listMigrationsDone);
    return migrations.at(-1) ?? notInfobase;
  } catch (reason) {
    if (isDamaged(reason)) return { code: 'unsound', mistakes: [(reason as Error).message] };
    if (isFileTrouble(reason)) throw reason;
    return notInfobase;
  }
}

const notInfobase: RestoreEnd = { code: 'refused', why: 'the file is not the database of an infobase' };

/** Migrates the draft and notes the restore in it. */
async function bringUpToDate(
  options: InfobaseOptions,
  actor: Actor,
  { fileName, at }: { readonly fileName: string; readonly at: LocalDateTime | undefined },
): Promise<RestoreEnd | undefined> {
  let draft: Infobase;
  try {
    draft = await Infobase.open(options);
  } catch (reason) {
    const cause = (reason as Error).cause;
    if (isDamaged(cause)) return { code: 'unsound', mistakes: [(cause as Error).message] };
    if (isFileTrouble(cause)) throw cause;
    // Of a newer version, above all.
    return { code: 'refused', why: cause instanceof Error ? cause.message : (reason as Error).message };
  }
  try {
    const acting = draft.by(actor);
    await acting.db.write(async (trx) => {
      await removeRunners(trx);
      await recordChange(trx, acting, { subject: 'infobase', key: 'restore', after: { fileName, madeAt: at } });
    });
    return undefined;
  } catch (reason) {
    if (!isDamaged(reason)) throw reason;
    return { code: 'unsound', mistakes: [(reason as Error).message] };
  } finally {
    await draft.close();
  }
}

/** @returns false where a process has the infobase open. */
async function replace(
  { infobase: { file } }: RestoreRequest,
  draft: string,
  kept: string | null,
  onStep?: (step: RestoreStep) => void,
): Promise<boolean> {
  const isReplaced = await whileAbsent(file, async () => {
    if (isOpenByOthers(file)) return false;
    replaceDatabase({ draft, file, kept: kept ?? `${file}-replaced` }, onStep);
    onStep?.('done');
    return true;
  });
  return isReplaced === true;
}

async function removeDraft(draft: string): Promise<void> {
  for (const path of listDatabaseFiles(draft)) await rm(path, { force: true });
}
