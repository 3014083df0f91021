// Business answers of the service (contract, "Result codes") and for each the Russian sentence that helps the cashier.

export const resultCodes = {
  done: 0,
  cardNotFound: 1,
  cardBlocked: 2,
  cardOutOfDates: 3,
  cardOnlyAccrues: 4,
  notEnoughBonus: 5,
  otherContent: 6,
  originalNotFound: 7,
  moduleOff: 8,
  noSubscription: 9,
  exclusiveMode: 10,
  badArgument: 11,
  beforeBilling: 12,
  certificateState: 13,
  alreadyCancelled: 14,
} as const;

export type ResultCode = (typeof resultCodes)[keyof typeof resultCodes];

/** Which value was wrong and what was expected; `field` is the command's name for it, doors show their own. */
export interface Trouble {
  readonly field: string;
  readonly expected: string;
}

/**
 * The sentence shown to the cashier.
 * @param trouble for codes 6 and 11, with the door's own name of the field.
 */
export function describeResult(code: ResultCode, trouble?: Trouble): string {
  switch (code) {
    case 0:
      return 'Выполнено.';
    case 1:
      return 'Карта не найдена: проверьте номер карты.';
    case 2:
      return 'Карта заблокирована: обслужите покупателя без карты.';
    case 3:
      return 'Срок действия карты не начался или истёк: обслужите покупателя без карты.';
    case 4:
      return 'Карта только накапливает: списать бонусы с неё нельзя.';
    case 5:
      return 'Недостаточно бонусов: уменьшите сумму списания.';
    case 6:
      return trouble === undefined
        ? 'Операция с таким ключом уже принята с другим содержанием: обратитесь к администратору.'
        : `Операция с таким ключом уже принята с другим значением поля ${trouble.field}: обратитесь к администратору.`;
    case 7:
      return 'Исходный чек не найден: проверьте данные чека продажи.';
    case 8:
      return 'Эта функция сервиса выключена: продолжайте без неё.';
    case 9:
      return 'Нет расширенной подписки: обратитесь к администратору.';
    case 10:
      return 'Идёт работа в монопольном режиме: повторите позже.';
    case 11:
      return trouble === undefined
        ? 'Неверное значение в запросе: обратитесь к администратору.'
        : `Неверное значение поля ${trouble.field}: ожидается ${trouble.expected}.`;
    case 12:
      return 'Операция раньше начала биллинга: записана, баланс карты не изменён.';
    case 13:
      return 'Состояние сертификата не допускает эту операцию.';
    case 14:
      return 'Операция уже отменена: проводить её не нужно.';
  }
}
