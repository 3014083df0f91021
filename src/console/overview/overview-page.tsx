// The overview: are tills served, what happened today, what the night did, what waits for someone.
import { dateOf } from '../../ledger/local-date-time.ts';
import { findObstacles, type Obstacle } from '../../operations/admin/find-obstacles.ts';
import { findStage } from '../../operations/admin/find-stage.ts';
import { readNightRuns } from '../../operations/night/read-night-runs.ts';
import { sumDay } from '../../operations/receipts/sum-day.ts';
import type { CountedCalls } from '../../call-counts.ts';
import type { Page, PageCall } from '../page.ts';
import { BarChart } from '../parts/bar-chart.tsx';
import { Table } from '../parts/table.tsx';
import { showCount, showMoment } from '../show.ts';
import { BurningAhead, findBurning } from './burning-ahead.tsx';
import { explainObstacle } from './explain-obstacle.ts';
import { listWaiting, type WaitingThing } from './list-waiting.ts';
import { OverviewTiles } from './overview-tiles.tsx';

export const overviewPages: readonly Page[] = [{ method: 'GET', path: '', answer: showOverview }];

async function showOverview(call: PageCall) {
  const { infobase, say, services, now } = call;
  const obstacles = await findObstacles(infobase, {
    readNow: () => now,
    nightTime: services.nightSchedule.time,
    readMs: services.readWallMs,
    isNightAtWork: services.isNightAtWork(),
  });
  const calls = services.calls.describe(infobase.name);
  const isBilling = (await findStage(infobase)) === 'billing';
  const figures = {
    calls,
    day: await sumDay(infobase, dateOf(now)),
    nights: await readNightRuns(infobase, 1),
    waiting: await listWaiting(call),
  };
  return {
    kind: 'page' as const,
    title: say('Обзор', 'Overview'),
    body: (
      <>
        <Served call={call} obstacles={obstacles} />
        <OverviewTiles call={call} {...figures} />
        <div class="beside">
          <CallChart call={call} calls={calls} />
          {isBilling && <BurningAhead call={call} burning={await findBurning(call)} />}
        </div>
        <Waiting call={call} waiting={figures.waiting} />
        <LastCalls call={call} calls={calls} />
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

interface CallsProps {
  readonly call: PageCall;
  readonly calls: CountedCalls;
}

function CallChart({ call: { say }, calls }: CallsProps) {
  return (
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
      note={say(
        `С запуска сервиса ${showMoment(calls.sinceAt)}. Верх столбца: отказы.`,
        `Since the service was started, ${showMoment(calls.sinceAt)}. Top of a bar: refused.`,
      )}
    />
  );
}

function LastCalls({ call: { say, base }, calls }: CallsProps) {
  return (
    <Table
      caption={say(
        'Кассы: последний вызов, дольше всех молчащие сверху',
        'Tills by last call, the longest silent first',
      )}
      columns={[
        {
          title: say('Касса', 'Till'),
          show: ({ kkm }) => <a href={`${base}/envelopes?kkm=${encodeURIComponent(kkm)}`}>{kkm}</a>,
          isHead: true,
        },
        { title: say('Последний вызов', 'Last call'), show: ({ at }) => showMoment(at) },
        { title: say('Операция', 'Operation'), show: ({ operation }) => operation },
        { title: say('Вызовов', 'Calls'), show: ({ calls: count }) => showCount(count), isNumber: true },
      ]}
      rows={calls.tills}
      none={say('С запуска сервиса касс не было.', 'No till has called since the service was started.')}
    />
  );
}

function Waiting({
  call: { say, base },
  waiting,
}: {
  readonly call: PageCall;
  readonly waiting: readonly WaitingThing[];
}) {
  if (waiting.length === 0) return null;
  return (
    <>
      <h2 id="waiting">{say('Ждёт решения', 'Waiting for someone')}</h2>
      <ul>
        {waiting.map(({ what, count, isMore, path }) => (
          <li>
            <a href={`${base}/${path}`}>
              {what}: {showCount(count)}
              {isMore === true && '+'}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
