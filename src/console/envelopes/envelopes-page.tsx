// Envelopes as they arrive: the last hundred calls of the infobase, request and reply side by side, what the call has changed,
// and the same call once more on a test infobase.
import { readDocument, type ReadDocument } from '../../operations/billing/read-document.ts';
import type { Infobase } from '../../operations/infobase.ts';
import type { KeptEnvelope } from '../../envelope-log.ts';
import { goTo, NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { InputField, PostForm } from '../parts/form.tsx';
import { SearchForm } from '../parts/search-form.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import { readText } from '../read-query.ts';
import type { Say } from '../say.ts';
import { showMoment } from '../show.ts';
import { followPart } from '../works/work-view.tsx';
import { formatEnvelope, maskEnvelope } from './format-envelope.ts';
import { CardLink } from '../parts/card-link.tsx';
import { measureColumns } from '../parts/measure-columns.tsx';

export const envelopePages: readonly Page[] = [
  { method: 'GET', path: 'envelopes', answer: showEnvelopes },
  { method: 'GET', path: 'envelopes/:id', answer: showEnvelope },
  { method: 'GET', path: 'envelopes/:id/:part.xml', answer: sendText },
  { method: 'POST', path: 'envelopes/:id/repeat', answer: repeat },
];

/** Card numbers of a test infobase are invented. */
const isTest = ({ testNow }: Infobase): boolean => testNow !== undefined;

const readable = ({ infobase }: PageCall, text: string): string => (isTest(infobase) ? text : maskEnvelope(text));

function matches(call: KeptEnvelope, query: URLSearchParams): boolean {
  const [card, kkm, code] = ['card', 'kkm', 'code'].map((name) => readText(query, name));
  return (
    (card === null || call.cardNumber === card) &&
    (kkm === null || call.kkm === kkm) &&
    (code === null || showCode(call) === code)
  );
}

function showCode({ code }: KeptEnvelope): string {
  return code === undefined ? 'fault' : String(code);
}

async function showEnvelopes(call: PageCall): Promise<PageReply> {
  const { infobase, services, say, base, query, here } = call;
  const calls = services.envelopes.list(infobase.name).filter((one) => matches(one, query));
  return {
    kind: 'page',
    title: say('Конверты', 'Envelopes'),
    body: (
      <>
        <SearchForm action={`${base}/envelopes`} say={say}>
          <InputField name="card" type="search" label={say('Карта', 'Card')} value={readText(query, 'card') ?? ''} />
          <InputField name="kkm" type="search" label={say('Касса', 'Till')} value={readText(query, 'kkm') ?? ''} />
          <InputField
            name="code"
            type="search"
            label={say('Код', 'Code')}
            value={readText(query, 'code') ?? ''}
            size={5}
          />
        </SearchForm>
        <div {...followPart(here, 'found')}>
          <Table
            caption={say('Последние вызовы касс, до ста', 'The latest calls of tills, up to a hundred')}
            columns={[
              {
                title: say('Время', 'Time'),
                show: ({ id, at }) => <a href={`${base}/envelopes/${id}`}>{at.slice(11)}</a>,
                isHead: true,
              },
              { title: say('Касса', 'Till'), show: ({ kkm }) => kkm },
              { title: say('Операция', 'Operation'), show: ({ operation }) => operation },
              { title: say('Код', 'Code'), show: (one) => <CodeBadge call={one} /> },
              { title: say('мс', 'ms'), show: ({ durationMs }) => formatMs(durationMs), isNumber: true },
            ]}
            rows={calls}
            none={say(
              'С запуска сервиса таких вызовов не было.',
              'There have been no such calls since the service was started.',
            )}
          />
        </div>
      </>
    ),
  };
}

function CodeBadge({ call }: { readonly call: KeptEnvelope }) {
  return <span class={`badge ${call.code === 0 ? 'good' : 'bad'}`}>{showCode(call)}</span>;
}

function formatMs(ms: number): string {
  return ms.toFixed(1).replace('.', ',');
}

function findCall({ services, infobase, params, say }: PageCall): KeptEnvelope {
  const found = services.envelopes.find(infobase.name, Number(params.id ?? ''));
  if (found !== undefined) return found;
  throw new NotFound(
    say('Этого вызова уже нет: сервис помнит последние сто.', 'This call is gone: the service keeps the last hundred.'),
  );
}

async function showEnvelope(call: PageCall): Promise<PageReply> {
  const { infobase, say, base, token, isAdmin } = call;
  const kept = findCall(call);
  const made = await findMade(infobase, kept);
  return {
    kind: 'page',
    title: kept.operation === '' ? say('Непрочитанный запрос', 'A request that could not be read') : kept.operation,
    crumbs: [{ title: say('Конверты', 'Envelopes'), path: 'envelopes' }],
    body: (
      <>
        <Facts
          facts={[
            { title: say('Когда', 'When'), value: showMoment(kept.at) },
            { title: say('Касса', 'Till'), value: kept.kkm || '\u2014' },
            { title: say('Код', 'Code'), value: <CodeBadge call={kept} /> },
            { title: say('Пользователь', 'User'), value: kept.user },
            { title: say('Длительность', 'Duration'), value: `${formatMs(kept.durationMs)} ${say('мс', 'ms')}` },
            ...(kept.cardNumber === ''
              ? []
              : [
                  {
                    title: say('Карта', 'Card'),
                    value: <CardLink base={base} number={kept.cardNumber} />,
                  },
                ]),
          ]}
        />
        {made !== undefined && <Made say={say} base={base} made={made} />}
        <div class="beside">
          <Text call={call} kept={kept} part="request" />
          <Text call={call} kept={kept} part="reply" />
        </div>
        {kept.isCut && (
          <p class="hint">{say('Показано начало: текст длинный.', 'The beginning is shown: the text is long.')}</p>
        )}
        {isAdmin && isTest(infobase) && !kept.isCut && (
          <PostForm action={`${base}/envelopes/${kept.id}/repeat`} token={token} class="actions">
            <button type="submit" class="second">
              {say('Повторить вызов', 'Repeat the call')}
            </button>
          </PostForm>
        )}
      </>
    ),
  };
}

type Part = 'request' | 'reply';

function Text({ call, kept, part }: { readonly call: PageCall; readonly kept: KeptEnvelope; readonly part: Part }) {
  const { say, base } = call;
  const title = part === 'request' ? say('Запрос', 'Request') : say('Ответ', 'Reply');
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <pre tabIndex={0}>{readable(call, formatEnvelope(kept[part]))}</pre>
      <p>
        <a href={`${base}/envelopes/${kept.id}/${part}.xml`}>{say('Как пришло, без правки', 'As it came')}</a>
      </p>
    </section>
  );
}

/** The trade document that the call has made, by the number in its name. */
function findMade(infobase: Infobase, { document }: KeptEnvelope): Promise<ReadDocument | undefined> {
  const id = Number(/ 0*(\d{1,15}) /.exec(document ?? '')?.[1] ?? 0);
  if (id === 0) return Promise.resolve(undefined);
  return readDocument(infobase, { register: 'accumulation', id }, { limit: 20, after: null });
}

function Made({ say, base, made }: { readonly say: Say; readonly base: string; readonly made: ReadDocument }) {
  return (
    <Table
      caption={`${say('Что вызов изменил', 'What the call has changed')}: ${made.name}`}
      columns={[
        {
          title: say('Карта', 'Card'),
          show: ({ cardNumber }) => <CardLink base={base} number={cardNumber} />,
          isHead: true,
        },
        ...measureColumns(say),
      ]}
      rows={made.lines}
      none={say('Документ без движений.', 'A document without movements.')}
    />
  );
}

async function sendText(call: PageCall): Promise<PageReply> {
  const kept = findCall(call);
  const { part } = call.params;
  if (part !== 'request' && part !== 'reply') throw new NotFound();
  return {
    kind: 'download',
    name: `${kept.operation || 'call'}-${kept.id}-${part}.xml`,
    contentType: 'text/xml; charset=utf-8',
    bytes: oneText(readable(call, kept[part])),
  };
}

async function* oneText(text: string): AsyncGenerator<string> {
  yield text;
}

async function repeat(call: PageCall): Promise<PageReply> {
  const { infobase, services, say } = call;
  const kept = findCall(call);
  if (!isTest(infobase)) {
    const text = say('Повторять вызовы можно только на тестовой базе.', 'Calls are repeated on test infobases only.');
    return { kind: 'redirect', path: `envelopes/${kept.id}`, notice: { kind: 'problem', text } };
  }
  const id = await services.repeatCall(infobase.name, kept);
  return goTo(
    `envelopes/${id}`,
    say('Вызов повторён: это его новый ответ.', 'The call was repeated: this is its new reply.'),
  );
}
