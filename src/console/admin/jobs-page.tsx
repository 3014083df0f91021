// The scheduled jobs: who runs them and when, the last run with its result, the next one, and why not.
import type {
  BackupReport,
  ExchangeReport,
  JobReport,
  JobsReport,
  NightReport,
} from '../../operations/admin/jobs-report.ts';
import { explainExchange, nameExchangeEnd, nameProcess, nameUnfinished } from '../exchange/exchange-words.ts';
import { nameNightObstacle } from '../night/name-night-obstacle.ts';
import type { Page, PageCall, PageReply } from '../page.ts';
import { Table } from '../parts/table.tsx';
import type { Say } from '../say.ts';
import { showCount, showDate, showMoment } from '../show.ts';
import { describeSealing, explainSealObstacle } from './seal-words.ts';

export const jobsPages: readonly Page[] = [{ method: 'GET', path: 'jobs', answer: showJobs }];

async function showJobs(call: PageCall): Promise<PageReply> {
  const { infobase, services, say, base } = call;
  const { services: known, jobs } = await services.listJobs(infobase);
  return {
    kind: 'page',
    title: say('Регламентные задания', 'Scheduled jobs'),
    body: (
      <>
        <JobTable call={call} jobs={jobs} />
        <ServiceTable say={say} services={known} />
        <p class="actions">
          <a href={`${base}/work`}>{say('Длительные работы', 'Long work')}</a>
        </p>
      </>
    ),
  };
}

function JobTable({ call: { say, base }, jobs }: { readonly call: PageCall; readonly jobs: readonly JobReport[] }) {
  const pathOf = ({ job }: JobReport): string => `${base}/${pages[job]}`;
  return (
    <Table
      caption={say('Что выполняется по расписанию', 'What runs by schedule')}
      columns={[
        { title: say('Задание', 'Job'), show: (job) => <a href={pathOf(job)}>{nameJob(job, say)}</a>, isHead: true },
        {
          title: say('Расписание', 'Schedule'),
          show: ({ schedule, timeZone }) => (schedule === null ? '\u2014' : `${schedule} (${timeZone})`),
        },
        {
          title: say('Последний запуск', 'Last run'),
          show: ({ lastRun }) => (lastRun === null ? say('не было', 'never') : showMoment(lastRun.startedAt)),
        },
        {
          title: say('Следующий', 'Next'),
          show: ({ nextRunAt }) => (nextRunAt === null ? '\u2014' : showMoment(nextRunAt)),
        },
        { title: say('Итог', 'Result'), show: (job) => <JobResult job={job} say={say} /> },
        {
          title: say('Выполняет', 'Runner'),
          show: ({ runner }) => (runner === null ? say('никто', 'nobody') : nameProcess(runner)),
        },
      ]}
      rows={jobs}
      none={say('Заданий нет.', 'There are no jobs.')}
    />
  );
}

const pages: Readonly<Record<JobReport['job'], string>> = {
  night: 'night',
  exchange: 'exchange',
  backup: 'backups',
  seal: 'seals',
};

const englishNames: Readonly<Record<JobReport['job'], string>> = {
  night: 'Night',
  exchange: 'Exchange folder',
  backup: 'Backup',
  seal: 'Sealing of the day',
};

/** As the service calls it in its log, which is the source's name. */
function nameJob({ name, job }: JobReport, say: Say): string {
  return say(name, englishNames[job]);
}

function JobResult({ job, say }: { readonly job: JobReport; readonly say: Say }) {
  const { result, why } = describeJob(job, say);
  return (
    <>
      {result}
      {why !== undefined && (
        <div>
          <span class="badge warn">{say('не выполняется', 'not run')}</span> {why}
        </div>
      )}
    </>
  );
}

function describeJob(job: JobReport, say: Say): { readonly result: string; readonly why: string | undefined } {
  switch (job.job) {
    case 'night':
      return { result: describeNight(job, say), why: explainNight(job, say) };
    case 'exchange':
      return { result: describeExchange(job, say), why: explainExchange(job.obstacle, say) };
    case 'backup':
      return { result: describeBackup(job, say), why: explainBackupObstacle(job, say) };
    case 'seal':
      return { result: describeSealing(job, say), why: explainSealObstacle(job, say) };
  }
}

function describeBackup({ lastRun, holder }: BackupReport, say: Say): string {
  if (holder !== null) return nameUnfinished(holder, say);
  if (lastRun === null) return '';
  const { file, bytes, why } = lastRun;
  if (why !== null) return say(`не сделана: ${why}`, `failed: ${why}`);
  return say(`сделана: ${file}, байт ${showCount(bytes ?? 0)}`, `done: ${file}, ${showCount(bytes ?? 0)} bytes`);
}

function explainBackupObstacle({ obstacle }: BackupReport, say: Say): string | undefined {
  if (obstacle === null) return undefined;
  return say('Папка копий не задана (KKM_BACKUP_DIR).', 'No folder for backups is set (KKM_BACKUP_DIR).');
}

function describeNight({ lastRun, holder }: NightReport, say: Say): string {
  if (lastRun === null) return '';
  const { businessOn, result, writeOffLines, accrualLines } = lastRun;
  const state = result === 'done' ? say('выполнена', 'done') : nameUnfinished(holder, say);
  return say(
    `Ночь за ${showDate(businessOn)} ${state}: списаний ${showCount(writeOffLines)}, начислений ${showCount(accrualLines)}`,
    `Night of ${showDate(businessOn)} ${state}: write-offs ${showCount(writeOffLines)}, accruals ${showCount(accrualLines)}`,
  );
}

function explainNight({ obstacle }: NightReport, say: Say): string | undefined {
  return obstacle === null ? undefined : nameNightObstacle(obstacle, say);
}

function describeExchange(job: ExchangeReport, say: Say): string {
  const { lastRun, troubles } = job;
  if (lastRun === null) return '';
  const [loaded, repeated, failed] = [lastRun.loaded, lastRun.repeated, lastRun.failed].map(showCount);
  const counts = say(
    `файлов загружено ${loaded}, повторно ${repeated}, с ошибкой ${failed}`,
    `files loaded ${loaded}, repeated ${repeated}, failed ${failed}`,
  );
  const open = troubles.length === 0 ? '' : `; ${say('помех', 'troubles')}: ${showCount(troubles.length)}`;
  return `${nameExchangeEnd(job, say)}; ${counts}${open}`;
}

function ServiceTable({ say, services }: { readonly say: Say; readonly services: JobsReport['services'] }) {
  return (
    <Table
      caption={say('Сервисы, которые открыли эту базу', 'Services that have this infobase open')}
      columns={[
        { title: say('Процесс', 'Process'), show: ({ runner }) => nameProcess(runner), isHead: true },
        {
          title: say('Запущен', 'Since'),
          show: ({ startedAt, timeZone }) => `${showMoment(startedAt)} (${timeZone})`,
        },
        {
          title: say('Состояние', 'State'),
          show: ({ isUp }) =>
            isUp ? (
              <span class="badge good">{say('работает', 'up')}</span>
            ) : (
              <span class="badge warn">{say('исчез', 'gone')}</span>
            ),
        },
      ]}
      rows={services}
      none={say('Ни один сервис о себе не сообщил.', 'No service has left a notice.')}
    />
  );
}
