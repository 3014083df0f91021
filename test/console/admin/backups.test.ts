// Backups in the console: the list, one made now, what was changed, and a folder that is gone.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditor } from '../../soap/testing-service.ts';
import { startConsole, waitForEnd, type TestingConsole } from '../testing-console.ts';

let trial: TestingConsole;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-backups-page-'));
});
afterEach(async () => {
  await trial.service.stop();
  rmSync(folder, { recursive: true, force: true });
});

const address = '/console/trade/backups';

test('one is made now and is in the list; a changed one says so', async () => {
  trial = await startConsole({ settings: { BACKUP_DIR: folder } });
  const visitor = await trial.visit();
  const page = await visitor.get(address);
  expect(page.text).toContain('Копий нет.');
  expect(page.text).not.toContain('погибнут вместе с её диском');
  const work = await waitForEnd(visitor, await visitor.send(page, address));
  expect(work.text).toContain('выполнено');
  expect((await visitor.get(address)).text).toMatch(
    /22\.11\.2026 12:00:00 trade-20261122-120000\.backup вручную .* проверена/,
  );
  writeFileSync(join(folder, 'trade-20261122-120000.backup'), 'x', { flag: 'a' });
  expect((await visitor.get(address)).text).toContain('изменена');
  // The name is taken: it says why there is no other.
  const again = await waitForEnd(visitor, await visitor.send(page, address));
  expect(again.text).toContain('Копия не сделана: ');
});

test('a folder that is gone, or not set, is said; an auditor looks only', async () => {
  rmSync(folder, { recursive: true });
  trial = await startConsole({ settings: { BACKUP_DIR: folder } });
  const page = await (await trial.visit(auditor)).get(address);
  expect(page.text).toContain('Папку копий нельзя прочитать: ENOENT');
  expect(page.text).not.toContain('Сделать копию сейчас');
  await trial.service.stop();
  mkdirSync(folder);
  trial = await startConsole();
  expect((await (await trial.visit()).get(address)).text).toContain('Копии лежат рядом с базой');
});
