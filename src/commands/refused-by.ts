// What an operation says of its refusal, in the words of this command line: flags for fields, commands for remedies.
import type { Refusal, Remedy } from '../operations/refusal.ts';
import { CommandFailed, UsageMistake } from './command-io.ts';

const remedies: Readonly<Record<Remedy, string>> = {
  continue_enabling: 'kkm billing continue',
  look_at_billing: 'kkm billing status',
  enable_billing: 'kkm billing enable',
  disable_billing: 'kkm billing disable',
  run_nights: 'kkm night run',
  subscribe: 'KKM_SUBSCRIPTION=extended',
  list_shops: 'kkm shops list',
  move_tills: 'kkm tills set KKM --shop CODE',
};

/** "billing is being switched on or off (kkm billing status)" */
export function addRemedy({ why, remedy }: { readonly why: string; readonly remedy?: Remedy }): string {
  return remedy === undefined ? why : `${why} (${remedies[remedy]})`;
}

/**
 * The error to throw: a field that was left out is a flag missing, a mistake of usage.
 * @param names how the command line calls the fields: "--kind", "CODE".
 */
export function refusedBy<Field extends string = never>(
  refusal: Refusal<Field>,
  names: Readonly<Record<Field, string>>,
): UsageMistake | CommandFailed {
  const why = addRemedy(refusal);
  const code = refusal.sort === 'not_found' ? 'not_found' : 'refused';
  if (refusal.field === undefined) return new CommandFailed(why, { code });
  const field = names[refusal.field];
  if (refusal.sort === 'missing') return new UsageMistake(`${field} is missing: ${why}`, field);
  return new CommandFailed(`${field}: ${why}`, { code, field });
}
