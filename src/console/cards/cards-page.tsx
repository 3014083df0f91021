// The catalog of cards: search as typed, filters, a page at a time.
import { cardStatuses, type CardKind, type CardStatus } from '../../ledger/card.ts';
import { lookForCards, type Card } from '../../operations/cards/list-cards.ts';
import { listCardKinds } from '../../operations/catalogs/list-card-kinds.ts';
import type { Page, PageCall } from '../page.ts';
import { InputField, SelectField } from '../parts/form.tsx';
import { NextPage } from '../parts/next-page.tsx';
import { SearchForm } from '../parts/search-form.tsx';
import { Table } from '../parts/table.tsx';
import { showDate } from '../show.ts';
import { nameStatus } from '../words.ts';
import { StatusBadge } from './status-badge.tsx';
import { CardLink } from '../parts/card-link.tsx';

export const cardsPages: readonly Page[] = [{ method: 'GET', path: 'cards', answer: showCards }];

const cardsPerPage = 50;

function readStatus(text: string | null): CardStatus | null {
  return cardStatuses.find((status) => status === text) ?? null;
}

async function showCards(call: PageCall) {
  const { infobase, say, base, query, isAdmin } = call;
  const prefix = (query.get('q') ?? '').trim();
  const status = readStatus(query.get('status'));
  const kindCode = query.get('kind') || null;
  const kinds = await listCardKinds(infobase);
  const filter = { prefix, kindCode, status, after: query.get('after') ?? '' };
  const { cards, next } = await lookForCards(infobase, filter, cardsPerPage);
  const anyKind = { value: '', title: say('все', 'all') };
  return {
    kind: 'page' as const,
    title: say('Дисконтные карты', 'Discount cards'),
    body: (
      <>
        {isAdmin && (
          <p class="actions">
            <a class="button second" href={`${base}/cards/range`}>
              {say('Групповой ввод', 'Make a range')}
            </a>
            <a class="button second" href={`${base}/cards/bulk`}>
              {say('Групповая обработка', 'Change many')}
            </a>
          </p>
        )}
        <SearchForm action={`${base}/cards`} say={say}>
          <InputField
            name="q"
            type="search"
            label={say('Номер карты начинается с', 'Card number begins with')}
            value={prefix}
            inputMode="numeric"
            autocomplete="off"
          />
          <SelectField
            name="kind"
            label={say('Вид карты', 'Card kind')}
            value={kindCode ?? ''}
            choices={[anyKind, ...kinds.map(({ code, name }) => ({ value: code, title: name }))]}
          />
          <SelectField
            name="status"
            label={say('Статус', 'Status')}
            value={status ?? ''}
            choices={[anyKind, ...cardStatuses.map((value) => ({ value, title: nameStatus(value, say) }))]}
          />
        </SearchForm>
        <div id="found">
          <CardTable call={call} cards={cards} kinds={kinds} />
          <NextPage call={call} after={next} />
        </div>
      </>
    ),
  };
}

interface CardTableProps {
  readonly call: PageCall;
  readonly cards: readonly Card[];
  readonly kinds: readonly CardKind[];
}

function CardTable({ call: { say, base }, cards, kinds }: CardTableProps) {
  const names = new Map(kinds.map(({ code, name }) => [code, name]));
  return (
    <Table
      caption={say('Карты по номерам', 'Cards by number')}
      columns={[
        {
          title: say('Номер', 'Number'),
          show: ({ number }) => <CardLink base={base} number={number} />,
          isHead: true,
        },
        { title: say('Вид карты', 'Card kind'), show: ({ kindCode }) => names.get(kindCode) ?? kindCode },
        { title: say('Держатель', 'Holder'), show: ({ holder }) => holder ?? '' },
        {
          title: say('Статус', 'Status'),
          show: ({ status }) => <StatusBadge status={status} say={say} />,
        },
        { title: say('Действует', 'Valid'), show: (card) => showTerm(card) },
      ]}
      rows={cards}
      none={say('Таких карт нет.', 'There are no such cards.')}
    />
  );
}

/** Open ends are left out; '' for a card without dates. */
export function showTerm({ validFrom, validTo }: Pick<Card, 'validFrom' | 'validTo'>): string {
  const [from, to] = [validFrom, validTo].map((on) => (on === null ? '' : showDate(on)));
  return from === '' && to === '' ? '' : `${from}\u2013${to}`;
}
