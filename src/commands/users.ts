// `kkm user`: who may call the service, and as what.
import { makePassword } from '../operations/password.ts';
import {
  addServiceUser,
  listServiceUsers,
  removeServiceUser,
  shortestPassword,
  userRoles,
  type UserRole,
} from '../operations/users.ts';
import { CommandFailed, commonFlags, defineCommand, runGroup, UsageMistake, type CommandIo } from './command-io.ts';
import { withInfobase } from './open-infobase.ts';
import { writeList } from './write-list.ts';

const add = defineCommand({
  usage: 'NAME --role till|admin|auditor [--password-stdin [--force]] [--update]',
  about: 'adds a user; without --password-stdin a password is made and shown this once',
  takes: ['NAME'],
  flags: {
    role: { takes: 'ROLE', isRequired: true, about: 'till: serves cards; admin: everything; auditor: reads' },
    'password-stdin': { about: 'takes the password from standard input (its line end is left out)' },
    force: { about: `takes a password of fewer than ${shortestPassword} characters` },
    update: { about: 'gives a known user the role and a new password' },
    ...commonFlags,
  },
  run: async ({ flags, values: [name = ''] }, io) => {
    const role = readRole(flags.role);
    const given = flags['password-stdin'] ? (await io.readStdin()).replace(/\r?\n$/, '') : undefined;
    const password = given ?? makePassword();
    return withInfobase(io, flags, 'existing or new', async (infobase, clock) => {
      const options = { mayReplace: flags.update, mayBeShort: flags.force };
      const outcome = await addServiceUser(infobase, clock.now(), { name, role, password }, options);
      if (!outcome.ok) {
        throw new CommandFailed(outcome.isShort === true ? `${outcome.why}; --force takes it` : outcome.why);
      }
      const made = given === undefined ? { password } : {};
      if (flags.json) io.out(JSON.stringify({ name, role, isNew: outcome.isNew, ...made }, null, 2));
      else {
        io.out(`user "${name}" (${role}) ${outcome.isNew ? 'added to' : 'changed in'} infobase "${infobase.name}"`);
        if (given === undefined) io.out(`password: ${password}`);
      }
      return 0;
    });
  },
});

const list = defineCommand({
  usage: '',
  about: 'lists the users; passwords are kept as salted hashes and cannot be shown',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const known = (await listServiceUsers(infobase)).map(({ name, role, madeAt }) => ({ name, role, madeAt }));
      writeList(io, flags.json, {
        entries: known,
        heading: ['name', 'role', 'added'],
        showRow: ({ name, role, madeAt }) => [name, role, madeAt],
        none: `infobase "${infobase.name}" has no users`,
      });
      return 0;
    }),
});

const remove = defineCommand({
  usage: 'NAME',
  about: 'removes a user; a running service refuses the next call of it',
  takes: ['NAME'],
  flags: commonFlags,
  run: ({ flags, values: [name = ''] }, io) =>
    withInfobase(io, flags, 'existing', async (infobase) => {
      const { wasKnown, admins } = await removeServiceUser(infobase, name);
      if (!wasKnown) throw new CommandFailed(`there is no user "${name}" in infobase "${infobase.name}"`);
      if (flags.json) io.out(JSON.stringify({ name, isRemoved: true }, null, 2));
      else io.out(`user "${name}" removed from infobase "${infobase.name}"`);
      if (admins === 0) io.err('no administrator is left: kkm user add NAME --role admin');
      return 0;
    }),
});

export function users(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm user', { add, list, remove }, args, io);
}

function readRole(text: string): UserRole {
  const role = userRoles.find((known) => known === text);
  if (role === undefined) throw new UsageMistake(`--role: expected one of ${userRoles.join(', ')}, got "${text}"`);
  return role;
}
