// A request that is not answered with what it asked for, in the one form of errors.
import { describeResult, resultCodes, type ResultCode, type Trouble } from '../ledger/result.ts';
import type { Refusal } from '../operations/refusal.ts';
import { nameField } from './field-names.ts';

/** `{code, text, field?}`: a result code where the business refuses, else the HTTP status. */
export interface ErrorBody {
  readonly code: number;
  readonly text: string;
  readonly field?: string;
  /** Of a file or a list: what is wrong with its rows, the first of them. */
  readonly mistakes?: readonly RowMistake[];
}

/** A line counted from 1, and what is wrong there; the column is null where it is the line as a whole. */
export interface RowMistake {
  readonly line: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly why: string;
}

export class JsonRefusal extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: ErrorBody, headers: Readonly<Record<string, string>> = {}) {
    super(body.text);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** One that HTTP has a status for: its code is that status, which no result code is. */
export function refuseHttp(status: number, text: string, headers: Readonly<Record<string, string>> = {}): JsonRefusal {
  return new JsonRefusal(status, { code: status, text }, headers);
}

const statuses: Partial<Record<ResultCode, number>> = {
  [resultCodes.cardNotFound]: 404,
  [resultCodes.moduleOff]: 403,
  [resultCodes.noSubscription]: 403,
  [resultCodes.exclusiveMode]: 503,
  [resultCodes.badArgument]: 400,
};

/** A refusal by a result code, with the sentence that a till gets. */
export function refuseResult(code: ResultCode, trouble?: Trouble): JsonRefusal {
  const named = trouble === undefined ? undefined : { ...trouble, field: nameField(trouble.field) };
  const text = describeResult(code, named);
  const status = statuses[code] ?? 409;
  return new JsonRefusal(status, named === undefined ? { code, text } : { code, text, field: named.field });
}

/** Mistakes shown in one answer. */
const mistakesShown = 100;

/** A list that is refused for its rows. @param found all mistakes, or the first of `count`. */
export function refuseRows(found: readonly RowMistake[], count = found.length): JsonRefusal {
  const mistakes = found.slice(0, mistakesShown).map(({ line, column, value, why }) => ({ line, column, value, why }));
  const text = `Ничего не записано: ошибок ${count}`;
  return new JsonRefusal(400, { code: resultCodes.badArgument, text, mistakes });
}

/**
 * What an operation refuses to do, in its own words. A value that is wrong has code 11, as everywhere.
 * @param names of fields that the service calls otherwise.
 */
export function refuseOperation(refusal: Refusal, names: Readonly<Partial<Record<string, string>>> = {}): JsonRefusal {
  const { why: text, field, sort } = refusal;
  if (field !== undefined) {
    return new JsonRefusal(400, { code: resultCodes.badArgument, text, field: names[field] ?? field });
  }
  return refuseHttp(sort === 'not_found' ? 404 : 409, text);
}
