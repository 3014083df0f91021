// Gift certificates: search and filters, one with its movements, making a range.
import { certificateStates } from '../../ledger/certificate.ts';
import { neverOn } from '../../ledger/life-rule.ts';
import {
  listCertificatePage,
  listKinds,
  showCertificate,
  type CertificateKind,
  type PricedCertificate,
} from '../../operations/certificates/certificate-catalog.ts';
import { startCertificates } from '../../works/start-certificates.ts';
import { NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { InputField, PostForm, SelectField, type FieldMistakes } from '../parts/form.tsx';
import { NextPage } from '../parts/next-page.tsx';
import { findRangeMistake, RangeFields, readRangeTexts } from '../parts/range-fields.tsx';
import { SearchForm } from '../parts/search-form.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { showChange, showDate, showMoment, showMoney } from '../show.ts';
import { goToWork, placeOf } from '../works/go-to-work.ts';
import { nameMovement, nameState, showPrice } from './certificate-words.ts';
import { certificateKindPages } from './kind-pages.tsx';

export const certificatePages: readonly Page[] = [
  { method: 'GET', path: 'certificates', answer: showCertificates },
  { method: 'GET', path: 'certificates/issue', roles: ['admin'], answer: (call) => showIssue(call) },
  { method: 'POST', path: 'certificates/issue', answer: issue },
  ...certificateKindPages,
  { method: 'GET', path: 'certificates/number/:number', answer: showOne },
];

const certificatesPerPage = 50;

const title = (say: Say): string => say('Подарочные сертификаты', 'Gift certificates');
const crumbsOf = (say: Say) => [{ title: title(say), path: 'certificates' }];

interface FoundCertificates {
  readonly certificates: readonly PricedCertificate[];
  readonly next: string | null;
}

/** What cannot be read restricts nothing; a page after a certificate that is gone is the first one. */
async function findCertificates(
  { infobase, query }: PageCall,
  kinds: readonly CertificateKind[],
): Promise<FoundCertificates> {
  const number = (query.get('q') ?? '').trim();
  const state = certificateStates.find((one) => one === query.get('state'));
  const kindCode = kinds.find(({ code }) => code === query.get('kind'))?.code;
  const sold = query.get('sold');
  if (number !== '') {
    const found = await showCertificate(infobase, number);
    return { certificates: found === undefined ? [] : [found.certificate], next: null };
  }
  const request = {
    limit: certificatesPerPage,
    ...(state === undefined ? {} : { state }),
    ...(kindCode === undefined ? {} : { kindCode }),
    ...(sold === 'yes' || sold === 'no' ? { isSold: sold === 'yes' } : {}),
  };
  const after = query.get('after') ?? '';
  const page = after === '' ? undefined : await listCertificatePage(infobase, { ...request, after });
  const outcome = page?.ok === true ? page : await listCertificatePage(infobase, request);
  return outcome.ok ? outcome : { certificates: [], next: null };
}

async function showCertificates(call: PageCall): Promise<PageReply> {
  const { infobase, say, base, query, isAdmin } = call;
  const kinds = await listKinds(infobase);
  const { certificates, next } = await findCertificates(call, kinds);
  const any = { value: '', title: say('все', 'all') };
  const choose = (name: string): string => query.get(name) ?? '';
  return {
    kind: 'page',
    title: title(say),
    body: (
      <>
        <p class="actions">
          {isAdmin && (
            <a class="button" href={`${base}/certificates/issue`}>
              {say('Выпустить сертификаты', 'Make certificates')}
            </a>
          )}
          <a class="button second" href={`${base}/certificates/kinds`}>
            {say('Виды сертификатов', 'Kinds of certificates')}
          </a>
        </p>
        <SearchForm action={`${base}/certificates`} say={say}>
          <InputField
            name="q"
            type="search"
            label={say('Номер сертификата целиком', 'Whole number')}
            value={choose('q')}
            autocomplete="off"
          />
          <SelectField
            name="kind"
            label={say('Вид', 'Kind')}
            value={choose('kind')}
            choices={[any, ...kinds.map(({ code, name }) => ({ value: code, title: name }))]}
          />
          <SelectField
            name="state"
            label={say('Состояние', 'State')}
            value={choose('state')}
            choices={[any, ...certificateStates.map((value) => ({ value, title: nameState(value, say) }))]}
          />
          <SelectField
            name="sold"
            label={say('Проданы', 'Sold')}
            value={choose('sold')}
            choices={[
              any,
              { value: 'yes', title: say('проданные', 'sold') },
              { value: 'no', title: say('ещё не проданные', 'not yet') },
            ]}
          />
        </SearchForm>
        <div id="found">
          <CertificateTable {...{ call, certificates, kinds }} />
          <NextPage call={call} after={next} />
        </div>
      </>
    ),
  };
}

interface CertificateTableProps {
  readonly call: PageCall;
  readonly certificates: readonly PricedCertificate[];
  readonly kinds: readonly CertificateKind[];
}

function CertificateTable({ call: { say, base }, certificates, kinds }: CertificateTableProps) {
  const names = new Map(kinds.map(({ code, name }) => [code, name]));
  return (
    <Table
      caption={say('Сертификаты, новые сверху', 'Certificates, the latest first')}
      columns={[
        {
          title: say('Номер', 'Number'),
          show: ({ number }) => <a href={`${base}/certificates/number/${encodeURIComponent(number)}`}>{number}</a>,
          isHead: true,
        },
        { title: say('Вид', 'Kind'), show: ({ kindCode }) => names.get(kindCode) ?? kindCode },
        { title: say('Состояние', 'State'), show: ({ state }) => nameState(state, say) },
        { title: say('Номинал', 'Price'), show: ({ price }) => showPrice(price, say), isNumber: true },
        { title: say('Остаток', 'Balance'), show: ({ balance }) => showMoney(balance), isNumber: true },
        {
          title: say('Продан', 'Sold'),
          show: ({ soldAt }) => (soldAt === null ? say('ещё нет', 'not yet') : showMoment(soldAt)),
        },
        { title: say('Сгорит', 'Expires'), show: (certificate) => showEnd(certificate, say) },
      ]}
      rows={certificates}
      none={say('Таких сертификатов нет.', 'There are no such certificates.')}
    />
  );
}

function showEnd({ writeOffOn }: PricedCertificate, say: Say): string {
  if (writeOffOn === null) return '';
  return writeOffOn === neverOn ? say('бессрочный', 'without end') : showDate(writeOffOn);
}

async function showOne({ infobase, params, say }: PageCall): Promise<PageReply> {
  const { number = '' } = params;
  const found = await showCertificate(infobase, number);
  if (found === undefined) throw new NotFound(say(`Сертификата ${number} нет.`, `There is no certificate ${number}.`));
  const { certificate, movements } = found;
  const kind = (await listKinds(infobase)).find(({ code }) => code === certificate.kindCode);
  const { soldAt } = certificate;
  return {
    kind: 'page',
    title: say(`Сертификат ${number}`, `Certificate ${number}`),
    crumbs: crumbsOf(say),
    body: (
      <>
        <Facts
          facts={[
            { title: say('Вид', 'Kind'), value: kind?.name ?? certificate.kindCode },
            { title: say('Состояние', 'State'), value: nameState(certificate.state, say) },
            { title: say('Номинал', 'Price'), value: showPrice(certificate.price, say) },
            { title: say('Остаток', 'Balance'), value: showMoney(certificate.balance) },
            {
              title: say('Продан', 'Sold'),
              value: soldAt === null ? say('ещё нет', 'not yet') : showMoment(soldAt),
            },
            { title: say('Сгорит', 'Expires'), value: showEnd(certificate, say) || '\u2014' },
          ]}
        />
        <Table
          caption={say('Движения', 'Movements')}
          columns={[
            { title: say('Дата', 'Date'), show: ({ datedAt }) => showMoment(datedAt), isHead: true },
            { title: say('Документ', 'Document'), show: (one) => `${nameMovement(one.kind, say)} ${one.documentId}` },
            { title: say('Сумма', 'Sum'), show: ({ amount }) => showChange(amount), isNumber: true },
            { title: say('Остаток', 'Balance'), show: ({ balanceAfter }) => showMoney(balanceAfter), isNumber: true },
            {
              title: say('Касса, чек', 'Till, receipt'),
              show: ({ kkm, receiptNumber }) => (kkm === null ? '' : `${kkm}, ${receiptNumber}`),
            },
            { title: say('Комментарий', 'Comment'), show: ({ comment }) => comment ?? '' },
          ]}
          rows={movements}
          none={say('Движений ещё нет.', 'There are no movements yet.')}
        />
      </>
    ),
  };
}

async function showIssue(call: PageCall, mistakes?: FieldMistakes): Promise<PageReply> {
  const { infobase, say, base, token, form } = call;
  const kinds = await listKinds(infobase);
  return {
    kind: 'page',
    ...(mistakes === undefined ? {} : { status: 422 as const }),
    title: say('Выпустить сертификаты', 'Make certificates'),
    crumbs: crumbsOf(say),
    body: (
      <PostForm action={`${base}/certificates/issue`} token={token}>
        <RangeFields {...{ call, mistakes }} />
        <SelectField
          name="kindCode"
          label={say('Вид сертификата', 'Kind')}
          value={form.get('kindCode') ?? ''}
          choices={kinds.map(({ code, name }) => ({ value: code, title: name }))}
          mistakes={mistakes}
        />
        <p class="hint">
          {say('Номера, которые уже есть, остаются как есть.', 'Numbers that are there already are left as they are.')}
        </p>
        <p class="actions">
          <button type="submit">{say('Выпустить', 'Make them')}</button>
          <a href={`${base}/certificates`}>{say('Отмена', 'Cancel')}</a>
        </p>
      </PostForm>
    ),
  };
}

async function issue(call: PageCall): Promise<PageReply> {
  const { infobase, form, say, services } = call;
  const range = readRangeTexts(form);
  const mistake = findRangeMistake(call, range);
  if (mistake !== undefined) return showIssue(call, mistake);
  const kindCode = (form.get('kindCode') ?? '').trim();
  if (!(await listKinds(infobase)).some(({ code }) => code === kindCode)) {
    return showIssue(call, { kindCode: say('Сначала заведите вид сертификатов.', 'Make a kind first.') });
  }
  return goToWork(call, startCertificates(services.tools, placeOf(call), { ...range, kindCode }));
}
