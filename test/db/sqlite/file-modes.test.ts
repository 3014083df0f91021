// Whom the files of an infobase are open to: those that the product makes to their owner alone, whatever the umask; those
// that are there already as their owner has set them.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listOpenToOthers, makeDataFolder } from '../../../src/data-folder.ts';
import { openDatabase } from '../../../src/db/open-database.ts';
import { LineOutput } from '../../../src/line-output.ts';
import { setSetting } from '../../operations/testing-infobase.ts';
import { Infobase } from '../../../src/operations/infobase.ts';

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function modesIn(path: string): object {
  return Object.fromEntries(readdirSync(path).map((name) => [name, modeOf(join(path, name))]));
}

describe('modes', () => {
  let folder: string;
  let umask: number;
  beforeEach(() => {
    umask = process.umask(0);
    folder = mkdtempSync(join(tmpdir(), 'kkm-modes-'));
  });
  afterEach(() => {
    process.umask(umask);
    rmSync(folder, { recursive: true, force: true });
  });

  test('a data folder with a new infobase', async () => {
    const data = join(folder, 'a/data');
    await makeDataFolder(data);
    const infobase = await Infobase.open({ name: 'trade', file: join(data, 'trade.sqlite'), hasSubscription: false });
    await setSetting(infobase, 'holdTimeout', '60');
    await infobase.db.copyTo(join(data, 'trade.backup'), {});
    expect(modesIn(data)).toEqual({
      'trade.backup': '600',
      'trade.sqlite': '600',
      'trade.sqlite-migrating': '600',
      'trade.sqlite-open': '600',
      'trade.sqlite-shm': '600',
      'trade.sqlite-wal': '600',
    });
    expect(modeOf(data)).toBe('700');
    expect(listOpenToOthers(data)).toEqual([]);
    await infobase.close();
  });

  test('the log file', async () => {
    const file = join(folder, 'log', 'kkm.log');
    const output = new LineOutput({ name: file, to: { path: file }, readTime: () => 'now' });
    output.take('a line\n');
    await output.close();
    expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['a line\n', '600']);
  });

  test('what is there keeps its mode, and is reported', async () => {
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o750 });
    await makeDataFolder(data);
    const file = join(data, 'trade.sqlite');
    await (await openDatabase({ file })).close();
    chmodSync(file, 0o640);
    const database = await openDatabase({ file });
    await database.write(async () => undefined);
    expect([modeOf(data), modeOf(file), modeOf(`${file}-wal`)]).toEqual(['750', '640', '640']);
    expect(listOpenToOthers(data)).toEqual([data, file, `${file}-shm`, `${file}-wal`]);
    await database.close();
  });
});
