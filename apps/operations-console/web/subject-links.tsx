import { Alert } from 'antd';
import { GraphChart } from 'echarts/charts';
import { AriaComponent, GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { LinkedSubject, SubjectLinks, SubjectView } from '../src/contract.ts';
import { go, Link, subjectAddress } from './address.tsx';
import { useAsked } from './back-end.ts';
import { EventLink } from './subject-value.tsx';
import { Time, useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';

use([GraphChart, AriaComponent, GridComponent, CanvasRenderer]);

/** Kinds of subjects by shape and colour, told by their names too. */
const shapes: Readonly<Record<string, { symbol: string; light: string; dark: string }>> = {
  population: { symbol: 'circle', light: '#0958d9', dark: '#69b1ff' },
  housing: { symbol: 'rect', light: '#237804', dark: '#95de64' },
};
const organisation = { symbol: 'diamond', light: '#ad4e00', dark: '#ffa940' };

/** Whom a subject is connected with, as a picture that leads on, and the same as a table. */
export function Links({ asking, center }: { asking: object; center: SubjectView | undefined }) {
  const { say, sentence, language } = useSurroundings();
  const { answer, problem } = useAsked<SubjectLinks>('/v1/subjects/links', asking);
  return (
    <>
      {problem && <Alert type="warning" showIcon title={sentence(problem.message)} />}
      <TableSection
        title={say('linksOf')}
        intro={
          answer && (
            <>
              {answer.away.map((name) => (
                <Alert key={name} type="error" showIcon title={`${name} · ${say('unreachable')}`} />
              ))}
              {answer.linked.length > 0 && <p className="hint">{say('linksWhy')}</p>}
              {answer.linked.length > 0 && center && <Picture links={answer} center={center} />}
            </>
          )
        }
        heads={['linkedSubject', 'knownAs', 'linkIs', 'source', 'recorded', 'eventOf']}
        empty={answer ? say('noLinks') : problem ? undefined : <p role="status">{say('finding')}</p>}
        more={
          answer &&
          answer.more.length > 0 && (
            <p className="hint">
              {say('moreLinks')}: {answer.more.map((title) => title[language]).join(', ')}
            </p>
          )
        }
      >
        {answer?.linked.map((linked, at) => (
          <Linked key={at} linked={linked} number={at + 1} />
        ))}
      </TableSection>
    </>
  );
}

/** The most particular subject database that knows it speaks for it. */
const kindOf = ({ known, kind }: LinkedSubject): string => known.at(-1)?.subject ?? kind;

function useSaid() {
  const { say, subject, language } = useSurroundings();
  return {
    wayOf: ({ title, end }: LinkedSubject['ways'][number]): string =>
      `${say(end === 'stating' ? 'itIs' : 'isIts')} ${title[language]}`,
    valueOf: ({ known }: LinkedSubject): string =>
      [...new Set(known.flatMap(({ fields }) => fields.flatMap(({ value }) => value ?? [])))].join(' · '),
    /** The first thing that people know it by. */
    nameValueOf: ({ known }: LinkedSubject): string | undefined =>
      known.at(-1)?.fields.find(({ value }) => value !== null)?.value ?? undefined,
    nameOf: (linked: LinkedSubject, number: number): string => `${subject(kindOf(linked))} ${number}`,
  };
}

function Linked({ linked, number }: { linked: LinkedSubject; number: number }) {
  const { say, subject, dataset, department } = useSurroundings();
  const { wayOf, valueOf, nameOf } = useSaid();
  const { known, ways } = linked;
  const each = (tell: (way: LinkedSubject['ways'][number]) => React.ReactNode) =>
    ways.map((way, at) => <div key={at}>{tell(way)}</div>);
  return (
    <tr>
      <th scope="row">
        {known.length === 0 ? (
          nameOf(linked, number)
        ) : (
          <ul className="list">
            {known.map(({ subject: name, handle }) => (
              <li key={name}>
                <Link href={subjectAddress(handle)}>
                  {subject(name)} {number}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </th>
      <td className="value">{known.length === 0 ? say('notHere') : valueOf(linked) || say('masked')}</td>
      <td>{each(wayOf)}</td>
      <td>{each((way) => `${department(way.department)} · ${dataset(way.dataset)}`)}</td>
      <td>
        {each(({ recordedAt }) => (
          <Time at={recordedAt} />
        ))}
      </td>
      <td>
        {each(({ eventId }) => (
          <EventLink eventId={eventId} />
        ))}
      </td>
    </tr>
  );
}

/** The subject in the middle, the others around it; what one points at opens. The table beside it is the way by keyboard. */
function Picture({ links: { linked }, center }: { links: SubjectLinks; center: SubjectView }) {
  const { say, subject, dark, language } = useSurroundings();
  const { nameOf, nameValueOf, wayOf } = useSaid();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current!;
    const chart = init(element, dark ? 'dark' : undefined);
    const look = dark ? 'dark' : 'light';
    const text = dark ? '#e6e8eb' : '#1f2329';
    const styleOf = (kind: string) => {
      const shape = shapes[kind] ?? organisation;
      return { symbol: shape.symbol, itemStyle: { color: shape[look] } };
    };
    // A little turned, so that no edge runs through a name under its end.
    const angle = (at: number): number => (2 * Math.PI * at) / linked.length + 0.35;
    const axis = { show: false, min: -1.25, max: 1.25 };
    const isNarrow = element.clientWidth < 700;
    chart.setOption({
      animation: false,
      backgroundColor: 'transparent',
      textStyle: { fontFamily: getComputedStyle(element).fontFamily },
      grid: { left: 30, right: 30, top: 0, bottom: 10 },
      xAxis: axis,
      yAxis: { ...axis, min: -1.4, max: 1.4 },
      series: {
        type: 'graph',
        coordinateSystem: 'cartesian2d',
        labelLayout: { hideOverlap: true },
        label: { show: true, position: 'bottom', color: text, width: isNarrow ? 100 : 140, overflow: 'break' },
        edgeSymbol: ['none', 'arrow'],
        edgeSymbolSize: 8,
        edgeLabel: {
          show: true,
          color: text,
          fontSize: 11,
          opacity: 1,
          width: isNarrow ? 64 : 200,
          overflow: 'truncate',
          formatter: ({ value }: { value: unknown }) => String(value),
        },
        lineStyle: { color: dark ? '#7d8590' : '#8c939d', width: 1.5, opacity: 1 },
        data: [
          { id: 'center', name: subject(center.subject), value: [0, 0], symbolSize: 32, ...styleOf(center.subject) },
          ...linked.map((one, at) => ({
            id: String(at),
            name: [nameOf(one, at + 1), nameValueOf(one)].filter(Boolean).join('\n'),
            value: [Math.cos(angle(at)), -Math.sin(angle(at))],
            symbolSize: 22,
            // Away from the middle, where its edge is.
            label: { position: Math.sin(angle(at)) < 0 ? 'top' : 'bottom' },
            ...styleOf(kindOf(one)),
          })),
        ],
        links: linked.flatMap((one, at) => edgesOf(one, String(at), language)),
      },
    });
    chart.on('click', ({ dataType, dataIndex }) => {
      const handle = dataType === 'node' ? linked[dataIndex - 1]?.known.at(-1)?.handle : undefined;
      if (handle) go(subjectAddress(handle));
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  });
  const told = linked.map((one, at) => `${nameOf(one, at + 1)}: ${one.ways.map(wayOf).join(', ')}`).join('; ');
  return <div ref={place} className="links" role="img" aria-label={`${say('linksPicture')}. ${told}`} />;
}

/** One edge for each way to be read; what holds both ways, as a marriage does, is one with two arrows. */
function edgesOf({ ways }: LinkedSubject, id: string, language: 'zh' | 'en'): object[] {
  const saidBy = (end: LinkedSubject['ways'][number]['end']): string =>
    [...new Set(ways.filter((way) => way.end === end).map(({ title }) => title[language]))].join(' · ');
  const [stating, stated] = [saidBy('stating'), saidBy('stated')];
  if (stating === stated) return [{ source: 'center', target: id, value: stating, symbol: ['arrow', 'arrow'] }];
  const lineStyle = { curveness: stating && stated ? 0.2 : 0 };
  return [
    ...(stating ? [{ source: 'center', target: id, value: stating, lineStyle }] : []),
    ...(stated ? [{ source: id, target: 'center', value: stated, lineStyle }] : []),
  ];
}
