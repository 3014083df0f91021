// Every command that a document shows or names is one that `kkm` has, with flags that its help knows.
import { readFileSync } from 'node:fs';
import { listCommands, readHelp } from './kkm-help.ts';
import { listDocuments, readDocument } from './markdown.ts';

const files = listDocuments().filter((file) => file !== 'CHANGELOG.md');
const help = new Map<string, Promise<string[]>>();

/** The command that the words begin with, or undefined. "import FILE" takes a file where others have a second word. */
function findCommand(words: readonly string[], commands: ReadonlySet<string>): string | undefined {
  const [first = '', second = ''] = words;
  if (commands.has(`${first} ${second}`)) return `${first} ${second}`;
  return commands.has(first) || commands.has(`${first} FILE`) ? first : undefined;
}

async function listFlags(command: string): Promise<ReadonlySet<string>> {
  const known = help.get(command) ?? readHelp(command.split(' '));
  help.set(command, known);
  return new Set([...(await known).join('\n').matchAll(/--[a-z-]+/g)].map(([flag]) => flag));
}

/** What is wrong with a command line. */
async function findMistakes(line: string, commands: ReadonlySet<string>): Promise<string[]> {
  const words = line.split(' ').slice(1);
  const command = findCommand(words, commands);
  if (command === undefined) return [`${line}: no such command`];
  const flags = await listFlags(command);
  const used = words.filter((word) => /^--[a-z-]+$/.test(word));
  return used.filter((flag) => !flags.has(flag)).map((flag) => `${line}: no flag ${flag}`);
}

test('every command in a block of shell lines', async () => {
  const commands = new Set(await listCommands());
  const lines = files
    .flatMap((file) => readDocument(file).blocks)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => line.startsWith('npx kkm '))
    .map((line) => line.slice('npx '.length));
  expect(lines.length).toBeGreaterThan(80);
  expect((await Promise.all(lines.map((line) => findMistakes(line, commands)))).flat()).toEqual([]);
});

test('every command that a text names', async () => {
  const commands = new Set(await listCommands());
  const groups = new Set([...commands].map((command) => command.split(' ')[0]));
  const named = files.flatMap((file) =>
    Array.from(readFileSync(file, 'utf8').matchAll(/`(kkm [^`]+)`/g), ([, line]) =>
      (line as string).replace(/\s+/g, ' '),
    ),
  );
  // "kkm certificates", "kkm user add, list" and "kkm help user add" name several, or none by itself.
  const whole = named.filter((line) => {
    const [, first = '', second = ''] = line.split(' ');
    return !(groups.has(first) && second === '') && !line.includes(',') && !/^(?:--|help$)/.test(first);
  });
  expect(whole.length).toBeGreaterThan(100);
  expect((await Promise.all(whole.map((line) => findMistakes(line, commands)))).flat()).toEqual([]);
});
