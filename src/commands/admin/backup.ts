// `kkm backup`: a checked backup of an infobase, while tills are served or not; and the list of those in a folder.
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from '../../clock.ts';
import { countOf } from '../../ledger/count-of.ts';
import type { BackupManifest, DescribedContent } from '../../operations/admin/backup-manifest.ts';
import { listBackups, type FoundBackup } from '../../operations/admin/list-backups.ts';
import { explainBackup, makeBackup, nameBackup, type BackupOptions } from '../../operations/admin/make-backup.ts';
import { readProductVersion } from '../../product-version.ts';
import { answer } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, runGroup, UsageMistake, type CommandIo } from '../command-io.ts';
import { locateInfobase, readCommandConfig, withInfobase } from '../open-infobase.ts';
import { writeList } from '../write-list.ts';

const command = defineCommand({
  usage: '[FILE|DIR]',
  about: 'writes a backup with its manifest, and checks it; tills may be served meanwhile',
  notes: [
    'FILE must not exist yet. In a folder the backup is named by infobase and time. Without either, KKM_BACKUP_DIR is the',
    'folder. The backup is a copy of one moment: every call answered before it is in it. Beside it is FILE.json with the',
    'infobase, the versions, the time, counts, sums and SHA-256. kkm restore puts it back.',
  ],
  takes: ['[FILE|DIR]'],
  flags: commonFlags,
  run: ({ flags, values: [given] }, io) => {
    const config = readCommandConfig(io, flags);
    const place = given === undefined ? config.backupDir : resolve(given);
    if (place === undefined) throw new UsageMistake('FILE|DIR is missing: KKM_BACKUP_DIR is not set', 'FILE|DIR');
    const machine = systemClock(config.timeZone);
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const madeAt = machine.now();
      const file = isFolder(place) || given === undefined ? join(place, nameBackup(infobase.name, madeAt)) : place;
      const request = { file, madeAt, productVersion: readProductVersion(), origin: 'hand' } as const;
      const end = await makeBackup(infobase, request, showBackupProgress(io));
      io.showProgress?.('');
      if (end.code !== 'done') {
        const mistakes =
          end.code === 'unsound' ? { details: { mistakes: end.mistakes }, code: 'differs' as const } : {};
        throw new CommandFailed(`no backup was made: ${explainBackup(end)}`, { field: 'FILE|DIR', ...mistakes });
      }
      return answer(io, flags, {
        json: { infobase: infobase.name, file, manifest: end.manifest },
        lines: [`backup of infobase "${infobase.name}": ${file}`, ...describeContent(end.manifest)],
      });
    });
  },
});

const list = defineCommand({
  usage: '[DIR]',
  about: 'lists the backups of an infobase in a folder, by their manifests',
  notes: [
    'DIR: default KKM_BACKUP_DIR. A backup without its manifest is not listed; kkm restore takes it all the same.',
  ],
  takes: ['[DIR]'],
  flags: commonFlags,
  run: async ({ flags, values: [given] }, io) => {
    const config = readCommandConfig(io, flags);
    const folder = given === undefined ? config.backupDir : resolve(given);
    if (folder === undefined) throw new UsageMistake('DIR is missing: KKM_BACKUP_DIR is not set', 'DIR');
    if (!isFolder(folder)) throw new CommandFailed(`there is no folder ${folder}`, { code: 'not_found', field: 'DIR' });
    const { name } = locateInfobase(config, flags.infobase);
    const entries = await listBackups(folder, name);
    return writeList(io, flags, { entries, heading, showRow, none: `no backups of infobase "${name}" in ${folder}` });
  },
});

export function backup(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm backup', { list }, args, io, command);
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function showBackupProgress(io: CommandIo): BackupOptions {
  let shown = -1;
  return {
    onStep: (step) => {
      if (step === 'check') io.showProgress?.('checking the copy');
    },
    onProgress: (done, total) => {
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      if (percent !== shown) io.showProgress?.(`copying: ${percent} %`);
      shown = percent;
    },
  };
}

/** What a backup holds, in two lines. */
export function describeContent({
  bytes,
  sha256,
  schemaVersion,
  content,
}: Pick<BackupManifest, 'bytes' | 'sha256' | 'schemaVersion' | 'content'>): string[] {
  return [`${describeCounts(content)}; schema ${schemaVersion}`, `${bytes} bytes, SHA-256 ${sha256}`];
}

/** "3 cards, 12 receipts, 15 documents" */
export function describeCounts({ cards, receipts, documents, billingDocuments }: DescribedContent): string {
  return `${countOf(cards, 'card')}, ${countOf(receipts, 'receipt')}, ${countOf(documents + billingDocuments, 'document')}`;
}

const heading = ['name', 'made', 'by', 'version', 'cards', 'receipts', 'bytes', 'state'];

function showRow({ name, madeAt, origin, productVersion, content, bytes, state }: FoundBackup): string[] {
  const { cards, receipts } = content;
  return [name, madeAt, origin, productVersion, String(cards), String(receipts), String(bytes), state];
}
