// What a simple type expects, in Russian, for the fault that a wrong value gets.
import type { ScalarKind, ScalarType } from './schema.ts';

const descriptions: Readonly<Record<Exclude<ScalarKind, 'list' | 'union'>, string>> = {
  string: 'строка',
  boolean: 'true или false',
  integer: 'целое число',
  int: 'целое число до 2147483647',
  long: 'целое число до 9223372036854775807',
  decimal: 'число вида 123.45',
  double: 'число',
  dateTime: 'дата и время вида 2026-11-22T14:05:00',
  date: 'дата вида 2026-11-22',
  time: 'время вида 14:05:00',
  base64Binary: 'данные base64',
  hexBinary: 'шестнадцатеричные данные',
  duration: 'длительность вида P1DT2H',
  gYearMonth: 'месяц вида 2026-11',
  gYear: 'год вида 2026',
  gMonthDay: 'день года вида --11-22',
  gDay: 'день месяца вида ---22',
  gMonth: 'месяц вида --11',
  QName: 'имя с пространством имён',
};

function describeKind({ kind, item, members = [] }: ScalarType): string {
  if (kind === 'list') return `список через пробел (${describeText(item!)})`;
  if (kind === 'union') return members.map(describeText).join(' или ');
  return descriptions[kind];
}

function describeLength(type: ScalarType): string {
  const unit = type.kind === 'list' ? 'значений' : type.kind === 'string' ? 'знаков' : 'байт';
  const most = type.maxLength === undefined ? '' : ` не длиннее ${type.maxLength} ${unit}`;
  const least = type.minLength === undefined ? '' : ` не короче ${type.minLength} ${unit}`;
  return least + most;
}

function describeNumber({ totalDigits, fractionDigits, least, most }: ScalarType): string {
  const from = least === undefined ? '' : ` ${least.exclusive ? 'больше' : 'не меньше'} ${least.text}`;
  const to = most === undefined ? '' : ` ${most.exclusive ? 'меньше' : 'не больше'} ${most.text}`;
  const total = totalDigits === undefined ? '' : `, цифр не больше ${totalDigits}`;
  const fraction = fractionDigits === undefined ? '' : `, после точки не больше ${fractionDigits}`;
  return from + to + total + fraction;
}

export function describeText(type: ScalarType): string {
  if (type.values !== undefined) return `одно из значений ${[...type.values].join(', ')}`;
  // Clients of 1C cut a fault at its last "}:".
  const patterns = (type.patterns ?? []).map(({ text }) => ` по образцу ${text.replaceAll('}:', '} :')}`).join('');
  return describeKind(type) + describeLength(type) + describeNumber(type) + patterns;
}
