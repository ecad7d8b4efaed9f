import { LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent } from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useSurroundings } from './surroundings.tsx';

use([LineChart, AriaComponent, GridComponent, LegendComponent, CanvasRenderer]);

/** Colours that differ in light and in dark, and to most eyes; dashes tell the lines apart to all others. */
const colours = {
  light: ['#0958d9', '#ad4e00', '#237804', '#c41d7f', '#531dab'],
  dark: ['#69b1ff', '#ffa940', '#95de64', '#ff85c0', '#b37feb'],
};
const dashes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3], [2, 6]] as const;
/** A table of every look would be too long to listen to; twelve rows are ten minutes. */
const tableEvery = 10;

/** The waiting messages of the last ten minutes, as a line for each subject database and as a table of the same. */
export function LagCourse() {
  const { live, say, subject, count, clock, dark, session } = useSurroundings();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(undefined);
  useEffect(() => {
    const element = place.current!;
    const made = init(element, dark ? 'dark' : undefined);
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, [dark]);
  useEffect(() => {
    chart.current?.setOption({
      animation: false,
      backgroundColor: 'transparent',
      aria: { enabled: true, label: { description: say('waitingCourse') } },
      color: colours[dark ? 'dark' : 'light'],
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, type: 'plain', selectedMode: false },
      xAxis: { type: 'time', axisLabel: { hideOverlap: true } },
      yAxis: { type: 'value', min: 0, minInterval: 1 },
      series: session.subjects.map(({ name }, index) => ({
        type: 'line',
        name: subject(name),
        showSymbol: false,
        connectNulls: false,
        lineStyle: { type: dashes[index % dashes.length] },
        data: live.course.map(({ atMs, records }) => [atMs, records[name] ?? null]),
      })),
    });
  });
  const points = live.course.filter((_, index) => (live.course.length - 1 - index) % tableEvery === 0).toReversed();
  return (
    <section aria-labelledby="course">
      <h2 id="course">{say('waitingCourse')}</h2>
      <div ref={place} className="course" role="img" aria-labelledby="course" />
      <details>
        <summary>{say('courseTable')}</summary>
        <div className="wide" tabIndex={0} role="region" aria-labelledby="course">
          <table className="lanes">
            <thead>
              <tr>
                <th scope="col">{say('time')}</th>
                {session.subjects.map(({ name }) => (
                  <th key={name} scope="col">
                    {subject(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.map(({ atMs, records }) => (
                <tr key={atMs}>
                  <th scope="row">{clock(atMs)}</th>
                  {session.subjects.map(({ name }) => (
                    <td key={name}>{count(records[name] ?? null)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
