// The fields of a range of numbers, of cards or certificates.
import { readNumberRange, type NumberRangeRequest } from '../../operations/cards/read-number-range.ts';
import type { PageCall } from '../page.ts';
import { InputField, type FieldMistakes } from './form.tsx';

interface RangeFieldsProps {
  readonly call: Pick<PageCall, 'say' | 'form'>;
  readonly mistakes: FieldMistakes | undefined;
}

export function RangeFields({ call: { say, form }, mistakes }: RangeFieldsProps) {
  return (
    <>
      <InputField
        name="prefix"
        label={say('Начало номера', 'Prefix')}
        value={form.get('prefix') ?? ''}
        mistakes={mistakes}
        inputMode="numeric"
        hint={say('Общее для всех, например 29.', 'The same for all, such as 29.')}
      />
      <div class="row">
        <InputField
          name="from"
          label={say('С', 'From')}
          value={form.get('from') ?? '1'}
          mistakes={mistakes}
          inputMode="numeric"
          isRequired
        />
        <InputField
          name="to"
          label={say('По', 'To')}
          value={form.get('to') ?? ''}
          mistakes={mistakes}
          inputMode="numeric"
          isRequired
        />
        <InputField
          name="width"
          label={say('Цифр после начала', 'Digits after the prefix')}
          value={form.get('width') ?? ''}
          mistakes={mistakes}
          inputMode="numeric"
          hint={say('Недостающие слева заполняются нулями.', 'Missing ones are zeros at the left.')}
        />
      </div>
    </>
  );
}

export function readRangeTexts(form: URLSearchParams): NumberRangeRequest {
  const text = (name: string): string => (form.get(name) ?? '').trim();
  const width = text('width');
  return { prefix: text('prefix'), from: text('from'), to: text('to'), width: width === '' ? undefined : width };
}

/** What is wrong with a range, beside its field; undefined where it is one. */
export function findRangeMistake({ say }: Pick<PageCall, 'say'>, range: NumberRangeRequest): FieldMistakes | undefined {
  const read = readNumberRange(range);
  if (read.ok) return undefined;
  const { field, why } = read;
  const isUnread = (field === 'from' || field === 'to') && !/^\d+$/.test(range[field]);
  return { [field]: isUnread ? say('Нужно целое число.', 'Expected a whole number.') : why };
}
