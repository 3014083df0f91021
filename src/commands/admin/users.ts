// `kkm user`: who may call the service, and as what.
import { makePassword } from '../../operations/admin/password.ts';
import {
  addServiceUser,
  listServiceUsers,
  removeServiceUser,
  shortestPassword,
  userRoles,
} from '../../operations/admin/users.ts';
import { answer } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag, runGroup, type CommandIo } from '../command-io.ts';
import { withInfobase } from '../open-infobase.ts';
import { refusedBy } from '../refused-by.ts';
import { readOneOf } from '../read-word-flag.ts';
import { writeList } from '../write-list.ts';

const add = defineCommand({
  usage: 'NAME --role till|admin|auditor [--password-stdin [--force]] [--update]',
  about: 'adds a user; without --password-stdin a password is made and shown once',
  takes: ['NAME'],
  flags: {
    role: { takes: 'ROLE', isRequired: true, about: 'till: serves cards; admin: everything; auditor: reads' },
    'password-stdin': { about: 'reads the password from standard input (without its line end)' },
    force: { about: `takes a password of fewer than ${shortestPassword} characters` },
    update: { about: 'gives a known user the role and a new password' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: async ({ flags, values: [name = ''] }, io) => {
    const role = readOneOf('--role', flags.role, userRoles);
    const given = flags['password-stdin'] ? (await io.readStdin()).replace(/\r?\n$/, '') : undefined;
    const password = given ?? makePassword();
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, isDryRun ? 'existing' : 'existing or new', async (infobase, clock) => {
      const options = { mayReplace: flags.update, mayBeShort: flags.force, isDryRun };
      const outcome = await addServiceUser(infobase, clock.now(), { name, role, password }, options);
      if (!outcome.ok) {
        const { why, isShort } = outcome;
        throw refusedBy({ ...outcome, why: isShort === true ? `${why}; --force takes it` : why }, fieldNames);
      }
      const { isNew } = outcome;
      // A password made in a dry run is nobody's.
      const isShown = given === undefined && !isDryRun;
      const done = `${isDryRun ? 'would be ' : ''}${isNew ? 'added to' : 'changed in'} infobase "${infobase.name}"`;
      return answer(io, flags, {
        json: { name, role, isNew, isDryRun, ...(isShown ? { password } : {}) },
        lines: [`user "${name}" (${role}) ${done}`, ...(isShown ? [`password: ${password}`] : [])],
      });
    });
  },
});

const fieldNames = { name: 'NAME', password: '--password-stdin' } as const;

const list = defineCommand({
  usage: '',
  about: 'lists the users; passwords are kept as salted hashes and cannot be shown',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const known = (await listServiceUsers(infobase)).map(({ name, role, madeAt }) => ({ name, role, madeAt }));
      return writeList(io, flags, {
        entries: known,
        heading: ['name', 'role', 'added'],
        showRow: ({ name, role, madeAt }) => [name, role, madeAt],
        none: `infobase "${infobase.name}" has no users`,
      });
    }),
});

const remove = defineCommand({
  usage: 'NAME',
  about: 'removes a user; a running service refuses the next call of that user',
  takes: ['NAME'],
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags, values: [name = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const isDryRun = flags['dry-run'];
      const { sort, admins } = await removeServiceUser(infobase, name, { isDryRun });
      if (sort === 'unknown') {
        const message = `there is no user "${name}" in infobase "${infobase.name}"`;
        throw new CommandFailed(message, { code: 'not_found', field: 'NAME' });
      }
      if (admins === 0) {
        io.err(`no administrator ${isDryRun ? 'would be' : 'is'} left: kkm user add NAME --role admin`);
      }
      return answer(io, flags, {
        json: { name, isRemoved: !isDryRun, isDryRun },
        lines: `user "${name}" ${isDryRun ? 'would be ' : ''}removed from infobase "${infobase.name}"`,
      });
    }),
});

export function users(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm user', { add, list, remove }, args, io);
}
