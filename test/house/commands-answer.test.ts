// A command answers in one place (src/commands/answer.ts), and its numbers, dates and words are read in one place each: so
// --json gives one document whatever the command, and a slip is explained alike everywhere.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const room = 'src/commands';
const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

function listFilesWith(pattern: RegExp): string[] {
  return files.filter((name) => pattern.test(readFileSync(join(room, name), 'utf8'))).toSorted();
}

test.each<[string, RegExp, readonly string[]]>([
  // Help and failures are of the command line; the demo is a play for a person, and reads what its own till is answered.
  ['writes to standard output', /\bio\.out\(/, ['answer.ts', 'command-io.ts', 'demo/demo.ts']],
  ['reads a date', /\bparseTyped(?:Date|DateTime)\b/, ['read-date-flag.ts']],
  [
    'reads a number',
    /\\d\{1,1\d\}|\b(?:parseKopecks|sumFigure|countFigure)\b/,
    ['demo/demo-month.ts', 'read-number-flag.ts'],
  ],
  ['formats a document of JSON', /JSON\.stringify\(.*, null, 2\)/, ['answer.ts', 'command-io.ts']],
])('%s in one place', (_what, pattern, known) => {
  expect(listFilesWith(pattern)).toEqual(known);
});

test('every command with --json answers', () => {
  const silent = files.filter((name) => {
    const text = readFileSync(join(room, name), 'utf8');
    return text.includes('...commonFlags') && text.includes('defineCommand(') && !/\b(?:answer|writeList)\(/.test(text);
  });
  expect(silent).toEqual([]);
});
