// «Синхронизация накоплений по ДК для Псевдо-Онлайн»: its documents, how far each till is, making one, missing reports.
import { listSettings } from '../../operations/admin/list-settings.ts';
import { knowsCard } from '../../operations/cards/knows-card.ts';
import { findMissingReports } from '../../operations/sync/find-missing-reports.ts';
import { listSyncs, showSync, type SyncDocument, type SyncProgress } from '../../operations/sync/list-syncs.ts';
import { startSync } from '../../works/start-sync.ts';
import type { FormTrouble } from '../form-trouble.ts';
import { NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { CheckField, PostForm, TextAreaField } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showCount, showDate, showMoment } from '../show.ts';
import { goToWork, placeOf } from '../works/go-to-work.ts';

export const syncPages: readonly Page[] = [
  { method: 'GET', path: 'sync', answer: (call) => showSyncs(call) },
  { method: 'POST', path: 'sync/make', answer: makeSync },
  { method: 'GET', path: 'sync/missing', answer: showMissing },
  { method: 'GET', path: 'sync/:id', answer: showDocument },
];

const title = (say: Say): string => say('Синхронизация', 'Synchronization');
const crumbsOf = (say: Say) => [{ title: title(say), path: 'sync' }];

function showPackages({ firstVersion, lastVersion }: SyncDocument, say: Say): string {
  return firstVersion === null ? say('нет', 'none') : `${firstVersion}\u2013${lastVersion}`;
}

function nameExtent({ isFull }: SyncDocument, say: Say): string {
  return isFull ? say('все карты', 'all cards') : say('по списку', 'a list');
}

async function showSyncs(call: PageCall, trouble?: FormTrouble): Promise<PageReply> {
  const { infobase, say, base, isAdmin } = call;
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: say('Синхронизация накоплений по ДК для Псевдо-Онлайн', 'Synchronization for tills without a line'),
    body: (
      <>
        <Table
          caption={say('Документы, новые сверху', 'Documents, the newest first')}
          columns={[
            {
              title: say('Номер', 'Number'),
              show: ({ id }) => <a href={`${base}/sync/${id}`}>{id}</a>,
              isHead: true,
            },
            { title: say('Дата', 'Date'), show: ({ datedAt }) => showMoment(datedAt) },
            { title: say('Состав', 'Of'), show: (document) => nameExtent(document, say) },
            { title: say('Карт', 'Cards'), show: ({ cards }) => showCount(cards), isNumber: true },
            { title: say('Пакеты', 'Packages'), show: (document) => showPackages(document, say) },
          ]}
          rows={(await listSyncs(infobase)).toSorted((a, b) => b.id - a.id)}
          none={say('Документов ещё нет.', 'There are no documents yet.')}
        />
        <Readiness call={call} isAccepting={await isAccepting(call)} />
        {isAdmin && <MakeForm call={call} {...trouble} />}
      </>
    ),
  };
}

async function isAccepting({ infobase }: PageCall): Promise<boolean> {
  return (await listSettings(infobase)).some(({ name, value }) => name === 'acceptCards' && value === 'true');
}

/** What the document asks for; the reports are looked for on a page of their own, for that goes through all receipts. */
function Readiness({ call, isAccepting: accepts }: { readonly call: PageCall; readonly isAccepting: boolean }) {
  const { say, base } = call;
  return (
    <>
      <h2>{say('Готовность', 'What must be done before')}</h2>
      <ol>
        <li>
          <span class={`badge ${accepts ? 'warn' : 'good'}`}>
            {accepts ? say('не сделано', 'not done') : say('сделано', 'done')}
          </span>{' '}
          {say('Запретить приём карт на кассах:', 'Refuse cards on tills:')}{' '}
          <a href={`${base}/settings/acceptCards`}>acceptCards</a>.
        </li>
        <li>
          {say('Снять все отчёты смен:', 'Load all shift reports:')}{' '}
          <a href={`${base}/sync/missing`}>{say('каких отчётов нет', 'which are missing')}</a>.
        </li>
        <li>
          {say(
            'После документа снова разрешить приём карт. Кассы заберут пакеты сами.',
            'After the document, allow cards again. Tills fetch the packages by themselves.',
          )}
        </li>
      </ol>
    </>
  );
}

interface MakeFormProps extends FormTrouble {
  readonly call: PageCall;
}

function MakeForm({ call: { say, base, token, form }, mistakes }: MakeFormProps) {
  return (
    <>
      <h2>{say('Новый документ', 'New document')}</h2>
      <PostForm action={`${base}/sync/make`} token={token}>
        <TextAreaField
          name="cards"
          label={say('Номера карт', 'Numbers of cards')}
          hint={say('По одному в строке. Пусто: все карты.', 'One a line. Empty: all cards.')}
          value={form.get('cards') ?? ''}
          mistakes={mistakes}
        />
        <CheckField
          name="dryRun"
          label={say('Только проверить', 'Dry run')}
          isChecked={form.get('dryRun') === 'yes'}
          mistakes={mistakes}
        />
        <p class="actions">
          <button type="submit">{say('Создать документ', 'Make the document')}</button>
        </p>
      </PostForm>
    </>
  );
}

async function makeSync(call: PageCall): Promise<PageReply> {
  const { infobase, form, say, services } = call;
  const cardNumbers = (form.get('cards') ?? '').split(/[\s,;]+/).filter((number) => number !== '');
  const isKnown = knowsCard(infobase);
  for (const number of cardNumbers) {
    if (await isKnown(number)) continue;
    return showSyncs(call, { mistakes: { cards: say(`Карты ${number} нет.`, `There is no card ${number}.`) } });
  }
  const isDryRun = form.get('dryRun') === 'yes';
  return goToWork(call, startSync(services.tools, placeOf(call), { cardNumbers, isDryRun }));
}

async function showMissing({ infobase, say }: PageCall): Promise<PageReply> {
  const { shifts } = await findMissingReports(infobase);
  return {
    kind: 'page',
    title: say('Каких отчётов смен нет', 'Shift reports that are missing'),
    crumbs: crumbsOf(say),
    body: (
      <Table
        caption={say('Смены, чеки которых пришли только онлайн', 'Shifts whose receipts came only online')}
        columns={[
          { title: say('Касса', 'Till'), show: ({ kkm }) => kkm, isHead: true },
          { title: say('Смена', 'Shift'), show: ({ shiftNumber }) => shiftNumber, isNumber: true },
          { title: say('Дата', 'Date'), show: ({ receiptOn }) => showDate(receiptOn) },
          { title: say('Чеков', 'Receipts'), show: ({ receipts }) => showCount(receipts), isNumber: true },
        ]}
        rows={shifts}
        none={say('Все отчёты сняты.', 'All reports are there.')}
      />
    ),
  };
}

async function showDocument({ infobase, params, say }: PageCall): Promise<PageReply> {
  const { id = '' } = params;
  const found = /^\d{1,15}$/.test(id) ? await showSync(infobase, Number(id)) : undefined;
  if (found === undefined) throw new NotFound(say(`Документа ${id} нет.`, `There is no document ${id}.`));
  const { document, tills } = found;
  return {
    kind: 'page',
    title: say(`Синхронизация ${id} от ${showMoment(document.datedAt)}`, `Synchronization ${id}`),
    crumbs: crumbsOf(say),
    body: (
      <>
        <Facts
          facts={[
            { title: say('Дата', 'Date'), value: showMoment(document.datedAt) },
            { title: say('Состав', 'Of'), value: nameExtent(document, say) },
            { title: say('Карт', 'Cards'), value: showCount(document.cards) },
            { title: say('Пакеты', 'Packages'), value: showPackages(document, say) },
            {
              title: say('Подтвердили', 'Confirmed by'),
              value: `${tills.filter(({ state }) => state === 'confirmed').length} / ${tills.length}`,
            },
          ]}
        />
        <Tills say={say} tills={tills} />
      </>
    ),
  };
}

function Tills({ say, tills }: { readonly say: Say; readonly tills: readonly SyncProgress[] }) {
  return (
    <Table
      caption={say('Кассы', 'Tills')}
      columns={[
        { title: say('Касса', 'Till'), show: ({ kkm }) => kkm, isHead: true },
        { title: say('Состояние', 'State'), show: ({ state }) => <ProgressBadge say={say} state={state} /> },
        {
          title: say('Забран пакет', 'Fetched'),
          show: (till) => showVersion(till.fetchedVersion, till.fetchedAt),
        },
        {
          title: say('Подтверждён пакет', 'Confirmed'),
          show: (till) => showVersion(till.confirmedVersion, till.confirmedAt),
        },
      ]}
      rows={tills}
      none={say(
        'Ни одна касса не участвует: отметьте это у касс в разделе «Магазины и кассы».',
        'No till takes part: tick it at the tills in Shops and tills.',
      )}
    />
  );
}

function showVersion(version: number, at: SyncProgress['fetchedAt']): string {
  return at === null ? '' : `${version}, ${showMoment(at)}`;
}

function ProgressBadge({ say, state }: { readonly say: Say; readonly state: SyncProgress['state'] }) {
  switch (state) {
    case 'confirmed':
      return <span class="badge good">{say('подтвердила', 'confirmed')}</span>;
    case 'fetched':
      return <span class="badge">{say('забрала', 'fetched')}</span>;
    case 'waiting':
      return <span class="badge warn">{say('ждём', 'waiting')}</span>;
  }
}
