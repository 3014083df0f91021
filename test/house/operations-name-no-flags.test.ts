// An operation is called by a command line, a console and a JSON service alike: it returns a field and a reason, and each
// door says in its own words what would help. So no text below the doors names a flag or a command of `kkm`.
import { parseSync } from '@swc/core';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const rooms = ['src/operations', 'src/db', 'src/ledger', 'src/tables'];
const words = [...readFileSync('src/cli.ts', 'utf8').matchAll(/^ {2}(\w+): \{$/gm)].map(([, word]) => word);
const flag = /(?<![\w-])--[a-z]/;
// SQL has a column `kkm`, so it takes the name of a command after it.
const command = new RegExp(`\\bkkm (?:${words.join('|')})\\b`);

/** The texts of a file that can reach a user: string literals and the fixed parts of templates, not comments. */
function listTexts(source: string): string[] {
  const texts: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (typeof node !== 'object' || node === null) return;
    const { type, value, cooked } = node as { type?: string; value?: unknown; cooked?: unknown };
    if (type === 'StringLiteral') texts.push(String(value));
    if (type === 'TemplateElement') texts.push(String(cooked));
    Object.values(node).forEach(walk);
  };
  walk(parseSync(source, { syntax: 'typescript', target: 'es2022' }));
  return texts;
}

const findNames = (source: string): string[] =>
  listTexts(source).filter((text) => flag.test(text) || command.test(text));

test('a flag or a command in a text is found, one in a comment is not', () => {
  expect(words).toEqual(expect.arrayContaining(['serve', 'cards', 'import', 'doctor']));
  expect(findNames("throw new Error('--kind CODE gives one');")).toEqual(['--kind CODE gives one']);
  expect(findNames('const why = `look at ${place} (kkm shops list)`;')).toEqual([' (kkm shops list)']);
  expect(findNames("// `kkm verify --json` asks this\nexport const sql = 'select kkm from receipt -- all';")).toEqual(
    [],
  );
});

test.each(rooms)('%s names no flag and no command', (room) => {
  const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(3);
  const found = files.flatMap((name) => {
    const texts = findNames(readFileSync(join(room, name), 'utf8'));
    return texts.map((text) => `${join(room, name)}: ${text}`);
  });
  expect(found).toEqual([]);
});
