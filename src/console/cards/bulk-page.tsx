// «Групповой ввод дисконтных карт» and «Групповая обработка дисконтных карт».
import { cardStatuses, type CardKind } from '../../ledger/card.ts';
import { listCardKinds } from '../../operations/catalogs/list-card-kinds.ts';
import { startCardEdit, startCardRange } from '../../works/start-cards.ts';
import type { Page, PageCall, PageReply } from '../page.ts';
import { FormProblem, InputField, PostForm, SelectField, type FieldMistakes } from '../parts/form.tsx';
import { findRangeMistake, RangeFields, readRangeTexts } from '../parts/range-fields.tsx';
import { goToWork, placeOf } from '../works/go-to-work.ts';
import { nameStatus } from '../words.ts';
import { cardCrumbs } from './card-crumbs.ts';

export const bulkPages: readonly Page[] = [
  { method: 'GET', path: 'cards/range', roles: ['admin'], answer: (call) => showRange(call, {}) },
  { method: 'POST', path: 'cards/range', answer: makeRange },
  { method: 'GET', path: 'cards/bulk', roles: ['admin'], answer: (call) => showBulk(call) },
  { method: 'POST', path: 'cards/bulk', answer: checkBulk },
  { method: 'POST', path: 'cards/bulk/run', answer: runBulk },
];

const kindChoices = (kinds: readonly CardKind[]) => kinds.map(({ code, name }) => ({ value: code, title: name }));

async function showRange(call: PageCall, mistakes: FieldMistakes): Promise<PageReply> {
  const { infobase, say, base, token, form } = call;
  const kinds = await listCardKinds(infobase);
  return {
    kind: 'page',
    ...(Object.keys(mistakes).length === 0 ? {} : { status: 422 as const }),
    title: say('Групповой ввод дисконтных карт', 'Make a range of cards'),
    crumbs: cardCrumbs(call),
    body: (
      <PostForm action={`${base}/cards/range`} token={token}>
        <RangeFields {...{ call, mistakes }} />
        <SelectField
          name="kindCode"
          label={say('Вид карты', 'Card kind')}
          value={form.get('kindCode') ?? ''}
          choices={kindChoices(kinds)}
          mistakes={mistakes}
        />
        <div class="actions">
          <button type="submit">{say('Создать карты', 'Make the cards')}</button>
        </div>
      </PostForm>
    ),
  };
}

async function makeRange(call: PageCall): Promise<PageReply> {
  const { infobase, form, say, services } = call;
  const range = readRangeTexts(form);
  const mistake = findRangeMistake(call, range);
  if (mistake !== undefined) return showRange(call, mistake);
  const kindCode = (form.get('kindCode') ?? '').trim();
  const kinds = await listCardKinds(infobase);
  if (!kinds.some(({ code }) => code === kindCode)) {
    return showRange(call, { kindCode: say('Сначала заведите вид карт.', 'Make a card kind first.') });
  }
  return goToWork(call, startCardRange(services.tools, placeOf(call), { ...range, kindCode }));
}

const statusChoices = ({ say }: PageCall) => cardStatuses.map((value) => ({ value, title: nameStatus(value, say) }));

async function showBulk(call: PageCall, problem?: string): Promise<PageReply> {
  const { infobase, say, base, token, form } = call;
  const kinds = kindChoices(await listCardKinds(infobase));
  const any = { value: '', title: say('любой', 'any') };
  const same = { value: '', title: say('не менять', 'leave') };
  const value = (name: string): string => form.get(name) ?? '';
  return {
    kind: 'page',
    ...(problem === undefined ? {} : { status: 422 as const }),
    title: say('Групповая обработка дисконтных карт', 'Change many cards'),
    crumbs: cardCrumbs(call),
    body: (
      <PostForm action={`${base}/cards/bulk`} token={token}>
        <FormProblem text={problem} />
        <h2>{say('Какие карты', 'Which cards')}</h2>
        <div class="row">
          <SelectField name="w-kind" label={say('Вид', 'Kind')} value={value('w-kind')} choices={[any, ...kinds]} />
          <SelectField
            name="w-status"
            label={say('Статус', 'Status')}
            value={value('w-status')}
            choices={[any, ...statusChoices(call)]}
          />
          <InputField name="w-from" label={say('Номер с', 'Number from')} value={value('w-from')} inputMode="numeric" />
          <InputField name="w-to" label={say('по', 'to')} value={value('w-to')} inputMode="numeric" />
        </div>
        <h2>{say('Что изменить', 'What to change')}</h2>
        <div class="row">
          <SelectField
            name="s-kind"
            label={say('Вид карты', 'Card kind')}
            value={value('s-kind')}
            choices={[same, ...kinds]}
          />
          <SelectField
            name="s-status"
            label={say('Новый статус', 'New status')}
            value={value('s-status')}
            choices={[same, ...statusChoices(call)]}
          />
          <InputField
            name="s-validFrom"
            type="date"
            label={say('Действует с', 'Valid from')}
            value={value('s-validFrom')}
          />
          <InputField name="s-validTo" type="date" label={say('Действует по', 'Valid to')} value={value('s-validTo')} />
        </div>
        <div class="actions">
          <button type="submit">{say('Показать, что изменится', 'Show what would change')}</button>
        </div>
      </PostForm>
    ),
  };
}

async function checkBulk(call: PageCall): Promise<PageReply> {
  const { form, say, services } = call;
  const text = (name: string): string => (form.get(name) ?? '').trim();
  const where = ['kind', 'status'].flatMap((field) =>
    text(`w-${field}`) === '' ? [] : [`${field}=${text(`w-${field}`)}`],
  );
  const [from, to] = [text('w-from'), text('w-to')];
  if ((from === '') !== (to === '')) {
    return showBulk(call, say('Укажите оба номера: с и по.', 'Give both numbers: from and to.'));
  }
  if (from !== '') where.push(`number=${from}..${to}`);
  const set = ['kind', 'status', 'validFrom', 'validTo'].flatMap((field) =>
    text(`s-${field}`) === '' ? [] : [`${field}=${text(`s-${field}`)}`],
  );
  if (set.length === 0) return showBulk(call, say('Выберите, что изменить.', 'Choose what to change.'));
  return goToWork(call, startCardEdit(services.tools, placeOf(call), { where, set }, true));
}

async function runBulk(call: PageCall): Promise<PageReply> {
  const { form, services } = call;
  const request = { where: form.getAll('where'), set: form.getAll('set') };
  return goToWork(call, startCardEdit(services.tools, placeOf(call), request, false));
}
