// The overview: are tills served, what happened today, what the night did, what waits for someone.
import { findObstacles, type Obstacle } from '../../operations/admin/find-obstacles.ts';
import type { CountedCalls } from '../../call-counts.ts';
import type { Page, PageCall } from '../page.ts';
import { BarChart } from '../parts/bar-chart.tsx';
import { Table } from '../parts/table.tsx';
import { Tiles } from '../parts/tiles.tsx';
import { showCount, showMoment } from '../show.ts';
import { explainObstacle } from './explain-obstacle.ts';

export const overviewPages: readonly Page[] = [{ method: 'GET', path: '', answer: showOverview }];

async function showOverview(call: PageCall) {
  const { infobase, say, services, base } = call;
  const obstacles = await findObstacles(infobase, {
    readNow: () => call.now,
    nightTime: services.nightSchedule.time,
    readMs: services.readWallMs,
    isNightAtWork: services.isNightAtWork(),
  });
  const calls = services.calls.describe(infobase.name);
  return {
    kind: 'page' as const,
    title: say('Обзор', 'Overview'),
    body: (
      <>
        <Served call={call} obstacles={obstacles} />
        <Tiles
          tiles={[
            {
              title: say('Вызовы сегодня', 'Calls today'),
              figure: showCount(calls.today.calls),
              more: `${say('отказов', 'refused')}: ${showCount(calls.today.refused)}`,
              href: `${base}/envelopes`,
            },
          ]}
        />
        <Calls call={call} calls={calls} />
      </>
    ),
  };
}

function Served({ call, obstacles }: { readonly call: PageCall; readonly obstacles: readonly Obstacle[] }) {
  const { say, base } = call;
  if (obstacles.length === 0) {
    return <p class="notice done">{say('Кассы обслуживаются.', 'Tills are served.')}</p>;
  }
  return (
    <div class="notice problem" role="alert">
      <p>
        <strong>{say('Внимание: кассы обслуживаются не полностью.', 'Attention: tills are not fully served.')}</strong>
      </p>
      <ul>
        {obstacles.map((obstacle) => {
          const { what, remedy, link } = explainObstacle(obstacle, say);
          return (
            <li>
              {what} {remedy} {link !== undefined && <a href={`${base}/${link.path}`}>{link.title}</a>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Calls({ call, calls }: { readonly call: PageCall; readonly calls: CountedCalls }) {
  const { say } = call;
  const since = say(
    `С запуска сервиса ${showMoment(calls.sinceAt)}. Верх столбца: отказы.`,
    `Since the service was started, ${showMoment(calls.sinceAt)}. Top of a bar: refused.`,
  );
  return (
    <>
      <BarChart
        say={say}
        id="calls"
        title={say('Вызовы по часам за сутки', 'Calls by the hour, 24 hours')}
        bars={calls.hours.map(({ hour, calls: count, refused }) => ({
          label: hour.slice(11, 13),
          value: count,
          marked: refused,
          text: refused === 0 ? showCount(count) : `${showCount(count)} (${showCount(refused)})`,
        }))}
        labelEvery={3}
        labelTitle={say('Час', 'Hour')}
        valueTitle={say('Вызовов (отказов)', 'Calls (refused)')}
        note={since}
      />
      <Table
        caption={say(
          'Кассы: последний вызов, дольше всех молчащие сверху',
          'Tills by last call, the longest silent first',
        )}
        columns={[
          { title: say('Касса', 'Till'), show: ({ kkm }) => kkm, isHead: true },
          { title: say('Последний вызов', 'Last call'), show: ({ at }) => showMoment(at) },
          { title: say('Операция', 'Operation'), show: ({ operation }) => operation },
          { title: say('Вызовов', 'Calls'), show: ({ calls: count }) => showCount(count), isNumber: true },
        ]}
        rows={calls.tills}
        none={say('С запуска сервиса касс не было.', 'No till has called since the service was started.')}
      />
    </>
  );
}
