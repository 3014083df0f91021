// The four figures of the overview: calls, receipts, nights, what waits for somebody.
import type { CountedCalls } from '../../call-counts.ts';
import { addDays } from '../../ledger/local-date-time.ts';
import type { NightRuns } from '../../operations/night/read-night-runs.ts';
import type { DaySums } from '../../operations/receipts/sum-day.ts';
import type { PageCall } from '../page.ts';
import { nameNightObstacle } from '../night/name-night-obstacle.ts';
import { Tiles } from '../parts/tiles.tsx';
import { showCount, showDate, showMoney } from '../show.ts';
import type { WaitingThing } from './list-waiting.ts';

interface OverviewTilesProps {
  readonly call: PageCall;
  readonly calls: CountedCalls;
  readonly day: DaySums;
  readonly nights: NightRuns;
  readonly waiting: readonly WaitingThing[];
}

export function OverviewTiles({ call, calls, day, nights, waiting }: OverviewTilesProps) {
  const { say, base } = call;
  const results = [...calls.results].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  const refused = results.filter(([result]) => result !== '0' && result !== '200');
  return (
    <Tiles
      tiles={[
        {
          title: say('Вызовы сегодня', 'Calls today'),
          figure: showCount(calls.today.calls),
          more: [
            `${say('отказов', 'refused')}: ${showCount(calls.today.refused)}`,
            ...refused.map(([result, count]) => `${say('код', 'code')} ${result}: ${showCount(count)}`),
          ].join(', '),
          href: `${base}/envelopes`,
        },
        {
          title: say('Чеки сегодня', 'Receipts today'),
          figure: showCount(day.sales + day.returns),
          more: [
            `${say('на', 'for')} ${showMoney(day.sum)}`,
            `${say('начислено', 'accrued')} ${showMoney(day.accrued)}`,
            `${say('списано', 'redeemed')} ${showMoney(day.redeemed)}`,
          ].join(', '),
          href: `${base}/receipts`,
        },
        nightTile(call, nights),
        {
          title: say('Ждёт решения', 'Waiting for someone'),
          figure: `${showCount(waiting.reduce((sum, { count }) => sum + count, 0))}${waiting.some(({ isMore }) => isMore) ? '+' : ''}`,
          more: waiting.length === 0 ? say('ничего', 'nothing') : waiting.map(({ what }) => what).join(', '),
          ...(waiting.length === 0 ? {} : { href: '#waiting' }),
        },
      ]}
    />
  );
}

function nightTile({ say, base, services }: PageCall, { obstacle, lastNightOn, runs }: NightRuns) {
  const title = say('Последняя ночь', 'Last night');
  const href = `${base}/night`;
  if (obstacle !== null) return { title, figure: '\u2014', more: nameNightObstacle(obstacle, say), href };
  const [last] = runs;
  const next =
    lastNightOn === null
      ? []
      : [`${say('следующая', 'next')} ${showDate(addDays(lastNightOn, 1))}, ${services.nightSchedule.time}`];
  return {
    title,
    figure: lastNightOn === null ? '\u2014' : showDate(lastNightOn),
    more: [
      ...(last === undefined
        ? []
        : [
            `${say('списано с карт', 'written off')}: ${showCount(last.writeOffLines)}`,
            `${say('начислено на карты', 'credited')}: ${showCount(last.accrualLines)}`,
          ]),
      ...next,
    ].join(', '),
    href,
  };
}
