// The way to the next page of a list, which begins after what this one ended with.
import type { PageCall } from '../page.ts';

interface NextPageProps {
  readonly call: Pick<PageCall, 'say' | 'here' | 'query'>;
  /** What `after` of the next page is; null = this is the last. */
  readonly after: string | number | null;
}

export function NextPage({ call: { say, here, query }, after }: NextPageProps) {
  const isFirst = (query.get('after') ?? '') === '';
  if (after === null && isFirst) return null;
  const path = here.split('?', 1)[0] ?? '';
  const address = (value: string | undefined): string => {
    const next = new URLSearchParams(query);
    next.delete('after');
    if (value !== undefined) next.set('after', value);
    return `${path}?${next.toString()}`;
  };
  return (
    <p class="actions">
      {!isFirst && <a href={address(undefined)}>{say('В начало', 'To the beginning')}</a>}
      {after !== null && <a href={address(String(after))}>{say('Дальше', 'Next')}</a>}
    </p>
  );
}
