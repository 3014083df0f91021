// Who works at the command line, for what is noted with a name.
import { hostname, userInfo } from 'node:os';

/** "ivanova@till-server" */
export function nameOperator(): string {
  return `${findUserName()}@${hostname()}`;
}

function findUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // An id without a name, as in a container.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
