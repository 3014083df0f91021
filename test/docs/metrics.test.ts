// Metrics: both pages list those of the registry and no other; every query of the dashboard and of the alerts asks for metrics and
// labels that are there; and every alert is explained in both languages.
import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { declareFamilies } from '../../src/http/metrics/families.ts';
import { declareProcessMetrics } from '../../src/http/metrics/process-metrics.ts';
import { codeIn, readDocument } from './markdown.ts';

interface Declared {
  readonly type: string;
  readonly labels: readonly string[];
}

const registry = new Registry();
declareFamilies(registry);
declareProcessMetrics(registry);

const metrics = new Map<string, Declared>(
  registry.getMetricsAsArray().map((metric) => {
    const { name, type, labelNames } = metric as unknown as { name: string; type: string; labelNames: string[] };
    return [name, { type, labels: labelNames.filter((label) => label !== 'le') }];
  }),
);

describe.each([
  ['docs/metrics.md', 'Alerts'],
  ['docs/metrics.ru.md', 'Оповещения'],
])('%s', (file, alertHeading) => {
  const document = readDocument(file);

  test('has every metric with its type and labels, and no other', () => {
    const rows = document.tables.filter(({ heading }) => heading !== alertHeading).flatMap((table) => table.rows);
    const documented = rows.flatMap(([names = '', type = '', labels = '', meaning = '']) => {
      expect([names, meaning === '']).toEqual([names, false]);
      return codeIn(names).map((name) => [name, { type, labels: codeIn(labels).toSorted() }] as const);
    });
    const known = [...metrics].map(([name, { type, labels }]) => [name, { type, labels: labels.toSorted() }] as const);
    expect(known.length).toBeGreaterThan(50);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(known));
    expect(documented).toHaveLength(known.length);
  });

  test('says what each alert means and what to do, and has no other', () => {
    const rows = document.tables.filter(({ heading }) => heading === alertHeading).flatMap((table) => table.rows);
    for (const [alert, means = '', remedy = ''] of rows) {
      expect([alert, means.length > 10, remedy.length > 10]).toEqual([alert, true, true]);
    }
    expect(rows.map(([alert = '']) => codeIn(alert)[0])).toEqual(readAlerts().map(({ alert }) => alert));
  });
});

/** The rules: the file has one form of rule, an `expr` on one line or folded. */
function readAlerts(): { readonly alert: string; readonly expr: string }[] {
  const [, ...rules] = readFileSync('deploy/prometheus/alerts.yml', 'utf8').split('- alert: ');
  return rules.map((rule) => {
    const expr = /^ +expr: (?:>-\n((?: {10}.*\n)+)|(.*)\n)/m.exec(rule);
    return { alert: rule.split('\n', 1)[0] ?? '', expr: expr?.[1] ?? expr?.[2] ?? '' };
  });
}

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly Target[];
}

const dashboard = JSON.parse(readFileSync('deploy/grafana/kkm-transfer.json', 'utf8')) as {
  readonly panels: readonly Panel[];
};

/** Words of PromQL that stand where a metric may stand. */
const keywords = [
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'and',
  'or',
  'unless',
  'offset',
  'bool',
];
const ofEveryTarget = ['job', 'instance'];

interface Asked {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** What a query asks for: its metrics with the labels of their selectors, and the labels that it groups by. */
function readQuery(query: string): { readonly asked: readonly Asked[]; readonly grouped: readonly string[] } {
  const grouped: string[] = [];
  const bare = query
    .replace(/"[^"]*"/g, '""')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\boffset \w+/g, '')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right) *\(([^)]*)\)/g, (_, labels: string) => {
      grouped.push(...labels.split(',').map((label) => label.trim()));
      return ' ';
    });
  const asked = [...bare.matchAll(/(?<![\w.])([a-z_:][\w:]*)(?![\w:])(?:\{([^}]*)\})?(?! *\()/gi)]
    .map(([, metric = '', selector = '']) => ({
      metric,
      labels: [...selector.matchAll(/(\w+) *(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    }))
    .filter(({ metric }) => !keywords.includes(metric));
  return { asked, grouped };
}

/** @throws for a metric that is not there. */
function labelsOf(metric: string): readonly string[] {
  if (metric === 'up') return ofEveryTarget;
  const base = metric.replace(/_(bucket|sum|count)$/, '');
  const histogram = metrics.get(base)?.type === 'histogram' && base !== metric ? metrics.get(base) : undefined;
  const found = histogram ?? metrics.get(metric);
  // A histogram itself is no series.
  if (found === undefined || (histogram === undefined && found.type === 'histogram')) throw new Error(`no ${metric}`);
  return [...found.labels, ...ofEveryTarget, ...(metric.endsWith('_bucket') ? ['le'] : [])];
}

function findMistakes(query: string): string[] {
  const { asked, grouped } = readQuery(query);
  if (asked.length === 0) return ['it asks for nothing'];
  try {
    const all = new Set(asked.flatMap(({ metric }) => labelsOf(metric)));
    return [
      ...asked.flatMap(({ metric, labels }) =>
        labels.filter((label) => !labelsOf(metric).includes(label)).map((label) => `${metric} has no label ${label}`),
      ),
      ...grouped.filter((label) => !all.has(label)).map((label) => `no label ${label}`),
    ];
  } catch (reason) {
    return [(reason as Error).message];
  }
}

test('a query with a wrong name or label is found', () => {
  expect(findMistakes('sum by (le) (rate(kkm_call_duration_seconds_bucket{door="soap"}[5m]))')).toEqual([]);
  expect(findMistakes('rate(kkm_cals_total[5m])')).toEqual(['no kkm_cals_total']);
  expect(findMistakes('kkm_call_duration_seconds > 1')).toEqual(['no kkm_call_duration_seconds']);
  expect(findMistakes('kkm_ready{base="trade"} == 0')).toEqual(['kkm_ready has no label base']);
  expect(findMistakes('sum by (till) (kkm_ready)')).toEqual(['no label till']);
  expect(findMistakes('time() - 5')).toEqual(['it asks for nothing']);
});

test.each(readAlerts().map(({ alert, expr }) => [alert, expr]))('the alert %s asks for what is there', (_, expr) => {
  expect(findMistakes(expr)).toEqual([]);
});

const targets = dashboard.panels.flatMap(({ title, targets: own = [] }) =>
  own.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
);

test.each(targets)('the panel "%s" asks for what is there: %s', (_title, expr, legend) => {
  expect(findMistakes(expr)).toEqual([]);
  const { asked } = readQuery(expr);
  const known = new Set(asked.flatMap(({ metric }) => labelsOf(metric)));
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
  expect(shown.filter((label) => !known.has(label))).toEqual([]);
});

test('every metric of the product is in the dashboard or in an alert', () => {
  const queries = [...targets.map(([, expr]) => expr), ...readAlerts().map(({ expr }) => expr)];
  const asked = new Set(queries.flatMap((query) => readQuery(query).asked.map(({ metric }) => metric)));
  const own = [...metrics.keys()].filter((name) => name.startsWith('kkm_'));
  const isAsked = (name: string): boolean => ['', '_bucket', '_sum', '_count'].some((part) => asked.has(name + part));
  expect(own.filter((name) => !isAsked(name))).toEqual([]);
});
