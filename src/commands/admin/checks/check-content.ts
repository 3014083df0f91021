// The part of `kkm doctor` that judges what the database has inside: whether it is whole, how it commits, what is entered.
import { countOf } from '../../../ledger/count-of.ts';
import type { InfobaseCheck } from '../../../operations/admin/check-infobase.ts';
import { describeDifference } from '../describe-difference.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** Every finding about a database that could be read. */
export function judgeInfobase(check: InfobaseCheck): Finding[] {
  const { integrityMistakes, journalMode, synchronous, migrations, users, admins, kinds, cards, difference } = check;
  const [mistake] = integrityMistakes;
  const isDurable = journalMode === 'wal' && synchronous === 2;
  const commits = `journal mode ${journalMode}, synchronous ${synchronous === 2 ? 'FULL' : synchronous}`;
  return [
    mistake === undefined
      ? ok('integrity', 'the database is intact')
      : fail(
          'integrity',
          `${countOf(integrityMistakes.length, 'mistake')}, the first: ${mistake}`,
          'stop the service and restore a backup (kkm restore)',
        ),
    isDurable
      ? ok('commits', commits)
      : fail('commits', commits, 'keep the data on a local disk: WAL needs shared memory'),
    ok('schema', `${migrations.at(-1) ?? 'none'} (${migrations.length} migrations)`),
    judgeUsers(users, admins),
    kinds === 0 ? warn('card kinds', 'none', 'kkm kinds set CODE --name TEXT') : ok('card kinds', String(kinds)),
    cards === 0 ? warn('cards', 'none', 'kkm cards range or kkm cards import') : ok('cards', String(cards)),
    difference === null
      ? ok('balances', 'every balance is the sum of its movements')
      : fail(
          'balances',
          describeDifference(difference),
          'stop, keep the file, and report it to those who support the product',
        ),
  ];
}

function judgeUsers(users: number, admins: number): Finding {
  if (users === 0) return warn('users', 'none: no till can call', 'the first start makes them, or kkm user add');
  if (admins === 0) return warn('users', `${users}, no administrator`, 'kkm user add NAME --role admin');
  return ok('users', `${users}, administrators: ${admins}`);
}
