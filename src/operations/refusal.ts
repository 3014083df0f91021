// Why an operation does nothing: each door says it in its own words.

/** What would help. An operation knows no command and no page, so it says what to do, not how. */
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
  /** The field of the request that is wrong. */
  readonly field?: Field;
  /** missing: the field was left out, and is needed here; not_found: what it names does not exist; changed: the state is not
   * the one that the caller has seen. Left out: the rules forbid the value. */
  readonly sort?: 'missing' | 'not_found' | 'changed';
  readonly remedy?: Remedy;
}

export function refuse<const Field extends string = never>(
  why: string,
  terms: Omit<Refusal<Field>, 'ok' | 'why'> = {},
): Refusal<Field> {
  return { ok: false, why, ...terms };
}
