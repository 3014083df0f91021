// Kinds of gift certificates: the list, making, changing.
import { parseLife } from '../../ledger/life-rule.ts';
import { formatRubles } from '../../ledger/money.ts';
import { listKinds, saveKind, type CertificateKind } from '../../operations/certificates/certificate-catalog.ts';
import { parseSheetSum } from '../../tables/parse-sheet-figure.ts';
import { findTrouble, type FormTrouble } from '../form-trouble.ts';
import { goTo, NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { FormProblem, InputField, PostForm, type FieldMistakes } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { Facts } from '../parts/tiles.tsx';
import type { Say } from '../say.ts';
import { nameLifeText, showPrice } from './certificate-words.ts';

export const certificateKindPages: readonly Page[] = [
  { method: 'GET', path: 'certificates/kinds', answer: showKinds },
  { method: 'GET', path: 'certificates/kinds/new', roles: ['admin'], answer: async (call) => showNewKind(call) },
  { method: 'POST', path: 'certificates/kinds/new', answer: makeKind },
  { method: 'GET', path: 'certificates/kinds/code/:code', answer: async (call) => showKind(call, await getKind(call)) },
  { method: 'POST', path: 'certificates/kinds/code/:code', answer: changeKind },
];

const crumbsOf = (say: Say) => [
  { title: say('Подарочные сертификаты', 'Gift certificates'), path: 'certificates' },
  { title: say('Виды сертификатов', 'Kinds of certificates'), path: 'certificates/kinds' },
];
const pathOf = (code: string): string => `certificates/kinds/code/${encodeURIComponent(code)}`;

async function getKind({ infobase, params, say }: PageCall): Promise<CertificateKind> {
  const found = (await listKinds(infobase)).find(({ code }) => code === params.code);
  if (found === undefined) throw new NotFound(say(`Вида «${params.code}» нет.`, `There is no kind "${params.code}".`));
  return found;
}

async function showKinds({ infobase, say, base, isAdmin }: PageCall): Promise<PageReply> {
  return {
    kind: 'page',
    title: say('Виды сертификатов', 'Kinds of certificates'),
    crumbs: crumbsOf(say).slice(0, 1),
    body: (
      <>
        {isAdmin && (
          <p class="actions">
            <a class="button" href={`${base}/certificates/kinds/new`}>
              {say('Новый вид', 'New kind')}
            </a>
          </p>
        )}
        <Table
          caption={say('Виды и их условия', 'Kinds and their terms')}
          columns={[
            {
              title: say('Наименование', 'Name'),
              show: ({ code, name }) => <a href={`${base}/${pathOf(code)}`}>{name}</a>,
              isHead: true,
            },
            { title: say('Код', 'Code'), show: ({ code }) => code },
            { title: say('Номинал', 'Price'), show: ({ nominal }) => showPrice(nominal, say), isNumber: true },
            { title: say('Срок после продажи', 'Life after the sale'), show: ({ life }) => nameLifeText(life, say) },
          ]}
          rows={await listKinds(infobase)}
          none={say('Видов сертификатов ещё нет.', 'There are no kinds yet.')}
        />
      </>
    ),
  };
}

interface KindTexts {
  readonly code: string;
  readonly name: string;
  readonly nominal: string;
  readonly life: string;
}

function readTexts(form: URLSearchParams): KindTexts {
  const text = (name: string): string => (form.get(name) ?? '').trim();
  return { code: text('code'), name: text('name'), nominal: text('nominal'), life: text('life') };
}

function typeKind({ code, name, nominal, life }: CertificateKind): KindTexts {
  return { code, name, nominal: nominal === null ? '' : formatRubles(nominal).replace('.', ','), life };
}

type ReadKind =
  { readonly ok: true; readonly kind: CertificateKind } | { readonly ok: false; readonly mistakes: FieldMistakes };

function readKind({ code, name, nominal, life }: KindTexts, say: Say): ReadKind {
  const mistakes: Record<string, string> = {};
  if (code === '') mistakes.code = say('Укажите код.', 'Enter a code.');
  if (name === '') mistakes.name = say('Укажите наименование.', 'Enter a name.');
  const price = nominal === '' ? null : parseSheetSum(nominal);
  if (price === undefined || price === 0) {
    mistakes.nominal = say('Ожидается сумма больше нуля, например 1000 или 999,50.', 'Expected a sum above 0.');
  }
  if (parseLife(life === '' ? 'unlimited' : life) === undefined) {
    mistakes.life = say('Ожидается срок, например years:1 или unlimited.', 'Expected one such as years:1.');
  }
  if (Object.keys(mistakes).length > 0) return { ok: false, mistakes };
  return { ok: true, kind: { code, name, nominal: price ?? null, life: life === '' ? 'unlimited' : life } };
}

const russianMistakes = {
  code: 'Код: от 1 до 200 знаков.',
  name: 'Наименование: от 1 до 200 знаков.',
  life: 'Эта дата уже прошла.',
};

interface KindFormProps extends FormTrouble {
  readonly call: PageCall;
  readonly action: string;
  readonly texts: KindTexts;
  readonly isNew: boolean;
}

function KindForm({ call: { say, base, token }, action, texts, isNew, mistakes, problem }: KindFormProps) {
  return (
    <PostForm action={`${base}/${action}`} token={token}>
      <FormProblem text={problem} />
      {isNew && <InputField name="code" label={say('Код', 'Code')} value={texts.code} isRequired mistakes={mistakes} />}
      <InputField name="name" label={say('Наименование', 'Name')} value={texts.name} isRequired mistakes={mistakes} />
      <InputField
        name="nominal"
        label={say('Номинал, руб.', 'Price, rubles')}
        hint={say('Пусто: сумму называет покупатель.', 'Empty: the buyer names the sum.')}
        value={texts.nominal}
        inputMode="decimal"
        mistakes={mistakes}
      />
      <InputField
        name="life"
        label={say('Срок после продажи', 'Life after the sale')}
        hint="years:1, months:6, days:90, end_of_year:0, fixed_date:2030-01-01, unlimited"
        value={texts.life}
        mistakes={mistakes}
      />
      <p class="actions">
        <button type="submit">{isNew ? say('Создать вид', 'Make the kind') : say('Записать', 'Save')}</button>
        <a href={`${base}/certificates/kinds`}>{say('Отмена', 'Cancel')}</a>
      </p>
    </PostForm>
  );
}

function showNewKind(call: PageCall, trouble?: FormTrouble): PageReply {
  const { say, form } = call;
  const texts = { ...readTexts(form), life: form.get('life') ?? 'years:1' };
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: say('Новый вид сертификатов', 'New kind of certificates'),
    crumbs: crumbsOf(say),
    body: <KindForm {...{ call, action: 'certificates/kinds/new', texts, isNew: true }} {...trouble} />,
  };
}

async function makeKind(call: PageCall): Promise<PageReply> {
  const { infobase, now, form, say } = call;
  const read = readKind(readTexts(form), say);
  if (!read.ok) return showNewKind(call, read);
  const { kind } = read;
  if ((await listKinds(infobase)).some(({ code }) => code === kind.code)) {
    return showNewKind(call, { mistakes: { code: say('Вид с таким кодом уже есть.', 'There is such a kind.') } });
  }
  const outcome = await saveKind(infobase, now, kind);
  if (!outcome.ok) return showNewKind(call, findTrouble(outcome, say, russianMistakes));
  return goTo('certificates/kinds', say(`Вид «${kind.name}» создан.`, `Kind "${kind.name}" was made.`));
}

async function showKind(
  call: PageCall,
  kind: CertificateKind,
  texts = typeKind(kind),
  trouble?: FormTrouble,
): Promise<PageReply> {
  const { say, isAdmin } = call;
  return {
    kind: 'page',
    ...(trouble === undefined ? {} : { status: 422 as const }),
    title: kind.name,
    crumbs: crumbsOf(say),
    body: (
      <>
        <Facts
          facts={[
            { title: say('Код', 'Code'), value: kind.code },
            { title: say('Номинал', 'Price'), value: showPrice(kind.nominal, say) },
            { title: say('Срок после продажи', 'Life after the sale'), value: nameLifeText(kind.life, say) },
          ]}
        />
        {isAdmin && (
          <>
            <h2>{say('Изменить', 'Change')}</h2>
            <p>
              {say(
                'Проданные сертификаты сохраняют свои номинал и срок.',
                'Certificates that are sold keep their price and their life.',
              )}
            </p>
            <KindForm {...{ call, action: pathOf(kind.code), texts, isNew: false }} {...trouble} />
          </>
        )}
      </>
    ),
  };
}

async function changeKind(call: PageCall): Promise<PageReply> {
  const { infobase, now, form, say } = call;
  const kind = await getKind(call);
  const texts = { ...readTexts(form), code: kind.code };
  const read = readKind(texts, say);
  if (!read.ok) return showKind(call, kind, texts, read);
  const outcome = await saveKind(infobase, now, read.kind);
  if (!outcome.ok) return showKind(call, kind, texts, findTrouble(outcome, say, russianMistakes));
  return goTo('certificates/kinds', say('Вид записан.', 'The kind was saved.'));
}
