// The filters of a report, and the ways to take it away: files and paper.
import { measureNames } from '../../ledger/account.ts';
import type { CardKind } from '../../ledger/card.ts';
import type { Shop } from '../../operations/catalogs/shops.ts';
import { reportForms, type ReportName, type ReportRequest } from '../../operations/reports/open-report.ts';
import type { PageCall } from '../page.ts';
import { InputField, SelectField, type FieldMistakes } from '../parts/form.tsx';
import { nameMeasure } from '../words.ts';
import { writeReportQuery } from './report-request.ts';
import { nameGrouping } from './report-words.ts';

interface ReportFormProps {
  readonly call: PageCall;
  readonly name: ReportName;
  readonly request: ReportRequest;
  readonly kinds: readonly CardKind[];
  readonly shops: readonly Shop[];
  readonly mistakes: FieldMistakes;
}

export function ReportForm({ call, name, request, kinds, shops, mistakes }: ReportFormProps) {
  const { say, base } = call;
  const { takes, groupings } = reportForms[name];
  const has = (field: keyof ReportRequest): boolean => (takes as readonly string[]).includes(field);
  const any = { value: '', title: say('все', 'all') };
  return (
    <form method="get" action={`${base}/reports/${name}`} class="filter" role="search">
      {groupings.length > 0 && (
        <SelectField
          name="by"
          label={say('Строки', 'Rows')}
          value={request.by ?? groupings[0]}
          choices={groupings.map((by) => ({ value: by, title: nameGrouping(by, say) }))}
        />
      )}
      {has('from') && (
        <InputField name="from" type="date" label={say('С', 'From')} value={request.from ?? ''} mistakes={mistakes} />
      )}
      {has('to') && (
        <InputField name="to" type="date" label={say('По', 'To')} value={request.to ?? ''} mistakes={mistakes} />
      )}
      {has('cardNumber') && (
        <InputField
          name="card"
          type="search"
          label={say('Карта', 'Card')}
          value={request.cardNumber ?? ''}
          mistakes={mistakes}
        />
      )}
      {has('kindCode') && (
        <SelectField
          name="kind"
          label={say('Вид карты', 'Card kind')}
          value={request.kindCode ?? ''}
          choices={[any, ...kinds.map(({ code, name: title }) => ({ value: code, title }))]}
        />
      )}
      {has('shopCode') && (
        <SelectField
          name="shop"
          label={say('Магазин', 'Shop')}
          value={request.shopCode ?? ''}
          choices={[any, ...shops.map(({ code, name: title }) => ({ value: code, title }))]}
        />
      )}
      {has('measure') && (
        <SelectField
          name="measure"
          label={say('Показатель', 'Measure')}
          value={request.measure ?? ''}
          choices={[any, ...measureNames.map((measure) => ({ value: measure, title: nameMeasure(measure, say) }))]}
        />
      )}
      <button type="submit">{say('Показать', 'Show')}</button>
    </form>
  );
}

export function ReportFiles({ call, name, request }: Pick<ReportFormProps, 'call' | 'name' | 'request'>) {
  const { say, base } = call;
  const query = writeReportQuery(request).toString();
  const address = (format: string): string => `${base}/reports/${name}.${format}${query === '' ? '' : `?${query}`}`;
  return (
    <p class="actions">
      <a class="button second" href={address('xlsx')}>
        {say('Весь отчёт в XLSX', 'All of it as XLSX')}
      </a>
      <a class="button second" href={address('csv')}>
        CSV
      </a>
    </p>
  );
}
