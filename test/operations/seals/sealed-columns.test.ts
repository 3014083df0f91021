// Every column of every table is sealed, or docs/seals.md says why not.
import BetterSqlite from 'better-sqlite3';
import { keyedSources } from '../../../src/db/seals/keyed-source.ts';
import { numberedSources } from '../../../src/db/seals/numbered-source.ts';
import { migrateDatabase } from '../../../src/db/sqlite/migrate.ts';
import { codeIn, readDocument, rowsUnder } from '../../docs/markdown.ts';

const sealed = new Set(
  [...numberedSources, ...keyedSources].flatMap(({ reads }) =>
    reads.flatMap(({ table, columns }) =>
      // A key of two columns is written as one.
      columns.flatMap((column) => column.match(/[a-z_0-9]+/g) ?? []).map((column) => `${table}.${column}`),
    ),
  ),
);

async function listColumns(): Promise<string[]> {
  const database = new BetterSqlite(':memory:');
  await migrateDatabase(database);
  const tables = database
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`)
    .pluck()
    .all() as string[];
  const columns = tables.flatMap((table) =>
    (database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => `${table}.${name}`),
  );
  database.close();
  return columns;
}

test.each(['docs/seals.md', 'docs/seals.ru.md'])('%s lists every table and column that is not sealed', async (file) => {
  const document = readDocument(file);
  const heading = document.headings.find((one) => /not sealed|не опломбировано/i.test(one)) ?? '';
  const left = rowsUnder(document, heading).flatMap(([first = '']) => codeIn(first));
  const isLeft = (column: string): boolean => left.includes(column) || left.includes(column.split('.')[0] ?? '');
  const columns = await listColumns();
  expect(columns.filter((column) => !sealed.has(column) && !isLeft(column))).toEqual([]);
  const tables = new Set(columns.map((column) => column.split('.')[0] ?? ''));
  expect(left.filter((one) => !tables.has(one) && !columns.includes(one))).toEqual([]);
  expect(left.filter((one) => sealed.has(one))).toEqual([]);
});
