// The check of a turnover: opening + in - out = closing in every row that is shown.
import type { Say } from '../say.ts';
import { isBalanced } from './check-turnover.ts';

export function Balanced({ say, rows }: { readonly say: Say; readonly rows: readonly object[] }) {
  if (rows.length === 0) return null;
  return isBalanced(rows) ? (
    <p class="notice done">
      {say(
        'Сходится: начальный остаток + приход - расход = конечный остаток.',
        'It adds up: opening + in - out = closing.',
      )}
    </p>
  ) : (
    <p class="notice problem" role="alert">
      {say('Не сходится. Запустите kkm verify.', 'It does not add up. Run kkm verify.')}
    </p>
  );
}
