// What the address of a report asks for: what cannot be read restricts nothing, what this report does not take is left out.
import { measureNames } from '../../ledger/account.ts';
import { reportForms, type ReportName, type ReportRequest } from '../../operations/reports/open-report.ts';
import { readDate, readText } from '../read-query.ts';

export function readReportRequest(name: ReportName, query: URLSearchParams): ReportRequest {
  const { takes, groupings } = reportForms[name];
  const all: ReportRequest = {
    from: readDate(query, 'from'),
    to: readDate(query, 'to'),
    cardNumber: readText(query, 'card'),
    kindCode: readText(query, 'kind'),
    shopCode: readText(query, 'shop'),
    by: groupings.find((by) => by === query.get('by')) ?? null,
    measure: measureNames.find((measure) => measure === query.get('measure')) ?? null,
    register: (['accumulation', 'billing'] as const).find((one) => one === query.get('register')) ?? null,
  };
  const left = Object.entries(all).map(([field, value]) => [
    field,
    field === 'by' || (takes as readonly string[]).includes(field) ? value : null,
  ]);
  return Object.fromEntries(left) as ReportRequest;
}

export function writeReportQuery(request: ReportRequest): URLSearchParams {
  const { from, to, cardNumber, kindCode, shopCode, by, measure, register } = request;
  const fields = { from, to, card: cardNumber, kind: kindCode, shop: shopCode, by, measure, register };
  const given = Object.entries(fields).filter(([, value]) => value !== null) as [string, string][];
  return new URLSearchParams(given);
}
