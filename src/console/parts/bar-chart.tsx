// A chart of bars as SVG: drawn on the server, readable without scripts; a table beside it says the same in figures.
import type { ComponentChildren } from 'preact';
import type { Say } from '../say.ts';
import { Table } from './table.tsx';

export interface Bar {
  /** Under the bar: short. */
  readonly label: string;
  /** At least 0. */
  readonly value: number;
  /** The part at the top that is drawn apart: refused calls. */
  readonly marked?: number;
  /** Drawn hatched: not there yet. */
  readonly isPending?: boolean;
  /** The value in words: "80,00". */
  readonly text: string;
}

interface BarChartProps {
  readonly say: Say;
  readonly id: string;
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Only each n-th label is written where there are many. */
  readonly labelEvery?: number;
  readonly labelTitle: string;
  readonly valueTitle: string;
  readonly note?: ComponentChildren;
}

const width = 720;
const height = 160;
const gap = 0.25;

export function BarChart({ say, id, title, bars, labelEvery = 1, labelTitle, valueTitle, note }: BarChartProps) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = width / Math.max(1, bars.length);
  const scale = (value: number): number => Math.round((value / most) * (height - 8) * 10) / 10;
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title} preserveAspectRatio="none">
        <defs>
          <pattern id={`hatch-${id}`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
          </pattern>
        </defs>
        <line class="axis" x1="0" y1={height} x2={width} y2={height} />
        {bars.map(({ label, value, marked = 0, isPending, text }, index) => {
          const left = index * step + (step * gap) / 2;
          const tall = value === 0 ? 0 : Math.max(2, scale(value));
          const markedTall = Math.min(tall, scale(marked));
          const shape = { x: left, width: step * (1 - gap) };
          return (
            <g>
              <title>{`${label}: ${text}`}</title>
              <rect
                class={isPending === true ? 'bar pending' : 'bar'}
                fill={isPending === true ? `url(#hatch-${id})` : undefined}
                {...shape}
                y={height - tall}
                height={tall}
              />
              {markedTall > 0 && <rect class="bar marked" {...shape} y={height - tall} height={markedTall} />}
            </g>
          );
        })}
      </svg>
      {/* Not in the picture, whose text would shrink with it. The table says the same to who listens. */}
      <div class="labels" aria-hidden="true">
        {bars.map(({ label }, index) => (
          <span>{index % labelEvery === 0 ? label : ''}</span>
        ))}
      </div>
      {note !== undefined && <p class="hint">{note}</p>}
      <details>
        <summary>{say('В цифрах', 'In figures')}</summary>
        <Table
          caption={title}
          isCaptionHidden
          columns={[
            { title: labelTitle, show: ({ label }: Bar) => label, isHead: true },
            { title: valueTitle, show: ({ text }: Bar) => text, isNumber: true },
          ]}
          rows={bars.filter(({ value }) => value > 0)}
          none={say('Нет данных', 'No data')}
        />
      </details>
    </figure>
  );
}
