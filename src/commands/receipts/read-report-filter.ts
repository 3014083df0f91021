// The flags that say which tills' shifts a command is about.
import type { ReportFilter } from '../../operations/receipts/list-department-reports.ts';
import { UsageMistake } from '../command-io.ts';
import { readDateFlag } from '../read-date-flag.ts';
import { readNumber } from '../read-number-flag.ts';

export const reportFilterFlags = {
  kkm: { takes: 'K', about: 'this till only' },
  shift: { takes: 'N', about: 'this shift only' },
  from: { takes: 'D', about: 'receipts of this date and later: 2026-11-22 or 22.11.2026' },
  to: { takes: 'D', about: 'receipts up to and including this date' },
} as const;

/** @throws UsageMistake */
export function readReportFilter(flags: {
  readonly kkm: string | undefined;
  readonly shift: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}): ReportFilter {
  const from = readDateFlag('from', flags.from ?? '0001-01-01');
  const to = readDateFlag('to', flags.to ?? '9999-12-31');
  if (from > to) throw new UsageMistake(`--from ${from} is later than --to ${to}`, '--from');
  return {
    kkm: flags.kkm,
    shiftNumber: flags.shift === undefined ? undefined : readNumber('--shift', flags.shift, 'a whole number'),
    from,
    to,
  };
}
