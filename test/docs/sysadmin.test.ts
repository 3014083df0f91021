// The administrator's guide: the same in both languages, every folder of deploy/ used, every command one that there is, and the
// names that the files of deploy/ have.
import { readdirSync, readFileSync } from 'node:fs';
import { codeIn, readDocument, rowsUnder } from './markdown.ts';
import { listCommands } from './kkm-help.ts';

const english = readDocument('docs/sysadmin.md');
const russian = readDocument('docs/sysadmin.ru.md');
const text = readFileSync('docs/sysadmin.md', 'utf8');

test('both languages have the same commands, headings and rows', () => {
  expect(russian.blocks).toEqual(english.blocks);
  expect(russian.headings).toHaveLength(english.headings.length);
  expect(russian.tables.map(({ rows }) => rows.length)).toEqual(english.tables.map(({ rows }) => rows.length));
});

test('every command of kkm-admin is one of kkm', async () => {
  const known = await listCommands();
  const named = [...text.matchAll(/kkm-admin ([a-z]+)(?: ([a-z]+))?/g)].map(([, ...words]) => words);
  expect(named.length).toBeGreaterThan(25);
  const unknown = named.filter(
    ([first = '', second = '']) =>
      !['runs', 'serve'].includes(first) &&
      !known.some((command) => command === `${first} ${second}` || command.split(' ')[0] === first),
  );
  expect(unknown).toEqual([]);
});

test('every folder of deploy/ is named', () => {
  const folders = readdirSync('deploy', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.length).toBeGreaterThan(6);
  // The unit's files are named from within deploy/.
  expect(folders.filter(({ name }) => !text.includes(`deploy/${name}`) && !text.includes(` ${name}/`))).toEqual([]);
});

test('the account and the folders are those of the unit', () => {
  const unit = readFileSync('deploy/systemd/kkm-transfer.service', 'utf8');
  expect(unit).toContain('\nUser=kkm\n');
  for (const [, folder = ''] of unit.matchAll(/^(?:EnvironmentFile|WorkingDirectory)=(\S+)$/gm))
    expect(text).toContain(folder);
  expect(text).toContain('/var/backups/kkm-transfer');
  expect(unit).toMatch(/^ReadWritePaths=.*\/var\/backups\/kkm-transfer/m);
});

test('every alert that it names is one of the rules', () => {
  const rules = readFileSync('deploy/prometheus/alerts.yml', 'utf8');
  const named = rowsUnder(english, '9. Called at night').flatMap((row) => row.flatMap(codeIn));
  const alerts = named.filter((name) => /^Kkm[A-Z]/.test(name));
  expect(alerts.length).toBeGreaterThan(5);
  expect(alerts.filter((name) => !rules.includes(`- alert: ${name}\n`))).toEqual([]);
});
