// A service to try things on: data and settings of its own, a card that can be asked about. It knows nothing of the tree:
// the program is given, so an installed package is run in the same way.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export const user = 'till-1';
export const password = 'a password of a try';

export const cardCall = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<GetCardInfo xmlns="http://www.kkm.solutions/KKMTransfer">
<Request><KKM>K-01</KKM><CardNumber>2900000000001</CardNumber></Request>
</GetCardInfo></soap:Body></soap:Envelope>`;

export async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** @param program how kkm is called, and `environment` the KKM_ variables of all calls. */
export function openKkm(program, environment, folder) {
  const [file, ...first] = program;
  const env = { ...process.env, ...environment };
  return {
    run: (args, input = '') => execFileSync(file, [...first, ...args], { cwd: folder, env, input, encoding: 'utf8' }),
    async serve() {
      const child = spawn(file, [...first, 'serve'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
      const ended = once(child, 'close');
      await waitForReady(environment.KKM_PORT, child);
      return {
        async stop() {
          child.kill('SIGTERM');
          return await ended;
        },
      };
    },
  };
}

async function waitForReady(port, child) {
  for (;;) {
    if (child.exitCode !== null) throw new Error('the service has ended');
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } });
      if (answer.ok) return;
    } catch {
      // It does not listen yet.
    }
    await sleep(50);
  }
}

/** Users and one kind with a hundred cards; the first start then makes no users. */
export function fillInfobase(kkm) {
  kkm.run(['user', 'add', 'admin', '--role', 'admin', '--password-stdin'], `${password}\n`);
  kkm.run(['user', 'add', user, '--role', 'till', '--password-stdin'], `${password}\n`);
  kkm.run(['kinds', 'set', 'BASE', '--name', 'Базовая', '--discount', 'fixed:5']);
  kkm.run(['cards', 'range', '--prefix', '29', '--from', '1', '--to', '100', '--width', '11', '--kind', 'BASE']);
}

/** Prints each thing that was seen, and ends with 1 where one of them was not so. */
export function openReport() {
  let failed = 0;
  return {
    see(what, isSo, found) {
      process.stdout.write(`${isSo ? 'ok  ' : 'FAIL'} ${what}${isSo ? '' : `: ${found}`}\n`);
      if (!isSo) failed += 1;
    },
    end() {
      process.stdout.write(`${failed} failed\n`);
      if (failed > 0) process.exitCode = 1;
    },
  };
}
