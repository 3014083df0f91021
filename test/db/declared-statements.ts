// Every statement that a file of src/db declares. A test that wants them mocks `src/db/statement.ts` with `recordStatements`
// and calls `loadStatements`; what is declared works as before.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Parameters, Statement } from '../../src/db/statement.ts';

type StatementModule = typeof import('../../src/db/statement.ts');
export type DeclaredStatement = Statement<Parameters, unknown>;
export type RecordingModule = StatementModule & { readonly declared: readonly DeclaredStatement[] };

/** The module with a list of what has been declared by it. */
export function recordStatements(actual: StatementModule): RecordingModule {
  const declared: DeclaredStatement[] = [];
  const statement: StatementModule['statement'] = (build) => {
    const made = actual.statement(build);
    declared.push(made);
    return made;
  };
  return { ...actual, statement, declared };
}

export interface LoadedStatements {
  /** For any database. */
  readonly portable: readonly DeclaredStatement[];
  /** Of src/db/sqlite. */
  readonly sqlite: readonly DeclaredStatement[];
}

/** Loads the files of src/db: first those of sqlite, which import no file of a subject, so their statements come first. */
export async function loadStatements({ declared }: RecordingModule): Promise<LoadedStatements> {
  const folder = path.join(__dirname, '../../src/db');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const earlier = declared.length;
  for (const file of files.filter((name) => name.startsWith(`sqlite${path.sep}`)))
    await import(path.join(folder, file));
  const sqlite = declared.slice(earlier);
  for (const file of files) await import(path.join(folder, file));
  return { sqlite, portable: declared.filter((made) => !sqlite.includes(made)) };
}
