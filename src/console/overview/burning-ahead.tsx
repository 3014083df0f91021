// The bonus that burns in the next thirteen weeks. A small base is added up at once; of a large one the last report is shown.
import { addDays, dateOf, type LocalDate } from '../../ledger/local-date-time.ts';
import { describeInfobase } from '../../operations/admin/describe-infobase.ts';
import { openReport, type ReportRequest } from '../../operations/reports/open-report.ts';
import type { ReportResult } from '../../works/start-report.ts';
import type { PageCall } from '../page.ts';
import { BarChart } from '../parts/bar-chart.tsx';
import { PostForm } from '../parts/form.tsx';
import { showDate, showMoment, showMoney } from '../show.ts';

const weeks = 13;
/** Added up in some 100 ms. */
const smallBaseCards = 3_000;

interface BurningWeek {
  readonly date: LocalDate;
  /** Rubles as exact text. */
  readonly bonus: string;
}

export interface Burning {
  /** Undefined where it has not been added up. */
  readonly rows: readonly BurningWeek[] | undefined;
  /** The moment of the report that is shown; undefined for now. */
  readonly at: PageCall['now'] | undefined;
}

const wholeBase = { cardNumber: null, kindCode: null, shopCode: null, measure: null, register: null } as const;

function requestOf(now: PageCall['now']): ReportRequest {
  const from = dateOf(now);
  return { ...wholeBase, from, to: addDays(from, 7 * weeks), by: 'week' };
}

export async function findBurning({ infobase, now, services }: PageCall): Promise<Burning> {
  const request = requestOf(now);
  const { cards } = await describeInfobase(infobase);
  if (cards <= smallBaseCards) {
    const report = await openReport(infobase, 'burning', request);
    if (!report.ok) return { rows: undefined, at: undefined };
    const rows: BurningWeek[] = [];
    for await (const piece of report.read()) rows.push(...piece.map(({ row }) => row as BurningWeek));
    return { rows, at: undefined };
  }
  const done = services.tools.work
    .list(infobase.name)
    .find(({ kind, result }) => kind === 'report' && isOfWeeks(result as ReportResult | undefined));
  return {
    rows: (done?.result as ReportResult | undefined)?.rows as readonly BurningWeek[] | undefined,
    at: done?.endedAt,
  };
}

function isOfWeeks(result: ReportResult | undefined): boolean {
  return result?.name === 'burning' && result.request.by === 'week' && result.request.kindCode === null;
}

export function BurningAhead({ call, burning }: { readonly call: PageCall; readonly burning: Burning }) {
  const { say, base, token, now } = call;
  const { rows, at } = burning;
  const title = say('Сгорание бонусов по неделям вперёд', 'Bonus burning ahead, by week');
  if (rows === undefined) {
    const { from, to } = requestOf(now);
    return (
      <PostForm action={`${base}/reports/burning?from=${from}&to=${to}&by=week`} token={token}>
        <h2>{title}</h2>
        <p class="hint">
          {say('На большой базе считается несколько минут.', 'On a large base it takes some minutes.')}
        </p>
        <div class="actions">
          <button type="submit" class="second">
            {say('Рассчитать', 'Add it up')}
          </button>
        </div>
      </PostForm>
    );
  }
  return (
    <BarChart
      say={say}
      id="ahead"
      title={title}
      bars={rows.slice(0, weeks).map(({ date, bonus }) => {
        // Kopecks of one week fit a number exactly up to 90 trillion rubles.
        const kopecks = Number(bonus.replace('.', ''));
        return { label: showDate(date).slice(0, 5), value: Math.max(0, kopecks), text: showMoney(kopecks) };
      })}
      labelEvery={2}
      labelTitle={say('Неделя с', 'Week of')}
      valueTitle={say('Сгорит', 'Burns')}
      note={
        at === undefined
          ? say('Если до этого ничего не произойдёт.', 'If nothing else happens before.')
          : say(`Рассчитано ${showMoment(at)}.`, `As of ${showMoment(at)}.`)
      }
    />
  );
}
