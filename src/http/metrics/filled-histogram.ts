// A histogram whose counts are made elsewhere. prom-client's own takes one observation at a time and costs 1 us for each; here
// whole buckets are handed over when somebody asks.
import type { Histogram, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

export interface HistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

export interface FilledBuckets {
  /** Greatest values of the buckets. */
  readonly bounds: readonly number[];
  /** By bucket, not summed up; one more for what is above the last bound. */
  readonly counts: Float64Array;
  readonly sum: number;
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

export class FilledHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly labelNames: readonly string[];
  readonly aggregator = 'sum';
  private values: Sample[] = [];

  constructor(registry: Registry, { name, help, labelNames }: HistogramOptions) {
    this.name = name;
    this.help = help;
    this.labelNames = labelNames;
    // The registry calls `get` alone; its type names the library's classes.
    registry.registerMetric(this as unknown as Histogram);
  }

  reset(): void {
    this.values = [];
  }

  set(labels: Labels, { bounds, counts, sum }: FilledBuckets): void {
    let upTo = 0;
    for (const [index, bound] of [...bounds, '+Inf'].entries()) {
      upTo += counts[index] ?? 0;
      this.values.push({ metricName: `${this.name}_bucket`, labels: { ...labels, le: bound }, value: upTo });
    }
    this.values.push({ metricName: `${this.name}_sum`, labels, value: sum });
    this.values.push({ metricName: `${this.name}_count`, labels, value: upTo });
  }

  /** What the registry asks of a metric. */
  async get(): Promise<object> {
    const { name, help, type, aggregator, values } = this;
    return { name, help, type, aggregator, values };
  }
}
