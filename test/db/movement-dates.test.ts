// A movement has the date of its document, by which a card's history is searched: every statement that writes one gives it.
import { loadStatements, type RecordingModule } from './declared-statements.ts';

jest.mock('../../src/db/statement.ts', () => {
  const { recordStatements } =
    jest.requireActual<typeof import('./declared-statements.ts')>('./declared-statements.ts');
  return recordStatements(jest.requireActual('../../src/db/statement.ts'));
});
const recording = jest.requireMock<RecordingModule>('../../src/db/statement.ts');

test.each(['accumulation_movement', 'billing_movement'])('whoever writes a row of %s', async (table) => {
  const { portable } = await loadStatements(recording);
  const texts = new Set(portable.map((made) => made.compile('better-sqlite3').sql));
  const writers = [...texts].filter((sql) => new RegExp(`insert into .?${table}\\b`).test(sql));
  expect(writers.length).toBeGreaterThanOrEqual(3);
  const documents = table === 'billing_movement' ? 'billing_document' : 'document';
  for (const sql of writers) {
    expect(sql).toMatch(/dated_at/);
    expect(sql).toContain(`(select dated_at from ${documents} where id = ?)`);
  }
});
