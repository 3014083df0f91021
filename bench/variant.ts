// What every server under measurement does at its start: takes the path of its database, and tells where it listens.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export function databaseArgument(): string {
  const file = process.argv[2];
  if (file === undefined) throw new Error('the path of a database is expected');
  return file;
}

export function announce(server: Server): void {
  process.stdout.write(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
}
