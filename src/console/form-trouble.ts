// What a form that was refused shows: a sentence beside its field, or above the form.
import type { FieldMistakes } from './parts/form.tsx';
import type { Say } from './say.ts';

export interface FormTrouble {
  readonly mistakes?: FieldMistakes;
  /** Of the form as a whole. */
  readonly problem?: string;
}

/** @param russian sentences for the fields that an operation may refuse; without one, its own words are shown. */
export function findTrouble<Field extends string>(
  { why, field }: { readonly why: string; readonly field?: Field },
  say: Say,
  russian: Partial<Readonly<Record<Field, string>>> = {},
): FormTrouble {
  if (field === undefined) return { problem: why };
  return { mistakes: { [field]: say(russian[field] ?? why, why) } };
}
