// Long work: what runs or has run since the service was started, and one piece of it with its result.
import type { Work } from '../../background-work.ts';
import { NotFound, goTo, type Page, type PageCall, type PageReply } from '../page.ts';
import { Table } from '../parts/table.tsx';
import type { Say } from '../say.ts';
import { showMoment } from '../show.ts';
import { WorkResult } from './work-result.tsx';
import { StateBadge, WorkView } from './work-view.tsx';

export const workPages: readonly Page[] = [
  { method: 'GET', path: 'work', answer: showWorks },
  { method: 'GET', path: 'work/:id', answer: showWork },
  { method: 'POST', path: 'work/:id/stop', answer: stopWork },
];

/** In the page's language; what has run before is titled in Russian by itself. */
export function nameWork({ kind, title }: Pick<Work, 'kind' | 'title'>, say: Say): string {
  switch (kind) {
    case 'enabling':
      return say(title, 'Switching billing on');
    case 'disabling':
      return say(title, 'Switching billing off');
    case 'night':
      return say(title, 'Night');
    case 'clock':
      return say(title, 'Moving the clock');
    case 'preview':
      return say(title, 'Preview of a night');
    case 'comparison':
      return say(title, 'Documented rule against lots');
    case 'report':
      return say(title, 'Report');
    case 'import':
      return say(title, 'Import of balances');
    case 'cards':
      return say(title, 'Many cards');
    case 'certificates':
      return say(title, 'Certificates of a range');
    case 'sync':
      return say(title, 'Synchronization');
    case 'backup':
      return say(title, 'Backup');
  }
}

async function showWorks({ infobase, services, say, base }: PageCall): Promise<PageReply> {
  return {
    kind: 'page',
    title: say('Длительные работы', 'Long work'),
    body: (
      <Table
        caption={say('С запуска сервиса, новые сверху', 'Since the service was started, the newest first')}
        columns={[
          {
            title: say('Работа', 'Work'),
            show: (work) => <a href={`${base}/work/${work.id}`}>{nameWork(work, say)}</a>,
            isHead: true,
          },
          { title: say('Состояние', 'State'), show: (work) => <StateBadge say={say} work={work} /> },
          { title: say('Запустил', 'Started by'), show: ({ user }) => user },
          { title: say('Начата', 'Started'), show: ({ startedAt }) => showMoment(startedAt) },
          {
            title: say('Закончена', 'Ended'),
            show: ({ endedAt }) => (endedAt === undefined ? '' : showMoment(endedAt)),
          },
        ]}
        rows={services.tools.work.list(infobase.name)}
        none={say('Длительных работ не было.', 'There has been no long work.')}
      />
    ),
  };
}

function findWork({ services, infobase, params, say }: PageCall): Work {
  const work = services.tools.work.find(infobase.name, params.id ?? '');
  if (work !== undefined) return work;
  throw new NotFound(
    say(
      'О такой работе сервис не знает: после перезапуска их список пуст. Итог показывают документы.',
      'The service knows no such work: its list is empty after a restart. The documents show what was done.',
    ),
  );
}

async function showWork(call: PageCall): Promise<PageReply> {
  const { say } = call;
  const work = findWork(call);
  return {
    kind: 'page',
    title: nameWork(work, say),
    crumbs: [{ title: say('Длительные работы', 'Long work'), path: 'work' }],
    body: (
      <>
        <WorkView call={call} work={work} />
        {work.result !== undefined && <WorkResult call={call} work={work} />}
      </>
    ),
  };
}

async function stopWork(call: PageCall): Promise<PageReply> {
  const { services, infobase } = call;
  const { id } = findWork(call);
  services.tools.work.requestStop(infobase.name, id);
  return goTo(`work/${id}`);
}
