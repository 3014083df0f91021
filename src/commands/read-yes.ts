// A flag that says yes or no.
import { expected } from './command-io.ts';

/** @throws UsageMistake */
export function readYes(field: string, text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw expected(field, 'yes or no', text);
}
