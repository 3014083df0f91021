// `kkm demo`: two test infobases with invented cards, and tills that read them and ring receipts through node-soap's
// client, saying what each call moved: a day in stage online, then a month in stage billing with its nights.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig, type Config } from '../../config.ts';
import { nameRunner } from '../../jobs/name-runner.ts';
import { addSeconds, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { openLog } from '../../log.ts';
import { serve, type RunningService } from '../../main.ts';
import type { Infobase } from '../../operations/infobase.ts';
import { makeDemoCards } from '../../operations/catalogs/make-demo-cards.ts';
import { makeDocument } from '../../operations/billing/make-document.ts';
import { makePassword } from '../../operations/admin/password.ts';
import { advanceClock, giveTestClock, setClock } from '../../operations/admin/move-clock.ts';
import { readDocumentRow } from '../../operations/billing/read-document-sheet.ts';
import { saveSetting } from '../../operations/admin/save-setting.ts';
import { defineCommand, runCommand, type CommandIo } from '../command-io.ts';
import { nameOperator } from '../name-operator.ts';
import { playDay } from './demo-day.ts';
import { monthRules, monthStart, playMonth } from './demo-month.ts';
import { openTill, type Till } from './demo-till.ts';

const dayStart = '2026-11-22T09:00:00' as LocalDateTime;

const command = defineCommand({
  usage: '[--keep]',
  about: 'plays a day and a month of trade on test infobases of its own, and removes them',
  notes: ['It needs no service: the infobases are in a temporary folder, the port is any free one.'],
  flags: { keep: { about: 'leave the two test infobases, to be looked at in the console' } },
  run: async ({ flags }, io) => {
    const folder = mkdtempSync(join(tmpdir(), 'kkm-demo-'));
    const password = makePassword();
    const config = readConfig({ DATA_DIR: folder, PORT: '0', INFOBASES: 'day,month', ADMIN_PASSWORD: password });
    const { log } = openLog({ level: 'error', file: undefined });
    const service = await serve({ config, log, tell: () => undefined });
    try {
      // Before a day of theirs can be sealed by the machine's clock, after which the demo's own would be in the past.
      for (const [name, start] of scenes) await giveTestClock(findScene(service, name), start);
      await runDay(service, config, password, io);
      io.out('');
      await runMonth(service, config, password, io);
    } finally {
      await service.stop();
      if (!flags.keep) rmSync(folder, { recursive: true, force: true });
    }
    io.out('');
    for (const line of flags.keep ? wordKept(folder, password) : wordRemoved) io.out(line);
    return 0;
  },
});

const wordRemoved = [
  'Тестовые базы удалены. Оставить их для консоли: kkm demo --keep. Рабочая база: npm start.',
  'Своя тестовая: kkm infobase create NAME --test.',
];

function wordKept(folder: string, password: string): string[] {
  return [
    `Тестовые базы day и month оставлены в папке ${folder}`,
    `Показать их: npx kkm serve --data-dir ${folder} --infobases day,month`,
    `Консоль: http://127.0.0.1:8080/console/month/ (пользователь admin, пароль ${password})`,
  ];
}

export function demo(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm demo', command, args, io);
}

const scenes = [
  ['day', dayStart],
  ['month', monthStart],
] as const;

/** Whoever looks at what is kept finds in its log of changes who has made it. */
function findScene({ infobases }: RunningService, name: string): Infobase {
  const infobase = infobases.find((one) => one.name === name) as Infobase;
  return infobase.by({ name: nameOperator(), door: 'cli', readMs: Date.now });
}

/** The infobase of that name, whose clock has begun, and a till of it. */
async function openScene(
  service: RunningService,
  name: string,
  password: string,
  start: LocalDateTime,
): Promise<{
  readonly infobase: Infobase;
  readonly till: Till;
  readonly now: () => LocalDateTime;
  readonly address: string;
}> {
  const infobase = findScene(service, name);
  const now = (): LocalDateTime => infobase.testNow ?? start;
  const address = `${service.origin}/${name}/ws/KKMTransfer.1cws`;
  return { infobase, now, address, till: await openTill({ address, name: 'admin', password, now }) };
}

async function runDay(service: RunningService, config: Config, password: string, io: CommandIo): Promise<void> {
  const { infobase, till, now, address } = await openScene(service, 'day', password, dayStart);
  const cards = await makeDemoCards(infobase);
  io.out(`День торговли, этап «online». Тестовая база опубликована по адресу ${address}`);
  const nightTime = config.nightSchedule.time;
  await playDay({
    till,
    cards,
    say: (line) => io.out(line),
    pass: async (minutes) => void (await setClock(infobase, addSeconds(now(), minutes * 60), { nightTime })),
  });
}

async function runMonth(service: RunningService, config: Config, password: string, io: CommandIo): Promise<void> {
  const { infobase, till, now, address } = await openScene(service, 'month', password, monthStart);
  const cards = await makeDemoCards(infobase, monthRules);
  await saveSetting(infobase, now(), 'stage', 'billing');
  io.out(`Месяц торговли, этап «billing». Тестовая база опубликована по адресу ${address}`);
  io.out('Правила жизни: бонусы начисляются через 3 дня после покупки и живут 14 дней, накопление и чеки - месяц.');
  const options = {
    nightTime: config.nightSchedule.time,
    holder: nameRunner(),
    readMs: Date.now,
    wait: () => sleep(50),
  };
  await playMonth({
    till,
    cards,
    say: (line) => io.out(line),
    pass: async (to) => {
      const outcome = await advanceClock(infobase, to, options);
      if (!outcome.ok) throw new Error(outcome.why);
    },
    accrue: (card, rubles, comment) => accrueByHand(infobase, now(), card, rubles, comment),
  });
}

/** By the bonus rule of the month: its delay is for receipts, a gift is credited at once. */
async function accrueByHand(
  infobase: Infobase,
  now: LocalDateTime,
  card: string,
  rubles: string,
  comment: string,
): Promise<string> {
  const { row } = readDocumentRow(1, { card, bonus: rubles });
  if (row === undefined) throw new Error(`${rubles} is not a sum`);
  const outcome = await makeDocument(infobase, now, { sort: 'accrual', rows: [row], comment });
  if (!outcome.ok) throw new Error(outcome.why ?? 'the document is refused');
  return outcome.document ?? '';
}
