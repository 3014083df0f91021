// What the form of an import asks for: the columns of the file by field, and the terms.
import { openingKinds, type OpeningKind } from '../../operations/opening/opening-request.ts';
import { dateOf, parseLocalDate } from '../../ledger/local-date-time.ts';
import type { ImportTask } from '../../works/start-import.ts';
import { openingFields, type OpeningField } from '../../operations/opening/read-opening-sheet.ts';
import type { PageCall } from '../page.ts';

/** "column-3" names the field of the fourth column; "title-3" is its name in the file. */
export const columnField = (place: number): string => `column-${place}`;
export const titleField = (place: number): string => `title-${place}`;

export function readImportRequest(call: PageCall, isDryRun: boolean): ImportTask['request'] {
  const { form, now } = call;
  const has = (name: string): boolean => form.get(name) === 'yes';
  return {
    kind: readKind(form),
    datedOn: parseLocalDate(form.get('date') ?? '') ?? dateOf(now),
    mayCreate: has('create'),
    mayOwe: has('debt'),
    kindCode: form.get('kind') || null,
    columns: readColumns(form),
    expected: {},
    isForced: has('force'),
    mayAdd: has('add'),
    mayLeaveOut: has('skip'),
    isDryRun,
  };
}

function readKind(form: URLSearchParams): OpeningKind {
  return openingKinds.find((kind) => kind === form.get('document')) ?? openingKinds[0];
}

function readColumns(form: URLSearchParams): ImportTask['request']['columns'] {
  const mapping: Partial<Record<OpeningField, string>> = {};
  const ignoredColumns: string[] = [];
  for (const [name, title] of form) {
    const place = /^title-(\d+)$/.exec(name)?.[1];
    if (place === undefined || title === '') continue;
    const field = openingFields.find((one) => one === form.get(columnField(Number(place))));
    if (field === undefined) ignoredColumns.push(title);
    else mapping[field] = title;
  }
  return { mapping, ignoredColumns };
}
