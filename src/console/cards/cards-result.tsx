// What was done to many cards, or would be.
import type { CardEdit } from '../../operations/cards/edit-cards.ts';
import type { CardsResult } from '../../works/start-cards.ts';
import type { PageCall } from '../page.ts';
import { PostForm } from '../parts/form.tsx';
import { Table } from '../parts/table.tsx';
import { Tiles } from '../parts/tiles.tsx';
import { showCount } from '../show.ts';

export function CardsResultView({ call, result }: { readonly call: PageCall; readonly result: CardsResult }) {
  const { say, base, token, isAdmin } = call;
  if (result.sort === 'range') {
    const { first, last, created, skipped } = result;
    return (
      <>
        <Tiles
          tiles={[
            { title: say('Создано карт', 'Cards made'), figure: showCount(created), more: `${first}\u2013${last}` },
            { title: say('Уже были', 'Were there already'), figure: showCount(skipped) },
          ]}
        />
        <p class="actions">
          <a class="button second" href={`${base}/cards?q=${encodeURIComponent(first)}`}>
            {say('К картам', 'To the cards')}
          </a>
        </p>
      </>
    );
  }
  const { isDryRun, request, matched, changed, edits } = result;
  return (
    <>
      <Tiles
        tiles={[
          { title: say('Карт по отбору', 'Cards of the filter'), figure: showCount(matched) },
          {
            title: isDryRun ? say('Изменится', 'Would change') : say('Изменено', 'Changed'),
            figure: showCount(changed),
          },
        ]}
      />
      {isDryRun && (
        <Table
          caption={say('Первые из изменений', 'The first of the changes')}
          columns={[
            { title: say('Карта', 'Card'), show: ({ number }) => number, isHead: true },
            { title: say('Было', 'Before'), show: (edit) => showSide(edit, 'before') },
            { title: say('Станет', 'After'), show: (edit) => showSide(edit, 'after') },
          ]}
          rows={edits}
          none={say('Ничего не изменится.', 'Nothing would change.')}
        />
      )}
      {isDryRun && isAdmin && changed > 0 && (
        <PostForm action={`${base}/cards/bulk/run`} token={token} class="actions">
          {request.where.map((text) => (
            <input type="hidden" name="where" value={text} />
          ))}
          {request.set.map((text) => (
            <input type="hidden" name="set" value={text} />
          ))}
          <button type="submit">
            {say(`Изменить карт: ${showCount(changed)}`, `Change ${showCount(changed)} cards`)}
          </button>
        </PostForm>
      )}
    </>
  );
}

function showSide({ before, after }: CardEdit, side: 'before' | 'after'): string {
  const fields = Object.keys(after) as (keyof typeof after)[];
  const values = side === 'before' ? before : after;
  return fields.map((field) => values[field] ?? '\u2014').join(', ');
}
