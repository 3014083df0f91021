// «Резервные копии»: those in the folder, whether they are as they were written, and a button that makes one now.
import type { BackupOrigin } from '../../operations/admin/backup-manifest.ts';
import { findBackups, type FoundBackup } from '../../operations/admin/list-backups.ts';
import { startBackup } from '../../works/start-backup.ts';
import type { Page, PageCall, PageReply } from '../page.ts';
import { PostForm } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import type { Say } from '../say.ts';
import { showCount, showMoment } from '../show.ts';
import { goToWork, placeOf } from '../works/go-to-work.ts';

export const backupsPages: readonly Page[] = [
  { method: 'GET', path: 'backups', answer: showBackups },
  {
    method: 'POST',
    path: 'backups',
    answer: (call) => goToWork(call, startBackup(call.services.tools, placeOf(call))),
  },
];

async function showBackups(call: PageCall): Promise<PageReply> {
  const { infobase, services, say, base, token, isAdmin } = call;
  const { backupDir, isBackupDirSet } = services.tools;
  const { backups, trouble } = await findBackups(backupDir, infobase.name);
  return {
    kind: 'page',
    title: say('Резервные копии', 'Backups'),
    body: (
      <>
        {trouble !== null && (
          <p class="notice problem" role="alert">
            {say('Папку копий нельзя прочитать:', 'The folder of backups cannot be read:')} {trouble}
          </p>
        )}
        {!isBackupDirSet && (
          <p class="notice warn">
            {say(
              'Копии лежат рядом с базой и погибнут вместе с её диском. Задайте папку на другом диске (KKM_BACKUP_DIR): тогда сервис будет делать копию каждый день.',
              'The backups are beside the database, and die with its disk. Set a folder on another disk (KKM_BACKUP_DIR): then the service makes a backup every day.',
            )}
          </p>
        )}
        <p>
          {say('Папка:', 'Folder:')} <code>{backupDir}</code>
        </p>
        {isAdmin && (
          <PostForm action={`${base}/backups`} token={token} class="actions">
            <button type="submit">{say('Сделать копию сейчас', 'Make a backup now')}</button>
          </PostForm>
        )}
        <BackupTable say={say} backups={backups} />
        <p class="hint">
          {say(
            'Кассы во время копирования обслуживаются. Восстановление — командой kkm restore при остановленном сервисе.',
            'Tills are served while a backup is made. To restore one, stop the service and use kkm restore.',
          )}
        </p>
      </>
    ),
  };
}

function BackupTable({ say, backups }: { readonly say: Say; readonly backups: readonly FoundBackup[] }) {
  return (
    <Table
      caption={say('Копии этой базы, новые сверху', 'Backups of this infobase, the newest first')}
      columns={[
        { title: say('Сделана', 'Made'), show: ({ madeAt }) => showMoment(madeAt), isHead: true },
        { title: say('Файл', 'File'), show: ({ name }) => name },
        { title: say('Как', 'How'), show: ({ origin }) => nameOrigin(origin, say) },
        { title: say('Карт', 'Cards'), show: ({ content }) => showCount(content.cards), isNumber: true },
        { title: say('Чеков', 'Receipts'), show: ({ content }) => showCount(content.receipts), isNumber: true },
        { title: say('Байт', 'Bytes'), show: ({ bytes }) => showCount(bytes), isNumber: true },
        { title: say('Версия', 'Version'), show: ({ productVersion }) => productVersion },
        {
          title: say('Состояние', 'State'),
          show: ({ state }) =>
            state === 'good' ? (
              <span class="badge good">{say('проверена', 'checked')}</span>
            ) : (
              <span class="badge bad">{say('изменена', 'changed')}</span>
            ),
        },
      ]}
      rows={backups}
      none={say('Копий нет.', 'There are no backups.')}
    />
  );
}

const origins: Readonly<Record<BackupOrigin, readonly [ru: string, en: string]>> = {
  schedule: ['по расписанию', 'by schedule'],
  hand: ['вручную', 'by hand'],
  disabling: ['перед выключением биллинга', 'before billing was switched off'],
};

function nameOrigin(origin: BackupOrigin, say: Say): string {
  return say(...origins[origin]);
}
