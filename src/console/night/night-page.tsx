// The nightly regulation: its runs, the preview of any date, running it now, the documented rule against lots.
import { stringify } from 'csv-stringify/sync';
import { measureNames } from '../../ledger/account.ts';
import { addDays, dateOf, parseLocalDate, type LocalDate } from '../../ledger/local-date-time.ts';
import { readNightRuns } from '../../operations/night/read-night-runs.ts';
import { findDueDate, type NightRun } from '../../operations/night/run-night.ts';
import { formatSum } from '../../ledger/money.ts';
import { startComparison } from '../../works/start-comparison.ts';
import { startNights } from '../../works/start-nights.ts';
import { startPreview } from '../../works/start-preview.ts';
import { streamPreview } from '../../works/stream-preview.ts';
import { goTo, type Page, type PageCall, type PageReply } from '../page.ts';
import { BarChart } from '../parts/bar-chart.tsx';
import { InputField, PostForm, type FieldMistakes } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showCount, showDate, showMoment } from '../show.ts';
import { nameNightObstacle } from './name-night-obstacle.ts';
import { goToWork, placeOf } from '../works/go-to-work.ts';

export const nightPages: readonly Page[] = [
  { method: 'GET', path: 'night', answer: (call) => showNights(call, {}) },
  { method: 'POST', path: 'night/run', answer: runNow },
  { method: 'POST', path: 'night/preview', roles: ['admin', 'auditor'], answer: preview },
  { method: 'POST', path: 'night/compare', roles: ['admin', 'auditor'], answer: compare },
  { method: 'GET', path: 'night/preview.csv', answer: exportPreview },
];

const runsShown = 60;

async function showNights(call: PageCall, mistakes: FieldMistakes): Promise<PageReply> {
  const { infobase, say, now, services, isAdmin, base, token, form } = call;
  const { obstacle, lastNightOn, runs } = await readNightRuns(infobase, runsShown);
  const dueOn = findDueDate(now, services.nightSchedule.time);
  const isDue = lastNightOn !== null && lastNightOn < dueOn;
  const on = form.get('on') ?? addDays(lastNightOn ?? dateOf(now), 1);
  return {
    kind: 'page',
    ...(Object.keys(mistakes).length === 0 ? {} : { status: 422 as const }),
    title: say('Биллинг: дисконтные карты - ночной регламент', 'Night of billing'),
    body: (
      <>
        {obstacle !== null && <p class="notice warn">{nameNightObstacle(obstacle, say)}</p>}
        <Facts
          facts={[
            { title: say('Расписание', 'Schedule'), value: <code>{services.nightSchedule.cron}</code> },
            {
              title: say('Последняя ночь', 'Last night'),
              value: lastNightOn === null ? '\u2014' : showDate(lastNightOn),
            },
            {
              title: say('Следующая', 'Next'),
              value:
                lastNightOn === null
                  ? '\u2014'
                  : `${showDate(addDays(lastNightOn, 1))}, ${services.nightSchedule.time}`,
            },
          ]}
        />
        {obstacle === null && isAdmin && isDue && (
          <PostForm action={`${base}/night/run`} token={token} class="actions">
            <button type="submit">
              {say(`Выполнить ночи по ${showDate(dueOn)}`, `Run the nights up to ${showDate(dueOn)}`)}
            </button>
          </PostForm>
        )}
        {obstacle === null && <NightForms call={call} on={on} mistakes={mistakes} />}
        <Runs say={say} base={base} runs={runs} />
      </>
    ),
  };
}

function NightForms({
  call,
  on,
  mistakes,
}: {
  readonly call: PageCall;
  readonly on: string;
  readonly mistakes: FieldMistakes;
}) {
  const { say, base, token } = call;
  return (
    <div class="beside">
      <PostForm action={`${base}/night/preview`} token={token}>
        <h2>{say('Предварительный расчёт', 'Preview')}</h2>
        <InputField
          name="on"
          type="date"
          label={say('Ночь за дату', 'Night of')}
          value={on}
          mistakes={mistakes}
          isRequired
        />
        <p class="hint">
          {say(
            'Ничего не меняет: показывает, что сгорит и что начислится.',
            'It changes nothing: it shows what would burn and be credited.',
          )}
        </p>
        <div class="actions">
          <button type="submit" class="second">
            {say('Рассчитать', 'Calculate')}
          </button>
        </div>
      </PostForm>
      <PostForm action={`${base}/night/compare`} token={token}>
        <h2>{say('По документации и по партиям', 'Documented rule and lots')}</h2>
        <div class="field">
          <label for="c-on">{say('Ночь за дату', 'Night of')}</label>
          <input id="c-on" name="on" type="date" value={on} required />
        </div>
        <p class="hint">
          {say(
            'Где документированное правило и учёт по партиям расходятся.',
            'Where the documented rule and lots differ.',
          )}
        </p>
        <div class="actions">
          <button type="submit" class="second">
            {say('Сравнить', 'Compare')}
          </button>
        </div>
      </PostForm>
    </div>
  );
}

function Runs({ say, base, runs }: { readonly say: Say; readonly base: string; readonly runs: readonly NightRun[] }) {
  return (
    <>
      {runs.length > 0 && (
        <BarChart
          say={say}
          id="nights"
          title={say('Карты, с которых списано, по ночам', 'Cards written off, by night')}
          bars={runs.toReversed().map(({ businessOn, writeOffLines }) => ({
            label: showDate(businessOn).slice(0, 5),
            value: writeOffLines,
            text: showCount(writeOffLines),
          }))}
          labelEvery={Math.ceil(runs.length / 10)}
          labelTitle={say('Ночь', 'Night')}
          valueTitle={say('Карт', 'Cards')}
        />
      )}
      <Table
        caption={say('Выполненные ночи, последние сверху', 'Nights, the latest first')}
        columns={[
          { title: say('За дату', 'Of'), show: ({ businessOn }) => showDate(businessOn), isHead: true },
          { title: say('Начата', 'Started'), show: ({ startedAt }) => showMoment(startedAt) },
          {
            title: say('Закончена', 'Finished'),
            show: ({ finishedAt }) =>
              finishedAt === null ? (
                <span class="badge warn">{say('не закончена', 'unfinished')}</span>
              ) : (
                showMoment(finishedAt)
              ),
          },
          {
            title: say('Списано с карт', 'Written off'),
            show: ({ writeOffDocumentId, writeOffLines }) => linkDocument(base, writeOffDocumentId, writeOffLines),
            isNumber: true,
          },
          {
            title: say('Начислено на карты', 'Credited'),
            show: ({ accrualDocumentId, accrualLines }) => linkDocument(base, accrualDocumentId, accrualLines),
            isNumber: true,
          },
        ]}
        rows={runs}
        none={say('Ночей ещё не было.', 'No night has been run yet.')}
      />
    </>
  );
}

function linkDocument(base: string, id: number | null, lines: number) {
  return id === null ? showCount(lines) : <a href={`${base}/documents/billing-${id}`}>{showCount(lines)}</a>;
}

async function runNow(call: PageCall): Promise<PageReply> {
  const { services, now } = call;
  const dueOn = findDueDate(now, services.nightSchedule.time);
  return goToWork(call, startNights(services.tools, placeOf(call), dueOn));
}

function readOn({ form, say }: PageCall): { readonly on?: LocalDate; readonly mistakes: FieldMistakes } {
  const on = parseLocalDate(form.get('on') ?? '');
  return on === undefined ? { mistakes: { on: say('Укажите дату.', 'Give a date.') } } : { on, mistakes: {} };
}

async function preview(call: PageCall): Promise<PageReply> {
  const { on, mistakes } = readOn(call);
  if (on === undefined) return showNights(call, mistakes);
  return goToWork(call, startPreview(call.services.tools, placeOf(call), on));
}

async function compare(call: PageCall): Promise<PageReply> {
  const { on, mistakes } = readOn(call);
  if (on === undefined) return showNights(call, mistakes);
  return goToWork(call, startComparison(call.services.tools, placeOf(call), on));
}

async function exportPreview({ infobase, query, say }: PageCall): Promise<PageReply> {
  const on = parseLocalDate(query.get('on') ?? '');
  if (on === undefined) return goTo('night');
  const heading = [
    say('Карта', 'Card'),
    say('Сгорит бонусов', 'Bonus written off'),
    say('Сгорит накопления', 'Accumulation written off'),
    say('Сгорит чеков', 'Receipts written off'),
    say('Начислится бонусов', 'Bonus credited'),
    say('Начислится накопления', 'Accumulation credited'),
    say('Начислится чеков', 'Receipts credited'),
  ];
  async function* write(onDate: LocalDate): AsyncGenerator<string> {
    // The byte order mark is what Excel knows UTF-8 by.
    yield `\u{FEFF}${stringify([heading], { delimiter: ';' })}`;
    for await (const lines of streamPreview(infobase, onDate)) {
      const rows = lines.map(({ cardNumber, writeOffs, credits }) => [
        cardNumber,
        ...[writeOffs, credits].flatMap((parts) =>
          measureNames.map((measure) => {
            const sum = parts.reduce((all, part) => (part.measure === measure ? all + part.amount : all), 0);
            return measure === 'receipts' ? String(sum) : formatSum(sum).replace('.', ',');
          }),
        ),
      ]);
      yield stringify(rows, { delimiter: ';' });
    }
  }
  return { kind: 'download', name: `night-${on}.csv`, contentType: 'text/csv; charset=utf-8', bytes: write(on) };
}
