// Figures that are read at a glance.
import type { ComponentChildren } from 'preact';

export interface Tile {
  readonly title: string;
  readonly figure: ComponentChildren;
  readonly more?: ComponentChildren;
  readonly href?: string;
}

export function Tiles({ tiles }: { readonly tiles: readonly Tile[] }) {
  return (
    <dl class="tiles">
      {tiles.map(({ title, figure, more, href }) => (
        <div class="tile">
          <dt>{href === undefined ? title : <a href={href}>{title}</a>}</dt>
          <dd class="figure">{figure}</dd>
          {more !== undefined && <dd class="more">{more}</dd>}
        </div>
      ))}
    </dl>
  );
}

export interface Fact {
  readonly title: string;
  readonly value: ComponentChildren;
}

/** Names and values, one under the other. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(({ title, value }) => (
        <div>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
