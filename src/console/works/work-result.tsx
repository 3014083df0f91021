// The result of long work, in figures, with the way to what it has made.
import type { Work } from '../../background-work.ts';
import { measureNames, type MeasureName } from '../../ledger/account.ts';
import type { NightTotal } from '../../operations/night/preview-night.ts';
import type { CardsResult } from '../../works/start-cards.ts';
import type { CertificatesResult } from '../../works/start-certificates.ts';
import type { ClockResult } from '../../works/start-clock.ts';
import type { ComparisonResult } from '../../works/start-comparison.ts';
import type { ReportResult } from '../../works/start-report.ts';
import type { PreviewResult } from '../../works/start-preview.ts';
import type { SyncResult } from '../../works/start-sync.ts';
import { nameNightObstacle } from '../night/name-night-obstacle.ts';
import type { PageCall } from '../page.ts';
import { CardsResultView } from '../cards/cards-result.tsx';
import { nameMeasure } from '../words.ts';
import { ImportResultView } from '../opening/import-result.tsx';
import { ReportResultView } from '../reports/report-result.tsx';
import { Table } from '../parts/table.tsx';
import { Tiles, Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showBigSum, showCount, showDate, showMoment, showMoney } from '../show.ts';
import { CardLink } from '../parts/card-link.tsx';

interface ResultProps {
  readonly call: PageCall;
  readonly work: Work;
}

export function WorkResult({ call, work }: ResultProps) {
  switch (work.kind) {
    case 'preview':
      return <PreviewView call={call} result={work.result as PreviewResult} />;
    case 'comparison':
      return <ComparisonView call={call} result={work.result as ComparisonResult} />;
    case 'enabling':
    case 'disabling':
      return <LinkTo call={call} path="billing" title={call.say('К биллингу', 'To billing')} />;
    case 'night':
      return <LinkTo call={call} path="night" title={call.say('К ночному регламенту', 'To the night')} />;
    case 'clock':
      return <ClockView call={call} result={work.result as ClockResult} />;
    case 'report':
      return <ReportResultView call={call} result={work.result as ReportResult} />;
    case 'import':
      return <ImportResultView call={call} work={work} />;
    case 'cards':
      return <CardsResultView call={call} result={work.result as CardsResult} />;
    case 'certificates':
      return <CertificatesView call={call} result={work.result as CertificatesResult} />;
    case 'backup':
      return <LinkTo call={call} path="backups" title={call.say('К резервным копиям', 'To the backups')} />;
    case 'sync':
      // Of a document that was not made, `failure` says why.
      return work.state === 'done' ? (
        <SyncView call={call} result={work.result as SyncResult} />
      ) : (
        <LinkTo call={call} path="sync" title={call.say('К синхронизации', 'To the synchronization')} />
      );
  }
}

function LinkTo({ call, path, title }: { readonly call: PageCall; readonly path: string; readonly title: string }) {
  return (
    <p class="actions">
      <a class="button second" href={`${call.base}/${path}`}>
        {title}
      </a>
    </p>
  );
}

function ClockView({ call, result }: { readonly call: PageCall; readonly result: ClockResult }) {
  const { say } = call;
  const { now, nights, obstacle } = result;
  return (
    <>
      <Facts
        facts={[
          { title: say('Часы стоят на', 'The clock stands at'), value: showMoment(now) },
          { title: say('Выполнено ночей', 'Nights run'), value: showCount(nights) },
        ]}
      />
      {obstacle !== null && <p class="notice warn">{nameNightObstacle(obstacle, say)}</p>}
      <LinkTo call={call} path="settings#clock" title={say('К часам', 'To the clock')} />
    </>
  );
}

function CertificatesView({ call, result }: { readonly call: PageCall; readonly result: CertificatesResult }) {
  const { say } = call;
  const { first, last, created, skipped } = result;
  return (
    <>
      <Tiles
        tiles={[
          {
            title: say('Выпущено сертификатов', 'Certificates made'),
            figure: showCount(created),
            more: `${first}\u2013${last}`,
          },
          { title: say('Уже были', 'Were there already'), figure: showCount(skipped) },
        ]}
      />
      <LinkTo call={call} path="certificates" title={say('К сертификатам', 'To the certificates')} />
    </>
  );
}

function SyncView({ call, result }: { readonly call: PageCall; readonly result: SyncResult }) {
  const { say } = call;
  const { id, cards, firstVersion, lastVersion } = result;
  return (
    <>
      <Facts
        facts={[
          { title: say('Карт', 'Cards'), value: showCount(cards) },
          {
            title: say('Пакеты', 'Packages'),
            value: firstVersion === null ? say('нет', 'none') : `${firstVersion}\u2013${lastVersion}`,
          },
        ]}
      />
      {id === null && <p>{say('Проверка: ничего не записано.', 'Dry run: nothing was written.')}</p>}
      <LinkTo
        call={call}
        path={id === null ? 'sync' : `sync/${id}`}
        title={say('К синхронизации', 'To the synchronization')}
      />
    </>
  );
}

function showSum(measure: MeasureName, sum: bigint): string {
  return measure === 'receipts' ? showCount(Number(sum)) : showBigSum(sum);
}

function showTotal({ lines, sums }: NightTotal, say: Say): string {
  const parts = measureNames.map((measure) => `${nameMeasure(measure, say)} ${showSum(measure, sums[measure])}`);
  return `${say('карт', 'cards')}: ${showCount(lines)}; ${parts.join(', ')}`;
}

function PreviewView({ call, result }: { readonly call: PageCall; readonly result: PreviewResult }) {
  const { say, base } = call;
  const { businessOn, nightsBefore, writeOff, accrual, top } = result;
  const parts = top.flatMap(({ cardNumber, writeOffs, credits }) => [
    ...writeOffs.map(({ measure, amount }) => ({ cardNumber, measure, what: say('сгорит', 'burns'), amount })),
    ...credits.map(({ measure, amount }) => ({ cardNumber, measure, what: say('начислится', 'is credited'), amount })),
  ]);
  return (
    <>
      <h2>{say(`Ночь за ${showDate(businessOn)}`, `Night of ${showDate(businessOn)}`)}</h2>
      {nightsBefore > 0 && (
        <p class="hint">
          {say(
            `Перед ней ещё ночей: ${nightsBefore}. Они учтены.`,
            `Nights before it: ${nightsBefore}. They are counted in.`,
          )}
        </p>
      )}
      <Tiles
        tiles={[
          {
            title: say('Сгорит бонусов', 'Bonus written off'),
            figure: showBigSum(writeOff.sums.bonus),
            more: showTotal(writeOff, say),
          },
          {
            title: say('Начислится бонусов', 'Bonus credited'),
            figure: showBigSum(accrual.sums.bonus),
            more: showTotal(accrual, say),
          },
        ]}
      />
      <p class="actions">
        <a class="button second" href={`${base}/night/preview.csv?on=${businessOn}`}>
          {say('Все карты в CSV', 'All cards as CSV')}
        </a>
      </p>
      <Table
        caption={say('Карты, которые изменятся больше всего', 'The cards that change most')}
        columns={[
          {
            title: say('Карта', 'Card'),
            show: ({ cardNumber }) => <CardLink base={base} number={cardNumber} />,
            isHead: true,
          },
          { title: say('Что', 'What'), show: ({ what }) => what },
          { title: say('Мера', 'Measure'), show: ({ measure }) => nameMeasure(measure, say) },
          {
            title: say('Сколько', 'How much'),
            show: ({ measure, amount }) => showSum(measure, BigInt(amount)),
            isNumber: true,
          },
        ]}
        rows={parts}
        none={say('Эта ночь ничего не изменит.', 'This night changes nothing.')}
      />
    </>
  );
}

function ComparisonView({ call, result }: { readonly call: PageCall; readonly result: ComparisonResult }) {
  const { say, base } = call;
  const { businessOn, total, apart } = result;
  return (
    <>
      <h2>{say(`Ночь за ${showDate(businessOn)}`, `Night of ${showDate(businessOn)}`)}</h2>
      <Facts
        facts={[
          { title: say('Строк', 'Lines'), value: showCount(total.lines) },
          { title: say('Из них расходятся', 'Of them apart'), value: showCount(total.apart) },
          ...measureNames.map((measure) => ({
            title: `${nameMeasure(measure, say)}: ${say('по документации / по партиям', 'documented / lots')}`,
            value: `${showSum(measure, total.documented[measure])} / ${showSum(measure, total.lots[measure])}`,
          })),
        ]}
      />
      <Table
        caption={say('Где правила расходятся больше всего', 'Where the rules differ most')}
        columns={[
          {
            title: say('Карта', 'Card'),
            show: ({ cardNumber }) => <CardLink base={base} number={cardNumber} />,
            isHead: true,
          },
          { title: say('Мера', 'Measure'), show: ({ measure }) => nameMeasure(measure, say) },
          { title: say('Остаток', 'Balance'), show: (line) => showAmount(line.measure, line.balance), isNumber: true },
          {
            title: say('Не сгорает', 'Does not burn'),
            show: (line) => showAmount(line.measure, line.covered),
            isNumber: true,
          },
          {
            title: say('По документации', 'Documented'),
            show: (line) => showAmount(line.measure, line.documented),
            isNumber: true,
          },
          { title: say('По партиям', 'By lots'), show: (line) => showAmount(line.measure, line.lots), isNumber: true },
        ]}
        rows={apart}
        none={say('Правила нигде не расходятся.', 'The rules differ nowhere.')}
      />
    </>
  );
}

function showAmount(measure: MeasureName, amount: number): string {
  return measure === 'receipts' ? showCount(amount) : showMoney(amount);
}
