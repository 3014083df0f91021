// SQL stays portable: every migration runs on a real PostgreSQL 18, and PostgreSQL takes every statement of src/db except
// those of src/db/sqlite. It checks tables, columns and types when it prepares a statement, so none has to be run with data.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { knex as makeKnex, type Knex } from 'knex';
import { Client } from 'pg';
import { migrations, type Migration } from '../../../migrations/index.ts';
import { loadStatements, type RecordingModule } from '../declared-statements.ts';

jest.mock('../../../src/db/statement.ts', () => {
  const { recordStatements } =
    jest.requireActual<typeof import('../declared-statements.ts')>('../declared-statements.ts');
  return recordStatements(jest.requireActual('../../../src/db/statement.ts'));
});
const recording = jest.requireMock<RecordingModule>('../../../src/db/statement.ts');

const password = 'only-for-this-test';
let server: ChildProcess;
let client: Client;

beforeAll(async () => {
  server = spawn(process.execPath, [join(__dirname, 'postgres-server.mjs')], {
    env: { ...process.env, PGPASSWORD: password },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = { host: '127.0.0.1', port: await readPort(server), user: 'kkm', password, database: 'postgres' };
  const knex = makeKnex({ client: 'pg', connection });
  try {
    await knex.migrate.latest({ migrationSource });
  } finally {
    await knex.destroy();
  }
  client = new Client(connection);
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  const exit = once(server, 'exit');
  server.stdin?.end();
  await exit;
});

/** The server prints it once it takes connections. */
async function readPort({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error('the server has no output');
  for await (const line of createInterface(stdout)) return Number(line);
  throw new Error('the server has ended without a port');
}

const migrationSource: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: ({ name }) => name,
  getMigration: async ({ up }) => ({ up, down: async () => undefined }),
};

/** Why PostgreSQL refuses it; undefined = it does not. */
async function refuse(sql: string): Promise<string | undefined> {
  try {
    await client.query(sql);
    return undefined;
  } catch (reason) {
    return `${(reason as Error).message}: ${sql}`;
  }
}

test('PostgreSQL takes every statement', async () => {
  const { portable } = await loadStatements(recording);
  const texts = [...new Set(portable.map((made) => made.compile('pg').sql))];
  const queries = texts.filter((sql) => !/^(create|drop) /.test(sql));
  expect(queries.length).toBeGreaterThan(200);
  const refused = [];
  // Temporary tables have to be there for the statements that use them.
  for (const sql of texts.filter((text) => text.startsWith('create '))) refused.push(await refuse(sql));
  for (const [index, sql] of queries.entries()) refused.push(await refuse(`prepare statement_${index} as ${sql}`));
  for (const sql of texts.filter((text) => text.startsWith('drop '))) refused.push(await refuse(sql));
  expect(refused.filter((why) => why !== undefined)).toEqual([]);
});

test.each([
  ['a function of SQLite alone', `select strftime('%Y', dated_at) from document`],
  ['a column that is not there', 'select colour from card'],
  ['a sum of texts', 'select sum(number) from card'],
  ['a column beside a sum, without grouping', 'select card_id, sum(bonus) from billing_movement'],
])('PostgreSQL refuses %s', async (_what, sql) => {
  expect(await refuse(`prepare refused as ${sql}`)).toContain(sql);
});
