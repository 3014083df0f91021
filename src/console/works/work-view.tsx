// A piece of long work: how far it is, and how it ended. While it runs, the part asks for itself again.
import type { Work } from '../../background-work.ts';
import { wordFailure } from './word-failure.ts';
import { formatSeconds } from './format-seconds.ts';
import type { PageCall } from '../page.ts';
import { PostForm } from '../parts/form.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showCount, showMoment } from '../show.ts';

interface WorkViewProps {
  readonly call: PageCall;
  readonly work: Work;
}

/** What asks for a part of the page again, every other second. */
export function followPart(here: string, id: string) {
  return {
    id,
    'hx-get': here,
    'hx-trigger': 'every 2s',
    'hx-target': `#${id}`,
    'hx-select': `#${id}`,
    'hx-swap': 'outerHTML',
  };
}

export function WorkView({ call, work }: WorkViewProps) {
  const { say, base, here, token, isAdmin } = call;
  const isRunning = work.state === 'running';
  return (
    <div {...(isRunning ? followPart(here, 'work') : { id: 'work' })}>
      <Facts
        facts={[
          { title: say('Состояние', 'State'), value: <StateBadge say={say} work={work} /> },
          { title: say('Запустил', 'Started by'), value: work.user },
          { title: say('Начато', 'Started'), value: showMoment(work.startedAt) },
          ...(work.endedAt === undefined
            ? []
            : [{ title: say('Закончено', 'Ended'), value: showMoment(work.endedAt) }]),
        ]}
      />
      {isRunning && <Progress say={say} work={work} />}
      {work.failure !== undefined && (
        <p class="notice problem" role="alert">
          {wordFailure(work, say)}
        </p>
      )}
      {isRunning && isAdmin && !work.isStopping && (
        <PostForm action={`${base}/work/${work.id}/stop`} token={token} class="actions">
          <button type="submit" class="second">
            {say('Остановить', 'Stop')}
          </button>
        </PostForm>
      )}
      {isRunning && (
        <p class="hint">
          {say(
            'Страницу можно закрыть: работа идёт в сервисе.',
            'You may leave this page: the work goes on in the service.',
          )}{' '}
          <a href={here}>{say('Обновить', 'Refresh')}</a>
        </p>
      )}
    </div>
  );
}

export function StateBadge({ say, work }: { readonly say: Say; readonly work: Work }) {
  switch (work.state) {
    case 'running':
      return (
        <span class="badge">
          {work.isStopping ? say('останавливается', 'stopping') : say('выполняется', 'running')}
        </span>
      );
    case 'done':
      return <span class="badge good">{say('выполнено', 'done')}</span>;
    case 'failed':
      return <span class="badge bad">{say('не выполнено', 'failed')}</span>;
    case 'stopped':
      return <span class="badge warn">{say('остановлено', 'stopped')}</span>;
  }
}

function Progress({ say, work: { done, total, doneInMs } }: { readonly say: Say; readonly work: Work }) {
  const pace = doneInMs > 0 ? (done * 1000) / doneInMs : 0;
  const left = total !== undefined && pace > 0 ? Math.ceil((total - done) / pace) : undefined;
  return (
    <>
      <p>
        <progress
          max={total ?? 1}
          value={total === undefined ? undefined : done}
          aria-label={say('Выполнено', 'Progress')}
        />
      </p>
      <p class="hint">
        {showCount(done)}
        {total !== undefined && ` ${say('из', 'of')} ${showCount(total)}`}
        {pace >= 1 && `, ${showCount(Math.round(pace))} ${say('в секунду', 'a second')}`}
        {left !== undefined && `, ${say('осталось', 'left')}: ${formatSeconds(left, say)}`}
      </p>
    </>
  );
}
