// `kkm receipts load`: the exchange folder by hand, or one file that lies anywhere. Safe beside a running service: a lease
// lets one of them load at a time.
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Clock } from '../../clock.ts';
import { contractDirOf, type Config } from '../../config.ts';
import { findTillsOf, locateExchange } from '../../jobs/exchange/exchange-job.ts';
import { listReadyFiles, readShiftBytes } from '../../jobs/exchange/exchange-folder.ts';
import { nameRunner } from '../../jobs/name-runner.ts';
import type { FilePath } from '../../jobs/exchange/folder-entry.ts';
import { findTills, runExchange, type ExchangeEnd, type FoundTills } from '../../jobs/exchange/run-exchange.ts';
import type { ShiftFileReport } from '../../operations/exchange/shift-file-report.ts';
import { releaseExchange, takeExchange, type ExchangeHolder } from '../../operations/exchange/exchange-lease.ts';
import { isExchangeOpen, readExchangeGate, type ExchangeTrouble } from '../../operations/exchange/exchange-run.ts';
import type { Infobase } from '../../operations/infobase.ts';
import { loadOneFile } from '../../operations/exchange/load-one-file.ts';
import type { ShiftFileReader } from '../../operations/exchange/shift-file.ts';
import { openFileReader } from '../../open-file-reader.ts';
import { loadContractFolder } from '../../soap/load-contract-folder.ts';
import { answer, say } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag, UsageMistake } from '../command-io.ts';
import { countOf } from '../../ledger/count-of.ts';
import { explainExchangeGate } from './explain-exchange-gate.ts';
import { readCommandConfig, withInfobase } from '../open-infobase.ts';
import { withStop } from '../with-stop.ts';

export const receiptsLoad = defineCommand({
  usage: '[DIR|FILE] [--kkm K]',
  about: 'loads shift reports (XML, JSON, CSV, XLSX) by the rules of an upload; exit code 1 where a file is bad',
  notes: [
    'DIR holds a folder for each till, or the files of the till that it is named after (default: KKM_EXCHANGE_DIR).',
    'Loaded files are moved to done/, bad ones to failed/, each with NAME.report.json beside it.',
    'FILE may be anywhere and is not moved; --kkm or the file itself names its till.',
  ],
  takes: ['[DIR|FILE]'],
  flags: {
    kkm: { takes: 'K', about: 'the till of FILE' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags, values: [given] }, io) => {
    const config = readCommandConfig(io, flags);
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const reader = openFileReader(loadContractFolder(contractDirOf(config, infobase.name)));
      // A month of shifts is a million receipts: their reports are kept only for the document that is asked for.
      const reports: ShiftFileReport[] = [];
      const troubles: ExchangeTrouble[] = [];
      const seen = { files: 0, failed: 0 };
      const onFile = (report: ShiftFileReport): void => {
        seen.files += 1;
        if (report.result === 'failed') seen.failed += 1;
        if (flags.json) reports.push(report);
        else if (report.result === 'failed') io.err(describeFailed(report));
        else say(io, flags, describeFile(report, isDryRun));
      };
      const onTrouble = ({ place, why }: ExchangeTrouble): void => {
        troubles.push({ place, why });
        io.err(`${place}: ${why}; it is left there and tried again`);
      };
      const holder = { holder: nameRunner(), readMs: Date.now };
      const work = { infobase, clock, reader, onFile, onTrouble, holder };
      const found = await findFiles(given, config, infobase.name, isDryRun, flags.kkm);
      if ('tills' in found) await loadTills(found, work);
      else await loadFiles(found, isDryRun, work);
      const json = { infobase: infobase.name, isDryRun, files: reports, troubles };
      const lines = seen.files === 0 ? ['no file is ready to be loaded'] : [];
      if (troubles.length === 0 && seen.failed === 0) return answer(io, flags, { json, lines });
      say(io, flags, lines);
      const bad = [
        ...(seen.failed === 0 ? [] : [countOf(seen.failed, 'bad file')]),
        ...(troubles.length === 0 ? [] : [`not loaded: ${troubles.length}`]),
      ];
      throw new CommandFailed(bad.join(', '), { code: 'mistakes', details: json });
    });
  },
});

interface Work {
  readonly infobase: Infobase;
  readonly clock: Clock;
  readonly reader: ShiftFileReader;
  readonly holder: ExchangeHolder;
  readonly onFile: (report: ShiftFileReport) => void;
  readonly onTrouble: (trouble: ExchangeTrouble) => void;
}

interface FoundFolders extends FoundTills {
  readonly isOwnFolder: boolean;
}

interface FoundFiles {
  readonly files: readonly { readonly path: FilePath; readonly name: string; readonly kkm: string | undefined }[];
  readonly troubles: readonly ExchangeTrouble[];
}

/** Folders whose files are taken, or files that stay where they are. */
async function findFiles(
  given: string | undefined,
  config: Config,
  infobase: string,
  isDryRun: boolean,
  kkm: string | undefined,
): Promise<FoundFolders | FoundFiles> {
  if (given !== undefined && !existsSync(given)) {
    throw new CommandFailed(`${given}: there is no such file or folder`, { code: 'not_found', field: 'DIR|FILE' });
  }
  if (given !== undefined && !statSync(given).isDirectory()) {
    return { files: [{ path: resolve(given), name: basename(given), kkm }], troubles: [] };
  }
  const found = given === undefined ? await findConfigured(config, infobase) : await findUnder(resolve(given), config);
  if (!isDryRun) return { ...found, isOwnFolder: given === undefined };
  const ready = await Promise.all(
    found.tills.map(async (till) => ({ kkm: till.kkm, ...(await listReadyFiles(till.folder)) })),
  );
  return {
    files: ready.flatMap(({ kkm: till, items }) => items.map((file) => ({ ...file, kkm: till }))),
    troubles: [...found.troubles, ...ready.flatMap(({ troubles }) => troubles)],
  };
}

function findConfigured({ exchangeDir, infobases }: Config, infobase: string): Promise<FoundTills> {
  if (exchangeDir === undefined) {
    throw new UsageMistake('DIR|FILE is missing, and KKM_EXCHANGE_DIR is not set', 'DIR|FILE');
  }
  const root = locateExchange(exchangeDir, infobases, infobase);
  if (!existsSync(root)) throw new CommandFailed(`${root}: there is no such folder`);
  return findTillsOf(exchangeDir, infobases, infobase);
}

/** A folder with files of its own is that of the till that it is named after. */
async function findUnder(folder: string, { exchangeDir, infobases }: Config): Promise<FoundTills> {
  const isTill = (await listReadyFiles(folder)).items.length > 0;
  const isOther = (name: string): boolean => folder === exchangeDir && infobases.includes(name);
  const { tills, troubles } = await findTills(folder, isOther, isTill);
  return { tills: isTill ? [{ kkm: basename(folder), folder }, ...tills] : tills, troubles };
}

async function loadTills(found: FoundFolders, { clock, ...work }: Work): Promise<void> {
  const end = await withStop((shouldStop) =>
    runExchange({ ...found, ...work, shouldStop, readNow: () => clock.now() }),
  );
  if (end.code !== 'done' && end.code !== 'broken') throw new CommandFailed(explainEnd(end));
}

function explainEnd(end: ExchangeEnd): string {
  switch (end.code) {
    case 'held':
      return `another process is loading the exchange folder (${end.holder})`;
    case 'waiting':
      return explainExchangeGate(end.gate);
    case 'lost':
      return 'another process has taken over the exchange folder and goes on';
    case 'stopped':
    case 'broken':
    case 'done':
      return 'stopped; the next run goes on from there';
  }
}

async function loadFiles({ files, troubles }: FoundFiles, isDryRun: boolean, work: Work): Promise<void> {
  const { infobase, holder } = work;
  const gate = await readExchangeGate(infobase);
  if (!isExchangeOpen(gate)) throw new CommandFailed(explainExchangeGate(gate));
  const other = await takeExchange(infobase, holder);
  if (other !== undefined) throw new CommandFailed(explainEnd({ code: 'held', holder: other }));
  try {
    for (const file of files) await withStop((shouldStop) => loadFile(file, isDryRun, shouldStop, work));
    troubles.forEach(work.onTrouble);
  } finally {
    await releaseExchange(infobase, holder);
  }
}

async function loadFile(
  { path, name, kkm }: FoundFiles['files'][number],
  isDryRun: boolean,
  shouldStop: () => boolean,
  { infobase, clock, reader, holder, onFile }: Work,
): Promise<void> {
  const read = await readShiftBytes(path);
  if (read === undefined) throw new CommandFailed(`${name}: there is no such file`);
  const options = { readNow: () => clock.now(), holder, shouldStop, isDryRun };
  const end = await loadOneFile(infobase, { name, kkm, read }, reader, options);
  if (end.code === 'reported') {
    onFile(end.report);
    return;
  }
  const why = end.code === 'waiting' ? explainExchangeGate(end.gate) : explainEnd({ code: 'lost' });
  throw new CommandFailed(end.code === 'stopped' ? 'stopped; load the file again' : why);
}

function placeOf({ kkm, file }: ShiftFileReport): string {
  return kkm === '' ? file : `${kkm}/${file}`;
}

type Failed = Extract<ShiftFileReport, { readonly result: 'failed' }>;

function describeFailed(report: Failed): string {
  return `${placeOf(report)}: ${report.why}; nothing of it was loaded`;
}

function describeFile(report: Exclude<ShiftFileReport, Failed>, isDryRun: boolean): string[] {
  const place = placeOf(report);
  if (report.result === 'repeat') {
    return [`${place}: loaded before (${report.earlierFile}, ${report.earlierAt}); nothing changes`];
  }
  const { accepted, linked, rejected, receipts } = report;
  const would = isDryRun ? ' would be' : '';
  const refused = receipts.filter(({ outcome }) => outcome === 'rejected');
  return [
    `${place}: receipts${would} accepted ${accepted}, linked ${linked}, rejected ${rejected}`,
    ...refused.map(({ shiftNumber, receiptNumber, kind, code, text }) => {
      return `  shift ${shiftNumber}, receipt ${receiptNumber} (${kind}): ${code} ${text}`;
    }),
  ];
}
