// A form of filters: without scripts it is sent by its button; with them the list follows what is typed. What is shown has the
// id "found", and the address follows the filters, so that it can be sent to somebody.
import type { ComponentChildren } from 'preact';
import type { Say } from '../say.ts';

interface SearchFormProps {
  readonly action: string;
  readonly say: Say;
  readonly children: ComponentChildren;
}

export function SearchForm({ action, say, children }: SearchFormProps) {
  return (
    <form
      method="get"
      action={action}
      class="filter"
      role="search"
      hx-get={action}
      hx-trigger="input changed delay:150ms, submit"
      hx-target="#found"
      hx-select="#found"
      hx-swap="outerHTML"
      hx-sync="this:replace"
      hx-replace-url="true"
    >
      {children}
      <button type="submit" class="second">
        {say('Найти', 'Search')}
      </button>
    </form>
  );
}
