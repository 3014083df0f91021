// «Биллинг: Дисконтные карты - включение/выключение механизма»: the form of the source with its three tabs. Switching on, its
// continuation and switching off run in the service; this page shows how far they are.
import type { ComponentChildren } from 'preact';
import { dateOf, parseLocalDate, type LocalDate } from '../../ledger/local-date-time.ts';
import { findBillingRemains } from '../../operations/enabling/disable-billing.ts';
import { pauseEnablingRun } from '../../operations/enabling/pause-enabling.ts';
import {
  previewEnabling,
  readBillingStatus,
  type BillingStatus,
  type EnablingPreview,
} from '../../operations/enabling/read-billing-status.ts';
import { startDisabling } from '../../works/start-disabling.ts';
import { startEnabling, type EnablingTask } from '../../works/start-enabling.ts';
import { goTo, type Page, type PageCall, type PageReply } from '../page.ts';
import { goToWork, placeOf } from '../works/go-to-work.ts';
import { DisableTab, remainsOf } from './disable-tab.tsx';
import { EnableTab, StartQuestion, type FoundStart } from './enable-tab.tsx';
import { RepostTab } from './repost-tab.tsx';
import { Status } from './billing-status.tsx';

export const billingPages: readonly Page[] = [
  { method: 'GET', path: 'billing', answer: (call) => showEnable(call) },
  { method: 'GET', path: 'billing/repost', answer: showRepost },
  { method: 'GET', path: 'billing/disable', answer: (call) => showDisable(call, false) },
  { method: 'POST', path: 'billing/ask', answer: askToEnable },
  { method: 'POST', path: 'billing/enable', answer: enable },
  { method: 'POST', path: 'billing/continue', answer: (call) => run(call, { sort: 'continue' }) },
  { method: 'POST', path: 'billing/pause', answer: pause },
  { method: 'POST', path: 'billing/repost', answer: repost },
  { method: 'POST', path: 'billing/disable', answer: disable },
];

const failedShown = 100;

export const billingTabs = ['', 'repost', 'disable'] as const;
export type BillingTab = (typeof billingTabs)[number];

function readStatus({ infobase, now, services }: PageCall): Promise<BillingStatus> {
  return readBillingStatus(infobase, now, {
    limit: failedShown,
    nightTime: services.nightSchedule.time,
    nowMs: services.readWallMs(),
  });
}

function nameTab({ say }: PageCall, tab: BillingTab): string {
  switch (tab) {
    case '':
      return say('Включение биллинга', 'Switching on');
    case 'repost':
      return say('Перепроведение от даты начала', 'Posting again since the start');
    case 'disable':
      return say('Выключение биллинга', 'Switching off');
  }
}

function lay(call: PageCall, status: BillingStatus, tab: BillingTab, body: ComponentChildren): PageReply {
  const { say, base } = call;
  return {
    kind: 'page',
    title: say(
      'Биллинг: Дисконтные карты - включение/выключение механизма',
      'Billing of discount cards: switching on and off',
    ),
    body: (
      <>
        <Status say={say} status={status} />
        <nav class="tabs" aria-label={say('Закладки', 'Tabs')}>
          {billingTabs.map((one) => (
            <a href={`${base}/billing${one === '' ? '' : `/${one}`}`} aria-current={one === tab ? 'page' : undefined}>
              {nameTab(call, one)}
            </a>
          ))}
        </nav>
        {body}
      </>
    ),
  };
}

/** The first of the month, as the source proposes where cards were in use before. */
function proposeStart(now: PageCall['now']): LocalDate {
  return `${dateOf(now).slice(0, 8)}01` as LocalDate;
}

async function showEnable(call: PageCall, mistake?: string): Promise<PageReply> {
  const status = await readStatus(call);
  const startText = call.form.get('startOn') ?? proposeStart(call.now);
  const page = lay(call, status, '', <EnableTab call={call} status={status} startText={startText} mistake={mistake} />);
  return mistake === undefined || page.kind !== 'page' ? page : { ...page, status: 422 };
}

/** The question of the source, with what the answer «Да» will do in numbers. */
async function askToEnable(call: PageCall): Promise<PageReply> {
  const { say, form } = call;
  const startOn = parseLocalDate(form.get('startOn') ?? '');
  if (startOn === undefined) return showEnable(call, say('Укажите дату начала.', 'Give the start date.'));
  const found = await preview(call, startOn);
  return found.ok ? showQuestion(call, startOn, found) : showEnable(call, found.why);
}

async function showQuestion(
  call: PageCall,
  startOn: LocalDate,
  found: FoundStart,
  mistake?: string,
): Promise<PageReply> {
  const status = await readStatus(call);
  const page = lay(call, status, '', <StartQuestion call={call} startOn={startOn} found={found} mistake={mistake} />);
  return mistake === undefined || page.kind !== 'page' ? page : { ...page, status: 422 };
}

function preview({ infobase, now, services }: PageCall, startOn: LocalDate): Promise<EnablingPreview> {
  return previewEnabling(infobase, now, startOn, services.nightSchedule.time);
}

async function enable(call: PageCall): Promise<PageReply> {
  const { say, form } = call;
  const startOn = parseLocalDate(form.get('startOn') ?? '');
  if (startOn === undefined) return showEnable(call, say('Укажите дату начала.', 'Give the start date.'));
  const found = await preview(call, startOn);
  if (!found.ok) return showEnable(call, found.why);
  if (form.get('exclusive') !== 'yes') {
    const text = say(
      'Включите монопольный режим: без него перенос данных не начинается.',
      'Enter exclusive mode: without it nothing is begun.',
    );
    return showQuestion(call, startOn, found, text);
  }
  return run(call, { sort: 'enable', startOn });
}

/** Begun, it is watched on the tab of re-posting, which lists the documents. */
async function run(call: PageCall, task: EnablingTask): Promise<PageReply> {
  const { say, services } = call;
  const started = startEnabling(services.tools, placeOf(call), task);
  const gone = await goToWork(call, started);
  if (gone.notice !== undefined) return { ...gone, path: 'billing/repost' };
  return goTo(
    'billing/repost',
    say(
      'Перенос данных начат. Включение биллинга может занять продолжительное время.',
      'The transfer of data has begun. Switching billing on may take a long time.',
    ),
  );
}

async function showRepost(call: PageCall): Promise<PageReply> {
  const status = await readStatus(call);
  return lay(call, status, 'repost', <RepostTab call={call} status={status} work={findRunning(call)} />);
}

function findRunning({ services, infobase }: PageCall) {
  return services.tools.work.list(infobase.name).find(({ kind }) => kind === 'enabling');
}

async function pause(call: PageCall): Promise<PageReply> {
  const { say, infobase } = call;
  await pauseEnablingRun(infobase);
  return goTo('billing/repost', say('Приостановлено после текущего шага.', 'Paused after the current step.'));
}

async function repost(call: PageCall): Promise<PageReply> {
  const receiptId = Number(call.form.get('receiptId') ?? '');
  return run(call, { sort: 'repost', which: receiptId > 0 ? { receiptId } : 'failed' });
}

async function showDisable(call: PageCall, isWrong: boolean): Promise<PageReply> {
  const status = await readStatus(call);
  const remains = remainsOf(await findBillingRemains(call.infobase));
  const page = lay(
    call,
    status,
    'disable',
    <DisableTab call={call} status={status} remains={remains} isWrong={isWrong} />,
  );
  return isWrong && page.kind === 'page' ? { ...page, status: 422 } : page;
}

/** Three confirmations, each by itself: the infobase, the date billing began at, and that everything is destroyed. */
async function disable(call: PageCall): Promise<PageReply> {
  const { form, infobase, services } = call;
  const { startOn } = await readStatus(call);
  const isConfirmed =
    form.get('name') === infobase.name && form.get('startOn') === startOn && form.get('destroy') === 'yes';
  if (!isConfirmed) return showDisable(call, true);
  return goToWork(call, startDisabling(services.tools, placeOf(call)));
}
