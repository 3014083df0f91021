// Why an infobase does not serve its tills, and what a page offers to change that.
import type { Obstacle, StorageTroubleCode } from '../../operations/admin/find-obstacles.ts';
import type { Say } from '../say.ts';
import { showDate, showMoment } from '../show.ts';

export interface ExplainedObstacle {
  readonly what: string;
  readonly remedy: string;
  /** The page where it is changed, under the infobase's address. */
  readonly link?: { readonly path: string; readonly title: string };
}

export function explainObstacle(obstacle: Obstacle, say: Say): ExplainedObstacle {
  switch (obstacle.code) {
    case 'storage':
      return explainStorage(obstacle.trouble.code, say);
    case 'clock_behind':
      return {
        what: say(
          `Часы показывают ${showMoment(obstacle.now)}, а ночь за ${showDate(obstacle.lastNightOn)} уже выполнена.`,
          `The clock shows ${showMoment(obstacle.now)}, but the night of ${showDate(obstacle.lastNightOn)} has been run.`,
        ),
        remedy: say(
          'Исправьте часы сервера и проверьте KKM_TIMEZONE.',
          'Correct the clock of the server and check KKM_TIMEZONE.',
        ),
      };
    case 'nights_due':
      return {
        what: say(
          `Не выполнены ночи: ${obstacle.nights}, первая за ${showDate(obstacle.fromOn)}.`,
          `Nights due and not run: ${obstacle.nights}, the first of ${showDate(obstacle.fromOn)}.`,
        ),
        remedy: say(
          'Сервис выполняет их сам; можно запустить и вручную.',
          'The service runs them; you can run them too.',
        ),
        link: { path: 'night', title: say('Ночной регламент', 'Night') },
      };
    case 'stage_cards':
      return {
        what: say('Этап «карты»: кассы получают код 8.', 'Stage cards: tills are answered 8.'),
        remedy: say('Переключите этап на «online».', 'Set the stage to online.'),
        link: { path: 'settings', title: say('Настройки', 'Settings') },
      };
    case 'no_subscription':
      return {
        what: say(
          'Биллинг включён, а расширенной подписки нет: кассы получают код 9.',
          'Billing is on without the extended subscription: tills are answered 9.',
        ),
        remedy: say(
          'Запустите сервис с KKM_SUBSCRIPTION=extended или выключите биллинг.',
          'Start the service with KKM_SUBSCRIPTION=extended, or switch billing off.',
        ),
        link: { path: 'billing', title: say('Биллинг', 'Billing') },
      };
    case 'exclusive_mode':
      return explainExclusiveMode(obstacle.mode, say);
    case 'cards_not_accepted':
      return {
        what: say(
          'Приём карт запрещён (acceptCards): чтение карты и списание получают код 10.',
          'acceptCards is false: card reads and redemptions are answered 10.',
        ),
        remedy: say('После синхронизации разрешите приём карт.', 'Allow cards again after the synchronization.'),
        link: { path: 'settings', title: say('Настройки', 'Settings') },
      };
  }
}

function explainExclusiveMode(
  mode: Extract<Obstacle, { readonly code: 'exclusive_mode' }>['mode'],
  say: Say,
): ExplainedObstacle {
  const since = mode === undefined ? '' : ` (${say('с', 'since')} ${showMoment(mode.sinceAt)})`;
  const isDisabling = mode?.purpose === 'disabling';
  return {
    what: isDisabling
      ? say(`Монопольный режим: биллинг выключается${since}.`, `Exclusive mode: billing is being switched off${since}.`)
      : say(`Монопольный режим: биллинг включается${since}.`, `Exclusive mode: billing is being switched on${since}.`),
    remedy: say('Кассы получают код 10, пока работа не закончена.', 'Tills are answered 10 until it is done.'),
    link: { path: 'billing', title: say('Биллинг', 'Billing') },
  };
}

function explainStorage(code: StorageTroubleCode, say: Say): ExplainedObstacle {
  switch (code) {
    case 'moved':
      return {
        what: say(
          'Файл базы данных перемещён или заменён при работающем сервисе.',
          'The database file was moved or replaced while the service ran.',
        ),
        remedy: say(
          'Верните файлы на место до остановки сервиса, затем перезапустите его.',
          'Put the files back before the service is stopped, then start it again.',
        ),
      };
    case 'read_only':
      return {
        what: say('Файл базы данных только для чтения.', 'The database file is read-only.'),
        remedy: say(
          'Дайте учётной записи сервиса право записи и перезапустите сервис.',
          'Let the account of the service write it, then start the service again.',
        ),
      };
    case 'folder':
      return {
        what: say('В папку данных нельзя писать.', 'The data folder cannot be written.'),
        remedy: say('Дайте учётной записи сервиса права на неё.', 'Give the account of the service the rights to it.'),
      };
    case 'no_room':
      return {
        what: say('Диск заполнен.', 'The disk is full.'),
        remedy: say('Освободите место: чеки не записываются.', 'Make room: no receipt can be recorded.'),
      };
    case 'write_failed':
      return {
        what: say('Последняя запись в базу не удалась.', 'The last write to the database failed.'),
        remedy: say('Смотрите defect в журнале и проверьте диск.', 'Look at `defect` in the log and at the disk.'),
      };
  }
}
