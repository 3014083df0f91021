// Why no night is run, for people.
import type { NightObstacle } from '../../operations/night/run-night.ts';
import type { Say } from '../say.ts';

export function nameNightObstacle(obstacle: NightObstacle, say: Say): string {
  switch (obstacle) {
    case 'billing_off':
      return say('Биллинг выключен: ночной регламент не выполняется.', 'Billing is off: no night is run.');
    case 'no_subscription':
      return say(
        'Нет расширенной подписки: ночной регламент не выполняется.',
        'No extended subscription: no night is run.',
      );
    case 'enabling':
      return say(
        'Биллинг включается: ночи выполняет перепроведение.',
        'Billing is being switched on, which runs the nights.',
      );
  }
}
