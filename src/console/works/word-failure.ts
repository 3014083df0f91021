// Why long work did not do what it was asked for, in words that say what to do.
import type { Work } from '../../background-work.ts';
import type { ImportField } from '../../operations/opening/opening-request.ts';
import type { ImportResult } from '../../works/start-import.ts';
import type { Say } from '../say.ts';

export function wordFailure({ kind, result, failure = '' }: Work, say: Say): string {
  if (kind !== 'import' || result === undefined) return failure;
  const { outcome } = result as ImportResult;
  if (outcome.ok || outcome.field === null) return failure;
  return wordImport(outcome.field, say) ?? failure;
}

/** What of the form would let the file in. */
function wordImport(field: ImportField, say: Say): string | undefined {
  switch (field) {
    case 'kind':
      return say(
        'Этот документ не для этапа базы: выберите другой документ.',
        'This document is not for the stage of the infobase: choose the other.',
      );
    case 'datedOn':
      return say('Дата документа не подходит: она не позже сегодняшней.', 'The date must not be later than today.');
    case 'kindCode':
      return say('Такого вида карт нет: выберите вид новых карт.', 'There is no such card kind: choose one.');
    case 'isForced':
      return say(
        'Этот файл уже загружен. Чтобы загрузить его ещё раз поверх, отметьте это в условиях.',
        'This file was brought in before. To bring it in again on top, say so in the terms.',
      );
    case 'mayAdd':
      return say(
        'По некоторым картам остатки уже введены. Чтобы прибавить к ним, отметьте это в условиях.',
        'Some cards have opening sums already. To add to them, say so in the terms.',
      );
    case 'mayLeaveOut':
      return say(
        'В файле есть строки с ошибками. Исправьте их или разрешите пропускать такие строки.',
        'Some rows are bad. Correct them, or allow leaving such rows out.',
      );
    case 'expected':
      return undefined;
  }
}
