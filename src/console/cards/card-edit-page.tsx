// The terms of one card, changed: kind, status, holder, dates, note.
import { cardStatuses } from '../../ledger/card.ts';
import { editCards } from '../../operations/cards/edit-cards.ts';
import { listCardKinds } from '../../operations/catalogs/list-card-kinds.ts';
import { goTo, type Page, type PageCall, type PageReply } from '../page.ts';
import { FormProblem, InputField, PostForm, SelectField } from '../parts/form.tsx';
import { nameStatus } from '../words.ts';
import { crumbsOf } from './card-crumbs.ts';
import { loadCard } from './load-card.ts';
import { cardAddress } from '../parts/card-link.tsx';

export const cardEditPages: readonly Page[] = [
  { method: 'GET', path: 'cards/:number/edit', roles: ['admin'], answer: (call) => showEdit(call) },
  { method: 'POST', path: 'cards/:number/edit', answer: edit },
];

async function showEdit(call: PageCall, problem?: string): Promise<PageReply> {
  const { infobase, say, base, token, form } = call;
  const { card } = await loadCard(call);
  const kinds = await listCardKinds(infobase);
  const value = (name: string, now: string | null): string => form.get(name) ?? now ?? '';
  return {
    kind: 'page',
    ...(problem === undefined ? {} : { status: 422 as const }),
    title: say(`Изменить карту ${card.number}`, `Change card ${card.number}`),
    crumbs: crumbsOf(call, card.number),
    body: (
      <PostForm action={`${cardAddress(base, card.number)}/edit`} token={token}>
        <FormProblem text={problem} />
        <SelectField
          name="kind"
          label={say('Вид карты', 'Card kind')}
          value={value('kind', card.kindCode)}
          choices={kinds.map(({ code, name }) => ({ value: code, title: name }))}
        />
        <SelectField
          name="status"
          label={say('Статус', 'Status')}
          value={value('status', card.status)}
          choices={cardStatuses.map((status) => ({ value: status, title: nameStatus(status, say) }))}
        />
        <InputField
          name="holder"
          label={say('Держатель', 'Holder')}
          value={value('holder', card.holder)}
          autocomplete="off"
        />
        <div class="row">
          <InputField
            name="validFrom"
            type="date"
            label={say('Действует с', 'Valid from')}
            value={value('validFrom', card.validFrom)}
          />
          <InputField
            name="validTo"
            type="date"
            label={say('Действует по', 'Valid to')}
            value={value('validTo', card.validTo)}
          />
        </div>
        <InputField name="note" label={say('Примечание', 'Note')} value={value('note', card.note)} />
        <div class="actions">
          <button type="submit">{say('Сохранить', 'Save')}</button>
        </div>
      </PostForm>
    ),
  };
}

async function edit(call: PageCall): Promise<PageReply> {
  const { infobase, form, say } = call;
  const { card } = await loadCard(call);
  const fields = ['kind', 'status', 'holder', 'validFrom', 'validTo', 'note'] as const;
  const set = fields.map((field) => `${field}=${(form.get(field) ?? '').trim()}`);
  const [from, to] = [form.get('validFrom') ?? '', form.get('validTo') ?? ''];
  if (from !== '' && to !== '' && from > to) {
    return showEdit(
      call,
      say('Карта кончается раньше, чем начинается: поправьте даты.', 'The card would end before it begins.'),
    );
  }
  // A comma in a number would end the condition.
  const where = [`number=${card.number.replace(/[\\,|]/g, '\\$&')}`];
  const outcome = await editCards(infobase, { where, set });
  if (!outcome.ok) return showEdit(call, outcome.mistakes.join('; '));
  return goTo(`cards/${encodeURIComponent(card.number)}`, say('Карта сохранена.', 'The card is saved.'));
}
