import type { PlainFact } from '@huitong/subject-engine';
import { Cell, type CityPlan } from './cell.ts';
import { inDeliveryOrder, inLiveOrder } from './delivery.ts';
import type { CityEvent } from './ledger.ts';
import { liveChange } from './live-changes.ts';
import { loadDeaths } from './load-deaths.ts';
import { loadOrganisations } from './load-organisations.ts';
import { loadProperty } from './load-property.ts';
import { loadRegisters } from './load-registers.ts';
import { loadWelfare } from './load-welfare.ts';
import { peopleIn, turn } from './people.ts';

/** When each live step happens, in epoch milliseconds: the same answer for the same step, always, and never sinking. */
export type TimeOfStep = (step: number) => number;

/**
 * A synthetic city with known truth. Everything is a pure function of the options, the numbers of cell and step, and the
 * times of the steps; but for {@link City.teller} no call keeps anything, so the memory needed is that of one cell whatever the size. Persons,
 * numbers and firms are made up: given names from a short list, organisation codes from the user-defined range PDY.
 */
export interface City {
  readonly cells: number;
  /** Persons of the initial load. */
  readonly people: number;
  /** The cell that a live step hits. */
  cellOf(step: number): number;
  /** One cell's events up to the base day, in the order in which its departments deliver them. */
  initialEvents(cell: number): CityEvent[];
  /** One live step's events, all about one cell, in order of delivery; recorded at the step's time. */
  liveEvents(step: number, timeOf: TimeOfStep): CityEvent[];
  /**
   * Tells live steps as they happen: the same as {@link liveEvents}, by whoever asks for them in ascending order and never
   * changes the time of one that is past. Some cells are kept in between, so that a step takes the time of what happens in it, not of all
   * that ever happened in its cell.
   */
  teller(): (step: number, timeOf: TimeOfStep) => CityEvent[];
  /**
   * The truth of one cell after the first `steps` live steps: the newest version of each of its source records, in the
   * canonical form that `keepNewest` keeps. Ids of all subjects that the cell ever named are among the facts, annulled
   * ones too.
   */
  facts(cell: number, steps: number, timeOf: TimeOfStep): Map<string, PlainFact>;
}

/** What a city is made from. `base` is the day, ISO 8601, on which the initial load ends and the live steps begin. */
export interface CityOptions {
  readonly seed: string | number;
  readonly people: number;
  readonly base: string;
}

/** Events that a live step has on average, measured over many cities; to turn a rate of events into one of steps. */
export const eventsPerStep = 1.25;

/** Cells that a teller keeps, some 50 KB each: all of a city of 3,000 people. */
const keptCellsMax = 1_000;

/** Plans a city of about so many people: three to a cell, in whole cells. */
export function createCity({ seed, people, base }: CityOptions): City {
  const cells = Math.max(1, Math.round((people * turn.cells) / turn.people));
  const plan: CityPlan = { seed: String(seed), cells, base };
  const stride = strideOf(cells);
  const firstStepOf = inverse(stride, cells);
  const checkCell = (cell: number): number => {
    if (!Number.isInteger(cell) || cell < 0 || cell >= cells)
      throw new RangeError('a cell that the city does not have');
    return cell;
  };
  // Steps go round the whole city before they come back.
  const cellOf = (step: number): number => ((step % cells) * stride) % cells;
  const cellBefore = (step: number, timeOf: TimeOfStep): Cell =>
    liveCell(plan, cellOf(step), { first: step % cells, steps: step, timeOf });
  return {
    cells,
    people: peopleIn(cells),
    cellOf,
    initialEvents: (number) => {
      const cell = loadCell(plan, checkCell(number));
      return inDeliveryOrder(cell.ledger.events, cell.random('delivery'));
    },
    liveEvents: (step, timeOf) => eventsOfStep(cellBefore(step, timeOf), step, timeOf),
    teller: () => {
      const kept = new Map<number, { cell: Cell; next: number }>();
      return (step, timeOf) => {
        const number = cellOf(step);
        const known = kept.get(number);
        const cell = known?.next === step ? known.cell : cellBefore(step, timeOf);
        if (known || kept.size < keptCellsMax) kept.set(number, { cell, next: step + cells });
        return eventsOfStep(cell, step, timeOf);
      };
    },
    facts: (number, steps, timeOf) => {
      const first = (checkCell(number) * firstStepOf) % cells;
      return liveCell(plan, number, { first, steps, timeOf }).ledger.facts;
    },
  };
}

function loadCell(plan: CityPlan, number: number): Cell {
  const cell = new Cell(plan, number);
  for (const load of [loadRegisters, loadDeaths, loadWelfare, loadProperty, loadOrganisations]) load(cell);
  return cell;
}

function liveCell(plan: CityPlan, number: number, life: { first: number; steps: number; timeOf: TimeOfStep }): Cell {
  const cell = loadCell(plan, number);
  cell.ledger.reopen();
  for (let step = life.first, hit = 0; step < life.steps; step += plan.cells, hit++)
    liveChange(cell, hit, life.timeOf(step));
  return cell;
}

/** Lets a step happen in its cell, which has seen all before it. */
function eventsOfStep(cell: Cell, step: number, timeOf: TimeOfStep): CityEvent[] {
  cell.ledger.events.length = 0;
  liveChange(cell, Math.floor(step / cell.plan.cells), timeOf(step));
  return inLiveOrder(cell.ledger.events.splice(0), cell.random('live delivery', step));
}

/** A step's width near the golden section with no factor in common with the cells, so that steps reach every cell. */
function strideOf(cells: number): number {
  let stride = Math.max(1, Math.round(cells * 0.618));
  while (greatestCommonDivisor(stride, cells) !== 1) stride++;
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The multiplicative inverse modulo `cells`: it leads from a cell to the first step that hits it. */
function inverse(stride: number, cells: number): number {
  let [a, b, x, y] = [stride % cells, cells, 1, 0];
  while (a > 1 && b > 0) {
    const quotient = Math.floor(a / b);
    [a, b, x, y] = [b, a % b, y, x - quotient * y];
  }
  return ((x % cells) + cells) % cells;
}
