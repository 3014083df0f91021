// What the console throws where it shows an error page instead of the page that was asked for.
import type { Say } from './say.ts';

export type RefusalStatus = 400 | 403 | 404 | 413 | 500 | 503;

export class ConsoleRefusal extends Error {
  readonly status: RefusalStatus;

  /** @param detail what was not found, or the number of the incident. */
  constructor(status: RefusalStatus, detail = '') {
    super(detail);
    this.status = status;
  }
}

export function refuseConsole(status: RefusalStatus, detail = ''): ConsoleRefusal {
  return new ConsoleRefusal(status, detail);
}

export function describeRefusal({ status, message }: ConsoleRefusal, say: Say): { title: string; text: string } {
  switch (status) {
    case 400:
      return {
        title: say('Запрос не прочитан', 'The request could not be read'),
        text: say('Вернитесь назад и повторите.', 'Go back and try again.'),
      };
    case 403:
      return {
        title: say('Нет доступа', 'No access'),
        text: say(
          'Эту страницу или это действие разрешают другой роли, или форма открыта слишком давно. Обновите страницу или войдите под другим пользователем.',
          'Another role may do this, or the form was opened too long ago. Load the page again or log in as another user.',
        ),
      };
    case 404:
      return {
        title: say('Не найдено', 'Not found'),
        text: message === '' ? say('В консоли нет такой страницы.', 'The console has no such page.') : message,
      };
    case 413:
      return {
        title: say('Файл слишком большой', 'The file is too large'),
        text: say(`Принимаются файлы до ${message}.`, `Files of up to ${message} are taken.`),
      };
    case 500:
      return {
        title: say('Внутренняя ошибка', 'Internal error'),
        text: say(
          `Ничего не изменено. Номер инцидента ${message}: с ним администратор найдёт причину в журнале сервиса.`,
          `Nothing was changed. Incident ${message}: the log of the service has the cause under this number.`,
        ),
      };
    case 503:
      return {
        title: say('Сервис останавливается', 'The service is stopping'),
        text: say('Повторите через минуту.', 'Try again in a minute.'),
      };
  }
}
