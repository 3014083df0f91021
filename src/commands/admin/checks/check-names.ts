// The part of `kkm doctor` that asks for KKM_ variables that nobody reads.
import { ok, warn, type Finding } from './finding.ts';

export function checkNames(unknown: readonly string[]): Finding {
  if (unknown.length === 0) return ok('variables', 'every KKM_ variable set is known');
  return warn(
    'variables',
    unknown.map((name) => `KKM_${name}`).join(', '),
    'this version does not know it: check the spelling',
  );
}
