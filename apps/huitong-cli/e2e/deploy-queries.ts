import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { Agent, fetch } from 'undici';
import { parse } from 'yaml';
import type { RunningCity } from './running-city.ts';

const deploy = join(import.meta.dirname, '../../../deploy');

/** Metrics by name, each with the labels that its samples have. */
type Metrics = Map<string, Set<string>>;

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly annotations?: Record<string, string>;
}

/** What `deploy/` asks Prometheus for is what the services of a running city tell it. */
export function deployStories(given: () => { city: RunningCity }, storyMs: number): void {
  it(
    'has rules and a dashboard for Prometheus that ask for nothing that no service tells',
    async () => {
      const { city } = given();
      const refused = { service: 'department-gateway', body: [{}] };
      expect(await city.ask('/v1/datasets/psb.vehicle/events', 'psb', refused)).toMatchObject({ status: 422 });
      const scrape = parse(await readFile(join(deploy, 'prometheus/prometheus.yml'), 'utf8')) as ScrapeConfig;
      const targets = scrape.scrape_configs.flatMap(({ static_configs }) => static_configs);
      const ofTargets = new Set(['job', 'instance', ...targets.flatMap(({ labels }) => Object.keys(labels))]);
      expect(targets.map(({ labels }) => labels['service']).sort()).toEqual(
        Object.keys((await city.stack()).urls)
          .filter((name) => name !== 'demo-city')
          .sort(),
      );
      const metrics = await metricsOf(city);
      metrics.set('up', new Set());
      const faults: string[] = [];
      const hold = (where: string, query: string, mentions: readonly string[] = []): Set<string> => {
        const { problems, labels } = check(query, metrics, ofTargets);
        faults.push(...problems.map((problem) => `${where}: ${problem}`));
        faults.push(...mentions.filter((label) => !labels.has(label)).map((label) => `${where}: says ${label}`));
        return labels;
      };
      const { groups } = parse(await readFile(join(deploy, 'prometheus/rules.yml'), 'utf8')) as {
        groups: { rules: Rule[] }[];
      };
      for (const { record, alert, expr, annotations = {} } of groups.flatMap(({ rules }) => rules)) {
        const said = [
          ...Object.values(annotations)
            .join()
            .matchAll(/\$labels\.(\w+)/g),
        ].map(([, label]) => label!);
        const labels = hold(record ?? alert!, expr, said);
        if (record) metrics.set(record, labels);
      }
      const dashboard = JSON.parse(await readFile(join(deploy, 'grafana/huitong.json'), 'utf8')) as Dashboard;
      const queries = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
      for (const { title, expr } of queries) hold(title, expr.replaceAll('$__rate_interval', '5m'));
      for (const { query } of dashboard.templating.list) {
        const [, name, label] =
          /^label_values\((\w+), (\w+)\)$/.exec(typeof query === 'string' ? '' : query.query) ?? [];
        if (name) hold('templating', `sum by (${label!}) (${name})`);
      }
      expect(faults).toEqual([]);
      expect(queries.length).toBeGreaterThan(10);
      // The check itself, held against what it must find.
      expect(check('sum by (nobody) (huitong_lag_records)', metrics, ofTargets).problems).toEqual([
        'huitong_lag_records has no nobody',
      ]);
      expect(check('huitong_lag_records{nobody="1"}', metrics, ofTargets).problems).toEqual([
        'huitong_lag_records has no nobody',
      ]);
      expect(check('rate(huitong_nothing[5m])', metrics, ofTargets).problems).toEqual([
        'no service tells huitong_nothing',
      ]);
      expect(check('sum((', metrics, ofTargets).problems).toEqual(['is no PromQL']);
    },
    storyMs,
  );
}

interface ScrapeConfig {
  readonly scrape_configs: readonly {
    readonly static_configs: readonly { readonly labels: Record<string, string> }[];
  }[];
}
interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly query: string | { readonly query: string } }[] };
}

/** What is wrong with a query, and the labels that its metrics have. */
function check(
  query: string,
  metrics: Metrics,
  ofTargets: ReadonlySet<string>,
): { problems: string[]; labels: Set<string> } {
  const problems: string[] = [];
  const names = new Set<string>();
  const used = new Map<string, Set<string>>();
  const grouped = new Set<string>();
  let selector = '';
  let isBroken = false;
  parser.parse(query).iterate({
    enter: (node) => {
      const text = query.slice(node.from, node.to);
      if (node.type.isError) isBroken = true;
      if (node.name === 'VectorSelector') selector = text.split('{', 1)[0]!.trim();
      if (node.name === 'VectorSelector') names.add(selector);
      if (node.name !== 'LabelName') return;
      if (node.node.parent!.name === 'GroupingLabels') grouped.add(text);
      else used.set(selector, (used.get(selector) ?? new Set()).add(text));
    },
  });
  if (isBroken) return { problems: ['is no PromQL'], labels: new Set() };
  const labels = new Set(ofTargets);
  for (const name of names) {
    const known = metrics.get(name);
    if (!known) problems.push(`no service tells ${name}`);
    for (const label of known ?? []) labels.add(label);
    for (const label of used.get(name) ?? [])
      if (known && !known.has(label) && !ofTargets.has(label)) problems.push(`${name} has no ${label}`);
  }
  for (const label of grouped)
    if (!labels.has(label) && problems.length === 0) problems.push(`${[...names].join()} has no ${label}`);
  return { problems, labels };
}

async function metricsOf(city: RunningCity): Promise<Metrics> {
  const agent = new Agent({ connect: { ca: await readFile(join(city.home, 'certs/ca.pem')) } });
  const metrics: Metrics = new Map();
  for (const [name, url] of Object.entries((await city.stack()).urls)) {
    if (name === 'demo-city') continue;
    const text = await (await fetch(`${url}/metrics`, { dispatcher: agent })).text();
    for (const [, metric, inside] of text.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/gm)) {
      const labels = metrics.get(metric!) ?? new Set();
      for (const [, label] of (inside ?? '').matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) labels.add(label!);
      metrics.set(metric!, labels);
    }
  }
  await agent.close();
  return metrics;
}
