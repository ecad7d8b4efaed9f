import { addDays, addYears, startOf } from './calendar.ts';
import { Ledger, type SourceRecord } from './ledger.ts';
import { estateWords, firmWords, roads } from './names.ts';
import { creditCode, estateUnitNo, personSlot, type PersonSlot } from './numbers.ts';
import { settle, type Person } from './people.ts';
import { districts, type District } from './places.ts';
import { Random } from './random.ts';

/** What the whole city is made from; all else follows. */
export interface CityPlan {
  readonly seed: string;
  readonly cells: number;
  /** The day on which the registers were loaded: what came before is the initial load. */
  readonly base: string;
}

/** A dwelling: where it stands and its estate unit number, and what that was before the re-zoning. */
export interface Home {
  readonly unit: string;
  readonly formerUnit: string | undefined;
  readonly estate: string;
  readonly building: string;
  readonly floor: number;
  readonly room: string;
  readonly address: string;
  readonly township: readonly [code: string, name: string];
}

/** An employer, as other registers quote it. */
export interface Employer {
  readonly name: string;
  readonly creditCode: string;
}

/** Years of history in the registers, before the base day. */
const historyYears = 7;
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Every thirteenth cell keeps a firm, every 61st a social organisation, every 97th an institution. */
export const firmEvery = { every: 13, first: 5 };
export const socialEvery = { every: 61, first: 17 };
export const institutionEvery = { every: 97, first: 31 };

/**
 * A cell of the city: one household with its members and dwelling, and perhaps a firm, social organisation or
 * institution. All that ever happens in it is a pure function of the plan, its number and the times of its live steps;
 * of other cells it quotes only names and numbers, so that a city of any size needs the memory of one cell.
 */
export class Cell {
  readonly plan: CityPlan;
  readonly number: number;
  readonly district: District;
  readonly slot: PersonSlot;
  readonly ledger: Ledger;
  readonly baseMs: number;
  readonly people: readonly Person[];
  readonly home: Home;
  /** Children born in live steps. */
  readonly newborns: Person[] = [];
  /** Whoever died in a live step. */
  mourned: Person | undefined;
  /** The mistakes that live steps made and have yet to take back. */
  readonly mistakes: SourceRecord[] = [];

  constructor(plan: CityPlan, number: number) {
    this.plan = plan;
    this.number = number;
    const districtNumber = number % districts.length;
    this.district = districts[districtNumber]!;
    this.slot = personSlot(
      Math.floor(number / districts.length),
      Math.ceil(plan.cells / districts.length),
      districtNumber,
    );
    this.baseMs = startOf(plan.base);
    this.ledger = new Ledger(plan.seed, this.baseMs);
    this.home = this.#homeOf();
    this.people = settle(this);
  }

  /** A stream of random numbers of its own for each thing that is drawn. */
  random(...name: readonly (string | number)[]): Random {
    return new Random(this.plan.seed, this.number, ...name);
  }

  /** A source record's key, the same in every run. */
  recordId(prefix: string, ...parts: readonly (string | number)[]): string {
    return [prefix, this.number, ...parts].join('-');
  }

  /**
   * When a department recorded what happened on a day: some days later, in office hours; what is older than the
   * registers, in the first weeks of their history. May lie after the base day: then it is not yet recorded.
   */
  recorded(day: string, random: Random, daysLater: readonly [low: number, high: number]): number {
    const delay = random.between(...daysLater);
    const at = Math.max(startOf(addDays(day, delay)), startOf(this.historyStart) + random.between(0, 60) * dayMs);
    return at + random.between(0, 10 * hourMs - 1);
  }

  /** Whether something recorded then is part of the initial load. */
  isPast(at: number): boolean {
    return at < this.baseMs;
  }

  get historyStart(): string {
    return addYears(this.plan.base, -historyYears);
  }

  /** Today's address, or as it was written under a former district. */
  addressIn(former?: { name: string }): string {
    return former
      ? this.home.address.replace(`芜湖市${this.district.name}`, `芜湖市${former.name}`)
      : this.home.address;
  }

  /** The district that the cell's place belonged to before the re-zoning, where it was re-zoned in the city's time. */
  formerDistrict(): { readonly code: string; readonly name: string; readonly until: string } | undefined {
    const { former } = this.district;
    const chosen = former[Math.floor(this.number / districts.length) % Math.max(1, former.length)];
    return chosen && chosen.until > addDays(this.historyStart, 90) && chosen.until < this.plan.base
      ? chosen
      : undefined;
  }

  /** Some firm of the city; absent in a city too small to have one. */
  employer(random: Random): Employer | undefined {
    const firms = Math.ceil((this.plan.cells - firmEvery.first) / firmEvery.every);
    return firms > 0 ? firmOf(firmEvery.first + random.between(0, firms - 1) * firmEvery.every) : undefined;
  }

  #homeOf(): Home {
    const random = this.random('home');
    const township = random.pick(this.district.townships);
    const estate = random.pick(estateWords);
    const building = String(random.between(1, 30));
    const floor = random.between(1, 18);
    const room = `${floor}0${random.between(1, 4)}`;
    const street = `${random.pick(roads)}${random.between(1, 300)}号`;
    const former = this.formerDistrict();
    const renumbered = former !== undefined && random.chance(0.4);
    return {
      unit: estateUnitNo(this.district.code, this.number, 1),
      formerUnit: renumbered ? estateUnitNo(former.code, this.number, 1) : undefined,
      estate,
      building,
      floor,
      room,
      township,
      address: `安徽省芜湖市${this.district.name}${township[1]}${street}${estate}${building}幢${room}室`,
    };
  }
}

/** The firm of a cell that keeps one: computable from the cell's number alone, so that any cell may quote it. */
export function firmOf(cell: number): Employer {
  const district = districts[cell % districts.length]!;
  const turn = Math.floor(cell / firmEvery.every);
  // 91 companies, 92 sole traders, 93 cooperatives; registered before the re-zoning, the old code stays for life.
  const kind = turn % 5 === 3 ? '92' : turn % 11 === 7 ? '93' : '91';
  const division = turn % 2 === 0 ? (district.former[0]?.code ?? district.code) : district.code;
  const word = firmWords[turn % firmWords.length]!;
  const name =
    kind === '92'
      ? `芜湖市${district.name}${word}第${cell}号商店`
      : kind === '93'
        ? `芜湖市${word}第${cell}号种植专业合作社`
        : `芜湖${word}第${cell}号科技有限公司`;
  return { name, creditCode: creditCode(kind, division, cell * 3) };
}
