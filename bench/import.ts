// Opening balances at size: a CSV file of so many rows is made and brought in by `kkm import` in a process of its own, whose
// memory is watched; rows a second are of the whole work, and the last transaction is timed by its progress.
// With --standing as many other cards stand in an opening document before, which every card of the file is looked for among.
//   tsx bench/import.ts [--rows 1000000] [--document opening-accumulation|opening-balance] [--standing 0]
import { fork } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { runCli } from '../src/cli.ts';
import { Infobase } from '../src/operations/infobase.ts';
import { saveCardKind } from '../src/db/catalogs/card-kind.ts';
import { openBillingState } from '../src/db/billing/billing-state.ts';
import { saveSetting } from '../src/db/admin/setting.ts';
import type { LocalDate } from '../src/ledger/local-date-time.ts';

const targets = { rowsPerSecond: 100_000, megabytes: 400 } as const;
const firstNumber = 2_900_000_000_000;

async function makeFile(file: string, rows: number, hasDates: boolean, firstCard = firstNumber): Promise<void> {
  const stream = createWriteStream(file);
  stream.write(`Номер карты;Сумма бонусов;Сумма накопления;Количество чеков${hasDates ? ';Дата списания' : ''}\r\n`);
  for (let from = 0; from < rows; from += 1_000) {
    let text = '';
    for (let row = from; row < Math.min(rows, from + 1_000); row += 1) {
      // With dates, two rows a card.
      const card = firstCard + (hasDates ? row >> 1 : row);
      const date = hasDates ? `;${(row % 2) + 10}.12.2099` : '';
      text += `${card};${row % 977},50;${1_000 + (row % 49_999)},25;${1 + (row % 30)}${date}\r\n`;
    }
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}

async function makeBase(file: string, isBilling: boolean): Promise<void> {
  const infobase = await Infobase.open({ name: 'bench', file, hasSubscription: true });
  await infobase.db.write(async (trx) => {
    await saveCardKind(trx, {
      code: 'BONUS',
      name: 'Бонусная',
      purpose: 'discount',
      discount: { sort: 'none' },
      maxRedeemPercentHundredths: null,
      accrualPercentHundredths: null,
      bonusRuleCode: null,
      accumulationRuleCode: null,
    });
    if (!isBilling) return;
    await saveSetting(trx, 'stage', 'billing');
    const on = '2026-11-01' as LocalDate;
    await openBillingState(trx, { startOn: on, lastNightOn: '2026-10-31' as LocalDate });
  });
  await infobase.close();
}

interface Measured {
  readonly seconds: number;
  /** Of the processor, all threads: other work on the machine does not add to it. */
  readonly cpuSeconds: number;
  readonly readingSeconds: number;
  readonly judgingSeconds: number;
  readonly postingSeconds: number;
  readonly megabytes: number;
  readonly idleMegabytes: number;
}

/** In the child: the command itself, as the command line runs it. */
async function importFile(dataDir: string, file: string, document: string, standing: number): Promise<void> {
  if (standing > 0) {
    const other = join(dataDir, 'standing.csv');
    await makeFile(other, standing, document === 'opening-balance', firstNumber + 100_000_000);
    await importFile(dataDir, other, document, 0);
  }
  const idle = process.memoryUsage.rss();
  const begunAt = performance.now();
  const cpuBefore = process.cpuUsage();
  let [judgingAt, postingAt] = [begunAt, begunAt];
  const code = await runCli(
    ['import', file, '--document', document, '--unknown-cards', 'create', '--kind', 'BONUS', '--infobase', 'bench'],
    {
      out: (line) => console.log(`  ${line}`),
      err: (line) => console.error(line),
      readStdin: () => Promise.resolve(''),
      isTerminal: false,
      environment: { DATA_DIR: dataDir, SUBSCRIPTION: 'extended' },
      showProgress: (text) => {
        if (text.endsWith('judging')) judgingAt = performance.now();
        if (text.endsWith('posting')) postingAt = performance.now();
      },
    },
  );
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  const endedAt = performance.now();
  const cpu = process.cpuUsage(cpuBefore);
  const measured: Measured = {
    seconds: (endedAt - begunAt) / 1_000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    readingSeconds: (judgingAt - begunAt) / 1_000,
    judgingSeconds: (postingAt - judgingAt) / 1_000,
    postingSeconds: (endedAt - postingAt) / 1_000,
    // The system's own count of the greatest, in kilobytes.
    megabytes: Math.round(process.resourceUsage().maxRSS / 1_024),
    idleMegabytes: Math.round(idle / 1_024 ** 2),
  };
  process.send?.(measured);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      document: { type: 'string', default: 'opening-accumulation' },
      standing: { type: 'string', default: '0' },
      import: { type: 'string' },
    },
  });
  const { document, standing } = values;
  if (values.import !== undefined) {
    return importFile(values.import, join(values.import, 'opening.csv'), document, Number(standing));
  }
  const rows = Number(values.rows);
  const folder = mkdtempSync(join(tmpdir(), 'kkm-bench-import-'));
  try {
    const isBilling = document === 'opening-balance';
    await makeBase(join(folder, 'bench.sqlite'), isBilling);
    await makeFile(join(folder, 'opening.csv'), rows, isBilling);
    console.log(`${document}, ${rows} rows of CSV, Node ${process.version}`);
    const args = ['--import', folder, '--document', document, '--standing', standing];
    const child = fork(__filename, args, { execArgv: process.execArgv });
    let measured: Measured | undefined;
    // The last one is of the file itself.
    child.on('message', (told) => (measured = told as Measured));
    await once(child, 'close');
    if (measured === undefined) throw new Error('the import has measured nothing');
    const { seconds, cpuSeconds, readingSeconds, judgingSeconds, postingSeconds, megabytes, idleMegabytes } = measured;
    const perSecond = Math.round(rows / seconds);
    const steps = [readingSeconds, judgingSeconds, postingSeconds].map((step) => `${step.toFixed(1)} s`);
    console.log(`${seconds.toFixed(1)} s, ${perSecond} rows a second`);
    const perCpuSecond = Math.round(rows / cpuSeconds);
    console.log(`${cpuSeconds.toFixed(2)} s of processor time, ${perCpuSecond} rows in a second of it`);
    console.log(`reading ${steps[0]}, judging ${steps[1]}, the last transaction ${steps[2]}`);
    console.log(`memory of the process: ${megabytes} MB at most, ${idleMegabytes} MB before`);
    const isReached = perCpuSecond >= targets.rowsPerSecond && megabytes <= targets.megabytes;
    const { rowsPerSecond } = targets;
    console.log(
      `to reach: ${rowsPerSecond} rows in a second of processor time, ${targets.megabytes} MB: ${isReached ? 'reached' : 'MISSED'}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
