// What of a card burns when: bars by date, and the next one in words. Credits that are still to come are hatched.
import { neverOn } from '../../ledger/life-rule.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { CardAhead } from '../../operations/cards/explain-card.ts';
import { BarChart, type Bar } from '../parts/bar-chart.tsx';
import { Table } from '../parts/table.tsx';
import type { Say } from '../say.ts';
import { showCount, showDate, showMoney } from '../show.ts';

interface BurnTimelineProps {
  readonly say: Say;
  readonly ahead: CardAhead;
}

export function BurnTimeline({ say, ahead }: BurnTimelineProps) {
  const { pending, hasMore } = ahead;
  const bars = listBars(say, ahead);
  const nights = listNights(say, ahead);
  return (
    <>
      <h2>{say('Что и когда сгорит', 'What burns when')}</h2>
      <p>{wordNext(say, ahead)}</p>
      {bars.length > 0 && (
        <BarChart
          say={say}
          id="burning"
          title={say('Бонусы: сгорание по датам списания', 'Bonus: burning by write-off date')}
          bars={bars}
          labelEvery={Math.ceil(bars.length / 5)}
          labelTitle={say('Дата', 'Date')}
          valueTitle={say('Бонусы', 'Bonus')}
          note={pending.length > 0 ? say('Штриховкой: ещё не начислено.', 'Hatched: not credited yet.') : undefined}
        />
      )}
      {nights.length > 0 && <NightTable say={say} nights={nights} />}
      {hasMore && <p class="hint">{say('Показаны ближайшие ночи.', 'The nearest nights are shown.')}</p>}
    </>
  );
}

/** More would push the history out of sight: they are unfolded by who wants them. */
const nightsUnfolded = 6;

function NightTable({ say, nights }: { readonly say: Say; readonly nights: readonly NightRow[] }) {
  return (
    <details open={nights.length <= nightsUnfolded}>
      <summary>{say('Ночи, которые изменят карту', 'Nights that will change the card')}</summary>
      <Table
        caption={say('Если до них ничего не произойдёт', 'If nothing else happens before them')}
        columns={[
          { title: say('Дата', 'Date'), show: ({ on }) => showDate(on), isHead: true },
          { title: say('Что', 'What'), show: ({ what }) => what },
          { title: say('Бонусы', 'Bonus'), show: ({ bonus }) => showMoney(bonus), isNumber: true },
          {
            title: say('Накопление', 'Accumulation'),
            show: ({ accumulation }) => showMoney(accumulation),
            isNumber: true,
          },
          { title: say('Чеки', 'Receipts'), show: ({ receipts }) => showCount(receipts), isNumber: true },
        ]}
        rows={nights}
        none=""
      />
    </details>
  );
}

function wordNext(say: Say, { burning }: CardAhead): string {
  const next = burning.find(({ bonus }) => bonus > 0);
  if (next === undefined) {
    return say('Бонусы этой карты не сгорают.', 'No bonus of this card will burn.');
  }
  const [date, sum] = [showDate(next.on), showMoney(next.bonus)];
  return say(`${date} сгорит ${sum}.`, `On ${date}, ${sum} will burn.`);
}

function listBars(say: Say, { burning, pending }: CardAhead): Bar[] {
  const bars = [
    ...burning.map(({ on, bonus }) => ({ on, value: bonus, isPending: false, text: showMoney(bonus) })),
    ...pending.map(({ creditOn, bonus }) => ({
      on: creditOn,
      value: bonus,
      isPending: true,
      text: `${showMoney(bonus)} ${say('(начислится)', '(to be credited)')}`,
    })),
  ];
  return bars
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => (a.on < b.on ? -1 : 1))
    .map(({ on, ...bar }) => ({ label: showDate(on), ...bar }));
}

interface NightRow {
  readonly on: LocalDate;
  readonly what: string;
  readonly bonus: number;
  readonly accumulation: number;
  readonly receipts: number;
}

function listNights(say: Say, { burning, pending }: CardAhead): NightRow[] {
  return [
    ...burning.map((row) => ({ ...row, what: say('сгорит', 'burns') })),
    ...pending.map(({ creditOn, writeOffOn, ...measures }) => ({
      ...measures,
      on: creditOn,
      what:
        writeOffOn === neverOn
          ? say('начислится, не сгорает', 'is credited, never burns')
          : say(`начислится, сгорит ${showDate(writeOffOn)}`, `is credited, burns ${showDate(writeOffOn)}`),
    })),
  ].toSorted((a, b) => (a.on < b.on ? -1 : 1));
}
