// Reports, their groupings and their columns as people call them.
import type { ReportName } from '../../operations/reports/open-report.ts';
import type { Grouping } from '../../operations/reports/report-scope.ts';
import type { RowColumn } from '../../tables/row-column.ts';
import type { Say } from '../say.ts';

export function nameReport(name: ReportName, say: Say): string {
  switch (name) {
    case 'turnover':
      return say('Биллинг: Дисконтные карты - Остатки и обороты', 'Turnover');
    case 'movements':
      return say('Операции по картам (биллинг)', 'Operations of cards');
    case 'sales':
      return say('Продажи по дисконтным картам', 'Sales by discount card');
    case 'department':
      return say('Отчет отдела', 'Shift reports');
    case 'burning':
      return say('Что и когда сгорит', 'What burns when');
    case 'flags':
      return say('Чеки, которые надо проверить', 'Receipts to check');
    case 'debts':
      return say('Карты с остатком ниже нуля', 'Cards below zero');
  }
}

export function describeReport(name: ReportName, say: Say): string {
  switch (name) {
    case 'turnover':
      return say('Остаток на начало, приход, расход, остаток на конец.', 'Opening, in, out, closing.');
    case 'movements':
      return say('Документы, из которых состоят обороты.', 'The documents that make the turnover.');
    case 'sales':
      return say('Чеки и возвраты: суммы, начислено, списано.', 'Receipts and returns: sums, accrued, redeemed.');
    case 'department':
      return say('Отчёты смен, принятые от касс.', 'Reports of shifts that tills have sent.');
    case 'burning':
      return say('Списания, которые предстоят, по датам.', 'Write-offs to come, by date.');
    case 'flags':
      return say('Ушли в минус, без продажи, с расхождением.', 'Debts, without their sale, or differing.');
    case 'debts':
      return say('Кто должен и сколько.', 'Who owes how much.');
  }
}

export function nameGrouping(by: Grouping, say: Say): string {
  switch (by) {
    case 'card':
      return say('по картам', 'by card');
    case 'kind':
      return say('по видам карт', 'by kind');
    case 'shop':
      return say('по магазинам', 'by shop');
    case 'day':
      return say('по дням', 'by day');
    case 'week':
      return say('по неделям', 'by week');
    case 'month':
      return say('по месяцам', 'by month');
    case 'total':
      return say('итоги', 'totals');
  }
}

/** The columns are named in Russian for files; English has the names that machines use. */
export function nameColumn({ name, title }: RowColumn, say: Say): string {
  return say(title, name.replaceAll('.', ': '));
}
