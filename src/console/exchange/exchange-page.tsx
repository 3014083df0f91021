// The exchange folder: how the last run went, what it could not take, what waits and what failed, and a file brought by hand.
import type { ExchangeReport } from '../../operations/admin/jobs-report.ts';
import type { ExchangeFiles } from '../../operations/exchange/exchange-desk.ts';
import type { StandingTrouble } from '../../operations/exchange/exchange-run.ts';
import { shiftFileExtensions } from '../../operations/exchange/shift-file.ts';
import type { FormTrouble } from '../form-trouble.ts';
import { goTo, type Page, type PageCall, type PageReply } from '../page.ts';
import { CheckField, FormProblem, InputField, PostForm } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { Facts, Tiles } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showCount, showMoment } from '../show.ts';
import { followPart } from '../works/work-view.tsx';
import { explainExchange, explainGate, explainTrouble, findRemedy, nameExchangeEnd } from './exchange-words.ts';
import { ShiftReport } from './shift-report.tsx';

export const exchangePages: readonly Page[] = [
  { method: 'GET', path: 'exchange', answer: (call) => showExchange(call) },
  { method: 'POST', path: 'exchange/look', answer: look },
  { method: 'POST', path: 'exchange/file', takesFile: true, answer: loadFile },
];

async function showExchange(call: PageCall, trouble?: FormTrouble): Promise<PageReply> {
  const { infobase, services, say, here, isAdmin } = call;
  const { jobs } = await services.listJobs(infobase);
  const job = jobs.find((one) => one.job === 'exchange');
  const files = await services.exchange.listFiles(infobase.name);
  const isRunning = job?.lastRun?.result === 'running' && job.holder !== null;
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: say('Оперативное снятие текущих продаж с ККМ', 'Exchange folder'),
    body: (
      <>
        <div {...(isRunning ? followPart(here, 'state') : { id: 'state' })}>
          {job !== undefined && <State call={call} job={job} />}
          <Troubles say={say} troubles={job?.troubles ?? []} />
          <Files say={say} files={files} />
        </div>
        {isAdmin && <Upload call={call} {...trouble} />}
      </>
    ),
  };
}

function State({ call, job }: { readonly call: PageCall; readonly job: ExchangeReport }) {
  const { say, base, token, isAdmin, infobase, services } = call;
  const { lastRun, schedule, timeZone, nextRunAt, obstacle } = job;
  const why = explainExchange(obstacle, say);
  const folder = services.exchange.findFolder(infobase.name);
  return (
    <>
      {why !== undefined && <p class="notice warn">{why}</p>}
      <Facts
        facts={[
          { title: say('Папка', 'Folder'), value: folder ?? '\u2014' },
          { title: say('Расписание', 'Schedule'), value: schedule === null ? '\u2014' : `${schedule} (${timeZone})` },
          {
            title: say('Последний просмотр', 'Last run'),
            value: lastRun === null ? say('не было', 'never') : showMoment(lastRun.startedAt),
          },
          { title: say('Итог', 'Result'), value: nameExchangeEnd(job, say) },
          { title: say('Следующий', 'Next'), value: nextRunAt === null ? '\u2014' : showMoment(nextRunAt) },
        ]}
      />
      {lastRun !== null && (
        <Tiles
          tiles={[
            {
              title: say('Файлов загружено', 'Files loaded'),
              figure: showCount(lastRun.loaded),
              more: `${say('повторно', 'repeated')}: ${showCount(lastRun.repeated)}`,
            },
            { title: say('Файлов с ошибкой', 'Files failed'), figure: showCount(lastRun.failed) },
            {
              title: say('Чеков принято', 'Receipts accepted'),
              figure: showCount(lastRun.accepted),
              more: `${say('связано', 'linked')}: ${showCount(lastRun.linked)}`,
            },
            { title: say('Чеков отклонено', 'Receipts rejected'), figure: showCount(lastRun.rejected) },
          ]}
        />
      )}
      {isAdmin && obstacle !== 'no_folder' && (
        <PostForm action={`${base}/exchange/look`} token={token} class="actions">
          <button type="submit">{say('Просмотреть папку сейчас', 'Look at the folder now')}</button>
        </PostForm>
      )}
    </>
  );
}

async function look({ services, say }: PageCall): Promise<PageReply> {
  services.exchange.look();
  return goTo('exchange', say('Папка просматривается.', 'The folder is being looked at.'));
}

function Troubles({ say, troubles }: { readonly say: Say; readonly troubles: readonly StandingTrouble[] }) {
  return (
    <>
      <h2>{say('Чего не удалось взять', 'What could not be taken')}</h2>
      <Table
        caption={say('Файлы и папки, которые остаются на месте', 'Files and folders that stay where they are')}
        columns={[
          { title: say('Место', 'Place'), show: ({ place }) => <span class="mono">{place}</span>, isHead: true },
          { title: say('Причина', 'Reason'), show: ({ why }) => explainTrouble(why, say) },
          { title: say('С', 'Since'), show: ({ sinceAt }) => showMoment(sinceAt) },
          { title: say('Что сделать', 'What to do'), show: ({ why }) => findRemedy(why, say) },
        ]}
        rows={troubles}
        none={say('Помех нет.', 'There is no trouble.')}
      />
    </>
  );
}

function Files({ say, files }: { readonly say: Say; readonly files: ExchangeFiles }) {
  const { waiting, waitingCount, failed, failedCount } = files;
  const shown = (list: readonly unknown[], count: number): string =>
    count > list.length ? ` (${say('показано', 'shown')} ${showCount(list.length)})` : '';
  return (
    <>
      <h2>{say('Файлы', 'Files')}</h2>
      <Table
        caption={`${say('Ждут загрузки', 'Waiting')}: ${showCount(waitingCount)}${shown(waiting, waitingCount)}`}
        columns={[
          { title: say('Касса', 'Till'), show: ({ kkm }) => kkm },
          { title: say('Файл', 'File'), show: ({ file }) => file, isHead: true },
        ]}
        rows={waiting}
        none={say('Файлов, которые ждут загрузки, нет.', 'No file waits.')}
      />
      <Table
        caption={`${say('Не загружены, лежат в failed', 'Failed, in failed/')}: ${showCount(failedCount)}${shown(failed, failedCount)}`}
        columns={[
          { title: say('Касса', 'Till'), show: ({ kkm }) => kkm },
          { title: say('Файл', 'File'), show: ({ file }) => file, isHead: true },
          { title: say('Прочитан', 'Read'), show: ({ at }) => (at === null ? '' : showMoment(at)) },
          { title: say('Причина', 'Reason'), show: ({ why }) => why ?? '' },
          {
            title: say('Что сделать', 'What to do'),
            show: () =>
              say(
                'Исправьте файл и положите его снова в папку кассы, этот удалите.',
                'Mend the file, put it into the folder of the till again and remove this one.',
              ),
          },
        ]}
        rows={failed}
        none={say('Файлов с ошибкой нет.', 'No file has failed.')}
      />
    </>
  );
}

interface UploadProps extends FormTrouble {
  readonly call: PageCall;
}

function Upload({ call: { say, base, token, form }, mistakes, problem }: UploadProps) {
  return (
    <>
      <h2>{say('Загрузить отчёт смены', 'Load a shift report')}</h2>
      <PostForm action={`${base}/exchange/file`} token={token} hasFile>
        <FormProblem text={problem} />
        <InputField
          name="file"
          type="file"
          label={say('Файл', 'File')}
          hint={say('XML, JSON, CSV или XLSX.', 'XML, JSON, CSV or XLSX.')}
          accept={shiftFileExtensions.join(',')}
          isRequired
          mistakes={mistakes}
        />
        <InputField
          name="kkm"
          label={say('Касса', 'Till')}
          hint={say('Пусто: касса указана в файле.', 'Empty: the file names it.')}
          value={form.get('kkm') ?? ''}
          mistakes={mistakes}
        />
        <CheckField
          name="dryRun"
          label={say('Только проверить', 'Dry run')}
          isChecked={form.get('dryRun') === 'yes'}
          mistakes={mistakes}
        />
        <p class="actions">
          <button type="submit">{say('Загрузить', 'Load')}</button>
        </p>
      </PostForm>
    </>
  );
}

async function loadFile(call: PageCall): Promise<PageReply> {
  const { infobase, services, say, form, file } = call;
  const refuse = (why: string): Promise<PageReply> => showExchange(call, { mistakes: { file: why } });
  if (file === undefined) return refuse(say('Выберите файл.', 'Choose a file.'));
  const ending = /\.[^.]*$/.exec(file.name.toLowerCase())?.[0] ?? '';
  if (!(shiftFileExtensions as readonly string[]).includes(ending)) {
    return refuse(say('Ожидается XML, JSON, CSV или XLSX.', 'Expected XML, JSON, CSV or XLSX.'));
  }
  const kkm = (form.get('kkm') ?? '').trim() || undefined;
  const isDryRun = form.get('dryRun') === 'yes';
  const clock = services.clockOf(infobase.name);
  const { name, path } = file;
  const end = await services.exchange.loadFile(infobase, () => clock.now(), { name, path, kkm, isDryRun });
  switch (end.code) {
    case 'reported': {
      if (end.report.result === 'failed') {
        const nothing = say('Ничего не загружено.', 'Nothing of it was loaded.');
        return refuse(`${end.report.why}. ${nothing}`);
      }
      return {
        kind: 'page',
        title: name,
        crumbs: [{ title: say('Обмен', 'Exchange'), path: 'exchange' }],
        body: <ShiftReport call={call} report={end.report} isDryRun={isDryRun} />,
      };
    }
    case 'waiting':
      return showExchange(call, { problem: explainGate(end.gate, say) });
    case 'held':
    case 'lost':
    case 'stopped':
      return showExchange(call, {
        problem: say('Папку сейчас загружает другой процесс: повторите позже.', 'Another process loads: try again.'),
      });
  }
}
