// What became of a shift report that was loaded, receipt by receipt: rejected ones first.
import type { ReceiptReport, ShiftFileReport } from '../../operations/exchange/shift-file-report.ts';
import type { PageCall } from '../page.ts';
import { Table } from '../parts/table.tsx';
import { Tiles } from '../parts/tiles.tsx';
import { showCount, showDate, showMoment } from '../show.ts';

interface ShiftReportProps {
  readonly call: PageCall;
  readonly report: Exclude<ShiftFileReport, { readonly result: 'failed' }>;
  readonly isDryRun: boolean;
}

const receiptsShown = 500;

export function ShiftReport({ call: { say, base }, report, isDryRun }: ShiftReportProps) {
  const back = (
    <p class="actions">
      <a class="button second" href={`${base}/exchange`}>
        {say('К обмену', 'To the exchange')}
      </a>
    </p>
  );
  if (report.result === 'repeat') {
    const { earlierFile, earlierAt } = report;
    return (
      <>
        <p class="notice">
          {say(
            `Этот файл уже загружен ${showMoment(earlierAt)} (${earlierFile}): ничего не изменилось.`,
            `It was loaded before, ${showMoment(earlierAt)} (${earlierFile}): nothing changes.`,
          )}
        </p>
        {back}
      </>
    );
  }
  const order = { rejected: 0, accepted: 1, linked: 2 } as const;
  const receipts = report.receipts.toSorted((a, b) => order[a.outcome] - order[b.outcome]).slice(0, receiptsShown);
  const outcomes = {
    accepted: say('принят', 'accepted'),
    linked: say('связан с пришедшим онлайн', 'linked with the online one'),
    rejected: say('отклонён', 'rejected'),
  };
  return (
    <>
      <p class={`notice ${report.rejected === 0 ? 'done' : 'warn'}`}>
        {say('Касса', 'Till')} {report.kkm}.{' '}
        {isDryRun
          ? say('Проверка: ничего не записано.', 'Dry run: nothing was written.')
          : say('Загружено.', 'Loaded.')}
      </p>
      <Tiles
        tiles={[
          { title: say('Принято', 'Accepted'), figure: showCount(report.accepted) },
          { title: say('Связано', 'Linked'), figure: showCount(report.linked) },
          { title: say('Отклонено', 'Rejected'), figure: showCount(report.rejected) },
        ]}
      />
      <Table
        caption={`${say('Чеки файла, отклонённые сверху', 'Receipts of the file, rejected ones first')}: ${showCount(receipts.length)} / ${showCount(report.receipts.length)}`}
        columns={[
          { title: say('Смена', 'Shift'), show: ({ shiftNumber }) => shiftNumber, isNumber: true },
          { title: say('Чек', 'Receipt'), show: ({ receiptNumber }) => receiptNumber, isNumber: true },
          { title: say('Дата', 'Date'), show: ({ receiptOn }) => showDate(receiptOn) },
          { title: say('Итог', 'Outcome'), show: ({ outcome }: ReceiptReport) => outcomes[outcome] },
          { title: say('Код', 'Code'), show: ({ code }) => code, isNumber: true },
          { title: say('Текст', 'Text'), show: ({ text, document }) => document ?? text },
        ]}
        rows={receipts}
        none={say('В файле нет чеков.', 'The file has no receipts.')}
      />
      {back}
    </>
  );
}
