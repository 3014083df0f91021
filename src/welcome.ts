// The first start of an infobase: makes its users and shows their passwords once.
import type { Logger } from 'winston';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { makeFirstUsers } from './operations/admin/make-first-users.ts';
import type { Infobase } from './operations/infobase.ts';

/** Shows the operator what must not go to the log: passwords, once. When it resolves, the line has been shown. */
export type Tell = (line: string) => void | Promise<void>;

/** An infobase without users is new. */
export async function welcome(
  infobase: Infobase,
  { config, log, tell }: { readonly config: Config; readonly log: Logger; readonly tell: Tell },
  clock: Clock,
): Promise<void> {
  const { name } = infobase;
  const admin = { name: config.adminUser, password: config.adminPassword };
  const { made, unseen, isOvertaken, trouble } = await makeFirstUsers(infobase, clock.now(), admin, async (users) => {
    for (const user of users) {
      const password = user.password ?? 'as given in KKM_ADMIN_PASSWORD';
      await tell(`infobase ${name}: user ${user.name} (${user.role}), password ${password}`);
    }
  });
  if (unseen.length > 0) {
    const users = unseen.map((user) => `${user.name} (${user.role})`);
    log.error('first users not made', { infobase: name, users, remedy: 'kkm user add', error: trouble });
  }
  const last = isOvertaken
    ? `infobase ${name}: another process made its users first; the passwords above are not valid`
    : 'These passwords are shown only once: keep them, or make others with `kkm user add`.';
  if (!isOvertaken && made.every(({ password }) => password === undefined)) return;
  // The passwords themselves have been shown.
  await Promise.resolve(tell(last)).catch(() => undefined);
}
