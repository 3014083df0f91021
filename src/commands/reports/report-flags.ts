// The flags of reports, and what they ask.
import { measureNames } from '../../ledger/account.ts';
import type { Grouping } from '../../operations/reports/report-scope.ts';
import { groupings } from '../../operations/reports/report-scope.ts';
import {
  reportForms,
  type ReportField,
  type ReportName,
  type ReportRequest,
} from '../../operations/reports/open-report.ts';
import { rowFormats, type RowFormat } from '../../tables/write-rows.ts';
import { commonFlags, UsageMistake, type Given } from '../command-io.ts';
import { readDateFlag } from '../read-date-flag.ts';
import { pageFlags } from '../read-page.ts';
import { readOneOf } from '../read-word-flag.ts';

const formats = ['table', 'json', ...rowFormats] as const;

/** What a report may take, by the flags; a report has those that it does take. */
const allFlags = {
  from: { takes: 'D', about: 'the first date of the period: 2026-11-22 or 22.11.2026' },
  to: { takes: 'D', about: 'the last date of the period' },
  card: { takes: 'NUMBER', about: 'this card only' },
  kind: { takes: 'CODE', about: 'cards of this kind only' },
  shop: { takes: 'CODE', about: 'tills of this shop only' },
  by: { takes: 'WHAT', about: 'what a row is of' },
  measure: { takes: 'MEASURE', about: `one measure only: ${measureNames.join(', ')}` },
  register: { takes: 'REGISTER', about: 'accumulation or billing (default: the register of the stage)' },
  ...pageFlags('CURSOR'),
  format: { takes: 'FORMAT', about: `${formats.join(', ')} (default: table, or by the name of --output)` },
  output: { takes: 'FILE', about: `the file to write, for ${rowFormats.join(', ')}` },
  ...commonFlags,
} as const;

export type ReportFlags = typeof allFlags;

/** The flag that a field of a request is given by. */
const flagOf = {
  from: 'from',
  to: 'to',
  cardNumber: 'card',
  kindCode: 'kind',
  shopCode: 'shop',
  by: 'by',
  measure: 'measure',
  register: 'register',
  cursor: 'after',
} as const satisfies Record<ReportField, keyof ReportFlags>;

export const flagNames = Object.fromEntries(
  Object.entries(flagOf).map(([field, flag]) => [field, `--${flag}`]),
) as Readonly<Record<ReportField, string>>;

/** A report's own flags, of the type of all: those that it does not take are never given. */
export function listReportFlags(name: ReportName): ReportFlags {
  const { takes, groupings: allowed } = reportForms[name];
  const foreign = new Set<string>(
    Object.entries(flagOf)
      .filter(([field]) => field !== 'cursor' && field !== 'by' && !(takes as readonly string[]).includes(field))
      .map(([, flag]) => flag),
  );
  if (allowed.length === 0) foreign.add('by');
  const by = { ...allFlags.by, about: `what a row is of: ${allowed.join(', ')} (default: ${allowed[0]})` };
  const own = Object.entries({ ...allFlags, by }).filter(([flag]) => !foreign.has(flag));
  return Object.fromEntries(own) as unknown as ReportFlags;
}

/** @throws UsageMistake */
export function readReportRequest(flags: Given<ReportFlags>): ReportRequest {
  const { by, measure, register } = flags;
  return {
    from: readDateFlag('from', flags.from) ?? null,
    to: readDateFlag('to', flags.to) ?? null,
    cardNumber: flags.card ?? null,
    kindCode: flags.kind ?? null,
    shopCode: flags.shop ?? null,
    by: by === undefined ? null : readOneOf<Grouping>('--by', by, groupings),
    measure: measure === undefined ? null : readOneOf('--measure', measure, measureNames),
    register: register === undefined ? null : readOneOf('--register', register, ['accumulation', 'billing']),
  };
}

/** Where the rows go: a page to a person or a machine, or all of them as a file. */
export type Destination =
  | { readonly sort: 'page'; readonly isJson: boolean }
  | { readonly sort: 'all'; readonly format: RowFormat; readonly file: string | undefined };

/** @throws UsageMistake */
export function readDestination({ format, output, json, limit, after }: Given<ReportFlags>): Destination {
  if (json && format !== undefined && format !== 'json') {
    throw new UsageMistake(`--json and --format ${format} exclude each other`, '--format');
  }
  const chosen = format === undefined ? guessFormat(output, json) : readOneOf('--format', format, formats);
  if (chosen === 'table' || chosen === 'json') {
    if (output === undefined) return { sort: 'page', isJson: chosen === 'json' };
    throw new UsageMistake(`--output takes ${rowFormats.join(', ')}: give one as --format`, '--output');
  }
  if (limit !== undefined || after !== undefined) {
    const flag = limit === undefined ? '--after' : '--limit';
    throw new UsageMistake(`${flag} is for pages of a table or JSON; ${chosen} has every row`, flag);
  }
  if (chosen === 'xlsx' && output === undefined) {
    throw new UsageMistake('--output is missing: XLSX is written to a file', '--output');
  }
  return { sort: 'all', format: chosen, file: output };
}

function guessFormat(output: string | undefined, isJson: boolean): (typeof formats)[number] {
  const known = rowFormats.find((format) => output?.toLowerCase().endsWith(`.${format}`) === true);
  return known !== undefined && !isJson ? known : isJson ? 'json' : 'table';
}
