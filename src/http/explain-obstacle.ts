// Why an infobase does not serve tills, in words, and what to do about it. Anyone who asks /readyz reads these texts, so they
// show no path, no name of a user and nothing of a card.
import type { Obstacle, StorageTroubleCode } from '../operations/admin/find-obstacles.ts';

export interface Explanation {
  readonly code: Obstacle['code'] | StorageTroubleCode;
  readonly what: string;
  readonly remedy: string;
}

type Words = Omit<Explanation, 'code'>;

const storageWords: Readonly<Record<StorageTroubleCode, Words>> = {
  moved: {
    what: 'the database file, or its log (-wal), was moved, removed or replaced while the service ran',
    remedy: 'put the files back under their names before the service is stopped; then start it again',
  },
  read_only: {
    what: 'the database file is read-only',
    remedy: 'give the account of the service the right to write it, or mount its disk for writing; then start it again',
  },
  folder: {
    what: 'the data folder cannot be written or entered',
    remedy: 'give the account of the service the rights to read, write and enter it',
  },
  no_room: { what: 'the disk is full', remedy: 'make room: no receipt can be recorded' },
  write_failed: {
    what: 'the last write to the database failed',
    remedy:
      'look at `defect` in the log and at the disk; if the file was read-only at the start, start the service again',
  },
};

export function explainObstacle(obstacle: Obstacle): Explanation {
  if (obstacle.code === 'storage') return { code: obstacle.trouble.code, ...storageWords[obstacle.trouble.code] };
  return { code: obstacle.code, ...explainState(obstacle) };
}

function explainState(obstacle: Exclude<Obstacle, { readonly code: 'storage' }>): Words {
  switch (obstacle.code) {
    case 'clock_behind':
      return {
        what: `the clock shows ${obstacle.now}, before the night of ${obstacle.lastNightOn} that was run`,
        remedy: 'correct the clock of the machine, and check KKM_TIMEZONE',
      };
    case 'nights_due':
      return {
        what: `nights due and not run: ${obstacle.nights}, the first of ${obstacle.fromOn}`,
        remedy: 'the service runs them; if they stay due, look at `night failed` in the log, or run kkm night run',
      };
    case 'stage_cards':
      return { what: 'stage cards: tills are answered 8', remedy: 'kkm settings set stage online' };
    case 'no_subscription':
      return {
        what: 'stage billing without the extended subscription: tills are answered 9',
        remedy: 'start the service with KKM_SUBSCRIPTION=extended, or switch billing off: kkm billing disable',
      };
    case 'exclusive_mode':
      return explainExclusiveMode(obstacle.mode);
    case 'cards_not_accepted':
      return {
        what: 'acceptCards is false: card reads, new holds and online receipts are answered 10',
        remedy: 'kkm settings set acceptCards true',
      };
  }
}

function explainExclusiveMode(mode: Extract<Obstacle, { readonly code: 'exclusive_mode' }>['mode']): Words {
  const doing = mode?.purpose === 'disabling' ? 'billing is being switched off' : 'billing is being switched on';
  const since = mode === undefined ? '' : ` since ${mode.sinceAt}`;
  return {
    what: `exclusive mode: ${doing}${since}, tills are answered 10`,
    remedy: 'wait for its end; kkm billing status shows how far it is, kkm billing continue goes on with it',
  };
}
