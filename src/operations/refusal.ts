// Why an operation does nothing: each door says it in its own words.

/** What would help. An operation knows no command and no page, so it says what is to be done, not how. */
export type Remedy =
  | 'continue_enabling'
  | 'look_at_billing'
  | 'enable_billing'
  | 'disable_billing'
  | 'run_nights'
  | 'subscribe'
  | 'list_shops'
  | 'move_tills';

/** `Field`: the names of the request's fields. */
export interface Refusal<Field extends string = string> {
  readonly ok: false;
  readonly why: string;
  /** What of the request is at fault. */
  readonly field?: Field;
  /** missing: the field was left out, and is needed here; not_found: what is named is not there. Else the rules forbid. */
  readonly sort?: 'missing' | 'not_found';
  readonly remedy?: Remedy;
}

export function refuse<const Field extends string = never>(
  why: string,
  terms: Omit<Refusal<Field>, 'ok' | 'why'> = {},
): Refusal<Field> {
  return { ok: false, why, ...terms };
}
